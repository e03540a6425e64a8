//! What ends a load or a run as a whole; what concerns one record or payee is a [`Problem`](crate::problem::Problem).

use std::fmt;

use guerdon_syntax::Code;
use thiserror::Error as ThisError;

/// Says why a load or a run has no result.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum Error {
    /// Reports that a limit would be passed.
    #[error("more than {most} {limit} ({wanted} asked for)")]
    LimitExceeded {
        /// The limit.
        limit: Limit,
        /// What was asked for.
        wanted: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// Reports that the machine has no memory left for the data.
    #[error("the machine has not enough memory for the data")]
    OutOfMemory,
    /// Reports a sum that has more digits than the engine works with.
    #[error("a sum of amounts has more digits than can be worked with")]
    TooWide,
    /// Reports that the host asked to stop.
    #[error("the run was cancelled")]
    Cancelled,
    /// Reports a name that no data block or table of the program has.
    #[error("the rules declare no data block or table \"{name}\"")]
    UnknownTable {
        /// The name.
        name: String,
    },
    /// Reports a name that no field of a data block or table has.
    #[error("\"{table}\" has no field \"{field}\"")]
    UnknownField {
        /// The data block or table.
        table: String,
        /// The name.
        field: String,
    },
    /// Reports a key that no record has, where a value is set for that record alone.
    #[error("\"{given}\" sets nothing: no record of \"{table}\" has the key {key}")]
    NoRecord {
        /// The setting.
        given: String,
        /// The data block or table.
        table: String,
        /// The key, as far as it was given.
        key: String,
    },
    /// Reports a value of a kind that a field cannot take, from host code.
    #[error("\"{table}.{field}\" cannot take {given}: {advice}")]
    WrongKind {
        /// The data block or table.
        table: String,
        /// The field.
        field: String,
        /// What was given.
        given: &'static str,
        /// What to give instead.
        advice: &'static str,
    },
    /// Reports columns of one table that differ in length.
    #[error("the columns of \"{table}\" have different lengths: {first} and {other}")]
    UnequalColumns {
        /// The data block or table.
        table: String,
        /// The length of the first column.
        first: usize,
        /// Another length.
        other: usize,
    },
    /// Reports a record that is no struct or map, from host code.
    #[error("a record of \"{table}\" must be a struct or a map with names: {advice}")]
    NotARecord {
        /// The data block or table.
        table: String,
        /// What to give instead.
        advice: &'static str,
    },
    /// Reports a fault of a host type's own serialisation.
    #[error("a record could not be serialised: {message}")]
    Serialise {
        /// What the type's own code says.
        message: String,
    },
}

impl Error {
    /// Gives the registered number of the message.
    pub fn code(&self) -> Code {
        match self {
            Error::LimitExceeded { .. } | Error::OutOfMemory | Error::TooWide => Code::R0907,
            Error::Cancelled => Code::R0908,
            Error::UnknownTable { .. } => Code::D0824,
            Error::UnknownField { .. } => Code::D0802,
            Error::NoRecord { .. } => Code::D0805,
            Error::WrongKind { .. } | Error::NotARecord { .. } | Error::Serialise { .. } => Code::D0823,
            Error::UnequalColumns { .. } => Code::D0804,
        }
    }
}

/// Names a limit in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// [`Limits::rows`](crate::limits::Limits::rows).
    Rows,
    /// [`Limits::cells`](crate::limits::Limits::cells).
    Cells,
    /// [`Limits::cell_bytes`](crate::limits::Limits::cell_bytes).
    CellBytes,
    /// [`Limits::text_bytes`](crate::limits::Limits::text_bytes).
    TextBytes,
    /// [`Limits::memory_bytes`](crate::limits::Limits::memory_bytes).
    MemoryBytes,
    /// [`Limits::groups`](crate::limits::Limits::groups).
    Groups,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Rows => "records of one table",
            Limit::Cells => "cells of all tables",
            Limit::CellBytes => "bytes of one cell",
            Limit::TextBytes => "bytes of text in one column",
            Limit::MemoryBytes => "bytes of memory",
            Limit::Groups => "groups of one aggregate",
        })
    }
}
