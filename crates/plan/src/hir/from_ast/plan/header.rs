//! The lines that every plan has once: who, in what currency, when, by what periods, rounded how.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::effective;
use crate::calendar::{PeriodKey, Unit};
use crate::hir::BinderDomain;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::{Checker, rounding};
use crate::hir::program::{PaysIn, Plan, RoundingPlace, RoundingRule};
use crate::hir::schema::{Effective, Naming};
use crate::resolve::Declared;
use crate::types::{CalendarId, PlanId, Scalar, TableId};

/// Holds the header lines of a plan.
#[derive(Default)]
struct Header<'a> {
    payee: Option<&'a ast::Population>,
    currency: Option<&'a ast::CurrencyLine>,
    effective: Option<&'a ast::DateRange>,
    period: Option<&'a ast::PeriodLine>,
    rounding: Option<&'a ast::RoundingLine>,
    missing: Option<&'a ast::MissingLine>,
    policy: Option<&'a ast::PolicyLine>,
}

impl<'a> Header<'a> {
    /// Takes a line in and gives the place of an earlier one of its kind; other statements are none of its business.
    fn take(&mut self, statement: &'a ast::PlanStatement) -> Option<Span> {
        match statement {
            ast::PlanStatement::Payee(line) => self.payee.replace(line).map(|line| line.span),
            ast::PlanStatement::Currency(line) => self.currency.replace(line).map(|line| line.span),
            ast::PlanStatement::Effective(line) => self.effective.replace(line).map(|line| line.span),
            ast::PlanStatement::Period(line) => self.period.replace(line).map(|line| line.span),
            ast::PlanStatement::Rounding(line) => self.rounding.replace(line).map(|line| line.span),
            ast::PlanStatement::Missing(line) => self.missing.replace(line).map(|line| line.span),
            ast::PlanStatement::Policy(line) => self.policy.replace(line).map(|line| line.span),
            ast::PlanStatement::Segments(_)
            | ast::PlanStatement::Rows(_)
            | ast::PlanStatement::Let(_)
            | ast::PlanStatement::Measure(_)
            | ast::PlanStatement::Earn(_)
            | ast::PlanStatement::Cap(_)
            | ast::PlanStatement::Release(_)
            | ast::PlanStatement::Clawback(_)
            | ast::PlanStatement::Hold(_)
            | ast::PlanStatement::BreakDown(_)
            | ast::PlanStatement::Amortise(_)
            | ast::PlanStatement::Carry(_)
            | ast::PlanStatement::Pay(_)
            | ast::PlanStatement::Except(_)
            | ast::PlanStatement::Check(_)
            | ast::PlanStatement::Review(_)
            | ast::PlanStatement::Replace(_) => None,
        }
    }
}

