//! Records on their way in.

#![expect(unsafe_code, reason = "functions that C calls")]

use std::ffi::c_char;
use std::sync::Mutex;

use guerdon::facts::Input;
use guerdon::limits::CancelFlag;

use super::error::free;
use crate::caller::{Caller, MOST_TEXT};
use crate::handle::{issue, open};
use crate::objects::{BuilderBody, FactsBody, hold, run_of};
use crate::records;
use crate::status::{Fault, guerdon_status};
use crate::types::{
    guerdon_builder, guerdon_cancel, guerdon_error, guerdon_facts, guerdon_options, guerdon_plan,
    guerdon_text, guerdon_value,
};
use crate::values::{self, day_cell, name, present, scaled};

/// Makes a flag that is not set.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_cancel_new(
    out: *mut *mut guerdon_cancel,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        out.put(issue(CancelFlag::default())?);
        Ok(())
    })
}

/// Sets a flag, from any thread: loads and runs that were given it stop soon, with the status CANCELLED. It stays set.
///
/// # Safety
///
/// None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_cancel_set(cancel: *const guerdon_cancel) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| {
        open(cancel)?.cancel();
        Ok(())
    })
}

/// Frees a flag; NULL is left alone. Loads and runs that were given it go on.
///
/// # Safety
///
/// None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_cancel_free(cancel: *mut guerdon_cancel) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(cancel))
}

/// Begins to load records for a plan. Of the options, `limits` and `cancel` are looked at; NULL stands for none.
///
/// Bad data never ends a load: a bad cell spoils what reads it, and is in the table `problems` of the report. A fault of
/// the program (an unknown name, a number for a day) ends it: every later call on the builder gives the same fault, until
/// `guerdon_builder_finish` begins anew.
///
/// # Safety
///
/// `options` is NULL or begins with its size; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_new(
    plan: *const guerdon_plan,
    options: *const guerdon_options,
    out: *mut *mut guerdon_builder,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let plan = open(plan)?.plan.clone();
        let limits = run_of(caller, options)?.limits;
        out.put(issue(Mutex::new(BuilderBody::new(plan, limits)))?);
        Ok(())
    })
}

/// Says that a table is handed over, even if it has no records. A table that is never named counts as forgotten.
///
/// # Safety
///
/// `table` has so many bytes; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_table(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(builder.cast_const())?;
        let table = name(caller, table, table_len)?;
        hold(&body)?.add(|builder| {
            builder.empty(table);
            Ok(())
        })
    })
}

/// Adds a record. Fields that are not named are empty.
///
/// # Safety
///
/// `table` has so many bytes, `values` so many values, and their names and texts the bytes they say; `error` is NULL or
/// can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_row(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    values: *const guerdon_value,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(builder.cast_const())?;
        let table = name(caller, table, table_len)?;
        let record = values::record(caller, values, count)?;
        hold(&body)?.add(|builder| {
            let mut row = builder.row(table);
            for (field, value) in record {
                row.set(field, value);
            }
            Ok(())
        })
    })
}

/// Adds the texts of one field, one for each record; `data` of NULL is an empty cell. Texts are read as cells of a file
/// are. All columns of a table must come to the same length in the end.
///
/// # Safety
///
/// `table` and `field` have so many bytes, `values` so many texts; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_column_text(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    field: *const c_char,
    field_len: usize,
    values: *const guerdon_text,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let texts = values::texts(caller, values, count)?;
        column(caller, builder, (table, table_len), (field, field_len), texts)
    })
}

/// Adds the numbers of one field, each divided by ten to the power of `decimals` (0 to 18). `present` is NULL, or has a
/// byte for each number that is 0 where there is none.
///
/// # Safety
///
/// `table` and `field` have so many bytes, `values` and `present` so many items; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_column_number(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    field: *const c_char,
    field_len: usize,
    values: *const i64,
    decimals: i32,
    present_or_null: *const u8,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let numbers = caller.slice(values, count, usize::MAX)?;
        let there = caller.optional(present_or_null, count)?;
        let decimals = values::decimals(decimals)?;
        let input = |number: Option<i64>| number.map_or(Input::Missing, |number| scaled(number, decimals));
        let inputs = present(numbers, there).map(input);
        column(caller, builder, (table, table_len), (field, field_len), inputs)
    })
}

