//! What can be typed after `guerdon`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Commission plans that finance people write, check, test, run and have explained.
///
/// Exit codes: 0 all is well; 1 there is something to mend (a failed test, an error in a rule, a payee that could not be
/// paid); 2 the command was not understood; 3 the command could not do its work.
#[derive(Debug, Parser)]
#[command(name = "guerdon", version, arg_required_else_help = true, after_help = START)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rule files before any data: names, money, tiers without gaps, circles.
    #[command(after_help = CHECK)]
    Check(CheckArguments),
    /// Run the tests that stand in the rule files.
    #[command(after_help = TEST)]
    Test(TestArguments),
    /// Run plans over a folder of records and show what is paid.
    #[command(after_help = RUN)]
    Run(RunArguments),
    /// Compare two versions of a plan over the same records: who changes, by how much, because of which clause.
    #[command(after_help = DIFF)]
    Diff(DiffArguments),
    /// Explain one figure to the cent: what it is made of, and why.
    #[command(after_help = EXPLAIN, override_usage = "guerdon explain [OPTIONS] --data <FOLDER> <FILE>... <FIGURE>")]
    Explain(ExplainArguments),
    /// Put rule files into the common form, or translate their keywords.
    #[command(after_help = FMT)]
    Fmt(FmtArguments),
}

const START: &str = "\
Examples:
  guerdon check plan.guerdon                  is the plan sound?
  guerdon test plan.guerdon                   does it do what its tests say?
  guerdon run plan.guerdon --data records     who is paid what?
  guerdon explain plan.guerdon --data records 'commission_pay[p1, 2026-03]'";

const CHECK: &str = "\
Examples:
  guerdon check plan.guerdon
  guerdon check plan.guerdon --pipeline       what each plan does, step by step, in words
  guerdon check plan.guerdon --liability      the most a person can earn at 80, 100, 120 and 200 % of quota
  guerdon check plan.guerdon --format json    for editors and other programs

Ends with 0 if there is no error, and with 1 if there is one. Each message has a page in docs/errors.";

const TEST: &str = "\
Examples:
  guerdon test plan.guerdon
  guerdon test sellers.guerdon managers.guerdon --format json

Says which statements, tiers and rows of tables no test has reached. Ends with 1 if a test fails.";

const RUN: &str = "\
Examples:
  guerdon run plan.guerdon --data records                      a table of the pay
  guerdon run plan.guerdon --data records --period 2026-03     of one month
  guerdon run plan.guerdon --data records --out march          pay, earnings, accruals, measures and problems as CSV
  guerdon run plan.guerdon --data records --format csv >pay.csv
  guerdon run plan.guerdon --data records --since march/manifest.json --out april    late records and new rules
  guerdon run plan.guerdon --data records --set 'quota = quota * 1.1' --compare      what if quotas were a tenth higher?
  guerdon run plan.guerdon --data records --set 'rate = 6%' --set 'Deal.amount = amount * 0.95'
  guerdon run plan.guerdon --data records --set 'quota[Ann] = quota * 1.1' --set 'prices = \"prices_2027.csv\"' --compare

Ends with 1 if a payee could not be paid or a record could not be read; everybody else is paid all the same.";

const DIFF: &str = "\
Examples:
  guerdon diff plan_2026.guerdon plan_2027.guerdon --data records
  guerdon diff plan_2026.guerdon plan_2027.guerdon --data records --period 2026-Q1
  guerdon diff plan_2026.guerdon plan_2027.guerdon --data records --lines                    down to the records
  guerdon diff plan_2026.guerdon plan_2027.guerdon --data records --format csv >changes.csv

The older rules are turned into the newer ones clause by clause, in the order of the newer file. A column for each clause
says what it is worth to each payee; the columns add up to the change, and so do the rows of the earns below each payee.
What two clauses only do together stands with the later one.";

const EXPLAIN: &str = "\
Examples:
  guerdon explain plan.guerdon --data records 'commission_pay[p1, 2026-03]'
  guerdon explain plan.guerdon --data records 'commission[D17]'       one line of an earn
  guerdon explain plan.guerdon --data records 'quota_reached[p1, 2026-Q1]' --format json";

