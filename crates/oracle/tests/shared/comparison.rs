//! Engine and oracle over the same records, cell by cell.

use std::collections::BTreeSet;

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run};
use guerdon::report::{Absence, Amount, CardPart, Event, Figure, Report};
use guerdon_oracle::run_test::run_end;
use guerdon_oracle::{Number, Oracle, Outputs, Records, outputs};
use guerdon_plan::calendar::Date;
use guerdon_plan::hir::Test;
use guerdon_syntax::ast::Item;
use num_bigint::BigInt;

/// Lists the cells that differ for the records of one test.
pub fn compare_on(plan: &Plan, trees: &[Item], test: &Test) -> Result<Vec<(String, String, String)>, String> {
    let program = plan.program();
    let facts = Facts::given_by(program, test).map_err(|error| error.to_string())?;
    if let Some(problem) = facts.problems().first() {
        return Err(format!("{problem:?}"));
    }
    let through = run_end(program, test);
    let records = Records::known_by(program, &test.given, test.known_as_of);
    let oracle = Oracle::new(program, &records, through, &test.with);
    let engine = engine_outputs(plan, &facts, through).map_err(|error| error.to_string())?;
    let mut found = differences(&engine, &outputs(&oracle));
    let blocks = oracle.disagreements(trees).into_iter();
    found.extend(blocks.map(|found| {
        (
            found.cell,
            found.written_out,
            format!("{} as written", found.as_written),
        )
    }));
    Ok(found)
}

/// Lists the cells that differ; what is not shown is missing.
fn differences(engine: &Outputs, oracle: &Outputs) -> Vec<(String, String, String)> {
    let keys: BTreeSet<&String> = engine.keys().chain(oracle.keys()).collect();
    let of =
        |outputs: &Outputs, key: &String| outputs.get(key).cloned().unwrap_or_else(|| "missing".to_owned());
    let both = keys
        .into_iter()
        .map(|key| (key.clone(), of(engine, key), of(oracle, key)));
    both.filter(|(_, engine, oracle)| engine != oracle).collect()
}

/// Runs the engine over the same records and writes what it shows in the oracle's words.
pub fn engine_outputs(plan: &Plan, facts: &Facts, through: Date) -> Result<Outputs, Error> {
    let run = Run {
        through: Some(through),
        ..Run::default()
    };
    let report = plan.evaluate(facts, &run)?;
    let mut outputs = Outputs::new();
    for row in report.pay() {
        let key = format!("{}.{}[{}, {}]", row.plan, row.pay, row.payee, row.period_label);
        outputs.insert(key, amount(&row.amount));
    }
    for column in report.measures() {
        for row in column.rows() {
            let args: Vec<String> = row.record.into_iter().chain(row.period_label).collect();
            let value = match row.absence {
                Some(Absence::Missing) => "missing".to_owned(),
                Some(Absence::Error) => "error".to_owned(),
                None => fraction(&row.text),
            };
            outputs.insert(
                format!("{}.{}[{}]", column.plan, column.name, args.join(", ")),
                value,
            );
        }
    }
    for row in report.earnings() {
        let place = if row.record.is_empty() {
            format!("{}, {}", row.payee, row.period_label)
        } else {
            format!("{} of {}", row.record, row.payee)
        };
        let parts = [
            ("earned", &row.earned),
            ("released", &row.released),
            ("held", &row.held),
            ("clawed_back", &row.clawed_back),
            ("paid_to_date", &row.paid_to_date),
            ("in_review", &row.in_review),
        ];
        for (part, value) in parts {
            outputs.insert(
                format!("{}.{}[{place}].{part}", row.plan, row.earn),
                amount(value),
            );
        }
    }
    add_blocks(&report, &mut outputs);
    Ok(outputs)
}

/// Adds what the tables of contests, awards, warnings and scorecards show.
fn add_blocks(report: &Report<'_>, outputs: &mut Outputs) {
    for row in report.standings().iter().filter(|row| row.member.is_none()) {
        let place = format!("{}[{}, {}]", row.contest, row.entrant, row.period_label);
        let figures = [
            ("rank", &row.rank),
            ("tied", &row.tied),
            ("score", &row.score),
            ("prize", &row.prize),
            ("honour", &row.honour),
            ("reached", &row.reached),
        ];
        for (what, value) in figures {
            outputs.insert(format!("{place}.{what}"), figure(value));
        }
    }
    for row in report.awards() {
        let place = format!("{}[{}, {}].{}", row.award, row.payee, row.period_label, row.grant);
        outputs.insert(format!("{place}.cash"), figure(&row.cash));
        outputs.insert(place, "granted".to_owned());
    }
    for row in report.warnings().iter().filter(|row| row.event != Event::Alert) {
        let place = format!("{}[{}, {}].level", row.warning, row.subject, row.period_label);
        let level = match (row.event, row.level) {
            (Event::Unknown, _) => "error",
            (_, level) => level.unwrap_or("missing"),
        };
        outputs.insert(place, level.to_owned());
    }
    for row in report.scorecards() {
        let place = format!("{}[{}, {}]", row.card, row.subject, row.period_label);
        let figures: Vec<(String, &Figure)> = match row.part {
            CardPart::Metric(_, name, _) => vec![
                (format!("{name}.raw"), &row.raw),
                (format!("{name}.score"), &row.score),
                (format!("{name}.points"), &row.points),
            ],
            CardPart::Dimension(..) | CardPart::LeftOut(_) => Vec::new(),
            CardPart::Total => vec![
                ("total".to_owned(), &row.score),
                ("exact".to_owned(), &row.points),
                ("grade".to_owned(), &row.grade),
                ("unforced".to_owned(), &row.unforced_grade),
                ("multiplier".to_owned(), &row.multiplier),
            ],
        };
        for (what, value) in figures {
            outputs.insert(format!("{place}.{what}"), figure(value));
        }
    }
}

fn figure(figure: &Figure) -> String {
    match (figure.absence, &figure.exact) {
        (Some(Absence::Missing), _) => "missing".to_owned(),
        (Some(Absence::Error), _) => "error".to_owned(),
        (None, Some(exact)) => exact.to_big_rational().to_string(),
        (None, None) => figure.text.clone(),
    }
}

fn amount(amount: &Amount) -> String {
    amount
        .exact()
        .map_or_else(|| "error".to_owned(), |exact| exact.to_big_rational().to_string())
}

/// Writes a decimal or a fraction in lowest terms.
fn fraction(text: &str) -> String {
    let read = || {
        let (number, divisor) = text.split_once('/').unwrap_or((text, "1"));
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits: BigInt = format!("{whole}{decimals}").parse().ok()?;
        let scale = BigInt::from(10).pow(u32::try_from(decimals.len()).ok()?);
        Some(Number::new(digits, scale.checked_mul(&divisor.parse().ok()?)?).to_string())
    };
    read().unwrap_or_else(|| text.to_owned())
}
