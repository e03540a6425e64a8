//! The days of a plan: each has a version of everything the plan uses.

use std::collections::BTreeSet;

use guerdon_syntax::{Code, Diagnostic, Span, text};

use crate::calendar::Date;
use crate::hir::from_ast::Checker;
use crate::hir::{
    Amortise, DefinitionKind, Effective, Exception, Expr, ExprKind, Hold, Naming, Plan, Program,
};
use crate::types::{DefinitionId, EarnId};

/// Is an expression with the days for which it is worked out.
type Lived<'a> = (&'a Expr, Effective);

/// Is something with versions, where it is used.
struct UsedVersions<'a> {
    naming: &'a Naming,
    versions: Vec<Effective>,
    at: Span,
}

impl Checker<'_> {
    /// Reports versions that leave a hole inside the life of a plan that uses them; plans must be complete by then.
    pub(crate) fn check_lives(&mut self) {
        let mut found = Vec::new();
        for plan in &self.program.plans {
            let mut told = BTreeSet::new();
            for (expr, life) in expressions(&self.program, plan) {
                let uses = used_versions(&self.program, expr);
                let holes = uses
                    .iter()
                    .filter_map(|used| first_hole(&used.versions, life).map(|day| (used, day)));
                for (used, day) in holes {
                    if told.insert(used.naming.name.clone()) {
                        found.push(hole(plan, used, day));
                    }
                }
            }
        }
        for plan in &self.program.plans {
            let idle =
                exceptions(&self.program, plan).filter(|exception| never_holds(exception, plan.effective));
            found.extend(idle.map(|exception| outside(plan, exception)));
        }
        found.into_iter().for_each(|fault| self.sink.push(fault));
    }
}

fn exceptions<'a>(program: &'a Program, plan: &'a Plan) -> impl Iterator<Item = &'a Exception> {
    let definitions = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
    let definitions = definitions.filter_map(|id| program.definition(*id));
    let earns = plan.earns.iter().filter_map(|id| program.earn(*id));
    let earns = earns.flat_map(|earn| &earn.exceptions);
    definitions
        .flat_map(|definition| &definition.exceptions)
        .chain(earns)
}

fn never_holds(exception: &Exception, life: Effective) -> bool {
    let during = common(life, exception.during);
    during
        .from
        .zip(during.through)
        .is_some_and(|(from, through)| through < from)
}

fn outside(plan: &Plan, exception: &Exception) -> Diagnostic {
    let (name, plan_name) = (&exception.naming.name, &plan.naming.name);
    let title = text!(
        "exception \"{name}\" lies wholly outside the life of the plan",
        "例外“{name}”完全在方案有效期之外"
    );
    Diagnostic::error(Code::E0604, title)
        .primary(exception.naming.span, text!("it can never apply", "永远不会适用"))
        .secondary(
            plan.naming.span,
            text!("\"{plan_name}\" is not in force then", "“{plan_name}”届时无效"),
        )
}

fn hole(plan: &Plan, used: &UsedVersions<'_>, day: Date) -> Diagnostic {
    let (name, plan_name) = (&used.naming.name, &plan.naming.name);
    let title = text!(
        "no version of \"{name}\" holds on {day}",
        "“{name}”在 {day} 没有有效的版本"
    );
    Diagnostic::error(Code::E0601, title)
        .primary(used.at, text!("used here", "用于此处"))
        .secondary(used.naming.span, text!("declared here", "声明于此"))
        .note(text!(
            "The plan \"{plan_name}\" is in force on that day.",
            "方案“{plan_name}”在该日有效。"
        ))
}

/// Finds the first day of a life that no version covers; versions are in order and do not overlap.
fn first_hole(versions: &[Effective], life: Effective) -> Option<Date> {
    let mut day = life.from.unwrap_or(Date::FIRST);
    for version in versions {
        if version.from.is_some_and(|from| from > day) {
            break;
        }
        match version.through {
            Some(through) if through >= day => day = through.next(),
            Some(_) => {}
            None => return None,
        }
    }
    life.through.is_none_or(|last| day <= last).then_some(day)
}

