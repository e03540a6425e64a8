//! Records, periods and values as text.

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::hir::Program;
use guerdon_plan::number::{
    Exact, Rounding, format_grouped, format_money, format_percent, format_percent_to, round_to_decimals,
};
use guerdon_plan::types::{CalendarId, EnumId, Scalar, TableId};

use crate::column::Cell;
use crate::facts::Facts;

/// What names are taken from.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub program: &'a Program,
    pub facts: &'a Facts,
}

impl Names<'_> {
    /// Gives the key of a record as text; parts of a key of several fields are joined by a slash.
    pub(crate) fn key_text(&self, table: TableId, row: usize) -> String {
        let Some(schema) = self.program.table(table) else {
            return String::new();
        };
        let part = |field: &guerdon_plan::types::FieldId| {
            let column = self.facts.column(table, *field)?;
            let scalar = schema.fields.get(field.index())?.ty.scalar;
            Some(self.cell_text(&column.cell(row), scalar))
        };
        let parts: Vec<String> = schema
            .key
            .iter()
            .map(|field| part(field).unwrap_or_default())
            .collect();
        parts.join("/")
    }

    /// Gives a cell as it would stand in a plain file.
    pub(crate) fn cell_text(&self, cell: &Cell<'_>, scalar: Scalar) -> String {
        match (cell, scalar) {
            (Cell::Missing | Cell::Error(_), _) => String::new(),
            (Cell::Bool(value), _) => if *value { "yes" } else { "no" }.to_owned(),
            (Cell::Number(number), scalar) => number.display_text(decimals_of(scalar)),
            (Cell::Date(day), _) => Date::from_days(*day)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            (Cell::Period(unit, index), _) => self.period_label(CalendarId(0), PeriodKey::new(*unit, *index)),
            (Cell::Text(text), _) => (*text).to_owned(),
            (Cell::Enum(place), Scalar::Enum(id)) => self.enum_name(id, *place),
            (Cell::Enum(place), _) => place.to_string(),
            (Cell::Row(row), Scalar::Row(table)) => {
                self.key_text(table, usize::try_from(*row).unwrap_or(usize::MAX))
            }
            (Cell::Row(row), _) => row.to_string(),
        }
    }

    fn enum_name(&self, id: EnumId, place: u32) -> String {
        let values = self.program.enumeration(id).map(|found| found.values.as_slice());
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        values
            .and_then(|values| values.get(place))
            .map(|naming| naming.name.clone())
            .unwrap_or_default()
    }

    pub(crate) fn period_label(&self, calendar: CalendarId, period: PeriodKey) -> String {
        let calendar = self.program.calendar(calendar);
        calendar
            .map(|calendar| calendar.label(period))
            .unwrap_or_default()
    }

    /// Gives a number as a person would write it in a rule file.
    pub(crate) fn number(&self, number: &Exact, scalar: Scalar) -> String {
        match scalar {
            Scalar::Money(currency) => format_money(number, currency, decimals_of(scalar)),
            Scalar::Percent => format_percent(number),
            _ => number.display_text(0),
        }
    }
}

/// Gives a number for a person who looks at it: with its unit, and of many decimals only the first.
pub(super) fn readable(number: &Exact, scalar: Scalar) -> String {
    let short = |decimals: u8| {
        let is_short = number.decimals().is_some_and(|own| own <= u32::from(decimals));
        let rounded = (!is_short).then(|| round_to_decimals(number, Rounding::HalfUp, decimals));
        rounded.and_then(Result::ok).unwrap_or_else(|| number.clone())
    };
    match scalar {
        Scalar::Money(currency) => {
            let decimals = decimals_of(scalar);
            format_money(&short(decimals), currency, decimals)
        }
        Scalar::Percent => {
            format_percent_to(number, Rounding::HalfUp, 1).unwrap_or_else(|_| format_percent(number))
        }
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_)
        | Scalar::Faulty => format_grouped(&short(2), 0),
    }
}

/// Gives the decimals that amounts of a type are printed with at least: those of the currency's minor unit.
pub(super) fn decimals_of(scalar: Scalar) -> u8 {
    match scalar {
        Scalar::Money(currency) => currency.minor_unit_decimals().unwrap_or(0),
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_)
        | Scalar::Faulty => 0,
    }
}
