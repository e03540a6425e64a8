//! Targets: a goal, how it is divided from the top down, what is locked, what becomes of a gap, whether it is SMART.

mod level;
mod locks;
mod periods;
mod recalibrate;
mod records;
mod smart;

use std::collections::BTreeMap;

use guerdon_syntax::ast::{
    self, CurrencyLine, Expr, ExprLine, LiteralKind, Lock, Name, Plan, PlanStatement, Population,
    Recalibrate, Smart, SplitLine, Target as Tree, TargetStatement,
};
use guerdon_syntax::{Code, Diagnostic, Sink, Span, Text, text};

use self::level::{Held, Level};
use super::seen::Seen;
use super::write::Writer;
use super::{Length, Written, once, push_no_line};
use crate::calendar::Unit;
use crate::hir::{Block, SmartCheck, Target, TargetLevel};

/// Holds the lines of a target.
#[derive(Default)]
struct Lines<'a> {
    subject: Option<(&'a Population, Span)>,
    period: Option<(&'a ast::PeriodLine, Span)>,
    currency: Option<(&'a CurrencyLine, Span)>,
    goal: Option<(&'a ExprLine, Span)>,
    actual: Option<(&'a ExprLine, Span)>,
    recalibrate: Option<(&'a Recalibrate, Span)>,
    splits: Vec<&'a SplitLine>,
    locks: Vec<&'a Lock>,
    tests: Vec<&'a Smart>,
    /// The names of the author's own statements.
    own: Vec<&'a Name>,
}

/// Holds a target while it is written.
struct Out<'a, 's> {
    sink: &'s mut Sink,
    name: &'a Name,
    lines: Lines<'a>,
    statements: Vec<PlanStatement>,
    lengths: BTreeMap<String, Length>,
    lenient: Vec<String>,
    strict: Vec<String>,
    head: Writer,
}

/// Writes a target as a plan.
pub(super) fn write(tree: &Tree, seen: &Seen<'_>, sink: &mut Sink) -> (Plan, Written) {
    let mut statements = Vec::new();
    let lines = Lines::read(tree, &mut statements, sink);
    lines.require(tree, sink);
    let mut out = Out {
        sink,
        name: &tree.name,
        lines,
        statements,
        lengths: BTreeMap::new(),
        lenient: Vec::new(),
        strict: Vec::new(),
        head: Writer::at(tree.name.span),
    };
    out.for_all(seen);
    let levels = out.levels();
    let block = out.target(&levels);
    let finest = levels.iter().rev().find_map(Level::unit);
    let about = match out.lines.subject {
        Some(_) => "subject",
        None => "",
    };
    let mut written = Written {
        finest,
        ..Written::of(Block::Target(block), about)
    };
    written.lengths = out.lengths;
    written.lenient.extend(out.lenient);
    written.strict.extend(out.strict);
    let plan = Plan {
        name: tree.name.clone(),
        title: tree.title.clone(),
        extends: None,
        statements: out.statements,
        span: tree.span,
    };
    (plan, written)
}

impl<'a> Lines<'a> {
    fn read(tree: &'a Tree, statements: &mut Vec<PlanStatement>, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            match statement {
                TargetStatement::Subject(line) => {
                    once(sink, &mut lines.subject, line, span);
                    statements.push(PlanStatement::Payee(line.clone()));
                }
                TargetStatement::Period(line) => {
                    once(sink, &mut lines.period, line, span);
                    statements.push(PlanStatement::Period(line.clone()));
                }
                TargetStatement::Currency(line) => {
                    once(sink, &mut lines.currency, line, span);
                    statements.push(PlanStatement::Currency(line.clone()));
                }
                TargetStatement::Policy(line) => statements.push(PlanStatement::Policy(line.clone())),
                TargetStatement::Let(line) => {
                    lines.own.push(&line.name);
                    statements.push(PlanStatement::Let(line.clone()));
                }
                TargetStatement::Measure(line) => {
                    lines.own.push(&line.name);
                    statements.push(PlanStatement::Measure(line.clone()));
                }
                TargetStatement::Actual(line) => once(sink, &mut lines.actual, line, span),
                TargetStatement::Goal(line) => once(sink, &mut lines.goal, line, span),
                TargetStatement::Split(line) => lines.splits.push(line),
                TargetStatement::Lock(line) => lines.locks.push(line),
                TargetStatement::Recalibrate(line) => once(sink, &mut lines.recalibrate, line, span),
                TargetStatement::Smart(line) => lines.tests.push(line),
            }
        }
        lines
    }

    fn require(&self, tree: &Tree, sink: &mut Sink) {
        let name = &tree.name;
        if self.goal.is_none() {
            let line = ("goal CNY 1,200,000", "目标值 CNY 1,200,000");
            push_no_line(sink, name, ("goal", "目标值"), line);
        }
        if self.period.is_none() {
            let line = ("period year 2026", "周期 year 2026");
            push_no_line(sink, name, ("period", "周期"), line);
        }
        if let (Some((goal, _)), None) = (self.goal, self.currency)
            && let ast::ExprKind::Literal(literal) = &goal.value.kind
            && let LiteralKind::Money(..) = &literal.kind
        {
            push_no_line(sink, name, ("currency", "币种"), ("currency CNY", "币种 CNY"));
        }
    }
}

impl<'a> Out<'a, '_> {
    /// Gives a plan without a subject records all the same, of which none has the goal: it is one for all.
    fn for_all(&mut self, seen: &Seen<'_>) {
        if self.lines.subject.is_some() {
            return;
        }
        let split = self
            .lines
            .splits
            .iter()
            .find_map(|line| level::data_of(&line.source));
        let data = split.cloned().or_else(|| seen.data(self.name.span.file));
        let Some(data) = data else {
            let title = text!(
                "a target needs records to be about, and there are none",
                "目标需要有所对应的记录，而此处没有"
            );
            let fault = Diagnostic::error(Code::E0215, title);
            self.sink.push(fault.primary(self.name.span, Text::default()));
            return;
        };
        let w = self.head;
        self.push(PlanStatement::Payee(Population {
            data,
            filter: Some(w.truth(false)),
            span: w.span(),
        }));
    }

    fn target(&mut self, levels: &[Level<'a>]) -> Target<String> {
        self.whole_lengths();
        let goal = self.of_whole("goal", self.lines.goal);
        let actual = self.lines.actual.is_some();
        if actual {
            self.of_whole("actual", self.lines.actual);
        }
        let found: Vec<TargetLevel<String>> = levels.iter().map(|level| self.level(level)).collect();
        let recalibrated = self.recalibrated(levels);
        let tests: Vec<SmartCheck<String>> = self.smart();
        Target {
            has_subject: self.lines.subject.is_some(),
            whole: Unit::Period,
            goal,
            actual: actual.then(|| "actual".to_owned()),
            levels: found,
            recalibrated,
            tests,
        }
    }

    /// Lets the author's own statements speak of the period of the goal.
    fn whole_lengths(&mut self) {
        let own = self.lines.own.iter().map(|name| name.text.clone());
        self.lengths.extend(own.map(|name| (name, Length::Whole)));
    }

    fn push(&mut self, statement: PlanStatement) {
        self.statements.push(statement);
    }

    /// Writes a line of the author as a measure that speaks of the period of the goal.
    fn of_whole(&mut self, name: &str, line: Option<(&ExprLine, Span)>) -> String {
        if let Some((line, span)) = line {
            let mut measure = Writer::at(span).measure(name, line.value.clone());
            if let PlanStatement::Measure(measure) = &mut measure {
                measure.tail = line.tail.clone();
            }
            self.lengths.insert(name.to_owned(), Length::Whole);
            self.push(measure);
        }
        name.to_owned()
    }

    /// Gives the statement that was written last the reasons of a line.
    fn explain(&mut self, tail: &ast::Tail) {
        if let Some(PlanStatement::Measure(measure)) = self.statements.last_mut() {
            measure.tail = tail.clone();
        }
    }

    /// Writes a measure that has a value for whom a figure is for, and speaks of periods of a length.
    fn measure(&mut self, w: Writer, name: &str, held: &Held<'_>, length: Length, value: Expr) {
        self.lengths.insert(name.to_owned(), length);
        let measure = w.measure_for(name, held.grain(w), value);
        self.push(measure);
    }
}
