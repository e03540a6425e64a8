//! W0704: plans without tests.

use std::collections::BTreeSet;

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use super::walk::{Owner, expressions};
use crate::hir::{Expr, ExprKind, Plan, Program};
use crate::types::PlanId;

/// Warns of plans of which no test expects anything.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let tested: BTreeSet<PlanId> = expressions(program)
        .into_iter()
        .filter(|(owner, _)| *owner == Owner::Test)
        .filter_map(|(_, expr)| plan_of(program, expr))
        .collect();
    let plans = (0..).map(PlanId).zip(&program.plans);
    plans
        .filter(|(id, _)| !tested.contains(id))
        .for_each(|(_, plan)| sink.push(told(plan)));
}

fn told(plan: &Plan) -> Diagnostic {
    let name = &plan.naming.name;
    let (kind, label) = match &plan.block {
        Some(block) => (
            block.kind(),
            text!("nothing that it says is tested", "它的结论未经测试"),
        ),
        None => (
            text!("plan", "方案"),
            text!("nothing that it pays is tested", "它的支付未经测试"),
        ),
    };
    Diagnostic::warning(
        Code::W0704,
        text!("{kind} \"{name}\" has no test", "{kind}“{name}”没有测试"; kind),
    )
    .primary(plan.naming.span, label)
    .note(text!(
        "A test with a handful of records shows what the {kind} means and notices when it changes.",
        "用几条记录写一个测试，就能说明{kind}的含义，并在改动时发现变化。"; kind
    ))
}

fn plan_of(program: &Program, expr: &Expr) -> Option<PlanId> {
    if let ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. } = &expr.kind {
        return program.definition(*definition).map(|definition| definition.plan);
    }
    if let ExprKind::Earned { earn, .. } = &expr.kind {
        return program.earn(*earn).map(|earn| earn.plan);
    }
    None
}
