//! The output folder: tables and a manifest, written whole or not at all.
//!
//! Everything is written into a new folder beside the wanted one and put in its place by renaming; so a reader finds
//! either a complete result or none.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Failure;
use super::tables::{SCHEMA_VERSION, Table};
use crate::data::Input;

/// The file that names all others; a folder without it is no result of ours.
const MANIFEST: &str = "manifest.json";

/// What a run writes, and what it was made from.
pub(crate) struct Written<'w> {
    pub rules: &'w [Input],
    pub inputs: &'w [Input],
    pub through: String,
    pub shown_from: Option<String>,
    /// The day by which records must have become known, if one was asked for.
    pub known_as_of: Option<String>,
    pub is_complete: bool,
    pub tables: Vec<Table>,
}

#[derive(Serialize)]
struct Manifest {
    schema_version: u32,
    engine: &'static str,
    language_version: u32,
    through: String,
    shown_from: Option<String>,
    known_as_of: Option<String>,
    complete: bool,
    rules: Vec<Hashed>,
    inputs: Vec<Hashed>,
    outputs: Vec<Hashed>,
}

#[derive(Serialize, Deserialize)]
struct Hashed {
    name: String,
    sha256: String,
    bytes: u64,
}

/// As much of an earlier manifest as tells which files are ours.
#[derive(Deserialize)]
struct Earlier {
    engine: String,
    outputs: Vec<Hashed>,
}

/// Refuses a place where a result must not be put: a file, or a folder with files that no run has written.
pub(crate) fn check(folder: &Path) -> Result<(), Failure> {
    let foreign = |found: String| Failure::Foreign {
        path: folder.to_owned(),
        found,
    };
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(Failure::Unwritable {
            path: folder.to_owned(),
            error: io::Error::other("it is a file, not a folder"),
        });
    }
    let ours = ours(folder);
    let entries = fs::read_dir(folder).map_err(unwritable(folder))?;
    let mut names: Vec<String> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unwritable(folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    match names.into_iter().find(|name| !ours.contains(name)) {
        Some(name) => Err(foreign(name)),
        None => Ok(()),
    }
}

/// Writes a result into a folder, in the place of an earlier one.
pub(crate) fn write(folder: &Path, written: Written<'_>) -> Result<(), Failure> {
    check(folder)?;
    let mut files: Vec<(String, Vec<u8>)> = written
        .tables
        .into_iter()
        .map(|table| (format!("{}.csv", table.name), table.bytes))
        .collect();
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        engine: env!("CARGO_PKG_VERSION"),
        language_version: 1,
        through: written.through,
        shown_from: written.shown_from,
        known_as_of: written.known_as_of,
        complete: written.is_complete,
        rules: written.rules.iter().map(Hashed::of).collect(),
        inputs: written.inputs.iter().map(Hashed::of).collect(),
        outputs: hashed(&files),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(Failure::Json)?;
    text.push(b'\n');
    files.push((MANIFEST.to_owned(), text));
    place(folder, &files)
}

impl Hashed {
    fn of(input: &Input) -> Self {
        Self {
            name: input.name.clone(),
            sha256: input.sha256.clone(),
            bytes: input.bytes,
        }
    }
}

/// Names files by their content, each on a thread of its own.
fn hashed(files: &[(String, Vec<u8>)]) -> Vec<Hashed> {
    let hash = |(name, bytes): &(String, Vec<u8>)| Hashed::of(&Input::of(name, bytes));
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| (file, scope.spawn(move || hash(file))))
            .collect();
        let hashes = threads
            .into_iter()
            .map(|(file, thread)| thread.join().unwrap_or_else(|_| hash(file)));
        hashes.collect()
    })
}

/// Lists the files that an earlier run has written into a folder; none where no manifest says so.
fn ours(folder: &Path) -> BTreeSet<String> {
    let earlier = fs::read(folder.join(MANIFEST))
        .ok()
        .and_then(|text| serde_json::from_slice::<Earlier>(&text).ok())
        .filter(|earlier| !earlier.engine.is_empty());
    let Some(earlier) = earlier else {
        return BTreeSet::new();
    };
    let outputs = earlier.outputs.into_iter().map(|output| output.name);
    outputs.chain([MANIFEST.to_owned()]).collect()
}

/// Writes files into a new folder and puts it in the place of the wanted one.
fn place(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(unwritable(&parent))?;
    let draft = tempfile::Builder::new()
        .prefix(".guerdon-")
        .tempdir_in(&parent)
        .map_err(unwritable(&parent))?;
    write_all(draft.path(), files)?;
    let old = match folder.exists() {
        true => Some(set_aside(folder, &parent)?),
        false => None,
    };
    let draft = draft.keep();
    if let Err(error) = fs::rename(&draft, folder) {
        if let Some(old) = &old {
            // The earlier result goes back; if even that fails, it is left where it was set aside.
            let _ = fs::rename(old.path().join("result"), folder);
        }
        let _ = fs::remove_dir_all(&draft);
        return Err(unwritable(folder)(error));
    }
    // A name that is not yet on the disk is lost only with the machine; folders cannot be synced everywhere.
    let _ = File::open(&parent).and_then(|parent| parent.sync_all());
    Ok(())
}

/// Writes files and waits until they are on the disk: for all at once, since that takes longer than writing.
fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        let mut file = File::create(&path).map_err(unwritable(&path))?;
        file.write_all(bytes).map_err(unwritable(&path))?;
        file.sync_all().map_err(unwritable(&path))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|(name, bytes)| (name, scope.spawn(move || write(name, bytes))))
            .collect();
        for (name, thread) in threads {
            let stopped = |_| {
                Err(unwritable(&folder.join(name))(io::Error::other(
                    "a thread has stopped",
                )))
            };
            thread.join().unwrap_or_else(stopped)?;
        }
        Ok(())
    })
}

fn set_aside(folder: &Path, parent: &Path) -> Result<tempfile::TempDir, Failure> {
    let old = tempfile::Builder::new()
        .prefix(".guerdon-old-")
        .tempdir_in(parent)
        .map_err(unwritable(parent))?;
    fs::rename(folder, old.path().join("result")).map_err(unwritable(folder))?;
    Ok(old)
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Failure::Unwritable {
        path: path.clone(),
        error,
    }
}
