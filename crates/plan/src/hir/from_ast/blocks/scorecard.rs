//! Scorecards: metrics become points, points a total, the total a grade and a multiplier.

mod dimension;
mod distribute;
mod grades;
mod group;
mod metric;
mod norm;
mod policy;
mod total;
mod weight;

use guerdon_syntax::ast::{
    Expr, Grades, MetricMissing, Name, Plan, PlanStatement, Scorecard as Tree, ScorecardStatement,
};
use guerdon_syntax::keyword::builtin_field;
use guerdon_syntax::{Code, Diagnostic, Sink, Span, Text, ast, text};

use self::dimension::Dimensions;
pub(crate) use self::grades::GRADES;
use self::group::Group;
use self::policy::Rules;
use super::heads::{Head, Heads};
use super::seen::Seen;
use super::write::Writer;
use super::{Kind, Written, once, push_no_line};
use crate::hir::{Block, Scorecard};

/// What a member of the group is called inside the formulas that are written here.
const EACH: &str = " each";

/// The names that every card gives to what it computes; nothing else in it may be called so.
const OWN: [&str; 9] = [
    "financial",
    "customer",
    "competitive",
    "collaboration",
    "total",
    "coverage",
    "grade",
    "multiplier",
    "rank",
];

/// Holds the lines of a card that it may have once.
#[derive(Default)]
struct Lines<'a> {
    heads: Heads<'a>,
    missing: Option<(&'a MetricMissing, Span)>,
    grades: Option<(&'a Grades, Span)>,
    relative: Option<Span>,
    gates: Vec<&'a ast::Gate>,
    dimensions: Vec<&'a ast::Dimension>,
}

/// Holds a card while it is written.
struct Card<'a, 's> {
    sink: &'s mut Sink,
    seen: &'s Seen<'a>,
    name: &'a Name,
    lines: Lines<'a>,
    dimensions: Dimensions<'a>,
    rules: Rules,
    statements: Vec<PlanStatement>,
    written: Extras,
    head: Writer,
}

/// Holds what goes beside the statements of the plan.
#[derive(Default)]
struct Extras {
    lenient: Vec<String>,
    strict: Vec<String>,
    numbers: Vec<String>,
    values: Vec<(String, String)>,
    enums: Vec<ast::EnumDef>,
    tiers: Vec<ast::TiersDef>,
    tables: Vec<ast::TableDef>,
}

/// Writes a scorecard as a plan.
pub(super) fn write(tree: &Tree, seen: &Seen<'_>, sink: &mut Sink) -> (Plan, Written) {
    let mut statements = Vec::new();
    let lines = Lines::read(tree, &mut statements, sink);
    lines.require(tree, sink);
    let mut rules = Rules::read(&lines, tree, sink);
    let dimensions = Dimensions::read(&lines, &tree.name, &mut rules, sink);
    let mut card = Card {
        sink,
        seen,
        name: &tree.name,
        written: Extras {
            lenient: lines.heads.own.iter().map(|name| name.text.clone()).collect(),
            ..Extras::default()
        },
        lines,
        dimensions,
        rules,
        statements,
        head: Writer::at(tree.name.span),
    };
    let block = card.scorecard();
    let (statements, written) = (card.statements, card.written.of(block));
    let plan = Plan {
        name: tree.name.clone(),
        title: tree.title.clone(),
        extends: None,
        statements,
        span: tree.span,
    };
    (plan, written)
}

impl<'a> Lines<'a> {
    fn read(tree: &'a Tree, statements: &mut Vec<PlanStatement>, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            let head = match statement {
                ScorecardStatement::Subject(line) => Head::People(line),
                ScorecardStatement::Period(line) => Head::Period(line),
                ScorecardStatement::Effective(line) => Head::Effective(line),
                ScorecardStatement::Currency(line) => Head::Currency(line),
                ScorecardStatement::Rounding(line) => Head::Rounding(line),
                ScorecardStatement::Policy(line) => Head::Policy(line),
                ScorecardStatement::Rows(line) => Head::Rows(line),
                ScorecardStatement::Let(line) => Head::Let(line),
                ScorecardStatement::Measure(line) => Head::Measure(line),
                ScorecardStatement::Check(line) => Head::Check(line),
                ScorecardStatement::Dimension(dimension) => {
                    lines.dimensions.push(dimension);
                    continue;
                }
                ScorecardStatement::Gate(gate) => {
                    lines.gates.push(gate);
                    continue;
                }
                ScorecardStatement::WeightsRelative(span) => {
                    lines.relative = Some(*span);
                    continue;
                }
                ScorecardStatement::Missing(line) => {
                    once(sink, &mut lines.missing, &line.policy, span);
                    continue;
                }
                ScorecardStatement::Grades(line) => {
                    once(sink, &mut lines.grades, line, span);
                    continue;
                }
            };
            lines.heads.read(head, span, statements, sink);
        }
        lines
    }

    fn require(&self, tree: &Tree, sink: &mut Sink) {
        let name = &tree.name;
        if self.heads.people.is_none() {
            let line = ("subject Person where …", "对象 人员 其中 …");
            push_no_line(sink, name, ("subject", "对象"), line);
        }
        if self.heads.period.is_none() {
            push_no_line(sink, name, ("period", "周期"), ("period quarter", "周期 季"));
        }
        if let (Some(gate), None) = (self.gates.first(), &self.grades) {
            let title = text!(
                "a gate needs grades, and this card has none",
                "门槛需要等级，而此记分卡没有等级"
            );
            sink.push(Diagnostic::error(Code::E0215, title).primary(gate.span, Text::default()));
        }
        let metrics = self.dimensions.iter().flat_map(|dimension| metrics_of(dimension));
        for name in self
            .heads
            .own
            .iter()
            .copied()
            .chain(metrics.map(|metric| &metric.name))
        {
            refuse_own(name, sink);
        }
    }

    /// Says whether a name is that of a statement of the card.
    fn is_statement(&self, name: &str) -> bool {
        let metrics = self.dimensions.iter().flat_map(|dimension| metrics_of(dimension));
        self.heads
            .own
            .iter()
            .copied()
            .chain(metrics.map(|metric| &metric.name))
            .any(|known| known.text == name)
    }
}

