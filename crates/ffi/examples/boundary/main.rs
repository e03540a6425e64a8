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

mod arrow;

use std::ptr;
use std::time::{Duration, Instant};

use ::guerdon_plan::number::Exact;
use guerdon::facts::{Facts, Input};
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::Amount;
use guerdon_ffi::api::arrow::{guerdon_builder_arrow, guerdon_report_arrow};
use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::plan::*;
use guerdon_ffi::api::report::{guerdon_plan_evaluate, guerdon_report_free};
use guerdon_ffi::api::session::*;
use guerdon_ffi::api::version::guerdon_live_handles;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::{guerdon_plan, guerdon_text};

use arrow::{Batch, Column, Stream, Texts};

const RULES: &str = include_str!("../../../../examples/hosts/plan.guerdon");
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

    batches(&names, &ids, &owners, &cents, &days);
    // SAFETY: all arguments are what the header asks for.
    unsafe { by_c(&names, &ids, &owners, &cents, &days) };
    println!("handles left               {:>10}", guerdon_live_handles());
}

/// Gives the processor time of this thread, which other processes do not lengthen; where there is none, the time of day.
fn worked() -> Duration {
    let kept = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = kept.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(
        || std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap(),
        Duration::from_nanos,
    )
}

/// The processor times of one way: load, evaluate, read.
type Times = [Duration; 3];

/// Does a whole batch in Rust and through Arrow by turns: records in, evaluate, pay out.
fn batches(names: &[String], ids: &[String], owners: &[&str], cents: &[i64], days: &[i32]) {
    let rounds = 9;
    let plan = Plan::compile(&[Source::new("plan.guerdon", RULES)]).unwrap();
    // SAFETY: all arguments are what the header asks for.
    let handle = unsafe { compiled() };
    let (names_in, ids_in, owners_in) = (Texts::of(names), Texts::of(ids), Texts::of(owners));
    let wide: Vec<i128> = cents.iter().map(|cents| i128::from(*cents)).collect();
    let sellers = [names_in.column(c"name")];
    let deals = [
        ids_in.column(c"id"),
        owners_in.column(c"seller"),
        Column::of(c"amount", c"d:18,2", &wide),
        Column::of(c"signed_on", c"tdD", days),
    ];
    let (mut rust, mut arrow): (Vec<Times>, Vec<Times>) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (times, sum) = in_rust(&plan, names, ids, owners, cents, days);
        rust.push(times);
        let lengths = [names.len(), cents.len()];
        // SAFETY: all arguments are what the header asks for.
        let (times, other) = unsafe { by_arrow(handle, [&sellers, &deals], lengths) };
        arrow.push(times);
        assert_eq!(sum, other, "both ways pay the same");
    }
    let names = ["load", "evaluate", "read", "all of it"];
    for (place, name) in names.iter().enumerate() {
        let part = |times: &Times| match place {
            3 => times.iter().sum::<Duration>(),
            _ => times[place],
        };
        let sorted = |all: &[Times]| {
            let mut all: Vec<Duration> = all.iter().map(part).collect();
            all.sort();
            all
        };
        let (mut pairs, one, other): (Vec<i128>, _, _) = (Vec::new(), sorted(&rust), sorted(&arrow));
        for (rust, arrow) in rust.iter().zip(&arrow) {
            let permille = part(arrow).as_nanos() * 1000 / part(rust).as_nanos().max(1);
            pairs.push(i128::try_from(permille).unwrap() - 1000);
        }
        pairs.sort_unstable();
        let middle = rounds / 2;
        let per_cent = |permille: i128| {
            let sign = if permille < 0 { "-" } else { "+" };
            format!("{sign}{}.{} %", permille.abs() / 10, permille.abs() % 10)
        };
        println!(
            "batch, {name:<9} in Rust {:>9.2?} (best {:>9.2?}), by Arrow {:>9.2?} (best {:>9.2?}): {} in the median of pairs",
            one[middle],
            one[0],
            other[middle],
            other[0],
            per_cent(pairs[middle]),
        );
    }
    // SAFETY: it is not used any more.
    unsafe { ok(guerdon_plan_free(handle)) };
}

