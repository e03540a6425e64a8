//! Measures what the C interface costs, and how long a what-if takes: one seller among ten thousand with a million deals.
//!
//! `cargo run --release -p guerdon-ffi --example boundary [DEALS] [SELLERS]`
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up must stop, and prints what it finds"
)]

use std::ptr;
use std::time::{Duration, Instant};

use guerdon::facts::{Facts, Input};
use guerdon::plan::{Plan, Source};
use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::plan::*;
use guerdon_ffi::api::report::{guerdon_plan_evaluate, guerdon_report_free};
use guerdon_ffi::api::session::*;
use guerdon_ffi::api::version::guerdon_live_handles;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::guerdon_text;
use guerdon_plan::number::Exact;

const RULES: &str = include_str!("../../../examples/hosts/plan.guerdon");
/// 2026-01-01, as days since 1970-01-01.
const FIRST_DAY: usize = 20_454;

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|word| word.parse::<usize>().unwrap());
    let deals = numbers.next().unwrap_or(1_000_000);
    let sellers = numbers.next().unwrap_or(10_000);
    let names: Vec<String> = (0..sellers).map(|seller| format!("S{seller:06}")).collect();
    let ids: Vec<String> = (0..deals).map(|deal| format!("D{deal:08}")).collect();
    let owners: Vec<&str> = (0..deals)
        .map(|deal| names[deal * 7 % sellers].as_str())
        .collect();
    let cents: Vec<i64> = (0..deals).map(|deal| (deal as i64 * 7919) % 1_000_000).collect();
    let days: Vec<i32> = (0..deals)
        .map(|deal| (FIRST_DAY + deal * 365 / deals) as i32)
        .collect();

    let plan = Plan::compile(&[Source::new("plan.guerdon", RULES)]).unwrap();
    let start = Instant::now();
    let mut builder = Facts::builder(plan.program());
    builder.column("Seller", "name", names.iter());
    builder.column("Deal", "id", ids.iter());
    builder.column("Deal", "seller", owners.iter().copied());
    let amounts = cents
        .iter()
        .map(|cents| Exact::from_scaled(i128::from(*cents), 2));
    builder.column("Deal", "amount", amounts.map(Input::from));
    let day = |days: &i32| guerdon_plan::calendar::Date::from_days(*days).unwrap();
    builder.column("Deal", "signed_on", days.iter().map(day));
    let facts = builder.finish().unwrap();
    println!("load in Rust               {:>10.2?}", start.elapsed());
    drop(facts);

    // SAFETY: all arguments are what the header asks for.
    unsafe { by_c(&names, &ids, &owners, &cents, &days) };
    println!("handles left               {:>10}", guerdon_live_handles());
}

fn none<T>() -> *mut T {
    ptr::null_mut()
}

fn ok(status: Status) {
    assert_eq!(status, Status::Ok);
}

fn text(text: &str) -> guerdon_text {
    guerdon_text {
        data: text.as_ptr().cast(),
        len: text.len(),
    }
}

