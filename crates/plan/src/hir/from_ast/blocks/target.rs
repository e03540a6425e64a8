//! Targets: a goal, how it is divided from the top down, what is locked, what becomes of a gap, whether it is SMART.

mod level;
mod locks;
mod periods;
mod reached;
mod recalibrate;
mod records;
mod smart;

use std::collections::BTreeMap;

use guerdon_syntax::ast::{
    self, Expr, ExprLine, LiteralKind, Lock, Name, Plan, PlanStatement, Population, Recalibrate, Smart,
    SourceKind, SplitLine, Target as Tree, TargetStatement,
};
use guerdon_syntax::{Code, Diagnostic, Sink, Span, Text, text};

use self::level::{Held, Level};
use super::heads::{Head, Heads};
use super::seen::Seen;
use super::team;
use super::write::Writer;
use super::{Length, Written, once, push_no_line};
use crate::calendar::Unit;
use crate::hir::{Block, SmartCheck, Target, TargetLevel};

/// Holds the lines of a target.
#[derive(Default)]
struct Lines<'a> {
    heads: Heads<'a>,
    goal: Option<(&'a ExprLine, Span)>,
    actual: Option<(&'a ExprLine, Span)>,
    recalibrate: Option<(&'a Recalibrate, Span)>,
    splits: Vec<&'a SplitLine>,
    locks: Vec<&'a Lock>,
    tests: Vec<&'a Smart>,
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
    let (tree, rows) = &with_named_splits(tree, seen, sink);
    let mut statements: Vec<PlanStatement> = rows.iter().cloned().map(PlanStatement::Rows).collect();
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
    let about = match out.lines.heads.people {
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

/// Writes splits among those who report to somebody as splits among records that name whom they report to.
fn with_named_splits(tree: &Tree, seen: &Seen<'_>, sink: &mut Sink) -> (Tree, Vec<ast::Rows>) {
    let mut tree = tree.clone();
    let (mut above, mut rows) = (Vec::new(), Vec::new());
    let values = tree.statements.iter().filter_map(|statement| {
        if let TargetStatement::Measure(line) = statement {
            return Some(line.name.clone());
        }
        if let TargetStatement::Let(line) = statement {
            return Some(line.name.clone());
        }
        None
    });
    let values: Vec<Name> = values.collect();
    for statement in &mut tree.statements {
        if let TargetStatement::Subject(line) = statement {
            above.push(team::Above::people("subject", line, values.iter()));
        } else if let TargetStatement::Split(line) = statement {
            *line = team::named(line, &above, &mut rows, seen, sink);
            if let (SourceKind::Named(data), Some(alias)) = (&line.source.kind, &line.source.alias) {
                above.push(team::Above::record(&alias.text, data));
            }
        }
    }
    (tree, rows)
}

impl<'a> Lines<'a> {
    fn read(tree: &'a Tree, statements: &mut Vec<PlanStatement>, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            let head = match statement {
                TargetStatement::Subject(line) => Head::People(line),
                TargetStatement::Period(line) => Head::Period(line),
                TargetStatement::Currency(line) => Head::Currency(line),
                TargetStatement::Policy(line) => Head::Policy(line),
                TargetStatement::Let(line) => Head::Let(line),
                TargetStatement::Measure(line) => Head::Measure(line),
                TargetStatement::Split(line) => {
                    lines.splits.push(line);
                    continue;
                }
                TargetStatement::Lock(line) => {
                    lines.locks.push(line);
                    continue;
                }
                TargetStatement::Smart(line) => {
                    lines.tests.push(line);
                    continue;
                }
                TargetStatement::Actual(line) => {
                    once(sink, &mut lines.actual, line, span);
                    continue;
                }
                TargetStatement::Goal(line) => {
                    once(sink, &mut lines.goal, line, span);
                    continue;
                }
                TargetStatement::Recalibrate(line) => {
                    once(sink, &mut lines.recalibrate, line, span);
                    continue;
                }
            };
            lines.heads.read(head, span, statements, sink);
        }
        lines
    }

    fn require(&self, tree: &Tree, sink: &mut Sink) {
        let name = &tree.name;
        if self.goal.is_none() {
            let line = ("goal CNY 1,200,000", "目标值 CNY 1,200,000");
            push_no_line(sink, name, ("goal", "目标值"), line);
        }
        if self.heads.period.is_none() {
            let line = ("period year 2026", "周期 year 2026");
            push_no_line(sink, name, ("period", "周期"), line);
        }
        if let (Some((goal, _)), None) = (self.goal, self.heads.currency)
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
        if self.lines.heads.people.is_some() {
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
        match self.reached_by(levels) {
            Some(level) => self.reached(level, levels),
            None if actual => {
                self.of_whole("actual", self.lines.actual);
            }
            None => {}
        }
        let found: Vec<TargetLevel<String>> = levels.iter().map(|level| self.level(level)).collect();
        let recalibrated = self.recalibrated(levels);
        let tests: Vec<SmartCheck<String>> = self.smart();
        Target {
            has_subject: self.lines.heads.people.is_some(),
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
        let own = self.lines.heads.own.iter().map(|name| name.text.clone());
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
