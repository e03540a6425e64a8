//! Running totals: sorted cells, group by group, each handed what came before it.

use std::borrow::Cow;

use guerdon_plan::graph::Taken;
use guerdon_plan::number::Exact;

use super::cells::{masked, set};
use crate::vector::{Data, Numbers, Vector};

/// A walk through sorted cells that hands each what came before it in its group.
pub(super) struct Walk {
    take: Taken,
    fault: u32,
    narrow: Option<Vec<i64>>,
    exact: Vec<Exact>,
    last: Vec<u32>,
    missing: Vec<u8>,
    errors: Vec<u32>,
}

impl Walk {
    pub(super) fn new(len: usize, take: Taken, fault: u32) -> Self {
        Self {
            take,
            fault,
            narrow: Some(vec![0; len]),
            exact: Vec::new(),
            last: vec![0; len],
            missing: vec![0; len],
            errors: vec![0; len],
        }
    }

    pub(super) fn group(&mut self, run: &[usize], value: &Vector<'_>) {
        match self.take {
            Taken::Last => self.last_of(run, value),
            Taken::Sum => self.sums_of(run, value),
        }
    }

    /// Spoils the cells of a group of which it is not known what comes before them.
    pub(super) fn spoil(
        &mut self,
        run: &[usize],
        disorder: impl Fn(usize) -> u32,
        counts: impl Fn(usize) -> bool,
    ) {
        let counting: Vec<usize> = run.iter().copied().filter(|cell| counts(*cell)).collect();
        let unplaced: Vec<usize> = counting
            .iter()
            .copied()
            .filter(|cell| disorder(*cell) != 0)
            .collect();
        for cell in run.iter().copied() {
            let other = unplaced.iter().find(|other| **other != cell);
            let has_others = counting.iter().any(|other| *other != cell);
            let error = match other {
                Some(other) => disorder(*other),
                None if has_others => disorder(cell),
                None => 0,
            };
            if error != 0 {
                set(&mut self.errors, cell, error);
            }
        }
    }

    fn last_of(&mut self, run: &[usize], value: &Vector<'_>) {
        let mut before: Option<usize> = None;
        for cell in run {
            match before {
                None => set(&mut self.missing, *cell, 1),
                Some(before) => {
                    set(&mut self.last, *cell, u32::try_from(before).unwrap_or(0));
                    set(&mut self.errors, *cell, value.error(before));
                }
            }
            before = Some(*cell);
        }
    }

    fn sums_of(&mut self, run: &[usize], value: &Vector<'_>) {
        let mut error = 0;
        let start: Option<i64> = match (&self.narrow, &value.data) {
            (Some(_), Data::Number(Numbers::Scaled(..))) => self.narrow_sums(run, value, &mut error),
            _ => Some(0),
        };
        if start.is_none() {
            return;
        }
        self.make_exact(value);
        error = 0;
        let mut sum = Exact::ZERO;
        for cell in run {
            set(&mut self.exact, *cell, sum.clone());
            set(&mut self.errors, *cell, error);
            if error == 0 {
                error = value.error(*cell);
            }
            if error == 0 && !value.is_missing(*cell) {
                match sum.add(&value.number(*cell)) {
                    Ok(more) => sum = more,
                    Err(_) => error = self.fault,
                }
            }
        }
    }

    /// Sums in 64 bits; gives something if they do not do.
    fn narrow_sums(&mut self, run: &[usize], value: &Vector<'_>, error: &mut u32) -> Option<i64> {
        let Data::Number(Numbers::Scaled(values, _)) = &value.data else {
            return Some(0);
        };
        let mut sum: i64 = 0;
        for cell in run {
            if let Some(narrow) = &mut self.narrow {
                set(narrow, *cell, sum);
            }
            set(&mut self.errors, *cell, *error);
            if *error == 0 {
                *error = value.error(*cell);
            }
            if *error == 0 && !value.is_missing(*cell) {
                match sum.checked_add(crate::vector::flag(values, *cell)) {
                    Some(more) => sum = more,
                    None => return Some(sum),
                }
            }
        }
        None
    }

    /// Goes over to exact sums, for this group and all later ones.
    fn make_exact(&mut self, value: &Vector<'_>) {
        let decimals = match &value.data {
            Data::Number(Numbers::Scaled(_, decimals)) => *decimals,
            _ => 0,
        };
        if let Some(narrow) = self.narrow.take() {
            self.exact = narrow
                .into_iter()
                .map(|sum| Exact::from_scaled(i128::from(sum), decimals))
                .collect();
        }
    }

    pub(super) fn finish(self, value: &Vector<'_>) -> Vector<'static> {
        match (self.take, self.narrow) {
            (Taken::Last, _) => {
                let cells = masked(Data::Row(Cow::Owned(self.last)), self.missing, self.errors);
                if value.len() == 0 {
                    cells
                } else {
                    value.gather_masked(&cells)
                }
            }
            (Taken::Sum, Some(narrow)) => {
                let decimals = match &value.data {
                    Data::Number(Numbers::Scaled(_, decimals)) => *decimals,
                    _ => 0,
                };
                masked(
                    Data::Number(Numbers::Scaled(Cow::Owned(narrow), decimals)),
                    self.missing,
                    self.errors,
                )
            }
            (Taken::Sum, None) => masked(
                Data::Number(Numbers::Exact(Cow::Owned(self.exact))),
                self.missing,
                self.errors,
            ),
        }
    }
}
