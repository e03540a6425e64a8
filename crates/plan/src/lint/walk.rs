//! Every expression of a program.

use crate::hir::{Amortise, DefinitionKind, Earn, Exception, Expr, Hold, Plan, Program};
use crate::types::{DefinitionId, EarnId};

/// Says which part of the program an expression belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The check of a field.
    Field,
    /// The payee filter or a check of a plan.
    Plan,
    /// A `let`, `measure`, `carry` or `pay`.
    Definition(DefinitionId),
    /// An `earn`.
    Earn(EarnId),
    /// A test.
    Test,
}

/// Lists the expressions of a program, parts included, each with its owner.
pub(super) fn expressions(program: &Program) -> Vec<(Owner, &Expr)> {
    let mut open = whole_expressions(program);
    let mut all = Vec::new();
    while let Some((owner, expr)) = open.pop() {
        all.push((owner, expr));
        open.extend(expr.children().into_iter().map(|part| (owner, part)));
    }
    all
}

fn whole_expressions(program: &Program) -> Vec<(Owner, &Expr)> {
    let fields = program.tables.iter().flat_map(|table| &table.fields);
    let checks = fields
        .filter_map(|field| field.check.as_ref())
        .map(|(_, check)| (Owner::Field, check));
    let plans = program
        .plans
        .iter()
        .flat_map(plan_expressions)
        .map(|expr| (Owner::Plan, expr));
    let definitions = (0..program.definitions.len()).map(DefinitionId::at);
    let definitions = definitions.flat_map(|id| {
        definition_expressions(program, id)
            .into_iter()
            .map(move |expr| (Owner::Definition(id), expr))
    });
    let earns = (0..).map(EarnId).zip(&program.earns);
    let earns = earns.flat_map(|(id, earn)| {
        earn_expressions(earn)
            .into_iter()
            .map(move |expr| (Owner::Earn(id), expr))
    });
    let tests = program.tests.iter().flat_map(|test| {
        let replaced = test.with.iter().map(|with| &with.value);
        let cells = test.cells.iter().map(|cell| &cell.value);
        replaced
            .chain(cells)
            .chain(test.expects.iter().map(|expect| &expect.expr))
    });
    checks
        .chain(plans)
        .chain(definitions)
        .chain(earns)
        .chain(tests.map(|expr| (Owner::Test, expr)))
        .collect()
}

fn plan_expressions(plan: &Plan) -> Vec<&Expr> {
    let rows = plan
        .checks
        .iter()
        .filter_map(|check| check.rows.as_ref()?.filter.as_ref());
    let conditions = plan.checks.iter().map(|check| &check.condition);
    plan.payee_filter.iter().chain(conditions).chain(rows).collect()
}

fn definition_expressions(program: &Program, id: DefinitionId) -> Vec<&Expr> {
    let Some(definition) = program.definition(id) else {
        return Vec::new();
    };
    let mut all = match &definition.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value) => vec![value],
        DefinitionKind::Carry { value, opening, .. } => vec![value, opening],
    };
    all.extend(exception_expressions(&definition.exceptions));
    all
}

fn earn_expressions(earn: &Earn) -> Vec<&Expr> {
    let lines = earn
        .lines
        .iter()
        .flat_map(|lines| lines.filter.iter().chain([&lines.dated]).chain(&lines.order));
    let shares = earn
        .settling()
        .chain(earn.review.iter().map(|review| &review.when));
    let caps = earn.caps().map(|cap| &cap.at);
    let exceptions = exception_expressions(&earn.exceptions);
    [&earn.value]
        .into_iter()
        .chain(earn.hold.iter().flat_map(Hold::expressions))
        .chain(earn.amortise.iter().flat_map(Amortise::expressions))
        .chain(earn.break_down().map(|broken| &broken.weight))
        .chain(lines)
        .chain(shares)
        .chain(caps)
        .chain(exceptions)
        .collect()
}

fn exception_expressions(exceptions: &[Exception]) -> impl Iterator<Item = &Expr> {
    exceptions
        .iter()
        .flat_map(|exception| [&exception.when, &exception.value])
}
