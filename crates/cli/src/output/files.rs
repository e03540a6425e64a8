//! The output folder: one CSV a table and a manifest, written whole or not at all.
//!
//! Everything is written into a new folder beside the wanted one and put in its place by renaming, the manifest last;
//! so a reader finds either a complete result or none.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use guerdon::plan::Plan;
use guerdon::report::{Absence, Amount, MeasureKind, Report};
use guerdon_plan::number::Exact;
use serde::Serialize;

use super::Failure;
use crate::data::{Input, hash};

/// The version of the layout of tables and manifest.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Whether text cells are made safe for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextCells {
    /// As they are.
    Plain,
    /// With an apostrophe before what a spreadsheet would read as a formula.
    Guarded,
}

#[derive(Serialize)]
struct Manifest<'m> {
    schema_version: u32,
    engine: &'m str,
    language_version: u32,
    through: String,
    complete: bool,
    rules: Vec<Hashed>,
    inputs: Vec<Hashed>,
    outputs: Vec<Hashed>,
}

#[derive(Serialize)]
struct Hashed {
    name: String,
    sha256: String,
    bytes: u64,
}

/// A table in the making.
struct Sheet {
    name: String,
    writer: csv::Writer<Vec<u8>>,
    text: TextCells,
}

/// Writes every table of a report.
pub(crate) fn write(
    folder: &Path,
    plan: &Plan,
    report: &Report<'_>,
    inputs: &[Input],
    through: String,
    text: TextCells,
) -> Result<(), Failure> {
    let mut sheets = vec![
        pay(report, text)?,
        earnings(report, text)?,
        problems(plan, report, text)?,
    ];
    sheets.extend(measures(report, text)?);
    let mut files = Vec::new();
    for sheet in sheets {
        files.push((format!("{}.csv", sheet.name), sheet.finish()?));
    }
    let hashed = |name: &str, bytes: &[u8]| Hashed {
        name: name.to_owned(),
        sha256: hash(bytes),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    };
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        engine: env!("CARGO_PKG_VERSION"),
        language_version: 1,
        through,
        complete: report.is_complete(),
        rules: plan
            .sources()
            .files()
            .map(|(_, file)| hashed(file.name(), file.text().as_bytes()))
            .collect(),
        inputs: inputs
            .iter()
            .map(|input| Hashed {
                name: input.name.clone(),
                sha256: input.sha256.clone(),
                bytes: input.bytes,
            })
            .collect(),
        outputs: files.iter().map(|(name, bytes)| hashed(name, bytes)).collect(),
    };
    let mut manifest = serde_json::to_vec_pretty(&manifest).map_err(Failure::Json)?;
    manifest.push(b'\n');
    files.push(("manifest.json".to_owned(), manifest));
    place(folder, &files)
}

/// Writes files into a new folder and puts it in the place of the wanted one.
fn place(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => Path::new(".").to_owned(),
    };
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |error| Failure::Unwritable { path, error }
    };
    fs::create_dir_all(&parent).map_err(unwritable(&parent))?;
    let draft = tempfile::Builder::new()
        .prefix(".guerdon-")
        .tempdir_in(&parent)
        .map_err(unwritable(&parent))?;
    for (name, bytes) in files {
        let path = draft.path().join(name);
        let mut file = File::create(&path).map_err(unwritable(&path))?;
        file.write_all(bytes).map_err(unwritable(&path))?;
        file.sync_all().map_err(unwritable(&path))?;
    }
    if folder.exists() {
        let is_ours = folder.join("manifest.json").is_file()
            || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
        if !is_ours {
            let error = std::io::Error::other("the folder holds other files; give a new one");
            return Err(Failure::Unwritable {
                path: folder.to_owned(),
                error,
            });
        }
        let old = tempfile::Builder::new()
            .prefix(".guerdon-old-")
            .tempdir_in(&parent)
            .map_err(unwritable(&parent))?;
        fs::rename(folder, old.path().join("result")).map_err(unwritable(folder))?;
    }
    let draft = draft.keep();
    fs::rename(&draft, folder).map_err(unwritable(folder))
}

fn pay(report: &Report<'_>, text: TextCells) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::new("pay", text);
    sheet.heads(&["plan", "pay", "payee", "period", "currency", "amount"])?;
    for row in report.pay() {
        let cells = [row.plan, row.pay, &row.payee, &row.period_label, &row.unit];
        sheet.row(&cells, &[amount(&row.amount)])?;
    }
    Ok(sheet)
}

fn earnings(report: &Report<'_>, text: TextCells) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::new("earnings", text);
    sheet.heads(&[
        "plan",
        "earn",
        "payee",
        "period",
        "date",
        "record",
        "currency",
        "base",
        "rate",
        "earned",
        "released",
        "held",
        "clawed_back",
        "paid_to_date",
    ])?;
    for row in report.earnings() {
        let day = row.day.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.plan,
            row.earn,
            &row.payee,
            &row.period_label,
            &day,
            &row.record,
            &row.unit,
        ];
        let numbers = [
            exact(row.base.as_ref()),
            exact(row.rate.as_ref()),
            amount(&row.earned),
            amount(&row.released),
            amount(&row.held),
            amount(&row.clawed_back),
            amount(&row.paid_to_date),
        ];
        sheet.row(&cells, &numbers)?;
    }
    Ok(sheet)
}

