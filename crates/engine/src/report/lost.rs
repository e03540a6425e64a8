//! Records that count for nobody: what says whom they concern cannot be read, or could not be computed.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::graph::{Frame, FrameId};
use guerdon_plan::types::{Scalar, TableId};
use guerdon_syntax::{Text, text};

use super::Report;
use super::problems::describe;
use crate::column::Cell;
use crate::evaluate::attribution::{Attribution, attributions, is_of_column};
use crate::fault::{Cause, Fault};
use crate::problem::Problem;

/// What lost records would have counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lost {
    /// Another record.
    ToRecord,
    /// A payee.
    ToPayee,
}

/// Records lost for one reason.
struct Computed {
    lost: Lost,
    first: Option<(TableId, usize)>,
    count: u64,
}

impl Report<'_> {
    /// Says of loading problems that their record counts for nobody, and adds the records for which it could not be
    /// computed whom they concern.
    pub(super) fn tell_lost_records(&self, problems: &mut Vec<Problem>) {
        let mut loaded: BTreeMap<u32, Lost> = BTreeMap::new();
        let mut computed: BTreeMap<u32, Computed> = BTreeMap::new();
        for attribution in attributions(&self.compiled.graph) {
            self.lost_by(&attribution, &mut loaded, &mut computed);
        }
        for (place, lost) in loaded {
            let problem = usize::try_from(place)
                .ok()
                .and_then(|place| problems.get_mut(place))
                .filter(|problem| !is_of_column(problem.code));
            if let Some(problem) = problem {
                problem.message = with_loss(&problem.message, lost);
            }
        }
        problems.extend(
            computed
                .into_iter()
                .filter_map(|(error, found)| self.lost_record(error, &found)),
        );
    }

    fn lost_by(
        &self,
        attribution: &Attribution,
        loaded: &mut BTreeMap<u32, Lost>,
        computed: &mut BTreeMap<u32, Computed>,
    ) {
        let key = self.full(attribution.key);
        if key.errors.is_none() {
            return;
        }
        let lost = match self
            .compiled
            .graph
            .node(attribution.key)
            .map(|node| node.ty.scalar)
        {
            Some(Scalar::Row(table)) if self.payee_tables().contains(&table) => Lost::ToPayee,
            _ => Lost::ToRecord,
        };
        let filter = attribution.filter.map(|filter| self.full(filter));
        for cell in 0..self.state.frame_len(attribution.frame) {
            let error = key.error(cell);
            let is_left_out = filter
                .as_ref()
                .is_some_and(|filter| filter.cell(cell) == Cell::Bool(false));
            if error == 0 || is_left_out {
                continue;
            }
            match self.cause(error) {
                Cause::Loaded(place) => {
                    let known = loaded.entry(place).or_insert(lost);
                    *known = lost.max(*known);
                }
                Cause::Node(..) => {
                    let found = computed.entry(error).or_insert_with(|| Computed {
                        lost,
                        first: self.record_of(attribution.frame, cell),
                        count: 0,
                    });
                    found.lost = lost.max(found.lost);
                    found.count = found.count.saturating_add(1);
                }
            }
        }
    }

    fn payee_tables(&self) -> BTreeSet<TableId> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs.map(|output| output.payees).collect()
    }

    /// Gives the record that a cell of rows, or of lines made from rows, stands for.
    pub(super) fn record_of(&self, frame: FrameId, cell: usize) -> Option<(TableId, usize)> {
        let (mut frame, mut cell) = (frame, cell);
        loop {
            match self.compiled.graph.frame(frame)? {
                Frame::Rows(table) => return Some((*table, cell)),
                Frame::Selected { of, .. } | Frame::Expanded { of, .. } => {
                    let origin = self.state.frame_data(frame)?.origin(cell)?;
                    (frame, cell) = (*of, usize::try_from(origin).ok()?);
                }
                Frame::Single | Frame::Axis(_) | Frame::Cells { .. } => return None,
            }
        }
    }

    fn lost_record(&self, error: u32, found: &Computed) -> Option<Problem> {
        let Cause::Node(node, fault) = self.cause(error) else {
            return None;
        };
        if fault == Fault::Absent {
            return None;
        }
        let (code, message) = describe(fault);
        let mut problem = Problem::new(code, with_loss(&message, found.lost));
        problem.span = self.compiled.graph.node(node).map(|node| node.span);
        if let Some((table, row)) = found.first {
            let number = u32::try_from(row)
                .ok()
                .and_then(|row| self.state.facts.table(table)?.input_row(row));
            let key = self.key_text(table, row);
            problem.table = Some(table);
            problem.row = number;
            problem.detail = match found.count.saturating_sub(1) {
                0 => text!("record {key}", "记录 {key}"),
                more => text!("record {key} and {more} more", "记录 {key} 及另外 {more} 条"),
            };
        }
        Some(problem)
    }
}

fn with_loss(message: &Text, lost: Lost) -> Text {
    match lost {
        Lost::ToPayee => text!(
            "{message}; the record counts for nobody",
            "{message}；该记录不计入任何人"; message
        ),
        Lost::ToRecord => text!("{message}; the record is left out", "{message}；该记录不计入"; message),
    }
}
