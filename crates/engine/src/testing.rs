//! In-file tests: the same graph over the records that a test gives, and what of the rules they did not reach.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

mod coverage;

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::NodeId;
use guerdon_plan::graph::from_hir::lower;
use guerdon_plan::hir::{
    DefinitionKind, Earn, Effective, Expect, Expr, ExprKind, Outcome, Program, Test, Value, With, WithTarget,
    axis,
};
use guerdon_plan::types::{FieldId, PlanId, TableId};
use guerdon_syntax::Span;

use self::coverage::{Needed, Reached};
pub use self::coverage::{Part, Unreached};
use crate::column::Cell;
use crate::compiled::Compiled;
use crate::error::Error;
use crate::evaluate::schedule::Schedule;
use crate::evaluate::{State, Threads, column_of, run};
use crate::facts::Facts;
use crate::limits::Limits;
use crate::plan::Plan;
use crate::report::shown_value;

/// What came of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// What the test shows, in words.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What came of each expectation.
    pub expectations: Vec<Expectation>,
}

/// What came of one expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Where it stands.
    pub span: Span,
    /// What came of it.
    pub verdict: Verdict,
    /// The values on both sides of a comparison, as text.
    pub found: Vec<String>,
}

/// What came of an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It names something that cannot be computed yet.
    NotYet,
}

/// An expectation with the sides of its comparison, which a person wants to see when it fails.
struct Asked<'e> {
    roots: Vec<&'e Expr>,
}

impl TestResult {
    /// Says whether every expectation holds.
    pub fn is_passed(&self) -> bool {
        self.expectations
            .iter()
            .all(|expectation| expectation.verdict == Verdict::Passed)
    }
}

impl Plan {
    /// Runs the tests of the rule files.
    ///
    /// # Errors
    ///
    /// [`Error`] if a limit is reached or the host stops the run.
    pub fn test(&self, limits: &Limits) -> Result<Vec<TestResult>, Error> {
        Ok(self.test_with_coverage(limits)?.0)
    }

    /// Runs the tests of the rule files, and lists the statements, exceptions and rows of tables that none reached.
    ///
    /// # Errors
    ///
    /// [`Error`] if a limit is reached or the host stops the run.
    pub fn test_with_coverage(&self, limits: &Limits) -> Result<(Vec<TestResult>, Vec<Unreached>), Error> {
        let compiled = self.compiled();
        let mut reached = Reached::default();
        let tests = compiled.program.tests.iter();
        let results: Result<Vec<_>, _> = tests
            .map(|test| result(compiled, test, limits, &mut reached))
            .collect();
        Ok((results?, coverage::unreached(&compiled.program, &reached)))
    }
}

/// The program and the records of a test.
struct Prepared {
    program: Program,
    facts: Facts,
    last: Date,
}

impl Prepared {
    fn of(compiled: &Compiled, test: &Test) -> Result<Self, Error> {
        let (program, tables) = replaced(test.applied_to(&compiled.program), &test.with);
        let mut facts = Facts::given_by(&program, test)?;
        for (table, field, value) in tables {
            facts.answer_always(table, field, column_of(&value));
        }
        let last = axis::last_day_of_test(&program, test).unwrap_or(Date::FIRST);
        Ok(Self { program, facts, last })
    }
}

fn result(
    compiled: &Compiled,
    test: &Test,
    limits: &Limits,
    reached: &mut Reached,
) -> Result<TestResult, Error> {
    let prepared = Prepared::of(compiled, test)?;
    let expects = test.expects.iter();
    let expectations: Result<Vec<_>, _> = expects
        .map(|expect| expectation(compiled, &prepared, expect, limits, reached))
        .collect();
    let roots = test.expects.iter().map(|expect| &expect.expr);
    let needed = coverage::needed(&prepared.program, roots);
    reach(compiled, &prepared, needed, limits, reached)?;
    Ok(TestResult {
        name: test.name.clone(),
        span: test.span,
        expectations: expectations?,
    })
}

fn expectation(
    compiled: &Compiled,
    prepared: &Prepared,
    expect: &Expect,
    limits: &Limits,
    reached: &mut Reached,
) -> Result<Expectation, Error> {
    let Prepared { program, facts, last } = prepared;
    let asked = Asked::of(&expect.expr);
    let roots: Vec<Expr> = asked.roots.iter().map(|root| (*root).clone()).collect();
    let Ok(graph) = lower(program, &[], &roots) else {
        return Ok(Expectation {
            span: expect.span,
            verdict: Verdict::NotYet,
            found: Vec::new(),
        });
    };
    let mut kept = coverage::wanted(&graph);
    kept.extend(&graph.roots);
    let schedule = Schedule::of(&graph, &kept);
    let calendars = &compiled.calendars;
    let state = run(
        program,
        &graph,
        &schedule,
        calendars,
        facts,
        *last,
        limits,
        Threads(1),
    )?;
    coverage::mark(program, &state, reached);
    let (span, outcome) = (expect.span, &expect.outcome);
    Ok(verdict(program, &state, &graph.roots, span, outcome, &asked))
}

