//! Records: found in a folder, read from CSV into facts.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use guerdon::facts::Facts;
use guerdon::plan::Plan;
use guerdon_plan::hir::{Origin, Table};
use guerdon_plan::types::TableId;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

use crate::output::Failure;

/// Facts, and the files they came from with their hashes.
pub(crate) struct Loaded {
    pub facts: Facts,
    pub inputs: Vec<Input>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
}

/// Reads the records of every table that has a file; those that the plans look at must have one.
pub(crate) fn load(plan: &Plan, folder: &Path) -> Result<Loaded, Failure> {
    if !folder.is_dir() {
        return Err(Failure::NoFolder {
            path: folder.to_owned(),
        });
    }
    let program = plan.program();
    let mut builder = Facts::builder(program);
    let mut inputs = Vec::new();
    let progress = Progress::new();
    for (place, table) in program.tables.iter().enumerate() {
        let id = TableId::at(place);
        let file = file_of(table);
        let Some(path) = find(plan, table, folder, &file) else {
            if !plan.reads(id) {
                continue;
            }
            return Err(Failure::NoData {
                table: table.naming.name.clone(),
                file,
                folder: folder.to_owned(),
            });
        };
        inputs.push(read_table(&mut builder, id, &path, &file, &progress)?);
    }
    progress.finish();
    let facts = builder.finish().map_err(Failure::Engine)?;
    Ok(Loaded { facts, inputs })
}

/// Names the file of a table: what its `source` or `from` says, otherwise NAME.csv.
fn file_of(table: &Table) -> String {
    match (&table.source, &table.origin) {
        (Some(source), _) => source.file.clone(),
        (None, Origin::File(file)) => file.clone(),
        (None, Origin::Data) => format!("{}.csv", table.naming.name),
    }
}

/// Finds the file of a table: beside the rule file if that names it, otherwise in the data folder.
fn find(plan: &Plan, table: &Table, folder: &Path, file: &str) -> Option<PathBuf> {
    let is_named = table.source.is_some() || table.origin != Origin::Data;
    let span = table
        .source
        .as_ref()
        .map_or(table.naming.span, |source| source.span);
    let beside = Path::new(plan.sources().name(span.file))
        .parent()
        .map(|parent| parent.join(file));
    let candidates = [beside.filter(|_| is_named), Some(folder.join(file))];
    candidates.into_iter().flatten().find(|path| path.is_file())
}

fn read_table(
    builder: &mut guerdon::facts::FactsBuilder<'_>,
    table: TableId,
    path: &Path,
    name: &str,
    progress: &Progress,
) -> Result<Input, Failure> {
    let unreadable = |error: std::io::Error| Failure::Unreadable {
        path: path.to_owned(),
        error,
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    let broken = |error: csv::Error| Failure::Broken {
        path: path.to_owned(),
        error,
    };
    if !reader.read_byte_record(&mut record).map_err(broken)? {
        return Err(Failure::Empty {
            path: path.to_owned(),
        });
    }
    let headings: Vec<String> = record
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
        .collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut loader = builder.text_table(table, &headings, Some(name));
    let mut rows: u64 = 0;
    while reader.read_byte_record(&mut record).map_err(broken)? {
        loader
            .push_with(record.len(), |position| record.get(position))
            .map_err(Failure::Engine)?;
        rows = rows.saturating_add(1);
        if rows & 0xFFFF == 0 {
            progress.show(name, rows);
        }
    }
    Ok(Input {
        name: name.to_owned(),
        sha256: hash(&bytes),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    })
}

/// Gives the SHA-256 of bytes in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A line that says how far loading has come, once it takes longer than a second.
pub(crate) struct Progress {
    begun: Instant,
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        Self {
            begun: Instant::now(),
            bar,
        }
    }

    fn show(&self, name: &str, rows: u64) {
        if self.begun.elapsed() > Duration::from_secs(1) {
            self.bar.set_message(format!("reading {name}: {rows} records"));
            self.bar.tick();
        }
    }

    /// Says what is being done, once the whole takes longer than a second.
    pub(crate) fn say(&self, what: &'static str) {
        if self.begun.elapsed() > Duration::from_millis(300) {
            self.bar.set_message(what);
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
