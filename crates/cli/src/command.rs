//! The commands.

pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod run;
pub(crate) mod test;
mod window;
