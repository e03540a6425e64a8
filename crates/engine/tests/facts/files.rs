//! Whole files: those of the example plans load without a fault, and those of the message pages with theirs.

use std::fs;
use std::path::{Path, PathBuf};

use guerdon::facts::{Facts, FactsBuilder};
use guerdon_plan::hir::{Origin, Program, Table, from_ast};
use guerdon_plan::types::TableId;
use guerdon_syntax::{Code, Sink, SourceMap, parse};

use crate::fixture::problems;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads rule files that belong together.
fn program(files: &[(String, Vec<u8>)]) -> (Program, Sink) {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let added: Vec<_> = files
        .iter()
        .map(|(name, bytes)| sources.add(name.clone(), bytes).unwrap())
        .collect();
    let trees: Vec<_> = added
        .into_iter()
        .map(|file| parse(&sources, file, &mut sink))
        .collect();
    let program = from_ast::check(&trees, &sources, &mut sink);
    (program, sink)
}

fn load_csv(builder: &mut FactsBuilder<'_>, table: TableId, name: &str, bytes: &[u8]) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headings = reader.headers().unwrap().clone();
    let headings: Vec<&str> = headings.iter().collect();
    let mut loader = builder.text_table(table, &headings, Some(name));
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap() {
        loader
            .push_with(record.len(), |position| record.get(position))
            .unwrap();
    }
}

fn file_names(table: &Table) -> Vec<String> {
    let own = std::iter::once(&table.naming.name)
        .chain(&table.naming.alias)
        .map(|name| format!("{name}.csv"));
    match (&table.source, &table.origin) {
        (Some(source), _) => vec![source.file.clone()],
        (None, Origin::File(file)) => vec![file.clone()],
        (None, Origin::Data | Origin::Written) => own.collect(),
    }
}

/// Loads a folder of rules and data, and gives the facts' problems.
fn load_folder(rules: &Path, data: &[&Path]) -> (usize, Vec<String>) {
    let mut files: Vec<_> = fs::read_dir(rules)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "guerdon"))
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                fs::read(path).unwrap(),
            )
        })
        .collect();
    files.sort();
    // Whether the plans' own statements are right is not asked here: their declarations say what the files hold.
    let (program, _) = program(&files);
    let mut builder = Facts::builder(&program);
    for (table, declared) in program.tables.iter().enumerate() {
        let names = file_names(declared);
        let paths = names
            .iter()
            .flat_map(|name| data.iter().map(move |folder| (name, folder.join(name))));
        for (name, path) in paths.filter(|(_, path)| path.exists()).take(1) {
            load_csv(&mut builder, TableId::at(table), name, &fs::read(path).unwrap());
        }
    }
    let facts = builder.finish().unwrap();
    (
        facts.tables().iter().map(|table| table.len()).sum(),
        problems(&facts),
    )
}

#[test]
fn the_data_of_the_example_plans_load_without_a_fault() {
    for (folder, rows) in [
        ("quickstart", 185),
        ("account_executive", 108),
        ("channel_partner", 46),
        ("sales_manager", 134),
        ("recoverable_draw", 57),
        ("account_executive_zh", 97),
    ] {
        let rules = root().join("examples/rules").join(folder);
        assert_eq!(load_folder(&rules, &[&rules]), (rows, Vec::new()), "{folder}");
    }
}

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
#[test]
fn the_public_data_sets_load_without_a_fault() {
    let shared = std::env::var_os("GUERDON_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    for (folder, set, rows) in [
        ("adventure_works", "AdventureWorks", 10_140),
        ("crm_opportunities", "CRMSalesOpportunities", 11_088),
        ("china_supermarket", "ChinaSupermarket", 2_018),
    ] {
        let data = shared.join("data").join(set);
        if !data.exists() {
            println!("skipped: no public data at {}", data.display());
            continue;
        }
        let rules = root().join("examples/rules").join(folder);
        assert_eq!(
            load_folder(&rules, &[&rules, &data]),
            (rows, Vec::new()),
            "{folder}"
        );
    }
}

/// The blocks of a message page that begin with three back-ticks and a word: the word's line and the text.
fn blocks<'p>(page: &'p str, word: &str) -> Vec<(&'p str, &'p str)> {
    let begin = format!("```{word}");
    let after = page.split(begin.as_str()).skip(1);
    after
        .filter_map(|block| {
            block
                .split_once("```")
                .and_then(|(block, _)| block.split_once('\n'))
        })
        .collect()
}

#[test]
fn the_data_on_the_message_pages_are_refused_with_their_code() {
    let mut seen = Vec::new();
    for code in Code::ALL.iter().filter(|code| code.number().starts_with("D08")) {
        let page = fs::read_to_string(root().join(code.page())).unwrap();
        let rules: Vec<_> = blocks(&page, "guerdon")
            .iter()
            .map(|(_, text)| (*text).to_owned())
            .collect();
        let data = blocks(&page, "csv file=");
        if data.is_empty() {
            continue;
        }
        let (program, sink) = program(&[("page.guerdon".to_owned(), rules.join("\n").into_bytes())]);
        assert!(!sink.has_errors(), "{code}: {:?}", sink.finish());
        for (heading, text) in data {
            let (file, wanted) = heading.split_once(" error=").unwrap();
            let name = file.strip_suffix(".csv").unwrap();
            let table = program
                .tables
                .iter()
                .position(|table| table.naming.name == name)
                .unwrap();
            let mut builder = Facts::builder(&program);
            load_csv(&mut builder, TableId::at(table), file, text.as_bytes());
            let facts = builder.finish().unwrap();
            let is_said = facts
                .problems()
                .iter()
                .any(|problem| problem.code.number() == wanted);
            // What a `check` says of a cell is found out when a plan is run.
            assert_eq!(is_said, *code != Code::D0812, "{code}: {:?}", problems(&facts));
            seen.push(wanted.to_owned());
        }
    }
    assert_eq!(seen.len(), 19);
}
