//! Caps, and what is to be looked at before it is paid.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use crate::hir::from_ast::env::Place;
use crate::hir::from_ast::plan::Line;
use crate::hir::from_ast::{Checker, reason};
use crate::hir::program::{Cap, CutOrder, Excess, Review, SharedCap};
use crate::types::{EarnId, PlanId};

impl<'a> Checker<'a> {
    /// Types a cap on one earn or on several together.
    pub(super) fn read_cap(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Cap) {
        let Some(cap) = self.cap(plan, line, tree) else {
            return;
        };
        let mut earns = Vec::new();
        for target in &tree.targets {
            let Some(id) = self.target_earn(plan, target) else {
                return;
            };
            // What is broken down is cut before that.
            let id = self.whole_of(id).unwrap_or(id);
            if earns.contains(&id) {
                self.push_second(target.span, tree.span, &target.text);
                return;
            }
            earns.push(id);
            let why = text!("cuts the lines of each payee", "截断每名人员的明细");
            self.refuse_on_cascade(id, tree.span, why);
        }
        match earns.as_slice() {
            [one] => self.cap_one(*one, cap, tree),
            _ => self.cap_several(&earns, &cap, tree),
        }
    }

    fn cap(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Cap) -> Option<Cap> {
        let env = self.plan_env(plan, line, Place::Payees);
        let scalar = self.paid_kind(plan);
        let at = self.amount(&env, &tree.limit, scalar);
        let every = self.every(&env, tree.every)?;
        let excess = match tree.excess {
            None | Some(ast::Excess::Forfeited) => Excess::Forfeited,
            Some(ast::Excess::Carried) => Excess::Carried,
            Some(ast::Excess::Review) => Excess::Review,
        };
        let cut = match tree.cut {
            None | Some(ast::CutOrder::LatestFirst) => CutOrder::LatestFirst,
            Some(ast::CutOrder::InProportion) => CutOrder::InProportion,
        };
        Some(Cap {
            at,
            every,
            excess,
            is_excess_written: tree.excess.is_some(),
            cut,
            is_cut_written: tree.cut.is_some(),
            reason: reason(&tree.tail),
            span: tree.span,
        })
    }

    fn cap_one(&mut self, id: EarnId, cap: Cap, tree: &ast::Cap) {
        self.state_once(id, tree.span, |earn| earn.cap.replace(cap).map(|cap| cap.span));
    }

    fn cap_several(&mut self, earns: &[EarnId], cap: &Cap, tree: &ast::Cap) {
        for id in earns {
            let shared = SharedCap {
                cap: cap.clone(),
                earns: earns.to_vec(),
            };
            self.state_once(*id, tree.span, |earn| {
                earn.shared.replace(shared).map(|shared| shared.cap.span)
            });
        }
    }

    /// Refuses carried excess where nobody could say which line a later payment belongs to.
    pub(super) fn check_carried(&mut self, plan: PlanId) {
        let Some(found) = self.program.plan(plan) else {
            return;
        };
        let mut faults = Vec::new();
        for earn in found.earns.iter().filter_map(|id| self.program.earn(*id)) {
            let carrying = earn.caps().find(|cap| cap.excess == Excess::Carried);
            let Some(cap) = carrying else { continue };
            let name = earn.naming.name.clone();
            // What the cap of several earns carries has passed the own one already.
            let is_own = earn.cap.as_ref().is_some_and(|own| own.span == cap.span);
            let other = earn.shared.as_ref().map(|shared| &shared.cap).filter(|_| is_own);
            let waits = [
                earn.release.as_ref().map(|share| share.span),
                earn.clawback.as_ref().map(|share| share.span),
                earn.review.as_ref().map(|review| review.span),
            ];
            let waits = waits.into_iter().flatten().next();
            if let Some(other) = other {
                faults.push(carried_fault(cap.span, other.span, &name, Beside::Cap));
            } else if let Some(at) = waits.filter(|_| earn.lines.is_some()) {
                faults.push(carried_fault(cap.span, at, &name, Beside::Share));
            }
        }
        faults.dedup();
        faults.into_iter().for_each(|fault| self.sink.push(fault));
    }

    /// Types a review.
    pub(super) fn read_review(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Review) {
        let Some(id) = self.target_earn(plan, &tree.target) else {
            return;
        };
        let env = self.share_env(plan, line, id);
        // Whether a line is marked is a matter of its own period, whether it is decided one of each settlement.
        let begun = self.own_env(plan, line, id);
        self.expression = Some(tree.when.span);
        let when = self.holds(&begun, &tree.when);
        let until = tree.until.as_ref().map(|until| {
            self.expression = Some(until.span);
            self.holds(&env, until)
        });
        let review = Review {
            when,
            until,
            reason: reason(&tree.tail),
            span: tree.span,
        };
        self.state_once(id, tree.span, |earn| {
            earn.review.replace(review).map(|review| review.span)
        });
    }
}

/// What carried excess cannot stand beside.
#[derive(Clone, Copy)]
enum Beside {
    /// A second cap on the same earn.
    Cap,
    /// A release, a claw-back or a review of single lines.
    Share,
}

fn carried_fault(cap: Span, other: Span, name: &str, beside: Beside) -> Diagnostic {
    let (label, note): (Text, Text) = match beside {
        Beside::Cap => (
            text!("and this cap looks at it too", "而此限额也涉及它"),
            text!(
                "What one cap carries into a later period would pass the other cap there.",
                "一个限额结转到以后期间的金额，会在那里绕过另一个限额。"
            ),
        ),
        Beside::Share => (
            text!("and this goes by single lines", "而此处按逐条明细计算"),
            text!(
                "What is carried is paid as one amount in a later period; nobody could say which line it belongs to, and so what of it is released or taken back.",
                "结转的金额在以后期间合并发放，无法说明它属于哪条明细，也就无法说明其中多少应放行或追回。"
            ),
        ),
    };
    Diagnostic::error(
        Code::E0410,
        text!(
            "the excess of \"{name}\" cannot be carried here",
            "“{name}”的超额在此不能结转"
        ),
    )
    .primary(
        cap,
        text!("this cap carries what it cuts", "此限额结转被截断的金额"),
    )
    .secondary(other, label)
    .note(note)
    .fix(Fix::advice(
        text!("let it go, or have somebody look at it", "放弃超额，或交人复核"),
        text!(
            "cap … excess forfeited, or: excess review",
            "限额 … 超额 作废，或：超额 复核"
        ),
    ))
}
