//! The lines that every plan has once: who, in what currency, when, by what periods, rounded how.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::{Line, PlanParts, effective};
use crate::calendar::Unit;
use crate::hir::BinderDomain;
use crate::hir::expr::{Expr, ExprKind};
use crate::hir::from_ast::aggregate::{conjuncts, joined};
use crate::hir::from_ast::env::{Env, Frame, Place, Where};
use crate::hir::from_ast::expr::always;
use crate::hir::from_ast::{Checker, facts, rounding};
use crate::hir::program::{PaysIn, Plan, RoundingPlace, RoundingRule};
use crate::hir::schema::{Effective, Naming};
use crate::resolve::Declared;
use crate::types::{BinderId, CalendarId, PlanId, Scalar, TableId};

/// The most plans in a chain of extensions.
const MAX_LINEAGE: usize = 16;

/// The most statements of all plans together, those of extended plans counted for each variant.
const MAX_LINES: usize = 500_000;

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
    /// Works out for each plan the lines it has, those of the plans it extends included.
    pub(super) fn lay_out(&mut self, trees: &[&'a ast::Plan]) {
        self.bases = trees.iter().map(|tree| self.base_of(tree)).collect();
        self.refuse_circles(trees);
        let mut written_out = 0_usize;
        for (at, tree) in trees.iter().enumerate() {
            let chain = self.lineage(PlanId::at(at));
            let mut parts = PlanParts::default();
            for base in chain.iter().rev() {
                if let Some(base_tree) = trees.get(base.index()) {
                    let is_variant = self.base(*base).is_some();
                    let lines = base_tree
                        .statements
                        .iter()
                        .filter(|line| !is_variant || is_of_variant(line));
                    let file = base_tree.name.span.file;
                    parts
                        .lines
                        .extend(lines.map(|statement| Line { file, statement }));
                }
            }
            written_out = written_out.saturating_add(parts.lines.len());
            if written_out > MAX_LINES {
                parts.lines = Vec::new();
                self.push_too_many_lines(tree);
            }
            for line in &parts.lines {
                if let ast::PlanStatement::Except(tree) = line.statement {
                    parts
                        .exceptions
                        .entry(tree.target.text.clone())
                        .or_default()
                        .push(tree);
                }
            }
            self.plans.push(parts);
            if self.base(PlanId::at(at)).is_some() {
                self.refuse_lines(tree);
            }
        }
        for at in 0..trees.len() {
            self.read_replacements(PlanId::at(at));
        }
    }

    /// Gives the plan that a plan extends.
    pub(crate) fn base(&self, plan: PlanId) -> Option<PlanId> {
        self.bases.get(plan.index()).copied().flatten()
    }

    /// Lists a plan and those it extends, nearest first; at most [`MAX_LINEAGE`].
    fn lineage(&self, plan: PlanId) -> Vec<PlanId> {
        let mut chain = vec![plan];
        let mut at = plan;
        while let Some(base) = self.base(at).filter(|base| !chain.contains(base)) {
            if chain.len() >= MAX_LINEAGE {
                break;
            }
            chain.push(base);
            at = base;
        }
        chain
    }

    fn push_too_many_lines(&mut self, tree: &ast::Plan) {
        self.sink.push(
            Diagnostic::error(
                Code::E0010,
                text!(
                    "the plans have more than {MAX_LINES} statements once all variants are written out",
                    "全部变体展开后，方案的语句超过 {MAX_LINES} 条"
                ),
            )
            .primary(tree.name.span, Text::default()),
        );
    }

    fn base_of(&mut self, tree: &ast::Plan) -> Option<PlanId> {
        let name = tree.extends.as_ref()?;
        let found: Vec<Declared> = self
            .names
            .lookup(name.span.file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [Declared::Plan(base)] = found.as_slice() {
            return Some(*base);
        }
        if !self.names.is_broken(&name.text) {
            let written = &name.text;
            let message = Diagnostic::error(
                Code::E0202,
                text!("there is no plan called \"{written}\"", "没有叫“{written}”的方案"),
            )
            .primary(name.span, Text::default());
            let plans = self.names.seen_from(name.span.file);
            let known = plans
                .filter(|(_, declared)| matches!(declared, Declared::Plan(_)))
                .map(|(name, _)| name);
            let fix = self.nearest(written, name.span, known);
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        None
    }

    fn refuse_circles(&mut self, trees: &[&'a ast::Plan]) {
        for (at, tree) in trees.iter().enumerate() {
            let chain = self.lineage(PlanId::at(at));
            let is_circle = chain.last().and_then(|last| self.base(*last)).is_some();
            if let (true, Some(name)) = (is_circle, &tree.extends) {
                let (own, other) = (&tree.name.text, &name.text);
                let title = if chain.len() >= MAX_LINEAGE {
                    text!(
                        "\"{own}\" extends a chain of more than {MAX_LINEAGE} plans",
                        "“{own}”所扩展的方案超过 {MAX_LINEAGE} 层"
                    )
                } else {
                    text!(
                        "\"{own}\" and \"{other}\" extend each other",
                        "“{own}”与“{other}”互相扩展"
                    )
                };
                self.sink
                    .push(Diagnostic::error(Code::E0405, title).primary(name.span, Text::default()));
                if let Some(base) = self.bases.get_mut(at) {
                    *base = None;
                }
            }
        }
    }

    fn refuse_lines(&mut self, tree: &ast::Plan) {
        let has_payee = tree
            .statements
            .iter()
            .any(|line| matches!(line, ast::PlanStatement::Payee(_)));
        if !has_payee {
            self.push_variant_of_all(tree);
        }
        for line in tree.statements.iter().filter(|line| !is_of_variant(line)) {
            self.sink.push(
                Diagnostic::error(Code::E0406, text!("a variant may not hold this statement", "变体不可包含此语句"))
                    .primary(line.span(), Text::default())
                    .note(text!(
                        "A variant narrows the payees, adds exceptions and replaces tables; all else is that of its plan.",
                        "变体只能缩小适用人员、增加例外、替换表；其余均与所扩展的方案相同。"
                    )),
            );
        }
    }

    fn push_variant_of_all(&mut self, tree: &ast::Plan) {
        let name = &tree.name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!(
                    "the variant \"{name}\" does not say whose it is",
                    "变体“{name}”没有写明适用于谁"
                ),
            )
            .primary(tree.name.span, Text::default())
            .note(text!(
                "A payee of a variant leaves the plan it extends; without a payee line nobody would be left.",
                "变体的适用人员不再属于所扩展的方案；没有适用人员一行，原方案就没有人了。"
            ))
            .fix(Fix::advice(
                text!("add the line", "补上此行"),
                text!("payee Person where …", "适用人员 人员 其中 …"),
            )),
        );
    }

    fn read_replacements(&mut self, plan: PlanId) {
        let lines = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.lines.clone());
        for line in lines {
            let ast::PlanStatement::Replace(replace) = line.statement else {
                continue;
            };
            if replace.during.is_some() {
                self.not_yet(replace.span, "replace … during");
                continue;
            }
            let old = self.replaceable(line.file, &replace.old);
            let new = self.replaceable(line.file, &replace.new);
            if let (Some(old), Some(new)) = (old, new) {
                self.replace(plan, (old, new), replace);
            }
        }
    }

    fn replaceable(&mut self, file: guerdon_syntax::FileId, name: &ast::Name) -> Option<Declared> {
        let found: Vec<Declared> = self
            .names
            .lookup(file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [one @ (Declared::Constant(_) | Declared::Tiers(_) | Declared::Decision(_))] = found.as_slice()
        {
            return Some(*one);
        }
        let written = &name.text;
        if !self.names.is_broken(written) {
            self.sink.push(
                Diagnostic::error(
                    Code::E0218,
                    text!(
                        "there are no tiers, table or constant called \"{written}\"",
                        "没有叫“{written}”的阶梯、表或常量"
                    ),
                )
                .primary(name.span, Text::default()),
            );
        }
        None
    }

    fn replace(&mut self, plan: PlanId, (old, new): (Declared, Declared), tree: &ast::Replace) {
        if !self.is_alike(old, new) {
            let (one, other) = (&tree.old.text, &tree.new.text);
            self.sink.push(
                Diagnostic::error(
                    Code::E0409,
                    text!(
                        "\"{other}\" cannot stand in the place of \"{one}\"",
                        "“{other}”不能代替“{one}”"
                    ),
                )
                .primary(
                    tree.new.span,
                    text!(
                        "its columns, kind or values are others",
                        "其列、种类或值的类型不同"
                    ),
                ),
            );
            return;
        }
        if let Some(parts) = self.plans.get_mut(plan.index()) {
            parts.replaced.push((old, new));
        }
    }

    fn is_alike(&self, old: Declared, new: Declared) -> bool {
        match (old, new) {
            (Declared::Constant(old), Declared::Constant(new)) => {
                let ty = |id| self.program.constant(id).map(|found| found.ty);
                ty(old) == ty(new)
            }
            (Declared::Tiers(old), Declared::Tiers(new)) => {
                let shape = |id| {
                    self.program
                        .tier_table(id)
                        .map(|found| (found.bound, found.value))
                };
                shape(old) == shape(new)
            }
            (Declared::Decision(old), Declared::Decision(new)) => {
                let shape = |id| {
                    self.program.decision(id).map(|found| {
                        let inputs: Vec<Scalar> = found.inputs.iter().map(|input| input.ty.scalar).collect();
                        let outputs: Vec<(String, Scalar)> = found
                            .outputs
                            .iter()
                            .map(|output| (output.naming.name.clone(), output.ty.scalar))
                            .collect();
                        (inputs, outputs)
                    })
                };
                shape(old) == shape(new)
            }
            (_, _) => false,
        }
    }

    /// Reads the header of a plan; that of a variant is its plan's.
    pub(super) fn header(&mut self, plan: PlanId, trees: &[&'a ast::Plan]) {
        let Some(tree) = trees.get(plan.index()) else {
            return;
        };
        let root = self.lineage(plan).last().copied().unwrap_or(plan);
        let root_tree = trees.get(root.index()).unwrap_or(tree);
        let header = self.header_lines(root_tree, root == plan);
        if root == plan {
            self.require_lines(tree, &header);
        }
        let table = header.payee.and_then(|line| self.table_named(&line.data));
        let (calendar, unit) = header
            .period
            .map_or((CalendarId(0), Unit::Month), |line| self.period_line(line));
        let payee = self.bind(
            "payee",
            row_domain(table),
            header.payee.map_or(tree.name.span, |line| line.span),
        );
        let period_span = header.period.map_or(tree.name.span, |line| line.span);
        let period = self.bind("period", BinderDomain::Period(calendar, unit), period_span);
        let pays_in = header.currency.map_or(PaysIn::Nothing, |line| self.pays_in(line));
        let effective = header
            .effective
            .map_or(Effective::default(), |range| self.plan_effective(range));
        let rounding = header.rounding.and_then(|line| self.rounding_rule(line, pays_in));
        if let Some(parts) = self.plans.get_mut(plan.index()) {
            parts.currency = header.currency.map(|line| line.currency_span());
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

    fn period_line(&mut self, line: &ast::PeriodLine) -> (CalendarId, Unit) {
        let file = line.span.file;
        match &line.kind {
            ast::PeriodLineKind::Every(unit) => (CalendarId(0), self.civil_unit(*unit)),
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
                (calendar, unit)
            }
            ast::PeriodLineKind::One(_) | ast::PeriodLineKind::Days(..) => {
                self.not_yet(line.span, "period of one stretch");
                (CalendarId(0), Unit::Month)
            }
        }
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

    /// Types the payee filters: that of the plan, narrowed by its own, without the payees of its variants.
    pub(super) fn payee_filters(&mut self, plan: PlanId, trees: &[&'a ast::Plan]) {
        let mut all: Vec<Expr> = Vec::new();
        for base in self.lineage(plan).iter().rev() {
            if let Some(tree) = trees.get(base.index()) {
                all.extend(self.payee_filter(plan, tree, *base != plan || self.base(plan).is_none()));
            }
        }
        let own = joined(all);
        let known = own.iter().flat_map(facts::if_yes).collect();
        if let Some(parts) = self.plans.get_mut(plan.index()) {
            parts.facts = known;
        }
        let mut conditions: Vec<Expr> = own.map_or_else(Vec::new, conjuncts);
        for (at, tree) in trees.iter().enumerate() {
            if self.base(PlanId::at(at)) == Some(plan) {
                conditions.push(self.not_of_variant(plan, tree));
            }
        }
        let filter = joined(conditions);
        if let Some(found) = self.program.plans.get_mut(plan.index()) {
            found.payee_filter = filter;
        }
    }

    /// Says in the plan's words that a payee does not belong to a variant; a variant of all payees leaves none.
    fn not_of_variant(&mut self, plan: PlanId, tree: &'a ast::Plan) -> Expr {
        let span = tree.name.span;
        let narrowed = self.payee_filter(plan, tree, true).unwrap_or_else(|| {
            always(
                ExprKind::Const(crate::hir::expr::Value::Bool(true)),
                Scalar::Bool,
                span,
            )
        });
        always(ExprKind::Not(Box::new(narrowed)), Scalar::Bool, span)
    }

    fn payee_filter(&mut self, plan: PlanId, tree: &'a ast::Plan, is_silent: bool) -> Option<Expr> {
        let line = tree.statements.iter().find_map(|line| {
            if let ast::PlanStatement::Payee(line) = line {
                Some(line)
            } else {
                None
            }
        })?;
        let (payee, period) = self.program.plan(plan).map(|found| (found.payee, found.period))?;
        self.same_people(plan, line, is_silent)?;
        let place = Where {
            span: line.span,
            has_filter: line.filter.is_some(),
        };
        self.filters.insert(payee, place);
        let filter = line.filter.as_ref()?;
        let env = self.payee_env(plan, line, payee, period, place);
        self.expression = Some(filter.span);
        Some(self.holds(&env, filter))
    }

    fn payee_env(
        &self,
        plan: PlanId,
        line: &ast::Population,
        payee: BinderId,
        period: BinderId,
        place: Where,
    ) -> Env {
        let table = if let Scalar::Row(table) = self.kind_of_binder(payee) {
            Some(table)
        } else {
            None
        };
        let plain = Env::of_file(line.span.file);
        let env = Env {
            place: Place::PayeeFilter,
            calendar: self
                .program
                .plan(plan)
                .map_or(CalendarId(0), |plan| plan.calendar),
            payee: Some(payee),
            period: Some(period),
            ..plain
        };
        env.with(Frame {
            binder: payee,
            name: None,
            bare: table,
            filter: Some(place),
        })
    }

    /// Says that a variant pays other records than its plan, unless it does not.
    fn same_people(&mut self, plan: PlanId, line: &ast::Population, is_silent: bool) -> Option<()> {
        let payee = self.program.plan(plan)?.payee;
        let table = self.table_named(&line.data)?;
        if self.kind_of_binder(payee) == Scalar::Row(table) {
            return Some(());
        }
        if !is_silent {
            let name = &line.data.text;
            self.sink.push(
                Diagnostic::error(
                    Code::E0407,
                    text!(
                        "the plan that is extended does not pay \"{name}\"",
                        "所扩展的方案不支付“{name}”"
                    ),
                )
                .primary(
                    line.data.span,
                    text!(
                        "a variant may only narrow the payees",
                        "变体只能缩小适用人员的范围"
                    ),
                ),
            );
        }
        None
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

fn is_of_variant(line: &ast::PlanStatement) -> bool {
    matches!(
        line,
        ast::PlanStatement::Payee(_)
            | ast::PlanStatement::Except(_)
            | ast::PlanStatement::Replace(_)
            | ast::PlanStatement::Policy(_)
            | ast::PlanStatement::Missing(_)
    )
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
