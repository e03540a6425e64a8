//! The list of problems while facts are loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use guerdon_plan::types::TableId;
use guerdon_syntax::{Code, text};

use crate::problem::Problem;

/// Collects problems: as many errors, and as many notes, in full as the limit allows, the rest by kind and count.
///
/// Every faulty cell points at a problem, so one beyond the limit points at the entry that counts its kind.
pub(super) struct ProblemList {
    problems: Vec<Problem>,
    most: u64,
    errors: u64,
    notes: u64,
    counted: BTreeMap<Kind, (u32, u64)>,
}

type Kind = (Option<TableId>, Option<Arc<str>>, Code);

impl ProblemList {
    pub(super) fn new(most: u64) -> ProblemList {
        ProblemList {
            problems: Vec::new(),
            most,
            errors: 0,
            notes: 0,
            counted: BTreeMap::new(),
        }
    }

    /// Takes a problem in and gives the position that stands for it.
    pub(super) fn add(&mut self, problem: Problem) -> u32 {
        let kept = if problem.is_error() {
            &mut self.errors
        } else {
            &mut self.notes
        };
        if *kept < self.most {
            *kept = kept.saturating_add(1);
            return self.push(problem);
        }
        let kind = (problem.table, problem.column.clone(), problem.code);
        if let Some((position, count)) = self.counted.get_mut(&kind) {
            *count = count.saturating_add(1);
            return *position;
        }
        let position = self.push(Problem {
            row: None,
            detail: guerdon_syntax::Text::default(),
            ..problem
        });
        self.counted.insert(kind, (position, 1));
        position
    }

    /// Takes in the problems of records that come after `before` others, in their order.
    ///
    /// Gives, for each position in the other list, the one that stands for it here.
    pub(super) fn append(&mut self, other: ProblemList, before: usize) -> Vec<u32> {
        let before = u64::try_from(before).unwrap_or(u64::MAX);
        let counts: BTreeMap<u32, u64> = other.counted.into_values().collect();
        let mut places = Vec::with_capacity(other.problems.len());
        for (position, mut problem) in (0_u32..).zip(other.problems) {
            problem.row = problem.row.map(|row| row.saturating_add(before));
            // One that only counts is found where this list, too, is full.
            let further = counts.get(&position).map_or(0, |count| count.saturating_sub(1));
            let kind = (problem.table, problem.column.clone(), problem.code);
            places.push(self.add(problem));
            if let Some((_, count)) = self.counted.get_mut(&kind)
                && further > 0
            {
                *count = count.saturating_add(further);
            }
        }
        places
    }

    /// Gives the problems; those that only count say how many they stand for.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (position, count) in self.counted.values() {
            let place = usize::try_from(*position)
                .ok()
                .and_then(|position| self.problems.get_mut(position));
            if let Some(problem) = place {
                let message = problem.message.clone();
                problem.message =
                    text!("{message}, in {count} further rows", "{message}（另有 {count} 行）"; message);
            }
        }
        self.problems
    }

    fn push(&mut self, problem: Problem) -> u32 {
        let position = u32::try_from(self.problems.len()).unwrap_or(u32::MAX);
        self.problems.push(problem);
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(row: u64) -> Problem {
        let message = text!("a cell of \"amount\" is not a number", "“amount”的单元格不是数字");
        Problem::new(Code::D0809, message)
            .in_table(TableId(0))
            .in_column("amount")
            .in_row(row)
    }

    #[test]
    fn a_list_behind_another_is_what_one_list_would_be() {
        for (most, first, second) in [(2, 1, 4), (2, 3, 3), (9, 2, 2), (2, 0, 5), (0, 1, 2)] {
            let mut whole = ProblemList::new(most);
            let whole_places: Vec<_> = (1..=first + second).map(|row| whole.add(fault(row))).collect();
            let (mut one, mut other) = (ProblemList::new(most), ProblemList::new(most));
            let mut places: Vec<_> = (1..=first).map(|row| one.add(fault(row))).collect();
            let theirs: Vec<_> = (1..=second).map(|row| other.add(fault(row))).collect();
            let moved = one.append(other, usize::try_from(first).unwrap());
            places.extend(theirs.iter().map(|place| moved[usize::try_from(*place).unwrap()]));
            assert_eq!(places, whole_places, "{most} {first} {second}");
            assert_eq!(one.finish(), whole.finish(), "{most} {first} {second}");
        }
    }

    #[test]
    fn beyond_the_limit_problems_are_counted_by_kind() {
        let mut list = ProblemList::new(2);
        let positions: Vec<_> = (1..=5).map(|row| list.add(fault(row))).collect();
        assert_eq!(positions, [0, 1, 2, 2, 2]);
        let problems = list.finish();
        assert_eq!(problems.len(), 3);
        assert_eq!(problems[2].row, None);
        assert_eq!(
            problems[2].message.en,
            "a cell of \"amount\" is not a number, in 3 further rows"
        );
        assert_eq!(problems[2].message.zh, "“amount”的单元格不是数字（另有 3 行）");
    }
}
