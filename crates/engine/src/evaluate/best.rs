//! Aggregates of which only the highest values count.

use std::borrow::Cow;
use std::cmp::Ordering;

use guerdon_plan::graph::{Frame, FrameId, NodeId};
use guerdon_plan::hir::AggregateOp;
use guerdon_plan::number::Exact;

use super::State;
use super::cells::{masked, set};
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector, compare_cells, flag};

/// Gives what stands for cells that have no value but are counted.
pub(super) fn one() -> Vector<'static> {
    Vector::new(Data::Number(Numbers::Scaled(Cow::Owned(vec![1]), 0)))
}

/// Keeps so many of the highest values of a group, in their order. Which of equal ones are kept makes no difference.
pub(super) fn keep(list: &mut Vec<usize>, value: &Vector<'_>, most: u32) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if list.len() <= most {
        return;
    }
    let highest_first = |one: &usize, other: &usize| compare_cells(value, *other, value, *one);
    let mut cells = list.clone();
    cells.select_nth_unstable_by(most, highest_first);
    let Some(next) = cells.get(most).copied() else {
        return;
    };
    let is_above = |cell: &usize| compare_cells(value, *cell, value, next) == Ordering::Greater;
    let above = list.iter().filter(|cell| is_above(cell)).count();
    // Places that no higher value takes go to the first of those that equal the best one left out.
    let mut equal = most.saturating_sub(above);
    list.retain(|cell| match compare_cells(value, *cell, value, next) {
        Ordering::Greater => true,
        Ordering::Equal if equal > 0 => {
            equal = equal.saturating_sub(1);
            true
        }
        Ordering::Equal | Ordering::Less => false,
    });
}

/// Counts what is left of each group.
pub(super) fn counts(lists: &[Vec<usize>]) -> Vector<'static> {
    let counts = lists
        .iter()
        .map(|list| i64::try_from(list.len()).unwrap_or(i64::MAX))
        .collect();
    Vector::new(Data::Number(Numbers::Scaled(Cow::Owned(counts), 0)))
}

/// Says of each group whether a condition holds for one, or for all, of what is left of it.
pub(super) fn flags(op: AggregateOp, value: &Vector<'_>, lists: &[Vec<usize>]) -> Vector<'static> {
    let holds = |cell: &usize| matches!(&value.data, Data::Bool(flags) if flag(flags, *cell) != 0);
    let of = |list: &Vec<usize>| match op {
        AggregateOp::All => list.iter().all(holds),
        AggregateOp::Any
        | AggregateOp::Sum
        | AggregateOp::Count
        | AggregateOp::CountDistinct
        | AggregateOp::Average
        | AggregateOp::Lowest
        | AggregateOp::Highest
        | AggregateOp::First
        | AggregateOp::Last => list.iter().any(holds),
    };
    Vector::new(Data::Bool(lists.iter().map(|list| u8::from(of(list))).collect()))
}

impl State<'_> {
    /// Gives the lowest or highest of all values at once where they are integers without gaps, as most are.
    pub(super) fn extreme(
        &self,
        id: NodeId,
        op: AggregateOp,
        value: Option<NodeId>,
        from: FrameId,
    ) -> Option<Vector<'static>> {
        let is_lowest = match op {
            AggregateOp::Lowest => true,
            AggregateOp::Highest => false,
            AggregateOp::Sum
            | AggregateOp::Count
            | AggregateOp::CountDistinct
            | AggregateOp::Average
            | AggregateOp::Any
            | AggregateOp::All
            | AggregateOp::First
            | AggregateOp::Last => return None,
        };
        let Some(Frame::Rows(table)) = self.graph.frame(from) else {
            return None;
        };
        let value = self.full(value?);
        let Data::Number(Numbers::Scaled(values, decimals)) = &value.data else {
            return None;
        };
        let has_errors =
            self.facts.table(*table)?.row_errors().is_some() || self.known_errors(id, 1).is_some();
        if has_errors || !value.is_plain() || self.frame_len(from) == 0 {
            return None;
        }
        let found = if is_lowest {
            values.iter().min()
        } else {
            values.iter().max()
        };
        let numbers = Numbers::Scaled(Cow::Owned(vec![*found?]), *decimals);
        Some(Vector::new(Data::Number(numbers)))
    }

    /// Sums what is left of each group.
    pub(super) fn sums(&self, id: NodeId, value: &Vector<'_>, lists: &[Vec<usize>]) -> Vector<'static> {
        let mut errors = vec![0; lists.len()];
        let mut sums = Vec::with_capacity(lists.len());
        for (place, list) in lists.iter().enumerate() {
            let sum = list
                .iter()
                .try_fold(Exact::ZERO, |sum, cell| sum.add(&value.number(*cell)));
            if sum.is_err() {
                set(&mut errors, place, self.faults.number(id, Fault::TooWide));
            }
            sums.push(sum.unwrap_or(Exact::ZERO));
        }
        masked(Data::Number(Numbers::pack(sums)), Vec::new(), errors)
    }
}
