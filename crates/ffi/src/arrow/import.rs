//! Batches and streams on their way in.

#![expect(unsafe_code, reason = "callbacks of another library are called here")]

use guerdon::facts::{FactsBuilder, Input};
use guerdon_plan::calendar::Date;
use guerdon_plan::number::Exact;

use super::abi::{ArrowArray, ArrowArrayStream, ArrowSchema, Moved};
use super::view::{self, Column, Field, Value};
use crate::objects::BuilderBody;
use crate::status::{Fault, Outcome};

/// So many batches without a row, one after the other, are no stream that ever ends.
const MOST_EMPTY: usize = 1 << 20;

/// Adds the rows of one batch to a table.
pub(crate) fn batch(
    builder: &mut BuilderBody,
    table: &str,
    array: &Moved<ArrowArray>,
    schema: &Moved<ArrowSchema>,
) -> Outcome<()> {
    let fields = view::fields(schema.get())?;
    begin(builder, table)?;
    rows(builder, table, array.get(), &fields)
}

/// Adds the rows of all batches of a stream to a table.
pub(crate) fn stream(
    builder: &mut BuilderBody,
    table: &str,
    stream: &mut Moved<ArrowArrayStream>,
) -> Outcome<()> {
    let get_schema = stream.get().get_schema.ok_or_else(|| lacks("get_schema"))?;
    let get_next = stream.get().get_next.ok_or_else(|| lacks("get_next"))?;
    let mut schema = Moved::<ArrowSchema>::room();
    // SAFETY: the stream is ours and not released; its producer promises the callback, and the schema can be written.
    let code = unsafe { get_schema(stream.place(), schema.place()) };
    if code != 0 {
        return Err(failed(stream, code));
    }
    if schema.get().release.is_none() {
        return Err(Fault::arrow("the stream has no schema"));
    }
    let fields = view::fields(schema.get())?;
    begin(builder, table)?;
    let mut empty = 0_usize;
    loop {
        builder.limits.proceed()?;
        let mut array = Moved::<ArrowArray>::room();
        // SAFETY: as above, and the array can be written.
        let code = unsafe { get_next(stream.place(), array.place()) };
        if code != 0 {
            return Err(failed(stream, code));
        }
        if array.get().release.is_none() {
            return Ok(());
        }
        empty = if array.get().length == 0 {
            empty.saturating_add(1)
        } else {
            0
        };
        if empty > MOST_EMPTY {
            return Err(Fault::arrow("the stream goes on and on without a row"));
        }
        rows(builder, table, array.get(), &fields)?;
    }
}

/// Says that the table is handed over, even if no row comes.
fn begin(builder: &mut BuilderBody, table: &str) -> Outcome<()> {
    builder.add(|builder| {
        builder.empty(table);
        Ok(())
    })
}

fn rows(builder: &mut BuilderBody, table: &str, array: &ArrowArray, fields: &[Field]) -> Outcome<()> {
    // Everything is checked before anything is taken in.
    let columns = view::columns(array, fields)?;
    builder.add(|builder| {
        for (field, column) in fields.iter().zip(&columns) {
            take(builder, (table, &field.name), column);
        }
        Ok(())
    })
}

/// Reads a column once, from the producer's buffers into the engine's.
fn take(builder: &mut FactsBuilder<'_>, (table, field): (&str, &str), column: &Column<'_>) {
    if let Some(texts) = column.all_texts() {
        builder.column(table, field, texts);
    } else if let Some((numbers, scale)) = column.all_decimals() {
        builder.column(table, field, numbers.map(|number| decimal(number, scale)));
    } else if let Some(days) = column.all_days() {
        builder.column(table, field, days.map(day));
    } else {
        let inputs = (0..column.len).map(|row| input(column.value(row)));
        builder.column(table, field, inputs);
    }
}

fn decimal<'v>(number: i128, scale: u8) -> Input<'v> {
    Input::from(Exact::from_scaled(number, scale))
}

fn day<'v>(days: i32) -> Input<'v> {
    Date::from_days(days).map_or_else(|| crate::values::day_cell(days), Input::Date)
}

fn input(value: Value<'_>) -> Input<'_> {
    match value {
        Value::Missing => Input::Missing,
        Value::Bool(value) => Input::Bool(value),
        Value::Whole(number) => Input::Whole(number),
        Value::Decimal(number, scale) => decimal(number, scale),
        Value::Day(days) => day(days),
        Value::Text(text) => Input::from(text),
    }
}

fn lacks(callback: &str) -> Box<Fault> {
    Fault::arrow(format!("the stream lacks {callback}"))
}

/// Tells why a stream failed, in its own words if it has any.
fn failed(stream: &mut Moved<ArrowArrayStream>, code: i32) -> Box<Fault> {
    let said = stream.get().get_last_error.map(|get_last_error| {
        // SAFETY: the stream is ours and not released; its producer promises the callback.
        unsafe { get_last_error(stream.place()) }
    });
    let said = said.filter(|said| !said.is_null());
    let said = said.and_then(|said| view::words(said, "the stream's error").ok());
    let said = said.unwrap_or_else(|| "no reason given".to_owned());
    Fault::arrow(format!("the stream failed with code {code}: {said}"))
}
