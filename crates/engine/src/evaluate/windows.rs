//! The periods of a run, by axis.

use std::sync::Mutex;

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::{Axis, Graph};
use guerdon_plan::hir::Program;
use guerdon_plan::hir::axis::{Stretch, Window, horizons, widened};
use guerdon_plan::types::PlanId;

use super::AxisWindow;

/// The windows of the last run, by the horizons of all plans.
///
/// What plans look at is found by a walk through all their statements; a host that asks about the same periods again
/// and again should not wait for it each time.
#[derive(Default)]
pub(crate) struct Windows {
    last: Mutex<Option<Known>>,
}

/// The horizons of a run, and the windows that follow from them.
struct Known {
    horizons: Vec<Option<Stretch>>,
    windows: Vec<AxisWindow>,
}

impl Windows {
    /// Gives the window of each axis for a run through a day.
    pub(super) fn of(
        &self,
        program: &Program,
        graph: &Graph,
        first_day: &dyn Fn(PlanId) -> Option<Date>,
        run_end: Date,
    ) -> Vec<AxisWindow> {
        let horizons = horizons(program, first_day, run_end);
        if let Ok(last) = self.last.lock()
            && let Some(known) = &*last
            && known.horizons == horizons
        {
            return known.windows.clone();
        }
        let all = widened(program, &horizons);
        let of = |axis: &Axis| all.get(axis.plan.index()).copied().flatten().and_then(places);
        let windows: Vec<AxisWindow> = graph
            .axes
            .iter()
            .map(|axis| of(axis).unwrap_or_default())
            .collect();
        if let Ok(mut last) = self.last.lock() {
            *last = Some(Known {
                horizons,
                windows: windows.clone(),
            });
        }
        windows
    }
}

fn places(window: Window) -> Option<AxisWindow> {
    let place = |index: i32| usize::try_from(index.checked_sub(window.axis.first.index)?).ok();
    Some(AxisWindow {
        first: window.axis.first.index,
        len: place(window.axis.last.index)?.checked_add(1)?,
        horizon_from: place(window.horizon.first.index)?,
        horizon_through: place(window.horizon.last.index)?,
    })
}
