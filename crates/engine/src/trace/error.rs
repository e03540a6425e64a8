//! Why a figure cannot be explained.

use thiserror::Error as ThisError;

use crate::error::Error;

/// Says why there is no explanation.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum ExplainError {
    /// Reports text that names no figure.
    #[error("\"{given}\" does not name a figure\n  write a name and its keys: commission_pay[p1, 2026-03]")]
    NotAFigure {
        /// The text.
        given: String,
    },
    /// Reports a name that no statement has.
    #[error("the plans have no figure \"{name}\"{}", near_name(.near.as_deref(), .known))]
    UnknownName {
        /// The name.
        name: String,
        /// The name that is most like it.
        near: Option<String>,
        /// The names that there are.
        known: Vec<String>,
    },
    /// Reports a measure that is worked out only where another figure asks for it.
    #[error(
        "\"{name}\" has a value for each pair of records that another figure asks for, and none of its own\n  \
         explain the figure that reads it"
    )]
    OfPairs {
        /// The name.
        name: String,
    },
    /// Reports a key that no record has.
    #[error("there is no {table} \"{key}\"{}", did_you_mean(.near.as_deref()))]
    UnknownKey {
        /// The table.
        table: String,
        /// The key.
        key: String,
        /// The key that is most like it.
        near: Option<String>,
    },
    /// Reports keys that do not fit the figure.
    #[error("\"{name}\" is asked for as {wanted}")]
    WrongKeys {
        /// The name.
        name: String,
        /// How it is asked for.
        wanted: String,
    },
    /// Reports text that names no period of the plan.
    #[error("\"{given}\" is not a period of this plan\n  write it as {example}")]
    NotAPeriod {
        /// The text.
        given: String,
        /// A period of the plan.
        example: String,
    },
    /// Reports a period that the run does not reach.
    #[error("{period} is outside the run, which goes from {first} through {last}")]
    OutsideRun {
        /// The period.
        period: String,
        /// The first period of the run.
        first: String,
        /// The last period of the run.
        last: String,
    },
    /// Reports a record that an earn makes no line of.
    #[error(
        "\"{earn}\" has no line for \"{key}\": the record is not one it is paid on, or nobody is paid for it"
    )]
    NoLine {
        /// The earn.
        earn: String,
        /// The record.
        key: String,
    },
    /// Reports what ended the run.
    #[error(transparent)]
    Run(#[from] Error),
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("\n  did you mean \"{near}\"?"))
        .unwrap_or_default()
}

fn near_name(near: Option<&str>, known: &[String]) -> String {
    match near {
        Some(_) => did_you_mean(near),
        None if known.is_empty() => String::new(),
        None => format!("\n  there are: {}", known.join(", ")),
    }
}