impl<'a> Checker<'a> {
    /// Reads the header of a plan; that of a variant is its plan's.
    pub(super) fn header(&mut self, plan: PlanId, trees: &[&'a ast::Plan]) {
        let Some(tree) = trees.get(plan.index()) else {
            return;
        };
        let root = self.lineage(plan).last().copied().unwrap_or(plan);
        let root_tree = trees.get(root.index()).unwrap_or(tree);
        let header = self.header_lines(root_tree, root == plan);
        let is_block = self
            .plans
            .get(plan.index())
            .is_some_and(|parts| parts.written.is_some());
        let is_broken = self.has_broken_line(tree.span);
        if root == plan && !is_block && !is_broken {
            self.require_lines(tree, &header);
        }
        let table = header.payee.and_then(|line| self.table_named(&line.data));
        let (calendar, unit, only) = header
            .period
            .map_or((CalendarId(0), Unit::Month, None), |line| self.period_line(line));
        let whole = unit;
        let unit = self.finest_unit(plan, calendar, unit, tree.name.span);
        let payee = self.bind(
            "payee",
            row_domain(table),
            header.payee.map_or(tree.name.span, |line| line.span),
        );
        let period_span = header.period.map_or(tree.name.span, |line| line.span);
        let period = self.bind("period", BinderDomain::Period(calendar, unit), period_span);
        let pays_in = header.currency.map_or(PaysIn::Nothing, |line| self.pays_in(line));
        let effective = match (header.effective, only) {
            (Some(range), _) => self.plan_effective(range),
            (None, Some(only)) => self.days_of_only(calendar, only),
            (None, None) => Effective::default(),
        };
        let rounding = header.rounding.and_then(|line| self.rounding_rule(line, pays_in));
        if let Some(parts) = self.plans.get_mut(plan.index()) {
            parts.currency = header.currency.map(|line| line.currency_span());
            parts.only = only;
            parts.whole = Some(whole);
        }
        self.program.plans.push(Plan {
            naming: Naming {
                title: tree.title.as_ref().map(|title| title.value.clone()),
                ..super::super::plain_naming(&tree.name.text, tree.name.span)
            },
            extends: self.base(plan),
            payee,
            period,
            payee_filter: None,
            pays_in,
            calendar,
            unit,
            effective,
            rounding,
            checks: Vec::new(),
            definitions: Vec::new(),
            earns: Vec::new(),
            carries: Vec::new(),
            pays: Vec::new(),
            block: None,
            policy: self
                .policy(plan)
                .or(header.policy.map(|line| line.text.value.clone())),
            span: tree.span,
        });
    }

    fn policy(&self, plan: PlanId) -> Option<String> {
        let lines = &self.plans.get(plan.index())?.lines;
        lines.iter().rev().find_map(|line| {
            if let ast::PlanStatement::Policy(line) = line.statement {
                Some(line.text.value.clone())
            } else {
                None
            }
        })
    }

    fn header_lines(&mut self, tree: &'a ast::Plan, is_own: bool) -> Header<'a> {
        let mut header = Header::default();
        for statement in &tree.statements {
            let earlier = header.take(statement);
            if let (Some(first), true) = (earlier, is_own) {
                self.sink.push(
                    Diagnostic::error(Code::E0216, text!("this line is given twice", "此行重复"))
                        .primary(statement.span(), text!("again here", "再次出现"))
                        .secondary(first, text!("first here", "首次出现")),
                );
            }
        }
        header
    }

    /// Says whether a line inside a plan could not be read; it may be just the one that is missed.
    fn has_broken_line(&self, plan: Span) -> bool {
        let mut broken = self.files.iter().flat_map(|file| &file.broken);
        broken.any(|line| {
            let line = line.span;
            line.file == plan.file && plan.start <= line.start && line.end <= plan.end
        })
    }

    fn require_lines(&mut self, tree: &ast::Plan, header: &Header<'_>) {
        let pays = tree.statements.iter().any(|line| {
            matches!(
                line,
                ast::PlanStatement::Earn(_) | ast::PlanStatement::Pay(_) | ast::PlanStatement::Carry(_)
            )
        });
        let earns = tree
            .statements
            .iter()
            .any(|line| matches!(line, ast::PlanStatement::Earn(_) | ast::PlanStatement::Pay(_)));
        let wanted: [(bool, &str, &str, &str, &str); 5] = [
            (
                header.payee.is_none(),
                "payee",
                "适用人员",
                "payee Person where …",
                "适用人员 人员 其中 …",
            ),
            (
                header.period.is_none(),
                "period",
                "周期",
                "period month",
                "周期 月",
            ),
            (
                header.effective.is_none(),
                "effective",
                "有效期",
                "effective 2026-01-01 through 2026-12-31",
                "有效期 2026-01-01 至 2026-12-31",
            ),
            (
                header.currency.is_none() && earns,
                "currency",
                "币种",
                "currency CNY",
                "币种 CNY",
            ),
            (
                header.rounding.is_none() && pays,
                "rounding",
                "舍入",
                "rounding half-up to 0.01 at each line",
                "舍入 四舍五入 精确到 0.01 逐笔",
            ),
        ];
        for (_, en, zh, line_en, line_zh) in wanted.into_iter().filter(|(is_missing, ..)| *is_missing) {
            let name = &tree.name.text;
            self.sink.push(
                Diagnostic::error(
                    Code::E0215,
                    text!(
                        "the plan \"{name}\" has no \"{en}\" line",
                        "方案“{name}”没有“{zh}”行"
                    ),
                )
                .primary(tree.name.span, Text::default())
                .fix(Fix::advice(
                    text!("add the line", "补上此行"),
                    Text {
                        en: line_en.to_owned(),
                        zh: line_zh.to_owned(),
                    },
                )),
            );
        }
    }

    /// Finds a data block or a table from a file by its name.
    pub(crate) fn table_named(&mut self, name: &ast::Name) -> Option<TableId> {
        let env = Env::of_file(name.span.file);
        self.source_table(&env, name)
    }

    /// Finds a calendar by its name.
    pub(crate) fn calendar_named(
        &mut self,
        file: guerdon_syntax::FileId,
        name: &ast::Name,
    ) -> Option<CalendarId> {
        let found: Vec<Declared> = self
            .names
            .lookup(file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [Declared::Calendar(id)] = found.as_slice() {
            return Some(*id);
        }
        let written = &name.text;
        if !self.names.is_broken(written) {
            self.sink.push(
                Diagnostic::error(
                    Code::E0228,
                    text!(
                        "there is no calendar called \"{written}\"",
                        "没有叫“{written}”的日历"
                    ),
                )
                .primary(name.span, Text::default()),
            );
        }
        None
    }

    /// Gives the length of the periods that a calendar is made for.
    pub(crate) fn base_unit(&self, calendar: CalendarId) -> Unit {
        match self.program.calendar(calendar) {
            Some(found) if found.has(Unit::Period) => Unit::Period,
            Some(_) | None => Unit::Month,
        }
    }

    fn period_line(&mut self, line: &ast::PeriodLine) -> (CalendarId, Unit, Option<PeriodKey>) {
        let file = line.span.file;
        match &line.kind {
            ast::PeriodLineKind::Every(unit) => {
                self.refuse_calendar_called_so(file, unit.span);
                (CalendarId(0), self.civil_unit(*unit), None)
            }
            ast::PeriodLineKind::Calendar(name, unit) => {
                let calendar = self.calendar_named(file, name).unwrap_or(CalendarId(0));
                let unit = match unit {
                    Some(unit) if unit.kind != ast::UnitKind::Period => plain_unit(unit.kind),
                    Some(_) | None => self.base_unit(calendar),
                };
                if !self
                    .program
                    .calendar(calendar)
                    .is_some_and(|found| found.has(unit))
                {
                    self.push_no_such_unit(line.span);
                }
                (calendar, unit, None)
            }
            ast::PeriodLineKind::One(period) => self.one_period(file, period),
            ast::PeriodLineKind::Days(from, through) => self.stretch_of_days(file, from, through),
        }
    }

    /// Says that a word means both a length of time and a calendar.
    fn refuse_calendar_called_so(&mut self, file: guerdon_syntax::FileId, span: Span) {
        let word = self.sources.slice(span);
        let called = self.names.lookup(file, word);
        let found = called
            .into_iter()
            .find(|entry| matches!(entry.declared, Declared::Calendar(_)))
            .map(|entry| entry.span);
        let Some(declared) = found else { return };
        let title = text!(
            "\"{word}\" could mean the calendar or civil {word}",
            "“{word}”既可指日历，也可指公历的{word}"
        );
        let message = Diagnostic::error(Code::E0204, title)
            .primary(span, text!("which one?", "是哪一个？"))
            .secondary(declared, text!("the calendar", "日历"));
        self.sink.push(message.fix(guerdon_syntax::Fix::advice(
            text!("give the calendar another name", "为日历另取名称"),
            text!("calendar sales_{word} …", "日历 销售{word} …"),
        )));
    }

    /// Gives the length of the periods that a plan is computed by: the shortest among which a target is split.
    fn finest_unit(&mut self, plan: PlanId, calendar: CalendarId, whole: Unit, span: Span) -> Unit {
        let Some(unit) = self.written(plan).and_then(|written| written.finest) else {
            return whole;
        };
        if !self
            .program
            .calendar(calendar)
            .is_some_and(|found| found.has(unit))
        {
            self.push_no_such_unit(span);
            return whole;
        }
        unit
    }

    fn civil_unit(&mut self, unit: ast::Unit) -> Unit {
        if unit.kind == ast::UnitKind::Period {
            self.push_no_such_unit(unit.span);
            return Unit::Month;
        }
        plain_unit(unit.kind)
    }

    fn push_no_such_unit(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!(
                    "the calendar has no periods of this length",
                    "日历中没有这种长度的期间"
                ),
            )
            .primary(span, Text::default()),
        );
    }

    fn pays_in(&mut self, line: &ast::CurrencyLine) -> PaysIn {
        match &line.currency {
            ast::Currency::Points(_) => PaysIn::Points,
            ast::Currency::Code(code) => self
                .currency(&code.text, code.span)
                .map_or(PaysIn::Nothing, PaysIn::Money),
        }
    }

    fn plan_effective(&mut self, range: &ast::DateRange) -> Effective {
        let found = effective(self, range);
        if let (Some(from), Some(through)) = (found.from, found.through)
            && through < from
        {
            self.sink.push(
                Diagnostic::error(
                    Code::E0603,
                    text!("the range ends before it begins", "范围的结束早于开始"),
                )
                .primary(range.span, Text::default()),
            );
        }
        found
    }

    fn rounding_rule(&mut self, line: &ast::RoundingLine, pays_in: PaysIn) -> Option<RoundingRule> {
        let written = line.rounding.as_ref()?;
        let scalar = match pays_in {
            PaysIn::Money(currency) => Scalar::Money(currency),
            PaysIn::Points => Scalar::Points,
            PaysIn::Nothing => Scalar::Faulty,
        };
        let step = self.step(&Env::of_file(line.span.file), &written.step, scalar, line.span)?;
        let place = match written.place {
            Some(ast::RoundPlace::EachLine) => RoundingPlace::EachLine,
            Some(ast::RoundPlace::Pay) => RoundingPlace::Pay,
            None => {
                self.push_no_place_of_rounding(line.span);
                return None;
            }
        };
        Some(RoundingRule {
            mode: rounding::mode(written.mode),
            step,
            place,
        })
    }

    fn push_no_place_of_rounding(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!("where amounts are rounded is not said", "没有写明在何处舍入"),
            )
            .primary(span, text!("\"at each line\" or \"at pay\"", "“逐笔”或“发放时”"))
            .note(text!(
                "Three lines of 1.005 give 3.03 if each is rounded, and 3.02 if their sum is.",
                "三笔 1.005：逐笔舍入得 3.03，合计后舍入得 3.02。"
            ))
            .fix(Fix::insert_after(
                text!("round each line", "逐笔舍入"),
                span,
                " at each line",
            ))
            .fix(Fix::insert_after(
                text!("round what is paid", "发放时舍入"),
                span,
                " at pay",
            )),
        );
    }

    /// Gives the kind of what a plan earns and pays.
    pub(crate) fn paid_kind(&self, plan: PlanId) -> Scalar {
        match self.program.plan(plan).map(|plan| plan.pays_in) {
            Some(PaysIn::Money(currency)) => Scalar::Money(currency),
            Some(PaysIn::Points) => Scalar::Points,
            Some(PaysIn::Nothing) | None => Scalar::Faulty,
        }
    }
}

trait CurrencyPlace {
    fn currency_span(&self) -> Span;
}

impl CurrencyPlace for ast::CurrencyLine {
    fn currency_span(&self) -> Span {
        match &self.currency {
            ast::Currency::Code(code) => code.span,
            ast::Currency::Points(span) => *span,
        }
    }
}

fn row_domain(table: Option<TableId>) -> BinderDomain {
    BinderDomain::Row(table.unwrap_or(TableId(u32::MAX)))
}

fn plain_unit(kind: ast::UnitKind) -> Unit {
    match kind {
        ast::UnitKind::Day => Unit::Day,
        ast::UnitKind::Week => Unit::Week,
        ast::UnitKind::Month => Unit::Month,
        ast::UnitKind::Quarter => Unit::Quarter,
        ast::UnitKind::Year => Unit::Year,
        ast::UnitKind::Period => Unit::Period,
    }
}
