//! Why a change was refused.

use thiserror::Error as ThisError;

use crate::error::Error;
use crate::problem::Problem;

/// Says why a record was not changed.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum Refused {
    /// Reports an unknown name, a value of the wrong kind, a limit.
    #[error(transparent)]
    Load(#[from] Error),
    /// Reports a record with a faulty cell; the problem says which and why.
    #[error("{}", .0.message.en)]
    Faulty(Box<Problem>),
    /// Reports a table whose records hold from one day to another.
    #[error("the records of \"{table}\" hold from one day to another; load them anew")]
    Dated {
        /// The table.
        table: String,
    },
    /// Reports a field that the records were loaded without.
    #[error("\"{table}\" was loaded without \"{field}\"; load it anew with that column")]
    NoColumn {
        /// The table.
        table: String,
        /// The field.
        field: String,
    },
    /// Reports a record that was faulty when it was loaded.
    #[error(
        "that record of \"{table}\" was faulty when it was loaded; mend it where it came from and load it anew"
    )]
    Spoilt {
        /// The table.
        table: String,
    },
    /// Reports a new record in a table that others refer to in vain.
    #[error("records of \"{by}\" name ones that \"{table}\" did not have; load both anew")]
    Awaited {
        /// The table.
        table: String,
        /// The table whose records refer to it.
        by: String,
    },
    /// Reports a record that others refer to.
    #[error("records of \"{by}\" refer to that record of \"{table}\"; take them out first")]
    ReferredTo {
        /// The table.
        table: String,
        /// The table whose records refer to it.
        by: String,
    },
    /// Reports a record that would be above itself.
    #[error("that record of \"{table}\" would be above itself")]
    Circle {
        /// The table.
        table: String,
    },
}