fn in_rust(
    plan: &Plan,
    names: &[String],
    ids: &[String],
    owners: &[&str],
    cents: &[i64],
    days: &[i32],
) -> (Times, i128) {
    let start = worked();
    let mut builder = Facts::builder(plan.program());
    builder.column("Seller", "name", names.iter());
    builder.column("Deal", "id", ids.iter());
    builder.column("Deal", "seller", owners.iter().copied());
    let amounts = cents
        .iter()
        .map(|cents| Exact::from_scaled(i128::from(*cents), 2));
    builder.column("Deal", "amount", amounts.map(Input::from));
    let day = |days: &i32| ::guerdon_plan::calendar::Date::from_days(*days).unwrap();
    builder.column("Deal", "signed_on", days.iter().map(day));
    let facts = builder.finish().unwrap();
    let loaded = worked() - start;
    let run = Run::default();
    let report = plan.evaluate(&facts, &run).unwrap();
    let evaluated = worked() - start;
    let amounts = report.pay().map(|row| match row.amount {
        Amount::Known(amount) => amount.to_scaled(2).unwrap(),
        Amount::Unknown => 0,
    });
    let sum = amounts.sum();
    let times = [loaded, evaluated - loaded, worked() - start - evaluated];
    (times, sum)
}

/// Does the same through the C interface, with records and results as Arrow.
///
/// # Safety
///
/// The columns have so many rows.
unsafe fn by_arrow(plan: *mut guerdon_plan, tables: [&[Column]; 2], lengths: [usize; 2]) -> (Times, i128) {
    let (mut builder, mut facts, mut report) = (none(), none(), none());
    let mut stream = Stream::room();
    let start = worked();
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_builder_new(plan, ptr::null(), &raw mut builder, none()));
        for ((name, columns), rows) in ["Seller", "Deal"].iter().zip(tables).zip(lengths) {
            let (_batch, mut schema, mut array) = Batch::of(columns, rows);
            let name = text(name);
            ok(guerdon_builder_arrow(
                builder,
                name.data,
                name.len,
                (&raw mut array).cast(),
                (&raw mut schema).cast(),
                none(),
            ));
        }
        ok(guerdon_builder_finish(builder, &raw mut facts, none()));
        ok(guerdon_builder_free(builder));
        let loaded = worked() - start;
        ok(guerdon_plan_evaluate(
            plan,
            facts,
            ptr::null(),
            &raw mut report,
            none(),
        ));
        let evaluated = worked() - start;
        let pay = text("pay");
        ok(guerdon_report_arrow(
            report,
            pay.data,
            pay.len,
            (&raw mut stream).cast(),
            none(),
        ));
        let sum = stream.sum();
        let times = [loaded, evaluated - loaded, worked() - start - evaluated];
        ok(guerdon_report_free(report));
        ok(guerdon_facts_free(facts));
        (times, sum)
    }
}

/// Compiles the rules.
///
/// # Safety
///
/// None: all arguments are made here.
unsafe fn compiled() -> *mut guerdon_plan {
    let (mut sources, mut plan) = (none(), none());
    let (name, rules) = (text("plan.guerdon"), text(RULES));
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_sources_new(&raw mut sources, none()));
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
    }
    plan
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
    let mut builder = none();
    let (mut facts, mut report, mut session) = (none(), none(), none());
    let (seller, deal) = (text("Seller"), text("Deal"));
    let count = cents.len();
    let texts = |words: &mut dyn Iterator<Item = guerdon_text>| words.collect::<Vec<_>>();
    let names_c = texts(&mut names.iter().map(|name| text(name)));
    let ids_c = texts(&mut ids.iter().map(|id| text(id)));
    let owners_c = texts(&mut owners.iter().map(|owner| text(owner)));
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        let plan = compiled();
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
        let deal_of = |name: &str| {
            format!(
                "{{\"id\": \"X\", \"seller\": \"{name}\", \"amount\": 1000, \"signed_on\": \"2026-06-30\"}}"
            )
        };
        let payee = text(&names[names.len() / 2]);
        let record = deal_of(&names[names.len() / 2]);
        let record = text(&record);
        let others: Vec<Duration> = names
            .iter()
            .skip(7)
            .step_by(names.len() / 20)
            .map(|name| {
                let record = deal_of(name);
                let (name, record) = (text(name), text(&record));
                let start = Instant::now();
                ok(guerdon_session_what_if_json(
                    session,
                    name.data,
                    name.len,
                    deal.data,
                    deal.len,
                    record.data,
                    record.len,
                    &raw mut out,
                    none(),
                ));
                start.elapsed()
            })
            .collect();
        println!("what if, the very first    {:>10.2?}", others[0]);
        println!(
            "what if, of another seller {:>10.2?}, the longest {:.2?}",
            others[1..].iter().min().unwrap(),
            others[1..].iter().max().unwrap()
        );
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
