//! A whole batch in Rust and through Arrow: what the boundary adds.

use std::time::Duration;

use ::guerdon_plan::number::Exact;
use guerdon::facts::{Facts, Input};
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::Amount;
use guerdon_ffi::api::arrow::{guerdon_builder_arrow, guerdon_report_arrow};
use guerdon_ffi::types::guerdon_plan;

use super::Records;
use super::arrow::{self, Batch, Column, Texts};
use super::calls::*;

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
pub(crate) fn compare(records: Records<'_>) {
    let Records {
        names,
        ids,
        owners,
        cents,
        days,
    } = records;
    let rounds = 9;
    let plan = Plan::compile(&[Source::new("plan.guerdon", RULES)]).unwrap();
    let handle = compiled();
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
        let (times, sum) = in_rust(&plan, records);
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
    Records {
        names,
        ids,
        owners,
        cents,
        days,
    }: Records<'_>,
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
    let mut stream = arrow::room();
    let start = worked();
    let facts = filled(plan, |builder| {
        for ((name, columns), rows) in ["Seller", "Deal"].iter().zip(tables).zip(lengths) {
            let (_batch, mut schema, mut array) = Batch::of(columns, rows);
            let (name, array, schema) = (text(name), &raw mut array, &raw mut schema);
            // SAFETY: the columns have so many rows, as the caller says.
            let status = unsafe {
                guerdon_builder_arrow(builder, name.data, name.len, array.cast(), schema.cast(), none())
            };
            ok(status);
        }
    });
    let loaded = worked() - start;
    let report = evaluated(plan, facts);
    let evaluated = worked() - start;
    let pay = text("pay");
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        let out = &raw mut stream;
        ok(guerdon_report_arrow(
            report,
            pay.data,
            pay.len,
            out.cast(),
            none(),
        ));
        let sum = arrow::sum(stream);
        let times = [loaded, evaluated - loaded, worked() - start - evaluated];
        ok(guerdon_report_free(report));
        ok(guerdon_facts_free(facts));
        (times, sum)
    }
}
