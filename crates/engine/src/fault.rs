//! Faults: errors of single cells, as numbers that stand beside the values.
//!
//! A number is 1 + the position in the list of loading problems, or, beyond those, names the node that failed and why.
//! Numbers need no list that kernels write to, so they do not depend on the order in which cells are computed.

use guerdon_plan::graph::NodeId;

/// Says why a node has no value for a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// A divisor is zero.
    DivisionByZero,
    /// What bounds are scaled by is zero or negative.
    NotPositive,
    /// A value that must be there is missing.
    Missing,
    /// A period lies outside the periods that are computed.
    OutsideAxis,
    /// Exceptions disagree.
    Disagree,
    /// A check failed.
    CheckFailed,
    /// A number is too wide.
    TooWide,
    /// No row of a table, or no version of a value, fits.
    NoRow,
    /// Several lines fit.
    Several,
    /// A day lies outside the calendar.
    OutsideCalendar,
    /// The value lies beyond the last tier.
    BeyondTiers,
    /// A column that is needed was left out.
    Absent,
    /// The machine's memory does not do.
    OutOfMemory,
    /// Records are equal in all that ranks them, and equal ones are refused.
    Tied,
    /// A weight is negative.
    NegativeWeight,
    /// All weights are zero.
    NoWeight,
    /// Records that share one amount name several.
    AmountsDiffer,
    /// An amount to share is no whole number of steps.
    NotInSteps,
    /// A day lies outside what a list of holidays covers.
    OutsideHolidays,
    /// A pair of currencies has no rate on a day.
    NoRate,
}

/// How many kinds of faults a node's numbers leave room for.
const KINDS: u32 = 32;

/// Turns faults into numbers and back, for one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Faults {
    /// How many loading problems there are.
    pub loaded: u32,
}

/// What the number of an error stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A loading problem, by position.
    Loaded(u32),
    /// A fault of a node.
    Node(NodeId, Fault),
}

impl Faults {
    /// Gives the number of a fault of a node.
    pub(crate) fn number(self, node: NodeId, fault: Fault) -> u32 {
        let kind = ALL
            .iter()
            .position(|known| *known == fault)
            .and_then(|kind| u32::try_from(kind).ok());
        let base = node.0.saturating_mul(KINDS).saturating_add(kind.unwrap_or(0));
        self.loaded.saturating_add(1).saturating_add(base)
    }

    /// Gives what a number other than 0 stands for.
    pub(crate) fn cause(self, number: u32) -> Cause {
        let place = number.saturating_sub(1);
        match place.checked_sub(self.loaded) {
            None => Cause::Loaded(place),
            Some(beyond) => {
                let kind = usize::try_from(beyond % KINDS).unwrap_or(0);
                Cause::Node(
                    NodeId(beyond / KINDS),
                    ALL.get(kind).copied().unwrap_or(Fault::Missing),
                )
            }
        }
    }
}

const ALL: [Fault; 20] = [
    Fault::DivisionByZero,
    Fault::NotPositive,
    Fault::Missing,
    Fault::OutsideAxis,
    Fault::Disagree,
    Fault::CheckFailed,
    Fault::TooWide,
    Fault::NoRow,
    Fault::Several,
    Fault::OutsideCalendar,
    Fault::BeyondTiers,
    Fault::Absent,
    Fault::OutOfMemory,
    Fault::Tied,
    Fault::NegativeWeight,
    Fault::NoWeight,
    Fault::AmountsDiffer,
    Fault::NotInSteps,
    Fault::OutsideHolidays,
    Fault::NoRate,
];
