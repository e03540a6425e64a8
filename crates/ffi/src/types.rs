//! The types of the header.

#![expect(unsafe_code, reason = "structs of the caller are promised to be plain")]
#![expect(non_camel_case_types, reason = "the names are the ones that C programs see")]

use std::ffi::c_char;
use std::ptr;

use guerdon::limits::{CancelFlag, Limits};

use crate::plain::{Plain, Sized64};

/// Rule files before they are compiled. One thread at a time.
pub struct guerdon_sources(());
/// A compiled plan. Never changes; any number of threads may use it at once.
pub struct guerdon_plan(());
/// Records on their way in. One thread at a time.
pub struct guerdon_builder(());
/// Records ready to be evaluated. Never change; any number of threads may use them at once.
pub struct guerdon_facts(());
/// The results of a run. Never changes; any number of threads may use it at once.
pub struct guerdon_report(());
/// The rows of one table of a report, read once from the first to the last. One thread at a time.
pub struct guerdon_cursor(());
/// An explanation of one figure. Never changes; any number of threads may use it at once.
pub struct guerdon_trace(());
/// Records that change while a plan is in use. One thread at a time.
pub struct guerdon_session(());
/// A flag that stops a load or a run. Any number of threads may use it at once.
pub struct guerdon_cancel(());
/// What went wrong in a call. Never changes; any number of threads may use it at once.
pub struct guerdon_error(());

/// A text of ours: UTF-8, `len` bytes, followed by a NUL that `len` does not count. It is not to be freed, and lives as
/// long as the function says that gave it.
///
/// As an argument (a cell of a column) it is a text of the caller's that needs no NUL; `data` of NULL is an empty cell.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct guerdon_text {
    /// The first byte; never NULL in what the library gives.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

/// Says of what kind a value is.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum guerdon_kind {
    /// No value.
    Missing = 0,
    /// yes (`number` 1) or no (0).
    Bool = 1,
    /// A whole number: `number`.
    Whole = 2,
    /// A number with decimals: `number` divided by ten to the power of `decimals`.
    Scaled = 3,
    /// A day: `number` days since 1970-01-01.
    Date = 4,
    /// Text, read as a cell of a file is: `2026-03-05`, `CNY 1,200.00`, `8%`, `East`.
    Text = 5,
}

/// One value for one field of a record.
///
/// There is no way in for binary floating point, which cannot hold 0.1. A number for a field of per cent is a fraction of
/// one: 0.08 is 8 %.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct guerdon_value {
    /// The name of the field, as in the rules.
    pub field: *const c_char,
    /// The bytes of the name.
    pub field_len: usize,
    /// The text, for the kind TEXT; otherwise not looked at.
    pub text: *const c_char,
    /// The bytes of the text.
    pub text_len: usize,
    /// The number, for all other kinds.
    pub number: i64,
    /// A `GUERDON_KIND_…`.
    pub kind: i32,
    /// The decimals of the number, 0 to 18, for the kind SCALED.
    pub decimals: i32,
}

/// Bounds one load or one run. 0 leaves a limit as it is by default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct guerdon_limits {
    /// The size of this struct.
    pub struct_size: usize,
    /// The most records of one table.
    pub rows: u64,
    /// The most cells of all tables.
    pub cells: u64,
    /// The most bytes of one cell of text.
    pub cell_bytes: u64,
    /// The most bytes of different texts in one column.
    pub text_bytes: u64,
    /// The most bytes that columns and results may hold at one time.
    pub memory_bytes: u64,
    /// The most groups of one aggregate.
    pub groups: u64,
    /// The most problems that are kept in full.
    pub problems: u64,
}

/// Says what a load or run computes and what it may use. All of it may be 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct guerdon_options {
    /// The size of this struct.
    pub struct_size: usize,
    /// The limits; NULL for those by default.
    pub limits: *const guerdon_limits,
    /// The flag that stops it; NULL for none.
    pub cancel: *const guerdon_cancel,
    /// A sum of `GUERDON_HAS_…`: which of the days below are set.
    pub has: u32,
    /// The threads that a run may use beside the caller's own: 0 and 1 start none.
    pub threads: u32,
    /// The last day of the run, as days since 1970-01-01; without it, the latest day in the facts.
    pub through: i32,
    /// The first day that is shown, as days since 1970-01-01; what lies before is computed all the same.
    pub shown_from: i32,
}

