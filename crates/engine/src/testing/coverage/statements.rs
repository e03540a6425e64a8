//! The statements that an expectation needs.

use std::collections::BTreeSet;

use guerdon_plan::hir::{
    Definition, DefinitionKind, Earn, EarnPart, Exception, Expr, ExprKind, Program, Share,
};
use guerdon_plan::types::{DefinitionId, EarnId};
use guerdon_syntax::Span;

/// What expectations need.
#[derive(Debug, Default)]
pub(in crate::testing) struct Needed {
    /// The places of definitions.
    pub definitions: Vec<Span>,
    /// The earns, each with the places of its own statements.
    pub earns: Vec<(EarnId, Vec<Span>)>,
}

/// Finds what expressions need, directly and by and by.
pub(in crate::testing) fn needed<'e>(program: &Program, roots: impl IntoIterator<Item = &'e Expr>) -> Needed {
    let mut needed = Needed::default();
    let mut definitions: BTreeSet<DefinitionId> = BTreeSet::new();
    let mut earns: BTreeSet<(EarnId, EarnPart)> = BTreeSet::new();
    let mut open: Vec<&Expr> = roots.into_iter().collect();
    while let Some(expr) = open.pop() {
        open.extend(expr.children());
        if let ExprKind::Use { definition: id, .. } | ExprKind::Prior { definition: id, .. } = &expr.kind
            && definitions.insert(*id)
            && let Some(definition) = program.definition(*id)
        {
            needed.definitions.push(definition.span);
            open.extend(definition_expressions(definition));
        }
        if let ExprKind::Earned { earn: id, part, .. } = &expr.kind
            && earns.insert((*id, *part))
            && let Some(earn) = program.earn(*id)
        {
            let (spans, expressions) = earn_expressions(earn, *part);
            needed.earns.push((*id, spans));
            open.extend(expressions);
        }
    }
    needed
}

fn definition_expressions(definition: &Definition) -> Vec<&Expr> {
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

/// Gives the places of the statements behind an amount of an earn, and their expressions.
fn earn_expressions(earn: &Earn, part: EarnPart) -> (Vec<Span>, Vec<&Expr>) {
    let lines = earn.lines.iter();
    let lines = lines.flat_map(|lines| lines.filter.iter().chain([&lines.dated]).chain(&lines.order));
    let mut spans = vec![earn.span];
    let mut expressions: Vec<&Expr> = [&earn.value].into_iter().chain(lines).collect();
    expressions.extend(exception_expressions(&earn.exceptions));
    if let Some(broken) = earn.break_down() {
        spans.push(broken.span);
        expressions.push(&broken.weight);
    }
    for cap in earn.caps().filter(|_| part != EarnPart::Uncut) {
        spans.push(cap.span);
        expressions.push(&cap.at);
    }
    if let Some(review) = earn.review.as_ref().filter(|_| is_to_date(part)) {
        spans.push(review.span);
        expressions.extend([&review.when].into_iter().chain(&review.until));
    }
    if let Some(hold) = earn
        .hold
        .as_ref()
        .filter(|_| !matches!(part, EarnPart::Earned | EarnPart::Uncut))
    {
        spans.push(hold.span);
        expressions.extend(hold.expressions());
    }
    let is_spread = matches!(
        part,
        EarnPart::Amortised | EarnPart::WrittenOff | EarnPart::Unamortised
    );
    if let Some(amortise) = earn.amortise.as_ref().filter(|_| is_spread) {
        spans.push(amortise.span);
        expressions.extend(amortise.expressions());
    }
    for Share { share, span, .. } in shares(earn, part) {
        spans.push(*span);
        expressions.push(share);
    }
    (spans, expressions)
}

fn shares(earn: &Earn, part: EarnPart) -> Vec<&Share> {
    let (release, clawback) = (earn.release.as_ref(), earn.clawback.as_ref());
    let shares = match part {
        EarnPart::Earned | EarnPart::Uncut => [None, None],
        EarnPart::Released | EarnPart::Held => [release, None],
        EarnPart::PaidToDate
        | EarnPart::ClawedBack
        | EarnPart::Due
        | EarnPart::InReview
        | EarnPart::Amortised
        | EarnPart::WrittenOff
        | EarnPart::Unamortised => [release, clawback],
    };
    shares.into_iter().flatten().collect()
}

fn is_to_date(part: EarnPart) -> bool {
    match part {
        EarnPart::Earned | EarnPart::Uncut => false,
        EarnPart::Released
        | EarnPart::Held
        | EarnPart::PaidToDate
        | EarnPart::ClawedBack
        | EarnPart::Due
        | EarnPart::InReview
        | EarnPart::Amortised
        | EarnPart::WrittenOff
        | EarnPart::Unamortised => true,
    }
}

fn exception_expressions(exceptions: &[Exception]) -> impl Iterator<Item = &Expr> {
    exceptions
        .iter()
        .flat_map(|exception| [&exception.when, &exception.value])
}
