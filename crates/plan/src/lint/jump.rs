//! W0703: pay that jumps at a boundary.

use std::cmp::Ordering;

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use super::is_of_block;
use super::step::{Step, steps};
use crate::hir::{Program, TierKind, Tiers};

/// Notes what each boundary of whole-amount and fixed tiers is worth.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for tiers in program
        .tiers
        .iter()
        .filter(|tiers| matches!(tiers.kind, TierKind::Retro | TierKind::Flat) && !is_of_block(&tiers.naming))
    {
        for version in &tiers.versions {
            let rising: Vec<Step> = steps(tiers, version)
                .into_iter()
                .filter(|step| step.direction == Ordering::Greater)
                .collect();
            if !rising.is_empty() {
                sink.push(told(tiers, &rising));
            }
        }
    }
}

fn told(tiers: &Tiers, rising: &[Step]) -> Diagnostic {
    let name = &tiers.naming.name;
    let title = text!(
        "pay jumps at the boundaries of tiers \"{name}\"",
        "阶梯“{name}”的报酬在边界处跳变"
    );
    let note = Diagnostic::remark(Code::W0703, title);
    rising
        .iter()
        .fold(note, |note, step| note.primary(step.span, step.told(tiers)))
}