/// Adds the days of one field, as days since 1970-01-01. `present` is NULL, or has a byte for each day that is 0 where
/// there is none.
///
/// # Safety
///
/// `table` and `field` have so many bytes, `values` and `present` so many items; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_column_date(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    field: *const c_char,
    field_len: usize,
    values: *const i32,
    present_or_null: *const u8,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let days = caller.slice(values, count, usize::MAX)?;
        let there = caller.optional(present_or_null, count)?;
        let inputs = present(days, there).map(|days| days.map_or(Input::Missing, day_cell));
        column(caller, builder, (table, table_len), (field, field_len), inputs)
    })
}

/// Adds the answers of one field: 1 for yes, 0 for no, a byte each. `present` is NULL, or has a byte for each answer that
/// is 0 where there is none.
///
/// # Safety
///
/// `table` and `field` have so many bytes, `values` and `present` so many items; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_column_bool(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    field: *const c_char,
    field_len: usize,
    values: *const u8,
    present_or_null: *const u8,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let answers = caller.slice(values, count, usize::MAX)?;
        let there = caller.optional(present_or_null, count)?;
        if let Some(other) = answers.iter().find(|answer| **answer > 1) {
            values::truth(i64::from(*other))?;
        }
        let input = |answer: Option<u8>| answer.map_or(Input::Missing, |answer| Input::Bool(answer == 1));
        let inputs = present(answers, there).map(input);
        column(caller, builder, (table, table_len), (field, field_len), inputs)
    })
}

/// Adds records of any tables from JSON: `{"Deal": [{"id": "D1", "amount": 1200.50}]}`. Numbers are read from their
/// digits; a field that comes twice is refused.
///
/// # Safety
///
/// `json` has so many bytes; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_json(
    builder: *mut guerdon_builder,
    json: *const c_char,
    json_len: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(builder.cast_const())?;
        let json = caller.text(json, json_len, MOST_TEXT)?;
        hold(&body)?.add(|builder| records::add(builder, json))
    })
}

/// Ends a load and gives its records. The builder is empty afterwards, whether it went well or not, and can take the next
/// load; it is still to be freed.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_finish(
    builder: *mut guerdon_builder,
    out: *mut *mut guerdon_facts,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(builder.cast_const())?;
        let mut builder = hold(&body)?;
        let facts = builder.finish()?;
        out.put(issue(FactsBody::new(builder.plan.clone(), facts))?);
        Ok(())
    })
}

/// Frees a builder with what is in it; NULL is left alone.
///
/// # Safety
///
/// None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_free(builder: *mut guerdon_builder) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(builder))
}

/// Counts the records of a table.
///
/// # Safety
///
/// `table` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_facts_count(
    facts: *const guerdon_facts,
    table: *const c_char,
    table_len: usize,
    out: *mut u64,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(facts)?;
        let table = name(caller, table, table_len)?;
        let records = body.for_plan(&body.plan)?;
        let program = body.plan.program();
        let found = crate::session::table_named(program, table).ok_or_else(|| {
            let message = format!("the rules declare no data block or table \"{table}\"");
            Fault::new(guerdon_status::NotFound, message)
        })?;
        let count = records.table(found.0).map_or(0, |data| data.len());
        out.put(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(())
    })
}

/// Frees records; NULL is left alone. Reports that were made of them live on.
///
/// # Safety
///
/// None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_facts_free(facts: *mut guerdon_facts) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(facts))
}

/// Adds a column to a load.
fn column<'v>(
    caller: &Caller,
    builder: *const guerdon_builder,
    (table, table_len): (*const c_char, usize),
    (field, field_len): (*const c_char, usize),
    inputs: impl IntoIterator<Item = Input<'v>>,
) -> crate::status::Outcome<()> {
    let body = open(builder)?;
    let table = name(caller, table, table_len)?;
    let field = name(caller, field, field_len)?;
    hold(&body)?.add(|builder| {
        builder.column(table, field, inputs);
        Ok(())
    })
}