fn metrics_of(dimension: &ast::Dimension) -> &[ast::Metric] {
    match &dimension.body {
        ast::DimensionBody::Metrics(_, metrics) => metrics,
        ast::DimensionBody::LeftOut(_) => &[],
    }
}

/// Says that a name has a meaning in every card, unless it has none.
fn refuse_own(name: &Name, sink: &mut Sink) {
    let written = &name.text;
    let meant = builtin_field(written).unwrap_or(written);
    if OWN.contains(&meant) {
        let title = text!(
            "\"{written}\" has a meaning in every scorecard and cannot be declared",
            "“{written}”在每张记分卡中都有固定含义，不能另行声明"
        );
        let message = Diagnostic::error(Code::E0222, title);
        sink.push(message.primary(name.span, text!("choose another name", "请换一个名称")));
    }
}

impl Card<'_, '_> {
    fn scorecard(&mut self) -> Scorecard<String> {
        let dimensions = self.dimensions();
        self.totals();
        let group = self.group();
        let graded = self.grades(&group);
        self.rank(&group);
        let has_grades = self.lines.grades.is_some();
        let named = |name: &str| has_grades.then(|| name.to_owned());
        Scorecard {
            dimensions,
            total: "total".to_owned(),
            exact_total: "exact total".to_owned(),
            coverage: "coverage".to_owned(),
            grade: named("grade"),
            unforced_grade: named("unforced grade"),
            multiplier: named("multiplier"),
            gates: graded,
            rank: self.lines.heads.people.map(|_| "rank".to_owned()),
        }
    }

    fn push(&mut self, statement: PlanStatement) {
        self.statements.push(statement);
    }

    /// Writes a measure that is missing where something it needs is.
    fn lenient(&mut self, w: Writer, name: &str, value: Expr) {
        self.written.lenient.push(name.to_owned());
        self.push(w.measure(name, value));
    }

    /// Writes a measure that is an error where something it needs is missing.
    fn strict(&mut self, w: Writer, name: &str, value: Expr) {
        self.written.strict.push(name.to_owned());
        self.push(w.measure(name, value));
    }

    /// Writes a measure that is always there if the total is, and missing where the total is.
    fn like_total(&mut self, w: Writer, name: &str, value: Expr) {
        if self.is_sure() {
            self.push(w.measure(name, value));
        } else {
            self.lenient(w, name, value);
        }
    }

    /// Writes a measure that every subject has if every subject has a total, and that others may lack: places.
    fn firm(&mut self, w: Writer, name: &str, value: Expr) {
        match self.is_sure() {
            true => self.strict(w, name, value),
            false => self.lenient(w, name, value),
        }
    }

    /// Writes the place of each subject by its total.
    fn rank(&mut self, group: &Group) {
        let w = self.head;
        if let Some(rank) = self.place_by_total(w, group, ast::RankTies::Best) {
            self.push(w.measure("rank", rank));
        }
    }

    /// Writes what subjects of one distribution have in common.
    fn group(&mut self) -> Group {
        let grades = self.lines.grades.map(|(grades, _)| grades);
        let distribute = grades.and_then(|grades| grades.distribute.as_ref());
        let within = distribute.map_or(&[][..], |distribute| distribute.within.as_slice());
        self.grouped("card", within)
    }
}

impl Extras {
    fn of(self, block: Scorecard<String>) -> Written {
        let mut written = Written::of(Block::Scorecard(block), "subject");
        written.lenient.extend(self.lenient);
        written.strict.extend(self.strict);
        let numbers = self.numbers.into_iter().map(|name| (name, Kind::Number));
        let values = self.values.into_iter().map(|(name, of)| (name, Kind::Enum(of)));
        written.kinds.extend(numbers.chain(values));
        written.inside.extend(inside());
        written.enums = self.enums;
        written.tiers = self.tiers;
        written.tables = self.tables;
        written
    }
}

/// Lists what names mean inside a card: totals are exact there, and Chinese names mean the same as English ones.
fn inside() -> impl Iterator<Item = (String, String)> {
    let words = [
        ("total", "exact total"),
        ("总分", "exact total"),
        ("财务", "financial"),
        ("客户", "customer"),
        ("竞争", "competitive"),
        ("协作", "collaboration"),
        ("等级", "grade"),
        ("系数", "multiplier"),
        ("名次", "rank"),
        ("覆盖率", "coverage"),
    ];
    words
        .into_iter()
        .map(|(name, meant)| (name.to_owned(), meant.to_owned()))
}
