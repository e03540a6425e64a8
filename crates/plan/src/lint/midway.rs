//! W0713: running totals of a year that began before the plan.

use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Text, text};

use crate::calendar::{Date, Unit};
use crate::hir::{Apply, Earn, Expr, ExprKind, Plan, Program};

/// Warns of tiers on the running total of a year, or another stretch, of which the plan holds only the later part: what
/// was sold before the plan's first day is not in the total, and whether it should be moves money.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    // A variant has the earns of its plan, and its first day.
    for plan in program.plans.iter().filter(|plan| plan.extends.is_none()) {
        let earns = plan.earns.iter().filter_map(|id| program.earn(*id));
        for (apply, span) in earns.flat_map(stacked) {
            let Some(unit) = apply.stack.as_ref().and_then(|stack| stack.restarting) else {
                continue;
            };
            if let Some((first, begun)) = begun_before(program, plan, unit) {
                sink.push(told(first, begun, unit).primary(span, left_out(begun, first)));
            }
        }
    }
}

/// Lists the tiers of an earn that go by a running total which starts from nothing.
fn stacked(earn: &Earn) -> Vec<(&Apply, guerdon_syntax::Span)> {
    let mut open: Vec<&Expr> = vec![&earn.value];
    open.extend(earn.exceptions.iter().map(|one| &one.value));
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        if let ExprKind::Apply(apply) = &expr.kind
            && apply
                .stack
                .as_ref()
                .is_some_and(|stack| stack.starting_from.is_none())
        {
            found.push((&**apply, expr.span));
        }
        open.extend(expr.children());
    }
    found
}

/// Gives the plan's first day and the first day of the stretch that it lies in, where that is an earlier one.
fn begun_before(program: &Program, plan: &Plan, unit: Unit) -> Option<(Date, Date)> {
    let first = plan.effective.from?;
    let calendar = program.calendar(plan.calendar)?;
    let begun = calendar.range(calendar.period_of(unit, first)?)?.from;
    (begun < first).then_some((first, begun))
}

fn told(first: Date, begun: Date, unit: Unit) -> Diagnostic {
    let stretch = match unit {
        Unit::Day => text!("day", "日"),
        Unit::Week => text!("week", "周"),
        Unit::Month => text!("month", "月"),
        Unit::Quarter => text!("quarter", "季"),
        Unit::Year => text!("year", "年"),
        Unit::Period => text!("period", "期间"),
    };
    let title = text!(
        "the running total starts with nothing on {first}, in a {stretch} that began on {begun}",
        "累计自{first}从零算起，而所在{stretch}始于{begun}"; stretch
    );
    Diagnostic::warning(Code::W0713, title).fix(Fix::advice(
        text!(
            "say what the total starts from: what was sold before, or nothing",
            "写明累计从多少算起：此前的销售额，或零"
        ),
        text!("starting from before", "起始自 此前"),
    ))
}

fn left_out(begun: Date, first: Date) -> Text {
    text!(
        "what was sold from {begun} on and before {first} is not in it",
        "{begun} 起、{first} 之前的销售额不在其中"
    )
}
