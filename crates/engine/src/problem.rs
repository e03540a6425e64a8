//! Problems: what is wrong with one record, cell or payee, while everything else goes on.

use std::fmt;
use std::sync::Arc;

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::Program;
use guerdon_plan::types::TableId;
use guerdon_syntax::{Code, DataPlace, Diagnostic, Fix, Severity, Span, Text};

/// Says what is wrong with data or with the pay of one payee.
///
/// Code, place, message and advice never quote data; `detail` does, and a host shows it only to who may see the data.
/// `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// The number under which the message is registered.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The data block or table.
    pub table: Option<TableId>,
    /// The file it was read from, if the host said so.
    pub file: Option<Arc<str>>,
    /// The record's number in the input, from 1.
    pub row: Option<u64>,
    /// The column, as its heading reads in the input; otherwise the field's name.
    pub column: Option<Arc<str>>,
    /// The payee concerned: the payees' table and a row id.
    pub payee: Option<(TableId, u32)>,
    /// The period concerned.
    pub period: Option<PeriodKey>,
    /// The statement of the rules that it comes from.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: Text,
    /// What to write instead.
    pub advice: Text,
    /// What is wrong, with the values of the data.
    pub detail: Text,
}

impl Problem {
    /// Begins a problem with the severity its code is registered under.
    pub fn new(code: Code, message: Text) -> Problem {
        Problem {
            code,
            severity: code.severity(),
            table: None,
            file: None,
            row: None,
            column: None,
            payee: None,
            period: None,
            span: None,
            message,
            advice: Text::default(),
            detail: Text::default(),
        }
    }

    /// Names the table.
    #[must_use]
    pub fn in_table(mut self, table: TableId) -> Problem {
        self.table = Some(table);
        self
    }

    /// Names the record by its number in the input, from 1.
    #[must_use]
    pub fn in_row(mut self, row: u64) -> Problem {
        self.row = Some(row);
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Problem {
        self.column = Some(Arc::from(column));
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn advise(mut self, advice: Text) -> Problem {
        self.advice = advice;
        self
    }

    /// Adds what quotes the data.
    #[must_use]
    pub fn detailed(mut self, detail: Text) -> Problem {
        self.detail = detail;
        self
    }

    /// Says whether it is an error, not a mere note or warning.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Shows the problem as a message for people, with the names the program gives to tables.
    pub fn diagnostic(&self, program: &Program) -> Diagnostic {
        let mut shown = Diagnostic {
            severity: self.severity,
            ..Diagnostic::new(self.code, self.message.clone())
        };
        if let Some(table) = self.table.and_then(|id| program.table(id)) {
            shown = shown.place(DataPlace {
                table: table.naming.name.clone(),
                file: self.file.as_deref().map(str::to_owned),
                row: self.row,
                column: self.column.as_deref().map(str::to_owned),
            });
        }
        if let Some(span) = self.span {
            shown = shown.primary(span, Text::default());
        }
        if !self.detail.is_empty() {
            shown = shown.detail(self.detail.clone());
        }
        if !self.advice.is_empty() {
            shown = shown.fix(Fix::advice(self.advice.clone(), Text::default()));
        }
        shown
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.code)
            .field("severity", &self.severity)
            .field("table", &self.table)
            .field("row", &self.row)
            .field("column", &self.column)
            .field("message", &self.message.en)
            .finish_non_exhaustive()
    }
}
