//! Warnings: levels that are raised and cleared period by period, and what is to be done when one is.

mod actions;
mod machine;

use guerdon_syntax::ast::{
    ChainOp, CompareOp, CurrencyLine, DateRange, EnumDef, EnumValue, Expr, ExprKind, Measure, Name,
    PeriodLine, Plan, PlanStatement, Population, Tail, Warning as Tree, WarningStatement,
};
use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Sink, Span, Text, ast, suggest, text};

use self::machine::Machine;
use super::rewrite::inside_out;
use super::write::{Writer, value_of_enum};
use super::{Written, once, push_no_line};
use crate::hir::schema::Naming;
use crate::hir::{Alert, Block, Escalation, Level, Warning};

/// The measure that gives the highest level that is raised.
const SHOWN: &str = "shown level";

/// The balance that gives the position of that level, from 1; 0 where none is raised.
const HEIGHT: &str = "height of level";

/// The measure that says whether that level is higher than in the period before.
const ENTERED: &str = "entered";

/// The measure that says whether a period changes nothing.
const SKIPS: &str = "is skipped";

/// The measure that says whether a period makes everything begin anew.
const RESETS: &str = "begins anew";

/// Holds the lines of a warning.
#[derive(Default)]
struct Lines<'a> {
    subject: Option<(&'a Population, Span)>,
    period: Option<(&'a PeriodLine, Span)>,
    effective: Option<(&'a DateRange, Span)>,
    currency: Option<(&'a CurrencyLine, Span)>,
    confirm: Option<(&'a ast::Confirm, Span)>,
    skip: Option<(&'a ast::ExprLine, Span)>,
    reset: Option<(&'a ast::ExprLine, Span)>,
    cooldown: Option<(&'a ast::Cooldown, Span)>,
    respond: Option<(&'a ast::Respond, Span)>,
    levels: Vec<&'a ast::Level>,
    alerts: Vec<&'a ast::Alert>,
    escalations: Vec<&'a ast::Escalate>,
}

/// Writes a warning as a plan.
pub(super) fn write(tree: &Tree, sink: &mut Sink) -> (Plan, Written) {
    let lines = Lines::read(tree, sink);
    lines.require(tree, sink);
    let mut out = Out {
        sink,
        lines: &lines,
        tree,
        statements: Vec::new(),
        head: Writer::at(tree.name.span),
        streaks: 0,
    };
    let block = out.warning();
    let plan = Plan {
        name: tree.name.clone(),
        title: tree.title.clone(),
        extends: None,
        statements: out.statements,
        span: tree.span,
    };
    let written = Written {
        enums: vec![lines.names_of_levels(&tree.name)],
        ..Written::of(Block::Warning(block), "subject")
    };
    (plan, written)
}

/// Gives the rows of a warning's responses.
pub(super) fn responses(tree: &Tree) -> Vec<ast::RespondRow> {
    let rows = tree.statements.iter().find_map(|statement| {
        if let WarningStatement::Respond(respond) = statement {
            Some(respond.rows.clone())
        } else {
            None
        }
    });
    rows.unwrap_or_default()
}

impl<'a> Lines<'a> {
    fn read(tree: &'a Tree, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            match statement {
                WarningStatement::Subject(line) => once(sink, &mut lines.subject, line, span),
                WarningStatement::Period(line) => once(sink, &mut lines.period, line, span),
                WarningStatement::Effective(line) => once(sink, &mut lines.effective, line, span),
                WarningStatement::Currency(line) => once(sink, &mut lines.currency, line, span),
                WarningStatement::Confirm(line) => once(sink, &mut lines.confirm, line, span),
                WarningStatement::Skip(line) => once(sink, &mut lines.skip, line, span),
                WarningStatement::Reset(line) => once(sink, &mut lines.reset, line, span),
                WarningStatement::Cooldown(line) => once(sink, &mut lines.cooldown, line, span),
                WarningStatement::Respond(line) => once(sink, &mut lines.respond, line, span),
                WarningStatement::Level(line) => lines.levels.push(line),
                WarningStatement::Alert(line) => lines.alerts.push(line),
                WarningStatement::Escalate(line) => lines.escalations.push(line),
                WarningStatement::Policy(_)
                | WarningStatement::Let(_)
                | WarningStatement::Measure(_)
                | WarningStatement::Check(_) => {}
            }
        }
        lines.refuse_second_levels(sink);
        lines
    }

    /// Leaves each level out that has the name of one before it.
    fn refuse_second_levels(&mut self, sink: &mut Sink) {
        let mut kept: Vec<&'a ast::Level> = Vec::new();
        for level in std::mem::take(&mut self.levels) {
            let name = &level.name.text;
            match kept.iter().find(|other| other.name.text == *name) {
                Some(first) => sink.push(
                    Diagnostic::error(
                        Code::E0508,
                        text!("there are two levels \"{name}\"", "有两个级别“{name}”"),
                    )
                    .primary(level.name.span, text!("again here", "再次出现"))
                    .secondary(first.name.span, text!("first here", "首次出现")),
                ),
                None => kept.push(level),
            }
        }
        self.levels = kept;
    }

    fn require(&self, tree: &Tree, sink: &mut Sink) {
        let name = &tree.name;
        if self.subject.is_none() {
            let line = ("subject Person where …", "对象 人员 其中 …");
            push_no_line(sink, name, ("subject", "对象"), line);
        }
        if self.period.is_none() {
            push_no_line(sink, name, ("period", "周期"), ("period month", "周期 月"));
        }
        if self.levels.is_empty() {
            let line = ("level yellow when …", "级别 黄 当 …");
            push_no_line(sink, name, ("level", "级别"), line);
        }
        for level in &self.levels {
            if builtin_name(&level.name.text) == Some("none") {
                let title = text!(
                    "\"none\" says that there is no level, so none can be called so",
                    "“无”表示没有级别，级别不能如此命名"
                );
                let message = Diagnostic::error(Code::E0222, title);
                sink.push(message.primary(level.name.span, text!("choose another name", "请换一个名称")));
            }
        }
    }

    /// Makes the enum of the levels, the lowest first.
    fn names_of_levels(&self, warning: &Name) -> EnumDef {
        let values = self.levels.iter().map(|level| EnumValue {
            name: level.name.clone(),
            alias: None,
        });
        EnumDef {
            name: Name {
                text: enum_name(&warning.text),
                span: warning.span,
            },
            alias: None,
            values: values.collect(),
            span: warning.span,
        }
    }
}

fn enum_name(warning: &str) -> String {
    format!("levels of {warning}")
}

/// Holds the plan while it is written.
struct Out<'a, 's> {
    sink: &'s mut Sink,
    lines: &'a Lines<'a>,
    tree: &'a Tree,
    statements: Vec<PlanStatement>,
    head: Writer,
    /// How many streaks have been written out.
    streaks: usize,
}

impl<'a> Out<'a, '_> {
    fn warning(&mut self) -> Warning<String> {
        self.head_lines();
        self.gaps();
        self.own_statements();
        let machine = self.machine();
        let levels = self.levels(machine);
        self.shown();
        let alerts = self.alerts();
        let escalations = self.escalations();
        let (response, rows) = self.responses();
        let actions = self.actions(response.as_deref(), &rows, escalations.len());
        Warning {
            level: SHOWN.to_owned(),
            levels,
            alerts,
            entered: ENTERED.to_owned(),
            escalations,
            response,
            rows,
            actions,
            confirmation: machine.confirmation(),
            skips: self.lines.skip.map(|_| SKIPS.to_owned()),
            resets: self.lines.reset.map(|_| RESETS.to_owned()),
        }
    }

    fn push(&mut self, statement: PlanStatement) {
        self.statements.push(statement);
    }

    fn head_lines(&mut self) {
        let lines = self.lines;
        if let Some((line, _)) = lines.subject {
            self.push(PlanStatement::Payee(line.clone()));
        }
        if let Some((line, _)) = lines.period {
            self.push(PlanStatement::Period(line.clone()));
        }
        if let Some((line, _)) = lines.effective {
            self.push(PlanStatement::Effective(line.clone()));
        }
        if let Some((line, _)) = lines.currency {
            self.push(PlanStatement::Currency(line.clone()));
        }
    }

    /// Writes which periods change nothing and which make everything begin anew.
    fn gaps(&mut self) {
        for (line, name) in [(self.lines.skip, SKIPS), (self.lines.reset, RESETS)] {
            if let Some((line, span)) = line {
                let condition = Writer::at(line.value.span).condition(line.value.clone());
                self.push(Writer::at(span).measure(name, condition));
            }
        }
    }

    /// Takes over the statements that plans have too.
    fn own_statements(&mut self) {
        for statement in &self.tree.statements {
            match statement {
                WarningStatement::Policy(line) => self.push(PlanStatement::Policy(line.clone())),
                WarningStatement::Let(line) => {
                    let value = self.within(&line.value);
                    self.push(PlanStatement::Let(ast::Let {
                        value,
                        ..line.clone()
                    }));
                }
                WarningStatement::Measure(line) if line.grain.is_empty() => {
                    let value = self.within(&line.value);
                    self.push(PlanStatement::Measure(Measure {
                        value,
                        ..line.clone()
                    }));
                }
                WarningStatement::Measure(line) => self.push(PlanStatement::Measure(line.clone())),
                WarningStatement::Check(line) => self.push(PlanStatement::Check(line.clone())),
                WarningStatement::Subject(_)
                | WarningStatement::Period(_)
                | WarningStatement::Effective(_)
                | WarningStatement::Currency(_)
                | WarningStatement::Level(_)
                | WarningStatement::Alert(_)
                | WarningStatement::Confirm(_)
                | WarningStatement::Skip(_)
                | WarningStatement::Reset(_)
                | WarningStatement::Cooldown(_)
                | WarningStatement::Escalate(_)
                | WarningStatement::Respond(_) => {}
            }
        }
    }

    /// Makes the streaks and counts of a formula heed the periods that are skipped or make all begin anew.
    fn within(&mut self, tree: &Expr) -> Expr {
        if self.lines.skip.is_none() && self.lines.reset.is_none() {
            return tree.clone();
        }
        inside_out(tree, &mut |part| self.heeding_gaps(part))
    }

    fn heeding_gaps(&mut self, part: Expr) -> Expr {
        if let ExprKind::Streak(condition) = part.kind {
            return self.streak(*condition, part.span);
        }
        if let (ExprKind::Times(condition, range), Some(_)) = (&part.kind, self.lines.skip) {
            let w = Writer::at(part.span);
            let counted = w.all(vec![w.not(w.value(SKIPS)), condition.as_ref().clone()]);
            return w.expr(ExprKind::Times(Box::new(counted), range.clone()));
        }
        part
    }

    /// Writes a streak as a balance: for how many periods in a row the condition has held, skipped ones left out.
    fn streak(&mut self, condition: Expr, span: Span) -> Expr {
        self.streaks = self.streaks.saturating_add(1);
        let (w, name) = (Writer::at(span), format!("streak {}", self.streaks));
        self.push_count(w, &name, condition);
        w.or_zero(w.value(&name))
    }

    /// Writes a balance that counts for how many periods in a row a condition has held.
    fn push_count(&mut self, w: Writer, name: &str, condition: Expr) {
        let longer = w.pair(w.prior(name), ChainOp::Add, w.number(1));
        let count = w.choice(condition, longer, w.number(0));
        self.push_state(w, name, count, w.number(0));
    }

    /// Writes a balance that a skipped period leaves alone and that begins anew where the warning does.
    fn push_state(&mut self, w: Writer, name: &str, mut value: Expr, nothing: Expr) {
        if self.lines.skip.is_some() {
            value = w.choice(w.value(SKIPS), w.prior(name), value);
        }
        if self.lines.reset.is_some() {
            value = w.choice(w.value(RESETS), nothing.clone(), value);
        }
        self.push(w.carry(name, value, nothing));
    }

    fn levels(&mut self, machine: Machine) -> Vec<Level<String>> {
        let lines = self.lines;
        let levels = lines.levels.iter();
        levels
            .map(|level| {
                let name = &level.name.text;
                let (when, raised) = (machine::when(name), machine::raised(name));
                let clear = level.clear.as_ref().map(|_| machine::clear(name));
                let counts = self.level(level, machine);
                Level {
                    naming: naming(&level.name),
                    when,
                    clear,
                    raised,
                    held: counts.held,
                    calm: counts.calm,
                    rest: machine.rests().then(|| machine::rest(name)),
                    reason: crate::hir::from_ast::reason(&level.tail),
                    span: level.span,
                }
            })
            .collect()
    }

    /// Writes which level is shown, and whether it is higher than in the period before.
    fn shown(&mut self) {
        let w = self.head;
        let levels: Vec<&str> = self
            .lines
            .levels
            .iter()
            .map(|level| level.name.text.as_str())
            .collect();
        let of_levels = enum_name(&self.tree.name.text);
        let (mut height, mut shown) = (w.number(0), w.missing());
        for (at, name) in (1..).zip(levels) {
            let is_raised = w.compare(w.value(&machine::raised(name)), CompareOp::Greater, w.number(0));
            height = w.choice(is_raised, w.number(at), height);
            let is_shown = w.compare(w.or_zero(w.value(HEIGHT)), CompareOp::Equal, w.number(at));
            shown = w.choice(is_shown, w.value(&value_of_enum(&of_levels, name)), shown);
        }
        self.push(w.carry(HEIGHT, height, w.number(0)));
        self.push(w.measure(SHOWN, shown));
        let (now, before) = (w.or_zero(w.value(HEIGHT)), w.or_zero(w.prior(HEIGHT)));
        self.push(w.measure(ENTERED, w.compare(now, CompareOp::Greater, before)));
    }

    fn alerts(&mut self) -> Vec<Alert<String>> {
        let mut alerts = Vec::new();
        let lines = self.lines;
        for alert in &lines.alerts {
            let when = self.within(&alert.when);
            let condition = Writer::at(alert.when.span).condition(when);
            self.push_named(&alert.name, condition, &alert.tail, alert.span);
            alerts.push(Alert {
                naming: naming(&alert.name),
                when: alert.name.text.clone(),
                reason: crate::hir::from_ast::reason(&alert.tail),
            });
        }
        alerts
    }

    /// Writes a measure by a name that the author gave.
    fn push_named(&mut self, name: &Name, value: Expr, tail: &Tail, span: Span) {
        self.push(PlanStatement::Measure(Measure {
            name: name.clone(),
            title: None,
            grain: Vec::new(),
            dated: None,
            value,
            tail: tail.clone(),
            span,
        }));
    }

    /// Writes the escalations: each happens once, when its level has been raised for so many periods.
    fn escalations(&mut self) -> Vec<Escalation<String>> {
        let mut found = Vec::new();
        let lines = self.lines;
        for escalate in &lines.escalations {
            let (Some(level), Some(after)) = (
                self.level_named(&escalate.level),
                self.count(&escalate.after, 1, machine::MAX_PERIODS),
            ) else {
                continue;
            };
            let w = Writer::at(escalate.span);
            let at = found.len().saturating_add(1);
            let (when, to) = (format!("escalation {at}"), format!("escalation {at} to"));
            let raised = machine::raised(&escalate.level.text);
            let now = w.compare(w.or_zero(w.value(&raised)), CompareOp::Equal, w.number(after));
            let before = w.compare(w.or_zero(w.prior(&raised)), CompareOp::NotEqual, w.number(after));
            self.push(w.measure(&when, w.all(vec![now, before])));
            let at = Writer::at(escalate.to.span);
            self.push(at.measure(&to, at.addressee(escalate.to.clone())));
            found.push(Escalation {
                to,
                level,
                when,
                reason: crate::hir::from_ast::reason(&escalate.tail),
            });
        }
        found
    }

    /// Finds a level by its name, and gives its position.
    fn level_named(&mut self, name: &Name) -> Option<usize> {
        let known = self.lines.levels.iter().map(|level| level.name.text.as_str());
        let found = known.clone().position(|known| known == name.text);
        if found.is_none() {
            let (written, of) = (&name.text, &self.tree.name.text);
            let title = text!(
                "the warning \"{of}\" has no level \"{written}\"",
                "预警“{of}”没有级别“{written}”"
            );
            let message = Diagnostic::error(Code::E0202, title).primary(name.span, Text::default());
            let fix = suggest::fix(written, name.span, known);
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        found
    }

    /// Reads a number of periods or days between two limits, and says so if it is none.
    fn count(&mut self, literal: &ast::Literal, least: u64, most: u64) -> Option<u64> {
        let found = whole(literal).filter(|number| (least..=most).contains(number));
        if found.is_none() {
            let title = text!(
                "a whole number from {least} to {most} is needed here",
                "此处需要 {least} 到 {most} 的整数"
            );
            self.sink
                .push(Diagnostic::error(Code::E0513, title).primary(literal.span, Text::default()));
        }
        found
    }
}

fn naming(name: &Name) -> Naming {
    Naming {
        name: name.text.clone(),
        alias: None,
        title: None,
        span: name.span,
    }
}

/// Gives a literal as a whole number.
fn whole(literal: &ast::Literal) -> Option<u64> {
    let ast::LiteralKind::Number(number) = &literal.kind else {
        return None;
    };
    let digits: u64 = number.digits.parse().ok().filter(|_| !number.is_negative)?;
    let zeros = u32::try_from(number.exponent).ok()?;
    digits.checked_mul(10_u64.checked_pow(zeros)?)
}