/// Lists the things with versions in an expression.
fn used_versions<'a>(program: &'a Program, expr: &'a Expr) -> Vec<UsedVersions<'a>> {
    let mut uses = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        uses.extend(versions_of(program, expr));
        open.extend(expr.children());
    }
    uses
}

fn versions_of<'a>(program: &'a Program, expr: &Expr) -> Option<UsedVersions<'a>> {
    let at = expr.span;
    if let ExprKind::Constant { constant, .. } = &expr.kind {
        let used = program.constant(*constant)?;
        let versions = used.versions.iter().map(|(effective, _)| *effective).collect();
        return Some(UsedVersions {
            naming: &used.naming,
            versions,
            at,
        });
    }
    if let ExprKind::Decide { decision, .. } = &expr.kind {
        let used = program.decision(*decision)?;
        let versions = used.versions.iter().map(|version| version.effective).collect();
        return Some(UsedVersions {
            naming: &used.naming,
            versions,
            at,
        });
    }
    if let ExprKind::RateOf { tiers, .. } = &expr.kind {
        return tier_versions(program, *tiers, at);
    }
    let ExprKind::Apply(apply) = &expr.kind else {
        return None;
    };
    tier_versions(program, apply.tiers, at)
}

fn tier_versions(program: &Program, id: crate::types::TiersId, at: Span) -> Option<UsedVersions<'_>> {
    let used = program.tier_table(id)?;
    let versions = used.versions.iter().map(|version| version.effective).collect();
    Some(UsedVersions {
        naming: &used.naming,
        versions,
        at,
    })
}

/// Lists the expressions of a plan with the days for which they are worked out.
fn expressions<'a>(program: &'a Program, plan: &'a Plan) -> Vec<Lived<'a>> {
    let life = plan.effective;
    let checks = plan.checks.iter().map(|check| (&check.condition, life));
    let definitions = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
    let definitions = definitions.flat_map(|id| definition_expressions(program, *id, life));
    let earns = plan
        .earns
        .iter()
        .flat_map(|id| earn_expressions(program, *id, life));
    checks
        .chain(definitions)
        .chain(earns)
        .chain(plan.payee_filter.iter().map(|filter| (filter, life)))
        .collect()
}

fn definition_expressions(program: &Program, id: DefinitionId, life: Effective) -> Vec<Lived<'_>> {
    let Some(definition) = program.definition(id) else {
        return Vec::new();
    };
    let values = match &definition.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value) => vec![value],
        DefinitionKind::Carry { value, opening, .. } => vec![value, opening],
    };
    let values = values.into_iter().map(|value| (value, life));
    values
        .chain(exception_expressions(&definition.exceptions, life))
        .collect()
}

fn earn_expressions(program: &Program, id: EarnId, life: Effective) -> Vec<Lived<'_>> {
    let Some(earn) = program.earn(id) else {
        return Vec::new();
    };
    let filter = earn.lines.iter().flat_map(|lines| &lines.filter);
    let shares = earn
        .settling()
        .chain(earn.review.iter().map(|review| &review.when));
    let caps = earn.caps().map(|cap| &cap.at);
    let values = [&earn.value]
        .into_iter()
        .chain(earn.hold.iter().flat_map(Hold::expressions))
        .chain(earn.amortise.iter().flat_map(Amortise::expressions))
        .chain(earn.break_down().map(|broken| &broken.weight))
        .chain(filter)
        .chain(shares)
        .chain(caps)
        .map(|value| (value, life));
    values
        .chain(exception_expressions(&earn.exceptions, life))
        .collect()
}

/// An exception is worked out on its own days only.
fn exception_expressions(exceptions: &[Exception], life: Effective) -> impl Iterator<Item = Lived<'_>> {
    exceptions.iter().flat_map(move |exception| {
        let during = common(life, exception.during);
        [(&exception.when, during), (&exception.value, during)]
    })
}

fn common(one: Effective, other: Effective) -> Effective {
    let through = match (one.through, other.through) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Effective {
        from: one.from.max(other.from),
        through,
    }
}
