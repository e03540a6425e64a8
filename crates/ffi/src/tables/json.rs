//! Rows as JSON. Amounts are text, since no number of JSON holds them exactly.

use guerdon_plan::calendar::Date;

use super::{Cell, Row, Shape};

/// Writes rows as a list of objects.
pub(crate) fn write_rows(shape: &Shape, rows: &[Row<'_>], out: &mut String) {
    out.push('[');
    for (place, row) in rows.iter().enumerate() {
        if place > 0 {
            out.push_str(",\n");
        }
        write_row(shape, row, out);
    }
    out.push(']');
}

fn write_row(shape: &Shape, row: &Row<'_>, out: &mut String) {
    out.push('{');
    for (place, ((name, _), cell)) in shape.columns.iter().zip(row).enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        write_cell(cell, out);
    }
    out.push('}');
}

fn write_cell(cell: &Cell<'_>, out: &mut String) {
    match cell {
        Cell::Null => out.push_str("null"),
        Cell::Text(text) => write_text(text, out),
        Cell::Shared(text) => write_text(text, out),
        Cell::Amount(exact, decimals) => write_text(&exact.display_text(*decimals), out),
        Cell::Date(days) => match Date::from_days(*days) {
            Some(day) => write_text(&day.to_string(), out),
            None => out.push_str("null"),
        },
        Cell::Whole(number) => out.push_str(&number.to_string()),
    }
}

/// Writes a text in quotes.
pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
