//! What a call gives back: a status, and behind it what went wrong.

use std::ffi::CStr;

use guerdon::error::Error;
use guerdon::facts::Refused;
use guerdon::plan::Rejection;
use guerdon::trace::ExplainError;
use guerdon_syntax::{Record, Renderer, Severity};

use crate::handle::HandleFault;
use crate::words::Words;

/// Says how a call ended. Statuses are only ever added.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the name is the one that C programs see")]
pub enum guerdon_status {
    /// It did what it says.
    Ok = 0,
    /// A pointer that must not be NULL is.
    NullArgument = 1,
    /// A handle is none of ours.
    BadHandle = 2,
    /// A handle is of another kind than the call wants.
    WrongHandle = 3,
    /// A handle has been freed.
    StaleHandle = 4,
    /// Another thread is using the handle at this moment, or something else still needs it unchanged.
    Busy = 5,
    /// An earlier call on this handle ended in a fault of the library; free it.
    Poisoned = 6,
    /// A fault of the library; nothing was written.
    Panic = 7,
    /// A text is not UTF-8.
    BadUtf8 = 8,
    /// A length is larger than any object, or than what is allowed here.
    BadLength = 9,
    /// A struct has the wrong size, or something in its reserved part.
    BadStruct = 10,
    /// A number is outside what the call takes, or a pointer is not aligned.
    BadArgument = 11,
    /// The rules have errors.
    Rejected = 12,
    /// Records do not fit the rules: an unknown name, a value of the wrong kind, JSON that is none.
    BadData = 13,
    /// A limit would be passed.
    Limit = 14,
    /// The host asked to stop.
    Cancelled = 15,
    /// There is no memory left.
    OutOfMemory = 16,
    /// A change of a record was refused; nothing is changed.
    Refused = 17,
    /// There is no such figure, table or payee.
    NotFound = 18,
    /// An Arrow array, schema or stream is not what it must be.
    BadArrow = 19,
    /// The header is of another version than the library.
    AbiMismatch = 20,
    /// The facts were loaded for another plan.
    OtherPlan = 21,
    /// There are no further rows.
    End = 22,
    /// No status: for hosts that need a word for what they do not know.
    Unknown = 0x7FFF_FFFF,
}

/// Says what is wrong, once for each place concerned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub code: String,
    pub message: String,
    pub advice: String,
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub rule: String,
    pub table: String,
    pub field: String,
    pub row: u64,
    pub limit: &'static str,
    pub limit_value: u64,
    pub limit_wanted: u64,
}

/// The same with texts that the host can read.
pub(crate) struct Told {
    pub code: Words,
    pub message: Words,
    pub advice: Words,
    pub file: Words,
    pub line: u32,
    pub column: u32,
    pub rule: Words,
    pub table: Words,
    pub field: Words,
    pub row: u64,
    pub limit: Words,
    pub limit_value: u64,
    pub limit_wanted: u64,
}

/// What an error object holds.
pub(crate) struct ErrorBody {
    pub status: guerdon_status,
    pub items: Vec<Told>,
    pub text: Words,
}

/// Ends a call.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub status: guerdon_status,
    pub items: Vec<Item>,
    /// All of it, for people.
    pub text: String,
}

pub(crate) type Outcome<T> = Result<T, Box<Fault>>;

impl guerdon_status {
    /// Gives the name under which a status is known in messages: `null_argument`.
    pub(crate) fn name(self) -> &'static str {
        Self::c_name(self.number()).to_str().unwrap_or_default()
    }

    /// Gives the number that the host sees.
    #[expect(clippy::as_conversions, reason = "the numbers are those of the declaration")]
    pub(crate) const fn number(self) -> i32 {
        self as i32
    }

    /// Finds the name of a status that a host holds as a number.
    pub(crate) fn c_name(number: i32) -> &'static CStr {
        const NAMES: [&CStr; 23] = [
            c"ok",
            c"null_argument",
            c"bad_handle",
            c"wrong_handle",
            c"stale_handle",
            c"busy",
            c"poisoned",
            c"panic",
            c"bad_utf8",
            c"bad_length",
            c"bad_struct",
            c"bad_argument",
            c"rejected",
            c"bad_data",
            c"limit",
            c"cancelled",
            c"out_of_memory",
            c"refused",
            c"not_found",
            c"bad_arrow",
            c"abi_mismatch",
            c"other_plan",
            c"end",
        ];
        let known = usize::try_from(number).ok().and_then(|place| NAMES.get(place));
        known.copied().unwrap_or(c"unknown")
    }
}

