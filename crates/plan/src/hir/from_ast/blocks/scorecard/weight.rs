//! Weights: shares of a whole, which must be 100% unless they are meant as proportions.

use guerdon_syntax::ast::{Literal, LiteralKind, Name};
use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Text, text};

use crate::hir::from_ast::exact;
use crate::number::{Exact, format_percent};

/// Reads a weight: 0.6 for 60%.
pub(super) fn weight_of(literal: &Literal) -> Exact {
    let read = if let LiteralKind::Percent(decimal) | LiteralKind::Number(decimal) = &literal.kind {
        exact(decimal)
    } else {
        None
    };
    read.unwrap_or(Exact::ZERO)
}

/// Adds weights up.
pub(super) fn sum(weights: &[Exact]) -> Exact {
    let zero = Some(Exact::ZERO);
    let sum = weights
        .iter()
        .fold(zero, |sum, weight| sum.and_then(|sum| sum.add(weight).ok()));
    sum.unwrap_or(Exact::ZERO)
}

/// Gives the share that a weight has in a sum of weights; nothing of nothing.
pub(super) fn share(weight: &Exact, sum: &Exact) -> Exact {
    weight.div(sum).unwrap_or(Exact::ZERO)
}

/// Reports weights that do not add up to 100%.
pub(super) fn require_whole(
    weights: &[&Literal],
    sum: &Exact,
    is_relative: bool,
    (whose, at): (&Text, &Name),
    sink: &mut Sink,
) {
    if weights.is_empty() || *sum == Exact::ONE || is_relative && !sum.is_zero() {
        return;
    }
    let total = format_percent(sum);
    let title = text!("the weights of {whose} add up to {total}, not 100%", "{whose}的权重之和为 {total}，而不是 100%"; whose);
    let mut fault =
        Diagnostic::error(Code::E0501, title).primary(at.span, text!("{total} in all", "合计 {total}"));
    for weight in weights {
        fault = fault.secondary(weight.span, Text::default());
    }
    let difference = Exact::ONE.sub(sum).unwrap_or(Exact::ZERO);
    let off = format_percent(&difference.abs());
    fault = fault.note(if difference.is_negative() {
        text!("That is {off} too much.", "多出 {off}。")
    } else {
        text!("{off} is missing.", "还差 {off}。")
    });
    let advice = text!("or let them be proportions", "或者只表示比例");
    sink.push(fault.fix(Fix::advice(advice, text!("weights relative", "相对权重"))));
}
