//! What an expression may see: variables, bare fields, the plan's statements, the day that selects versions.

use guerdon_syntax::{FileId, Span};

use crate::calendar::Unit;
use crate::hir::expr::Expr;
use crate::types::{BinderId, CalendarId, EarnId, FieldId, PlanId, TableId, Ty};

/// Says what an expression may see.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    /// The file whose names are visible.
    pub(crate) file: FileId,
    /// What kind of statement the expression belongs to.
    pub(crate) place: Place,
    /// The plan whose statements are visible.
    pub(crate) plan: Option<PlanId>,
    /// The calendar by which periods are named outside plans.
    pub(crate) calendar: CalendarId,
    /// The plan's payee, as `payee`.
    pub(crate) payee: Option<BinderId>,
    /// The current period, as `period`.
    pub(crate) period: Option<BinderId>,
    /// The length of the current period, where it is longer than that of the plan's own.
    pub(crate) longer: Option<Unit>,
    /// The record behind an earn line or an exception to it, as `row`.
    pub(crate) row: Option<BinderId>,
    /// The variables in sight, innermost last.
    pub(crate) frames: Vec<Frame>,
    /// How many of them are the records that a measure is for.
    pub(crate) grains: usize,
    /// The type of `normal`, inside an exception.
    pub(crate) normal: Option<Ty>,
    /// The day that selects versions, where it is not the last day of the period.
    pub(crate) day: Option<Expr>,
    /// The period of the line, where `period` is the settling one.
    pub(crate) line_period: Option<Expr>,
    /// The lines that walk up a tree, of which this expression computes one.
    pub(crate) ladder: Option<Ladder>,
    /// Whether the expression is about each of the records among which a place or a share is found.
    pub(crate) is_among: bool,
    /// Whether `stacked` has lines to work on.
    pub(crate) can_stack: bool,
    /// Whether the value is missing where something it needs is.
    pub(crate) is_lenient: bool,
    /// Printed forms of values that are known to be there.
    pub(crate) facts: Vec<String>,
}

/// Names the kinds of places where an expression can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A declaration outside plans: a constant, a cell, the check of a field.
    Declaration,
    /// The `payee` line of a plan.
    PayeeFilter,
    /// A `let` or `measure`: evaluated for every record of the payee's table.
    Definition,
    /// A statement evaluated for payees only: `earn`, `pay`, `carry`, `cap`, `check`, exceptions to them.
    Payees,
    /// A `release` or `clawback`.
    Share,
    /// A line of a test.
    Test,
}

/// Holds one variable in sight.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The variable.
    pub(crate) binder: BinderId,
    /// Its name, if it has one.
    pub(crate) name: Option<String>,
    /// The table whose fields may be written bare.
    pub(crate) bare: Option<TableId>,
    /// Where records can be left out.
    pub(crate) filter: Option<Where>,
}

/// Names the place where a condition on records ends, or where one can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Where {
    /// The source with its condition.
    pub(crate) span: Span,
    /// Whether there is a condition.
    pub(crate) has_filter: bool,
}

/// Holds what `below x` looks down: the lines of an earn that walk up a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ladder {
    /// The earn.
    pub(crate) earn: EarnId,
    /// The variable of the record.
    pub(crate) row: BinderId,
    /// The table of the payees.
    pub(crate) people: TableId,
    /// The field that names the one above.
    pub(crate) by: FieldId,
}

impl Env {
    /// Sees the declarations of a file and nothing else.
    pub(crate) fn of_file(file: FileId) -> Env {
        Env {
            file,
            place: Place::Declaration,
            plan: None,
            calendar: CalendarId(0),
            payee: None,
            period: None,
            longer: None,
            row: None,
            frames: Vec::new(),
            grains: 0,
            normal: None,
            day: None,
            line_period: None,
            ladder: None,
            is_among: false,
            can_stack: false,
            is_lenient: false,
            facts: Vec::new(),
        }
    }

    /// Sees no variables, and no day but that of the period: as a plan's own statement does.
    pub(crate) fn without_frames(&self) -> Env {
        Env {
            frames: Vec::new(),
            grains: 0,
            ..self.clone()
        }
    }

    /// Sees one more variable.
    pub(crate) fn with(&self, frame: Frame) -> Env {
        let mut wider = self.clone();
        wider.frames.push(frame);
        wider
    }

    /// Sees the fields of one record written bare, as the `check` of a field does.
    pub(crate) fn with_record(&self, binder: BinderId, table: TableId) -> Env {
        self.with(Frame {
            binder,
            name: None,
            bare: Some(table),
            filter: None,
        })
    }

    /// Knows that the values printed so are there.
    pub(crate) fn knowing(&self, facts: &[String]) -> Env {
        let mut wiser = self.clone();
        wiser.facts.extend_from_slice(facts);
        wiser
    }
}
