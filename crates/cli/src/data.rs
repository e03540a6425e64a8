//! Records: found in a folder, read from CSV into facts.

mod bytes;
pub(crate) mod earlier;
mod progress;
mod records;
mod stretches;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use guerdon::facts::{Facts, FactsBuilder};
use guerdon::plan::Plan;
use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Origin, Table};
use guerdon_plan::types::TableId;
use guerdon_syntax::Code;
use memchr::memchr;
use sha2::{Digest, Sha256};

use crate::output::Failure;
pub(crate) use progress::Progress;
use records::{Record, Records};
use stretches::Stop;

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

impl Input {
    /// Names a file by its content.
    pub(crate) fn of(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            sha256: hash(bytes),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// Reads the records of every table that has a file; those that the plans look at must have one.
///
/// Large files are read by several threads; what is read does not depend on their number.
pub(crate) fn load(
    plan: &Plan,
    folder: &Path,
    threads: u16,
    known_as_of: Option<Date>,
    progress: &Progress,
) -> Result<Loaded, Failure> {
    if !folder.is_dir() {
        return Err(Failure::NoFolder {
            path: folder.to_owned(),
        });
    }
    let program = plan.program();
    let mut builder = Facts::builder(program).known_as_of(known_as_of);
    let mut inputs = Vec::new();
    for (place, table) in program.tables.iter().enumerate() {
        let id = TableId::at(place);
        if table.origin == Origin::Written {
            continue;
        }
        let file = file_of(table);
        let Some(path) = find(plan, table, folder, &file) else {
            if !plan.reads(id) {
                continue;
            }
            return Err(absent(table, file, folder));
        };
        let file = Named {
            path: &path,
            name: &file,
        };
        inputs.push(read_table(
            &mut builder,
            id,
            file,
            usize::from(threads),
            progress,
        )?);
    }
    progress.say("sorting the records");
    let facts = builder.finish().map_err(Failure::Engine)?;
    Ok(Loaded { facts, inputs })
}

/// Names the file of a table: what its `source` or `from` says, otherwise NAME.csv.
fn file_of(table: &Table) -> String {
    match (&table.source, &table.origin) {
        (Some(source), _) => source.file.clone(),
        (None, Origin::File(file)) => file.clone(),
        (None, Origin::Data | Origin::Written) => format!("{}.csv", table.naming.name),
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

fn absent(table: &Table, file: String, folder: &Path) -> Failure {
    let table = table.naming.name.clone();
    let (is_folder, folder) = (folder.join(&file).is_dir(), folder.to_owned());
    if is_folder {
        Failure::DataIsFolder { table, file, folder }
    } else {
        Failure::NoData { table, file, folder }
    }
}

/// A file: where it lies, and its name in the rules.
#[derive(Clone, Copy)]
struct Named<'f> {
    path: &'f Path,
    name: &'f str,
}

fn read_table(
    builder: &mut FactsBuilder<'_>,
    table: TableId,
    file: Named<'_>,
    threads: usize,
    progress: &Progress,
) -> Result<Input, Failure> {
    progress.read(file.name, 0);
    let bytes = bytes::read(file.path, threads).map_err(|error| Failure::Unreadable {
        path: file.path.to_owned(),
        error,
    })?;
    // Hashing needs nothing but the bytes.
    std::thread::scope(|scope| {
        let input = scope.spawn(|| Input::of(file.name, &bytes));
        let read = read_text(builder, table, file, &bytes, threads, progress);
        let input = input.join().unwrap_or_else(|_| Input::of(file.name, &bytes));
        read.map(|()| input)
    })
}

fn read_text(
    builder: &mut FactsBuilder<'_>,
    table: TableId,
    Named { path, name }: Named<'_>,
    bytes: &[u8],
    threads: usize,
    progress: &Progress,
) -> Result<(), Failure> {
    let text = plain_text(path, bytes)?;
    let unclosed = |place: records::Unclosed| Failure::Unclosed {
        path: path.to_owned(),
        row: place.row,
        column: place.column,
    };
    let mut records = Records::of(&text);
    let mut record = Record::default();
    if records.read(&mut record).map_err(unclosed)?.is_none() {
        return Err(Failure::Empty {
            path: path.to_owned(),
        });
    }
    let headings = headings(path, &text, &record)?;
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut loader = builder.text_table(table, &headings, Some(name));
    let read = stretches::load(&mut loader, records, threads, &|rows| progress.read(name, rows));
    read.map_err(|stop| match stop {
        Stop::Unclosed(place) => unclosed(place),
        Stop::Engine(error) => Failure::Engine(error),
    })
}

/// Gives the text of a file without its mark, with line ends that are LF or CRLF.
fn plain_text<'b>(path: &Path, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, Failure> {
    let refused = |code, what, advice| {
        Err(Failure::NotPlain {
            code,
            path: path.to_owned(),
            what,
            advice,
        })
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return refused(Code::D0803, "UTF-16 text", "export the file as \"CSV UTF-8\"");
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return refused(
            Code::D0823,
            "a workbook, not comma-separated values",
            "export the sheet as \"CSV UTF-8\"",
        );
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if memchr(b'\n', text).is_none() && text.contains(&b'\r') {
        let lines = text.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte });
        return Ok(Cow::Owned(lines.collect()));
    }
    Ok(Cow::Borrowed(text))
}

fn headings(path: &Path, text: &[u8], record: &Record) -> Result<Vec<String>, Failure> {
    let cell = |position| record.get(text, position).unwrap_or_default();
    let headings: Vec<String> = (0..record.len())
        .map(|position| String::from_utf8_lossy(cell(position)).trim().to_owned())
        .collect();
    match headings.as_slice() {
        [one] if one.contains([';', '\t']) => Err(Failure::NotPlain {
            code: Code::D0823,
            path: path.to_owned(),
            what: "not comma-separated: its headings are parted by semicolons or tabs",
            advice: "export the file as \"CSV UTF-8 (comma delimited)\"",
        }),
        _ => Ok(headings),
    }
}

/// Gives the SHA-256 of bytes in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