/// `through` of the options is set.
pub const GUERDON_HAS_THROUGH: u32 = 1;
/// `shown_from` of the options is set.
pub const GUERDON_HAS_SHOWN_FROM: u32 = 2;

/// Tells one thing that went wrong. Texts live as long as the error they come from.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct guerdon_error_info {
    /// The size of this struct, set by the caller.
    pub struct_size: usize,
    /// A `GUERDON_STATUS_…`.
    pub status: i32,
    /// The line in the file, from 1; 0 if there is none.
    pub line: u32,
    /// The column in the line, from 1, in code points; 0 if there is none.
    pub column: u32,
    /// 0.
    pub reserved: u32,
    /// The number under which the message is registered (`E0203`), or the name of the status (`null_argument`).
    pub code: guerdon_text,
    /// What is wrong.
    pub message: guerdon_text,
    /// What to do instead; may be empty.
    pub advice: guerdon_text,
    /// The rule file; may be empty.
    pub file: guerdon_text,
    /// The words of the rule; may be empty.
    pub rule: guerdon_text,
    /// The table of the data; may be empty.
    pub table: guerdon_text,
    /// The field of the table; may be empty.
    pub field: guerdon_text,
    /// The record's number in the input, from 1; 0 if there is none.
    pub row: u64,
    /// The limit (`rows`, `cells`, `cell_bytes`, `text_bytes`, `memory_bytes`, `groups`); may be empty.
    pub limit: guerdon_text,
    /// The most that is allowed.
    pub limit_value: u64,
    /// What was asked for.
    pub limit_wanted: u64,
}

// SAFETY: pointers and numbers, every pattern of bits of which is a value; pointers are not followed unless the caller
// has promised them in the same call.
unsafe impl Plain for guerdon_value {}
// SAFETY: as above.
unsafe impl Plain for guerdon_text {}

// SAFETY: numbers only, the first of them the size.
unsafe impl Sized64 for guerdon_limits {
    fn unset() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            rows: 0,
            cells: 0,
            cell_bytes: 0,
            text_bytes: 0,
            memory_bytes: 0,
            groups: 0,
            problems: 0,
        }
    }
}

// SAFETY: pointers and numbers, the first of them the size.
unsafe impl Sized64 for guerdon_options {
    fn unset() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            limits: ptr::null(),
            cancel: ptr::null(),
            has: 0,
            threads: 0,
            through: 0,
            shown_from: 0,
        }
    }
}

// SAFETY: pointers and numbers, the first of them the size.
unsafe impl Sized64 for guerdon_error_info {
    fn unset() -> Self {
        let none = guerdon_text {
            data: c"".as_ptr(),
            len: 0,
        };
        Self {
            struct_size: size_of::<Self>(),
            status: 0,
            line: 0,
            column: 0,
            reserved: 0,
            code: none,
            message: none,
            advice: none,
            file: none,
            rule: none,
            table: none,
            field: none,
            row: 0,
            limit: none,
            limit_value: 0,
            limit_wanted: 0,
        }
    }
}

impl guerdon_limits {
    /// Makes limits of the engine; 0 stands for the default.
    pub(crate) fn engine(&self, cancel: CancelFlag) -> Limits {
        let usual = Limits::default();
        let or = |given: u64, usual: u64| if given == 0 { usual } else { given };
        Limits {
            rows: or(self.rows, usual.rows),
            cells: or(self.cells, usual.cells),
            cell_bytes: or(self.cell_bytes, usual.cell_bytes),
            text_bytes: or(self.text_bytes, usual.text_bytes),
            memory_bytes: or(self.memory_bytes, usual.memory_bytes),
            groups: or(self.groups, usual.groups),
            problems: or(self.problems, usual.problems),
            cancel,
        }
    }
}

/// Names the language of an explanation.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum guerdon_language {
    /// That of the rule file.
    Own = 0,
    /// English.
    En = 1,
    /// Chinese.
    Zh = 2,
}
