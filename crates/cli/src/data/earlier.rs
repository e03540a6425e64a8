//! What an earlier run has written: its manifest, what was posted, and the lines behind it.

use std::path::{Path, PathBuf};

use guerdon::posting::{Earlier, PostedLine, PostedPay};
use guerdon_plan::calendar::Date;
use guerdon_plan::number::Exact;
use serde::Deserialize;

use super::{Input, hash};
use crate::output::Failure;

/// As much of a manifest as tells what a run was computed from.
#[derive(Deserialize)]
struct Manifest {
    schema_version: u32,
    through: String,
    #[serde(default)]
    shown_from: Option<String>,
    rules: Vec<Hashed>,
    inputs: Vec<Hashed>,
    outputs: Vec<Hashed>,
}

#[derive(Deserialize)]
struct Hashed {
    name: String,
    sha256: String,
}

/// Reads an earlier run beside the files that this one reads.
pub(crate) fn read(path: &Path, rules: &[Input], inputs: &[Input]) -> Result<Earlier, Failure> {
    let path = if path.is_dir() {
        path.join("manifest.json")
    } else {
        path.to_owned()
    };
    let text = std::fs::read(&path).map_err(|error| Failure::Unreadable {
        path: path.clone(),
        error,
    })?;
    let unusable = |why: String| Failure::NoEarlier {
        path: path.clone(),
        why,
    };
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))?;
    if manifest.schema_version != crate::output::tables::SCHEMA_VERSION {
        return Err(unusable(format!(
            "its schema version is {}",
            manifest.schema_version
        )));
    }
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let has = |name: &str| manifest.outputs.iter().any(|output| output.name == name);
    let posted = if has("posted.csv") {
        "posted.csv"
    } else {
        "pay.csv"
    };
    if posted == "pay.csv"
        && let Some(from) = &manifest.shown_from
    {
        return Err(unusable(format!(
            "that run shows only what begins with {from}, so it does not say what was posted before; give one made \
             without --period and --from, or with --since"
        )));
    }
    let through =
        Date::parse(&manifest.through).map_err(|_| unusable("it does not say its last day".to_owned()))?;
    let table = |name: &str| rows(&folder, name, &manifest);
    let pay = table(posted)?
        .iter()
        .filter(|row| !row.get("amount").is_empty())
        .map(|row| {
            Ok(PostedPay {
                plan: row.get("plan"),
                pay: row.get("pay"),
                payee: row.get("payee"),
                period: row.get("period"),
                unit: row.get("currency"),
                amount: row.number("amount")?,
            })
        })
        .collect::<Result<_, Failure>>()?;
    let lines = table("earnings.csv")?
        .iter()
        .map(|row| {
            Ok(PostedLine {
                plan: row.get("plan"),
                earn: row.get("earn"),
                payee: row.get("payee"),
                period: row.get("period"),
                record: row.get("record"),
                base: row.get("base"),
                paid_to_date: match row.get("paid_to_date").is_empty() {
                    true => None,
                    false => Some(row.number("paid_to_date")?),
                },
            })
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Earlier {
        through: Some(through),
        pay,
        lines,
        rules_changed: !differing(&manifest.rules, rules).is_empty(),
        inputs_changed: differing(&manifest.inputs, inputs),
    })
}

/// Names the files that are new, gone or different.
fn differing(before: &[Hashed], now: &[Input]) -> Vec<String> {
    let new = now
        .iter()
        .filter(|file| !before.iter().any(|old| old.sha256 == file.sha256));
    let gone = before
        .iter()
        .filter(|old| !now.iter().any(|file| file.sha256 == old.sha256));
    let mut names: Vec<String> = new
        .map(|file| file.name.clone())
        .chain(gone.map(|file| file.name.clone()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Is one row of a table that a run has written.
struct Row {
    path: PathBuf,
    cells: Vec<(String, String)>,
}

impl Row {
    fn get(&self, name: &str) -> String {
        let cell = self.cells.iter().find(|(head, _)| head == name);
        // A text that was kept from being read as a formula has an apostrophe in front.
        let text = cell.map_or("", |(_, cell)| cell.as_str());
        match text.strip_prefix('\'') {
            Some(plain) if plain.starts_with(['=', '+', '-', '@', '\t', '\r']) => plain.to_owned(),
            Some(_) | None => text.to_owned(),
        }
    }

    fn number(&self, name: &str) -> Result<Exact, Failure> {
        let text = self.get(name);
        number(&text).ok_or_else(|| Failure::NoEarlier {
            path: self.path.clone(),
            why: format!("\"{text}\" is no amount"),
        })
    }
}

/// Reads a table, if it is still as it was written.
fn rows(folder: &Path, name: &str, manifest: &Manifest) -> Result<Vec<Row>, Failure> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| Failure::Unreadable {
        path: path.clone(),
        error,
    })?;
    let written = manifest.outputs.iter().find(|output| output.name == name);
    if written.is_none_or(|written| written.sha256 != hash(&bytes)) {
        return Err(Failure::NoEarlier {
            path,
            why: "it is not what the run has written, by its SHA-256".to_owned(),
        });
    }
    let broken = |error: csv::Error| Failure::NoEarlier {
        path: path.clone(),
        why: error.to_string(),
    };
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let heads = reader.headers().map_err(broken)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let cells = heads
            .iter()
            .zip(&record)
            .map(|(head, cell)| (head.to_owned(), cell.to_owned()));
        rows.push(Row {
            path: path.clone(),
            cells: cells.collect(),
        });
    }
    Ok(rows)
}

/// Reads an amount as tables have it: a decimal, or a fraction.
fn number(text: &str) -> Option<Exact> {
    if let Some((numerator, denominator)) = text.split_once('/') {
        return Exact::new(numerator.parse().ok()?, denominator.parse().ok()?).ok();
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{decimals}").parse().ok()?;
    let places = u32::try_from(decimals.len()).ok()?;
    Exact::new(digits, 10_i128.checked_pow(places)?).ok()
}

#[cfg(test)]
mod tests {
    use guerdon_plan::number::Exact;

    use super::number;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        let exact = |numerator, denominator| Exact::new(numerator, denominator).ok();
        assert_eq!(number("-0.05"), exact(-1, 20));
        assert_eq!(number("2495.00"), exact(2495, 1));
        assert_eq!(number("10000/3"), exact(10_000, 3));
        assert_eq!(number("-7"), exact(-7, 1));
        assert_eq!(number("x"), None);
        assert_eq!(number("1/0"), None);
    }
}
