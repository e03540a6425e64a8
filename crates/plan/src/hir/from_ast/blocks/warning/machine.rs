//! The machine of a level: raised once its condition has held for long enough, kept until it is cleared.

use guerdon_syntax::ast::{self, ChainOp, CompareOp, Expr};
use guerdon_syntax::{Code, Diagnostic, text};

use super::super::write::Writer;
use super::Out;
use crate::hir::Confirmation;

/// The most periods that a condition may have to hold for, or that a level may rest.
pub(super) const MAX_PERIODS: u64 = 1_000;

/// The most periods that "n of the last m" looks back.
const MAX_WINDOW: u64 = 60;

/// Holds for how long a level waits and rests, in periods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine {
    /// How often the condition must have held.
    after: u64,
    /// In how many periods; in a row where this is not said.
    out_of: Option<u64>,
    /// For how many periods in a row the clearing condition must hold.
    clear_after: u64,
    /// For how many periods a level that was cleared is not raised again.
    cooldown: Option<u64>,
}

/// Names what a level counts before it is raised or cleared.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// How often its condition has held.
    pub(super) held: Option<String>,
    /// For how many periods in a row it could have been cleared.
    pub(super) calm: Option<String>,
}

impl Machine {
    pub(super) fn confirmation(self) -> Confirmation {
        Confirmation {
            after: self.after,
            out_of: self.out_of,
            clear_after: self.clear_after,
        }
    }

    pub(super) fn rests(self) -> bool {
        self.cooldown.is_some()
    }
}

/// Names the condition under which a level is raised.
pub(super) fn when(level: &str) -> String {
    format!("{level} when")
}

/// Names the condition under which a level is cleared.
pub(super) fn clear(level: &str) -> String {
    format!("{level} clear")
}

/// Names the count of the periods for which a level has been raised.
pub(super) fn raised(level: &str) -> String {
    format!("{level} raised")
}

impl Out<'_, '_> {
    /// Reads for how long levels wait and rest.
    pub(super) fn machine(&mut self) -> Machine {
        let mut machine = Machine {
            after: 1,
            out_of: None,
            clear_after: 1,
            cooldown: None,
        };
        if let Some((confirm, _)) = self.lines.confirm {
            machine.after = self.count(&confirm.after, 1, MAX_PERIODS).unwrap_or(1);
            let out_of = confirm.out_of.as_ref();
            machine.out_of = out_of.and_then(|out_of| self.window(machine.after, &confirm.after, out_of));
            let clear_after = confirm.clear_after.as_ref();
            machine.clear_after = clear_after
                .and_then(|clear_after| self.count(clear_after, 1, MAX_PERIODS))
                .unwrap_or(1);
        }
        if let Some((cooldown, _)) = self.lines.cooldown {
            machine.cooldown = self.count(&cooldown.periods, 1, MAX_PERIODS);
        }
        machine
    }

    /// Reads the m of "n of the last m".
    fn window(&mut self, after: u64, written: &ast::Literal, out_of: &ast::Literal) -> Option<u64> {
        let window = self.count(out_of, 1, MAX_WINDOW)?;
        if window >= after {
            return Some(window);
        }
        let title = text!(
            "a condition cannot hold in {after} of {window} periods",
            "条件不可能在 {window} 期中成立 {after} 期"
        );
        let message = Diagnostic::error(Code::E0513, title).primary(
            written.span.to(out_of.span),
            text!("the second number is the larger one", "第二个数应较大"),
        );
        self.sink.push(message);
        None
    }

