//! Exceptions: which was used, which were not, and why.

use guerdon_plan::graph::{Alternative, NodeId};
use guerdon_plan::hir::{Exception, Sign};
use guerdon_syntax::{Span, Text, text};

use super::walk::{Spot, Walk};
use super::{Part, Step};

impl Walk<'_> {
    /// Shows a value that exceptions may replace.
    pub(super) fn preferred(
        &mut self,
        step: &mut Step,
        spot: Spot,
        normal: NodeId,
        exceptions: &[Alternative],
        sign: Sign,
        depth: usize,
    ) {
        let applies: Vec<Option<bool>> = exceptions
            .iter()
            .map(|exception| self.truth(self.input(spot, exception.when)))
            .collect();
        let is_outranked = |place: usize| {
            exceptions
                .iter()
                .zip(&applies)
                .any(|(other, applies)| *applies == Some(true) && other.over.contains(&place))
        };
        let used = (0..exceptions.len())
            .find(|place| applies.get(*place) == Some(&Some(true)) && !is_outranked(*place));
        let normal = self.input(spot, normal);
        match used.and_then(|place| exceptions.get(place)) {
            Some(exception) => self.used(step, spot, exception, normal, sign, depth),
            None => self.unfold(step, normal, sign, depth),
        }
        for (place, exception) in exceptions.iter().enumerate() {
            if Some(place) == used || self.left == 0 {
                continue;
            }
            let why = if applies.get(place) == Some(&Some(true)) {
                text!(
                    "another exception outranks it, or gives the same",
                    "另有优先或等值的例外"
                )
            } else {
                self.condition(self.input(spot, exception.when))
            };
            let unused = self.unused(exception.span, &why);
            step.children.push(unused);
        }
    }

    fn used(
        &mut self,
        step: &mut Step,
        spot: Spot,
        exception: &Alternative,
        normal: Spot,
        sign: Sign,
        depth: usize,
    ) {
        let value = self.input(spot, exception.value);
        let mut used = self.step(value, sign, Part::Summand, depth);
        let name = self.exception_name(exception.span);
        let why = self.condition(self.input(spot, exception.when));
        used.label = text!("exception {name}", "例外 {name}");
        used.span = Some(exception.span);
        if let Some(found) = self.exception_at(exception.span) {
            used = used.reasoned(&found.reason);
        }
        // What the value was without the exception is said once, beside it.
        used.children.retain(|child| child.part == Part::Summand);
        used.children
            .insert(0, Step::detail(text!("since {why}", "因为 {why}"; why)));
        step.children.push(used);
        let mut without = self.step(normal, Sign::Plus, Part::Detail, depth);
        without.label = text!("without the exception", "不计例外");
        step.children.push(without);
    }

    fn unused(&mut self, span: Span, why: &Text) -> Step {
        self.left = self.left.saturating_sub(1);
        let name = self.exception_name(span);
        let mut unused = Step::detail(text!(
            "not used: {name}, since {why}",
            "未适用：{name}，因为 {why}";
            why
        ));
        unused.span = Some(span);
        unused
    }

    fn exception_name(&self, span: Span) -> String {
        self.exception_at(span)
            .map(|found| found.naming.name.clone())
            .unwrap_or_default()
    }

    fn exception_at(&self, span: Span) -> Option<&Exception> {
        let program = &self.compiled.program;
        let earns = program.earns.iter().flat_map(|earn| &earn.exceptions);
        let definitions = program.definitions.iter().flat_map(|found| &found.exceptions);
        earns.chain(definitions).find(|found| found.span == span)
    }
}