/// Does the same through the C interface.
///
/// # Safety
///
/// None: all arguments are made here.
unsafe fn by_c(names: &[String], ids: &[String], owners: &[&str], cents: &[i64], days: &[i32]) {
    let (mut sources, mut plan, mut builder) = (none(), none(), none());
    let (mut facts, mut report, mut session) = (none(), none(), none());
    let (seller, deal) = (text("Seller"), text("Deal"));
    let count = cents.len();
    let texts = |words: &mut dyn Iterator<Item = guerdon_text>| words.collect::<Vec<_>>();
    let names_c = texts(&mut names.iter().map(|name| text(name)));
    let ids_c = texts(&mut ids.iter().map(|id| text(id)));
    let owners_c = texts(&mut owners.iter().map(|owner| text(owner)));
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_sources_new(&raw mut sources, none()));
        let (name, rules) = (text("plan.guerdon"), text(RULES));
        ok(guerdon_sources_add(
            sources,
            name.data,
            name.len,
            rules.data,
            rules.len,
            none(),
        ));
        ok(guerdon_plan_compile(sources, &raw mut plan, none()));
        ok(guerdon_sources_free(sources));
        let start = Instant::now();
        ok(guerdon_builder_new(plan, ptr::null(), &raw mut builder, none()));
        let column = |table: guerdon_text, field: &str, values: &[guerdon_text]| {
            let field = text(field);
            let (values, count) = (values.as_ptr(), values.len());
            ok(guerdon_builder_column_text(
                builder,
                table.data,
                table.len,
                field.data,
                field.len,
                values,
                count,
                none(),
            ));
        };
        column(seller, "name", &names_c);
        column(deal, "id", &ids_c);
        column(deal, "seller", &owners_c);
        let (amount, day) = (text("amount"), text("signed_on"));
        ok(guerdon_builder_column_number(
            builder,
            deal.data,
            deal.len,
            amount.data,
            amount.len,
            cents.as_ptr(),
            2,
            ptr::null(),
            count,
            none(),
        ));
        ok(guerdon_builder_column_date(
            builder,
            deal.data,
            deal.len,
            day.data,
            day.len,
            days.as_ptr(),
            ptr::null(),
            count,
            none(),
        ));
        ok(guerdon_builder_finish(builder, &raw mut facts, none()));
        println!("load through C             {:>10.2?}", start.elapsed());
        ok(guerdon_builder_free(builder));

        let start = Instant::now();
        ok(guerdon_plan_evaluate(
            plan,
            facts,
            ptr::null(),
            &raw mut report,
            none(),
        ));
        println!("evaluate all through C     {:>10.2?}", start.elapsed());
        ok(guerdon_report_free(report));

        let mut rows = 0;
        let one = best(100_000, || {
            ok(guerdon_facts_count(
                facts,
                deal.data,
                deal.len,
                &raw mut rows,
                none(),
            ))
        });
        println!("one call that does nothing {one:>10.2?}");

        ok(guerdon_session_new(
            plan,
            facts,
            ptr::null(),
            &raw mut session,
            none(),
        ));
        ok(guerdon_facts_free(facts));
        let mut out = text("");
        let payee = text(&names[names.len() / 2]);
        let record = format!(
            "{{\"id\": \"X\", \"seller\": \"{}\", \"amount\": 1000, \"signed_on\": \"2026-06-30\"}}",
            names[names.len() / 2]
        );
        let record = text(&record);
        let first = Instant::now();
        ok(guerdon_session_pay(
            session,
            payee.data,
            payee.len,
            &raw mut out,
            none(),
        ));
        println!("pay of one, first asked    {:>10.2?}", first.elapsed());
        let again = best(200, || {
            ok(guerdon_session_pay(
                session,
                payee.data,
                payee.len,
                &raw mut out,
                none(),
            ))
        });
        println!("pay of one, asked again    {again:>10.2?}");
        let what_if = best(200, || {
            ok(guerdon_session_what_if_json(
                session,
                payee.data,
                payee.len,
                deal.data,
                deal.len,
                record.data,
                record.len,
                &raw mut out,
                none(),
            ));
        });
        println!("what if, one of all        {what_if:>10.2?}");
        let changed = best(20, || {
            ok(guerdon_session_upsert_json(
                session,
                deal.data,
                deal.len,
                record.data,
                record.len,
                none(),
            ));
            ok(guerdon_session_pay(
                session,
                payee.data,
                payee.len,
                &raw mut out,
                none(),
            ));
        });
        println!("deal put in, then pay      {changed:>10.2?}");
        ok(guerdon_session_free(session));
        ok(guerdon_plan_free(plan));
    }
}

/// Gives the least time of a call: of ten stretches, each divided by its calls.
fn best(calls: u32, mut call: impl FnMut()) -> Duration {
    let stretch = |_| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed() / calls
    };
    (0..10).map(stretch).min().unwrap()
}