    /// Writes the conditions and the balances of a level.
    pub(super) fn level(&mut self, level: &ast::Level, machine: Machine) -> Counts {
        let mut counts = Counts::default();
        let (w, name) = (Writer::at(level.span), level.name.text.as_str());
        let condition = self.within(&level.when);
        let condition = Writer::at(level.when.span).condition(condition);
        self.push(Writer::at(level.when.span).measure(&when(name), condition));
        if let Some(condition) = &level.clear {
            let at = Writer::at(condition.span);
            let condition = self.within(condition);
            self.push(at.measure(&clear(name), at.condition(condition)));
        }
        let may_raise = self.may_raise(w, name, machine, &mut counts);
        let clears = self.clears(w, level, machine, &mut counts);
        let own = raised(name);
        let longer = w.pair(w.prior(&own), ChainOp::Add, w.number(1));
        let was_raised = w.compare(w.prior(&own), CompareOp::Greater, w.number(0));
        let kept = w.choice(clears, w.number(0), longer);
        let begun = w.choice(may_raise, w.number(1), w.number(0));
        self.push_state(w, &own, w.choice(was_raised, kept, begun), w.number(0));
        if let Some(periods) = machine.cooldown {
            self.push_rest(w, name, periods);
        }
        counts
    }

    /// Writes whether a level that is not raised may be: its condition holds now and has held for long enough.
    fn may_raise(&mut self, w: Writer, name: &str, machine: Machine, counts: &mut Counts) -> Expr {
        let mut all = vec![w.value(&when(name))];
        let held = format!("{name} held");
        if let Some(window) = machine.out_of {
            let hits = self.hits_in_window(w, name, window);
            self.push(w.measure(&held, hits));
            counts.held = Some(held);
        } else if machine.after > 1 {
            self.push_count(w, &held, w.value(&when(name)));
            counts.held = Some(held);
        }
        if let Some(held) = &counts.held {
            all.push(w.compare(w.value(held), CompareOp::GreaterOrEqual, w.number(machine.after)));
        }
        if machine.cooldown.is_some() {
            all.push(w.compare(w.prior(&rest(name)), CompareOp::Equal, w.number(0)));
        }
        w.all(all)
    }

    /// Writes in how many of the last periods the condition of a level held, skipped ones left out.
    ///
    /// Each of the periods is a balance: whether the condition held in the last one that counts, in the one before,
    /// and so on.
    fn hits_in_window(&mut self, w: Writer, name: &str, window: u64) -> Expr {
        let mut held = Vec::new();
        for back in 1..=window {
            let own = hit(name, back);
            let value = match back.checked_sub(1) {
                None | Some(0) => w.value(&when(name)),
                Some(later) => w.prior(&hit(name, later)),
            };
            self.push_state(w, &own, value, w.truth(false));
            held.push(w.bracket(w.choice(w.value(&own), w.number(1), w.number(0))));
        }
        w.chain(ChainOp::Add, held).unwrap_or_else(|| w.number(0))
    }

    /// Writes whether a level that is raised is cleared.
    fn clears(&mut self, w: Writer, level: &ast::Level, machine: Machine, counts: &mut Counts) -> Expr {
        let name = level.name.text.as_str();
        let condition = if level.clear.is_some() {
            w.value(&clear(name))
        } else {
            w.not(w.value(&when(name)))
        };
        if machine.clear_after <= 1 {
            return condition;
        }
        let calm = format!("{name} calm");
        self.push_count(w, &calm, condition);
        let needed = w.number(machine.clear_after);
        let clears = w.compare(w.value(&calm), CompareOp::GreaterOrEqual, needed);
        counts.calm = Some(calm);
        clears
    }

    /// Writes for how many periods a level that was cleared still rests.
    fn push_rest(&mut self, w: Writer, name: &str, periods: u64) {
        let (own, raised) = (rest(name), raised(name));
        let was_raised = w.compare(w.prior(&raised), CompareOp::Greater, w.number(0));
        let is_raised = w.compare(w.value(&raised), CompareOp::Greater, w.number(0));
        let is_cleared = w.all(vec![was_raised, w.not(is_raised)]);
        let less = w.pair(w.prior(&own), ChainOp::Subtract, w.number(1));
        let left = w.pair(less, ChainOp::AtLeast, w.number(0));
        self.push_state(
            w,
            &own,
            w.choice(is_cleared, w.number(periods), left),
            w.number(0),
        );
    }
}

pub(super) fn rest(level: &str) -> String {
    format!("{level} rest")
}

fn hit(level: &str, back: u64) -> String {
    format!("{level} hit {back}")
}