fn problems(plan: &Plan, report: &Report<'_>, text: TextCells) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::new("problems", text);
    sheet.heads(&[
        "code", "severity", "table", "file", "row", "column", "payee", "rule", "line", "message", "detail",
    ])?;
    for problem in report.problems() {
        let table = problem
            .table
            .and_then(|table| plan.program().table(table))
            .map(|table| table.naming.name.clone());
        let payee = problem
            .payee
            .map(|(table, row)| report.payee_key(table, row))
            .unwrap_or_default();
        let place = problem.span.map(|span| {
            let position = plan.sources().position(span.file, span.start);
            (
                plan.sources().name(span.file).to_owned(),
                position.line.to_string(),
            )
        });
        let (rule, line) = place.unwrap_or_default();
        let cells = [
            &problem.code.to_string(),
            &format!("{:?}", problem.severity).to_lowercase(),
            &table.unwrap_or_default(),
            problem.file.as_deref().unwrap_or_default(),
            &problem.row.map(|row| row.to_string()).unwrap_or_default(),
            problem.column.as_deref().unwrap_or_default(),
            &payee,
            &rule,
            &line,
            &problem.message.en,
            &problem.detail.en,
        ]
        .map(ToString::to_string);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        sheet.row(&cells, &[])?;
    }
    Ok(sheet)
}

/// One file a grain, with a column for each measure.
fn measures(report: &Report<'_>, text: TextCells) -> Result<Vec<Sheet>, Failure> {
    type Key = (Option<String>, Option<String>);
    type Rows = BTreeMap<Key, BTreeMap<usize, String>>;
    let columns = report.measures();
    let mut grains: BTreeMap<String, (Vec<String>, Rows)> = BTreeMap::new();
    for column in columns.iter().filter(|column| column.kind != MeasureKind::Let) {
        let (names, rows) = grains.entry(column.grain()).or_default();
        let place = names.len();
        names.push(format!("{}.{}", column.plan, column.name));
        for row in column.rows() {
            let shown = match row.absence {
                Some(Absence::Error) => "error".to_owned(),
                Some(Absence::Missing) | None => row.text,
            };
            rows.entry((row.period_label, row.record))
                .or_default()
                .insert(place, shown);
        }
    }
    let mut sheets = Vec::new();
    for (grain, (names, rows)) in grains {
        let mut sheet = Sheet::new(&format!("measures_{grain}"), text);
        let heads = ["period", "record"]
            .map(str::to_owned)
            .into_iter()
            .chain(names.clone());
        let heads: Vec<String> = heads.collect();
        sheet.heads(&heads.iter().map(String::as_str).collect::<Vec<_>>())?;
        for ((period, record), cells) in rows {
            let keys = [period.unwrap_or_default(), record.unwrap_or_default()];
            let values = (0..names.len()).map(|place| cells.get(&place).cloned().unwrap_or_default());
            sheet.row(&[&keys[0], &keys[1]], &values.collect::<Vec<_>>())?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn amount(amount: &Amount) -> String {
    exact(amount.exact())
}

fn exact(number: Option<&Exact>) -> String {
    number.map(|number| number.display_text(0)).unwrap_or_default()
}

impl Sheet {
    fn new(name: &str, text: TextCells) -> Self {
        Self {
            name: name.to_owned(),
            writer: csv::Writer::from_writer(Vec::new()),
            text,
        }
    }

    fn heads(&mut self, heads: &[&str]) -> Result<(), Failure> {
        self.writer
            .write_record(heads)
            .map_err(|error| self.broken(error))
    }

    /// Writes a row: text cells first, then numbers, which never need a guard.
    fn row(&mut self, text: &[&str], numbers: &[String]) -> Result<(), Failure> {
        for cell in text {
            let written = match self.text {
                TextCells::Guarded if is_formula(cell) => self.writer.write_field(format!("'{cell}")),
                TextCells::Guarded | TextCells::Plain => self.writer.write_field(cell),
            };
            written.map_err(|error| self.broken(error))?;
        }
        for number in numbers {
            self.writer
                .write_field(number)
                .map_err(|error| self.broken(error))?;
        }
        self.writer
            .write_record(None::<&[u8]>)
            .map_err(|error| self.broken(error))
    }

    fn finish(self) -> Result<Vec<u8>, Failure> {
        let path = Path::new(&self.name).to_owned();
        self.writer.into_inner().map_err(|error| Failure::Unwritable {
            path,
            error: std::io::Error::other(error.to_string()),
        })
    }

    fn broken(&self, error: csv::Error) -> Failure {
        Failure::Broken {
            path: Path::new(&self.name).to_owned(),
            error,
        }
    }
}

/// Says whether a spreadsheet would read a text as a formula.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}
