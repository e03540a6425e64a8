//! The cells that a sum over several periods takes in.

use guerdon_plan::graph::{AxisSpan, FrameId};

use super::State;

impl State<'_> {
    /// Lists the cells of a frame of rows and periods that are summed for one of them.
    pub(crate) fn summed_cells(&self, frame: FrameId, cell: usize, span: AxisSpan) -> Vec<usize> {
        let Some(grid) = self.grid(frame) else {
            return Vec::new();
        };
        let (Some(period), Some(row)) = (cell.checked_div(grid.rows), cell.checked_rem(grid.rows)) else {
            return Vec::new();
        };
        let first = self.first_of_span(grid, period, span);
        let last = match span {
            AxisSpan::Whole(_) => self.last_of_span(grid, period, span),
            AxisSpan::EverToDate | AxisSpan::ToDate(_) | AxisSpan::Last(_) => period,
        };
        (first..=last)
            .map(|period| period.saturating_mul(grid.rows).saturating_add(row))
            .collect()
    }
}