impl ErrorBody {
    pub(crate) fn of(fault: Fault) -> Self {
        let told = |item: Item| Told {
            code: Words::of(item.code),
            message: Words::of(item.message),
            advice: Words::of(item.advice),
            file: Words::of(item.file),
            line: item.line,
            column: item.column,
            rule: Words::of(item.rule),
            table: Words::of(item.table),
            field: Words::of(item.field),
            row: item.row,
            limit: Words::of(item.limit),
            limit_value: item.limit_value,
            limit_wanted: item.limit_wanted,
        };
        Self {
            status: fault.status,
            items: fault.items.into_iter().map(told).collect(),
            text: Words::of(fault.text),
        }
    }
}

impl Fault {
    /// Makes a fault of the caller's, known by the name of its status.
    pub(crate) fn new(status: guerdon_status, message: impl Into<String>) -> Box<Self> {
        Self::of(
            status,
            Item {
                code: status.name().to_owned(),
                message: message.into(),
                ..Item::default()
            },
        )
    }

    pub(crate) fn of(status: guerdon_status, item: Item) -> Box<Self> {
        Box::new(Self {
            status,
            text: item.message.clone(),
            items: vec![item],
        })
    }

    pub(crate) fn data(message: impl Into<String>) -> Box<Self> {
        Self::new(guerdon_status::BadData, message)
    }

    pub(crate) fn arrow(message: impl Into<String>) -> Box<Self> {
        Self::new(guerdon_status::BadArrow, message)
    }

    /// Adds what to do instead.
    pub(crate) fn advise(mut self: Box<Self>, advice: &str) -> Box<Self> {
        if let Some(item) = self.items.first_mut() {
            advice.clone_into(&mut item.advice);
        }
        self.text = format!("{}\n  {advice}", self.text);
        self
    }

    /// Adds the table and field concerned.
    pub(crate) fn at(mut self: Box<Self>, table: &str, field: &str) -> Box<Self> {
        if let Some(item) = self.items.first_mut() {
            table.clone_into(&mut item.table);
            field.clone_into(&mut item.field);
        }
        self
    }
}

impl From<HandleFault> for Box<Fault> {
    fn from(fault: HandleFault) -> Self {
        let (status, message) = match fault {
            HandleFault::Null => (guerdon_status::NullArgument, "a handle is NULL"),
            HandleFault::Bad => (
                guerdon_status::BadHandle,
                "this is no handle that the library gave out",
            ),
            HandleFault::Wrong => (guerdon_status::WrongHandle, "this handle is of another kind"),
            HandleFault::Stale => (guerdon_status::StaleHandle, "this handle has been freed"),
            HandleFault::Full => (guerdon_status::OutOfMemory, "there are no handles left"),
        };
        Fault::new(status, message)
    }
}

