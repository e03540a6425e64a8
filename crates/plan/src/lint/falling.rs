//! W0701: pay that falls when sales rise.

use std::cmp::Ordering;

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use super::is_of_block;
use super::step::{Step, steps};
use crate::hir::{Program, Tiers};

/// Warns of tiers that pay less for more, with the numbers on both sides.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for tiers in program.tiers.iter().filter(|tiers| !is_of_block(&tiers.naming)) {
        for version in &tiers.versions {
            let falling = steps(tiers, version)
                .into_iter()
                .filter(|step| step.direction == Ordering::Less);
            falling.for_each(|step| sink.push(told(tiers, &step)));
        }
    }
}

fn told(tiers: &Tiers, step: &Step) -> Diagnostic {
    let (name, at) = (&tiers.naming.name, step.boundary(tiers));
    let title = text!(
        "tiers \"{name}\" pay less past {at}",
        "阶梯“{name}”在 {at} 之后支付更少"
    );
    Diagnostic::warning(Code::W0701, title)
        .primary(step.span, step.told(tiers))
        .note(text!(
            "Whoever sells more is paid less, and will hold back the sale that crosses the boundary.",
            "卖得更多反而拿得更少，当事人会压住越过此界的那一单。"
        ))
}
