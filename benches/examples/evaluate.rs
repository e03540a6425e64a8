//! Times evaluations of records that are loaded beforehand: `evaluate RULES DATA WORKLOAD THREADS TIMES`.
//!
//! DATA is a folder of comma-separated files without quotation marks. Prints one line as the peers' programs do:
//! `RESULT`, workload, folder, engine, threads, records, median and best seconds.
#![allow(
    clippy::print_stdout,
    reason = "it is for reading on a terminal and by a program"
)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use guerdon::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_plan::hir::Origin;
use guerdon_plan::types::TableId;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rules, data, workload, threads, times] = arguments.as_slice() else {
        return Err("evaluate RULES DATA WORKLOAD THREADS TIMES".into());
    };
    let text = std::fs::read_to_string(rules)?;
    let plan = Plan::compile(&[Source::new(rules, text)])?;
    let (facts, records) = load(&plan, Path::new(data))?;
    let run = Run {
        threads: threads.parse()?,
        ..Run::default()
    };
    let mut seconds = Vec::new();
    for _ in 0..times.parse::<usize>()?.max(1) {
        let begun = Instant::now();
        let report = plan.evaluate(&facts, &run)?;
        seconds.push(begun.elapsed().as_secs_f64());
        drop(report);
    }
    seconds.sort_by(f64::total_cmp);
    let (median, best) = (seconds.get(seconds.len() / 2), seconds.first());
    let folder = Path::new(data).file_name().unwrap_or_default().to_string_lossy();
    println!(
        "RESULT\t{workload}\t{folder}\tguerdon\t{threads}\t{records}\t{:.9}\t{:.9}",
        median.unwrap_or(&0.0),
        best.unwrap_or(&0.0)
    );
    Ok(())
}

/// Loads every table that has a file, and counts the records of the longest.
fn load(plan: &Plan, folder: &Path) -> Result<(Facts, usize), Box<dyn Error>> {
    let mut builder = Facts::builder(plan.program());
    for (place, table) in plan.program().tables.iter().enumerate() {
        let file = match (&table.source, &table.origin) {
            (Some(source), _) => source.file.clone(),
            (None, Origin::File(file)) => file.clone(),
            (None, Origin::Data | Origin::Written) => format!("{}.csv", table.naming.name),
        };
        let text = std::fs::read_to_string(folder.join(file))?;
        let mut lines = text.lines();
        let headings: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let mut loader = builder.text_table(TableId::at(place), &headings, None);
        for line in lines {
            let cells: Vec<&[u8]> = line.split(',').map(str::as_bytes).collect();
            loader.push(&cells)?;
        }
    }
    let facts = builder.finish()?;
    let records = facts.tables().iter().map(|table| table.len()).max();
    Ok((facts, records.unwrap_or(0)))
}
