//! The meaning of plans: exact numbers, currencies and calendars.

pub mod calendar;
pub mod number;