/// Notes the statements that a test needs; of earns with lines those that had one.
fn reach(
    compiled: &Compiled,
    prepared: &Prepared,
    needed: Needed,
    limits: &Limits,
    reached: &mut Reached,
) -> Result<(), Error> {
    needed.definitions.iter().for_each(|span| reached.add(*span));
    let Prepared { program, facts, last } = prepared;
    let plans: Vec<PlanId> = (0..program.plans.len()).map(PlanId::at).collect();
    let Ok(graph) = lower(program, &plans, &[]) else {
        return Ok(());
    };
    let schedule = Schedule::of(&graph, &[]);
    let calendars = &compiled.calendars;
    let state = run(
        program,
        &graph,
        &schedule,
        calendars,
        facts,
        *last,
        limits,
        Threads(1),
    )?;
    for (earn, spans) in needed.earns {
        let mut outputs = graph.outputs.iter().flat_map(|output| &output.earns);
        let output = outputs.find(|output| output.earn == earn);
        let is_broken_down = program.earn(earn).is_some_and(Earn::is_broken_down);
        if is_broken_down
            || output.is_some_and(|output| output.row.is_none() || state.frame_len(output.lines) > 0)
        {
            spans.into_iter().for_each(|span| reached.add(span));
        }
    }
    Ok(())
}

impl<'e> Asked<'e> {
    fn of(expr: &'e Expr) -> Self {
        let mut roots = vec![expr];
        match &expr.kind {
            ExprKind::Compare { left, right, .. } => roots.extend([&**left, &**right]),
            ExprKind::IsMissing(inner) => roots.push(inner),
            _ => {}
        }
        Self { roots }
    }
}

fn verdict(
    program: &Program,
    state: &State<'_>,
    roots: &[NodeId],
    span: Span,
    outcome: &Outcome,
    asked: &Asked<'_>,
) -> Expectation {
    let values: Vec<_> = roots.iter().map(|root| state.full(*root)).collect();
    let first = values.first().map(|value| value.cell(0)).unwrap_or(Cell::Missing);
    let is_met = match (outcome, &first) {
        (Outcome::Holds, cell) => *cell == Cell::Bool(true),
        (Outcome::Fails(None), cell) => matches!(cell, Cell::Error(_)),
        (Outcome::Fails(Some(code)), Cell::Error(_)) => values
            .first()
            .is_some_and(|value| crate::report::code_of(state, value.error(0)).to_string() == *code),
        (Outcome::Fails(Some(_)), _) => false,
    };
    let shown = |place: usize| {
        let (value, root) = (values.get(place)?, asked.roots.get(place)?);
        Some(shown_value(program, state, value, root.ty.scalar))
    };
    let found = match (outcome, &first) {
        (Outcome::Fails(Some(code)), Cell::Error(_)) if !is_met => {
            let error = values.first().map_or(0, |value| value.error(0));
            vec![crate::report::code_of(state, error).to_string(), code.clone()]
        }
        (Outcome::Fails(_), _) if !is_met => shown(0).into_iter().collect(),
        (Outcome::Fails(_) | Outcome::Holds, _) => (1..values.len()).filter_map(shown).collect(),
    };
    Expectation {
        span,
        verdict: if is_met { Verdict::Passed } else { Verdict::Failed },
        found,
    }
}

/// Puts the values of `with` lines in place: constants and definitions in the program, fields of tables in the facts.
fn replaced(mut program: Program, with: &[With]) -> (Program, Vec<(TableId, FieldId, Value)>) {
    let mut tables = Vec::new();
    for line in with {
        match (line.target, &line.value.kind) {
            (WithTarget::TableField(table, field), ExprKind::Const(value)) => {
                tables.push((table, field, value.clone()));
            }
            (WithTarget::Constant(constant), ExprKind::Const(value)) => {
                if let Some(constant) = program.constants.get_mut(constant.index()) {
                    constant.versions = vec![(Effective::default(), value.clone())];
                }
            }
            (WithTarget::Definition(definition), _) => {
                if let Some(definition) = program.definitions.get_mut(definition.index()) {
                    definition.kind = DefinitionKind::Let(line.value.clone());
                    definition.exceptions = Vec::new();
                }
            }
            (WithTarget::TableField(..) | WithTarget::Constant(_), _) => {}
        }
    }
    (program, tables)
}
