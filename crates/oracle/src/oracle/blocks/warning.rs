//! Warnings: the machine of each level, period after period.

use guerdon_plan::hir::{Level, Warning};
use guerdon_syntax::ast::{self, WarningStatement};

use super::Reader;
use crate::value::{ErrorKind, V, counted};

/// Holds how long levels wait and rest.
#[derive(Default)]
struct Waits {
    after: usize,
    out_of: Option<usize>,
    clear_after: usize,
    cooldown: usize,
}

/// Holds the machine of a level.
#[derive(Default)]
struct Machine {
    raised: usize,
    /// Whether the condition held, in each period that counts.
    held: Vec<bool>,
    /// Whether the clearing condition held, likewise.
    calm: Vec<bool>,
    rest: usize,
}

impl Waits {
    fn of(tree: &ast::Warning) -> Option<Waits> {
        let whole = |literal: &ast::Literal| literal.written.parse::<usize>().ok();
        let mut waits = Waits {
            after: 1,
            clear_after: 1,
            ..Waits::default()
        };
        for statement in &tree.statements {
            if let WarningStatement::Confirm(line) = statement {
                waits.after = whole(&line.after)?;
                if let Some(out_of) = &line.out_of {
                    waits.out_of = Some(whole(out_of)?);
                }
                if let Some(clear_after) = &line.clear_after {
                    waits.clear_after = whole(clear_after)?;
                }
            }
            if let WarningStatement::Cooldown(line) = statement {
                waits.cooldown = whole(&line.periods)?;
            }
        }
        Some(waits)
    }
}

impl Machine {
    fn go_on(&mut self, waits: &Waits, when: bool, clear: bool) {
        self.held.push(when);
        self.calm.push(clear);
        let latest =
            |list: &[bool], count: usize| list.iter().rev().take(count).filter(|held| **held).count();
        if self.raised > 0 {
            let is_cleared = latest(&self.calm, waits.clear_after) >= waits.clear_after;
            self.raised = if is_cleared {
                0
            } else {
                self.raised.saturating_add(1)
            };
            self.rest = if is_cleared {
                waits.cooldown
            } else {
                self.rest.saturating_sub(1)
            };
            return;
        }
        let window = waits.out_of.unwrap_or(waits.after);
        let may_rise = when && latest(&self.held, window) >= waits.after && self.rest == 0;
        self.raised = usize::from(may_rise);
        self.rest = self.rest.saturating_sub(1);
    }
}

impl Reader<'_, '_> {
    pub(super) fn warning(&mut self, tree: &ast::Warning, block: &Warning) {
        let Some(waits) = Waits::of(tree) else { return };
        for row in self.oracle.payee_rows(self.plan).unwrap_or_default() {
            for level in &block.levels {
                // From an error on the level is in doubt.
                let _ = self.level(&waits, block, level, &row);
            }
        }
    }

    fn level(&mut self, waits: &Waits, block: &Warning, level: &Level, row: &V) -> Result<(), ErrorKind> {
        let mut machine = Machine::default();
        for period in self.periods() {
            if !self.oracle.is_payee(self.plan, row, period)? {
                continue;
            }
            let holds = |id| match id {
                Some(id) => self.holds(id, row, period),
                None => Ok(false),
            };
            let (is_reset, is_skipped) = (holds(block.resets)?, holds(block.skips)?);
            if is_reset {
                machine = Machine::default();
            } else if !is_skipped {
                let when = self.holds(level.when, row, period)?;
                let clear = match level.clear {
                    Some(clear) => self.holds(clear, row, period)?,
                    None => !when,
                };
                machine.go_on(waits, when, clear);
            }
            let found = self.cell(level.raised, row, period);
            let expected = Ok(Some(V::Number(counted(machine.raised))));
            self.expect(&level.naming.name, row, period, (&found, &expected));
        }
        Ok(())
    }
}