const FMT: &str = "\
Examples:
  guerdon fmt plan.guerdon                    rewrites the file
  guerdon fmt --check plan.guerdon            only says whether it would change
  guerdon fmt --lang zh plan.guerdon          writes the keywords in Chinese";

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Rule files; the files they `use` are read by themselves.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Say what each plan does, step by step: who is paid, on what, multiplied, capped, rounded, released, paid.
    #[arg(long)]
    pub pipeline: bool,
    /// Say the most that one person can earn at 80, 100, 120 and 200 % of quota, what that assumes, and where the rules
    /// alone do not say.
    #[arg(long)]
    pub liability: bool,
    /// Text for people, CSV of what is asked (the messages where nothing is), or JSON of everything.
    #[arg(long, value_enum, default_value_t = Findings::Text)]
    pub format: Findings,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Rule files; the files they `use` are read by themselves.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Words::Text)]
    pub format: Words,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Rule files; the files they `use` are read by themselves.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The folder of records: NAME.csv for each data block, or what its `source` block names.
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// Show one period: 2026-03, 2026-Q1 or 2026. Earlier ones are computed all the same.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub period: Option<String>,
    /// The first day shown.
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// The last day of the run; without it, the latest day in the records.
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
    /// Use only records known by this day (`data … known FIELD`), so that a past result can be computed again.
    #[arg(long, value_name = "DAY")]
    pub known_as_of: Option<String>,
    /// Write one CSV file a table and a manifest into this folder, whole or not at all.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Post only what differs from an earlier run, by its manifest.json: payable to date less posted, with the cause.
    #[arg(long, value_name = "MANIFEST", conflicts_with_all = ["period", "from", "set", "against"])]
    pub since: Option<PathBuf>,
    /// Say whether a period before the shown ones has changed since an earlier run, by its manifest.json.
    #[arg(long, value_name = "MANIFEST", conflicts_with = "set")]
    pub against: Option<PathBuf>,
    /// What if: set a constant, a let, a measure, a table's value or a column for this run, of one record with its key in
    /// brackets, or the file of a table; may be repeated.
    #[arg(long, value_name = "NAME = FORMULA", conflicts_with = "out")]
    pub set: Vec<String>,
    /// With --set: show who changes, by how much, and what it costs, instead of the pay.
    #[arg(long, requires = "set")]
    pub compare: bool,
    /// With --compare: show the lines of each earn, too: the records in which the change lies.
    #[arg(long, requires = "compare")]
    pub lines: bool,
    /// A table for people, CSV of the pay, or JSON of everything.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
    /// How many threads to use; the result is the same with any number.
    #[arg(long, default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// Keep spreadsheets from reading text cells as formulas: a text that begins like one gets an apostrophe in front.
    #[arg(long)]
    pub spreadsheet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The older rule file; the files it uses are read by themselves.
    #[arg(value_name = "OLD")]
    pub older: PathBuf,
    /// The newer rule file.
    #[arg(value_name = "NEW")]
    pub newer: PathBuf,
    /// The folder of records.
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// Compare one period: 2026-03, 2026-Q1 or 2026. Earlier ones are computed all the same.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub period: Option<String>,
    /// The first day compared.
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// The last day of both runs; without it, the latest day in the records.
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
    /// Use only records known by this day (`data … known FIELD`), so that the change of a past result can be computed.
    #[arg(long, value_name = "DAY", alias = "known-on")]
    pub known_as_of: Option<String>,
    /// Show the lines of each earn, too: the records in which the change lies.
    #[arg(long)]
    pub lines: bool,
    /// A table for people, CSV of the changes, or JSON of everything.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
    /// How many threads to use; the result is the same with any number.
    #[arg(long, default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Rule files, and last the figure: 'commission_pay[p1, 2026-03]'.
    #[arg(required = true, value_name = "FILE")]
    pub files_and_figure: Vec<String>,
    /// The folder of records.
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// The last day of the run; without it, the latest day in the records.
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
    /// Use only records known by this day (`data … known FIELD`).
    #[arg(long, value_name = "DAY")]
    pub known_as_of: Option<String>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Words::Text)]
    pub format: Words,
}

#[derive(Debug, Args)]
pub(crate) struct FmtArguments {
    /// Rule files; the files they `use` are read by themselves.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change nothing; say which files are not in the common form.
    #[arg(long)]
    pub check: bool,
    /// Write keywords in this language.
    #[arg(long, value_enum)]
    pub lang: Option<Tongue>,
    /// Text for people, or JSON for programs: which files change.
    #[arg(long, value_enum, default_value_t = Words::Text)]
    pub format: Words,
}

/// How messages and explanations are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Words {
    /// Text for people.
    #[value(alias = "table")]
    Text,
    /// JSON with a schema version.
    Json,
}

/// How messages and what is said of rules are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Findings {
    /// Text for people.
    #[value(alias = "table")]
    Text,
    /// Comma-separated values.
    Csv,
    /// JSON with a schema version.
    Json,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Text and tables for people.
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON with a schema version.
    Json,
}

/// A language of keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tongue {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Gives the number of threads where none is said: those of the machine.
pub(crate) fn default_threads() -> u16 {
    let available = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u16::try_from(available.min(256)).unwrap_or(1)
}