impl From<Error> for Box<Fault> {
    fn from(error: Error) -> Self {
        let mut item = Item {
            code: error.code().number().to_owned(),
            message: error.to_string(),
            ..Item::default()
        };
        let status = match &error {
            Error::LimitExceeded { limit, wanted, most } => {
                item.limit = limit_name(*limit);
                (item.limit_value, item.limit_wanted) = (*most, *wanted);
                guerdon_status::Limit
            }
            Error::OutOfMemory => guerdon_status::OutOfMemory,
            Error::Cancelled => guerdon_status::Cancelled,
            Error::UnknownTable { name } => {
                item.table.clone_from(name);
                guerdon_status::BadData
            }
            Error::UnknownField { table, field } | Error::WrongKind { table, field, .. } => {
                item.table.clone_from(table);
                item.field.clone_from(field);
                guerdon_status::BadData
            }
            Error::UnequalColumns { table, .. }
            | Error::NotARecord { table, .. }
            | Error::NoRecord { table, .. } => {
                item.table.clone_from(table);
                guerdon_status::BadData
            }
            Error::Serialise { .. } => guerdon_status::BadData,
            Error::TooWide => guerdon_status::Limit,
        };
        if let Error::WrongKind { advice, .. } | Error::NotARecord { advice, .. } = &error {
            item.advice = (*advice).to_owned();
        }
        Fault::of(status, item)
    }
}

impl From<Refused> for Box<Fault> {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        let mut item = Item {
            code: guerdon_status::Refused.name().to_owned(),
            message,
            ..Item::default()
        };
        match refused {
            Refused::Load(error) => return error.into(),
            Refused::Faulty(problem) => {
                problem.code.number().clone_into(&mut item.code);
                item.field = problem.column.as_deref().unwrap_or_default().to_owned();
                item.advice = problem.advice.en.clone();
                item.row = problem.row.unwrap_or(0);
            }
            Refused::NoColumn { table, field } => (item.table, item.field) = (table, field),
            Refused::Dated { table }
            | Refused::Spoilt { table }
            | Refused::Awaited { table, .. }
            | Refused::ReferredTo { table, .. }
            | Refused::Circle { table } => item.table = table,
        }
        Fault::of(guerdon_status::Refused, item)
    }
}

impl From<ExplainError> for Box<Fault> {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Run(error) => error.into(),
            ExplainError::NotAFigure { .. }
            | ExplainError::UnknownName { .. }
            | ExplainError::OfPairs { .. }
            | ExplainError::UnknownKey { .. }
            | ExplainError::WrongKeys { .. }
            | ExplainError::NotAPeriod { .. }
            | ExplainError::OutsideRun { .. }
            | ExplainError::NoLine { .. } => Fault::new(guerdon_status::NotFound, error.to_string()),
        }
    }
}

impl From<Rejection> for Box<Fault> {
    fn from(rejection: Rejection) -> Self {
        let errors = rejection
            .diagnostics()
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        let item = |diagnostic| {
            let record = Record::of(diagnostic, rejection.sources(), Renderer::default());
            let span = diagnostic.primary_span();
            let label = record.labels.iter().find(|label| label.role == "primary");
            let label = label.or(record.labels.first());
            let advice: Vec<&str> = record.fixes.iter().map(|fix| fix.title.as_str()).collect();
            Item {
                code: record.code.to_owned(),
                message: record.title.clone(),
                advice: advice.join("\n"),
                file: label.map(|label| label.range.file.clone()).unwrap_or_default(),
                line: label.map_or(0, |label| label.range.start.line),
                column: label.map_or(0, |label| label.range.start.column),
                rule: span
                    .map(|span| rejection.sources().slice(span).to_owned())
                    .unwrap_or_default(),
                ..Item::default()
            }
        };
        Box::new(Fault {
            status: guerdon_status::Rejected,
            items: errors.map(item).collect(),
            text: rejection.to_string(),
        })
    }
}

fn limit_name(limit: guerdon::limits::Limit) -> &'static str {
    use guerdon::limits::Limit;
    match limit {
        Limit::Rows => "rows",
        Limit::Cells => "cells",
        Limit::CellBytes => "cell_bytes",
        Limit::TextBytes => "text_bytes",
        Limit::MemoryBytes => "memory_bytes",
        Limit::Groups => "groups",
    }
}

/// Says that something is in use elsewhere.
pub(crate) fn in_use(what: &str) -> Box<Fault> {
    Fault::new(guerdon_status::Busy, what)
}
