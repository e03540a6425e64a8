//! What can be typed after `guerdon`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Commission plans that finance people write, check, test, run and have explained.
///
/// Exit codes: 0 all is well; 1 there is something to mend (a failed test, an error in a rule, a payee that could not be
/// paid); 2 the command was not understood; 3 the command could not do its work.
#[derive(Debug, Parser)]
#[command(name = "guerdon", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rule files before any data: names, money, tiers without gaps, circles.
    Check(CheckArguments),
    /// Run the tests that stand in the rule files.
    Test(TestArguments),
    /// Run plans over a folder of records and show what is paid.
    Run(RunArguments),
    /// Explain one figure to the cent: `guerdon explain PLAN --data FOLDER 'commission_pay[p1, 2026-03]'`.
    Explain(ExplainArguments),
    /// Put rule files into the common form, or translate their keywords.
    Fmt(FmtArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Rule files; the files they `use` are read by themselves.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Rule files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Rule files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The folder of records: NAME.csv for each data block, or what its `source` block names.
    #[arg(long)]
    pub data: PathBuf,
    /// Show one period: 2026-03, 2026-Q1 or 2026. Earlier ones are computed all the same.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub period: Option<String>,
    /// The first day shown.
    #[arg(long)]
    pub from: Option<String>,
    /// The last day of the run; without it, the latest day in the records.
    #[arg(long)]
    pub to: Option<String>,
    /// Write one CSV file a table and a manifest into this folder, whole or not at all.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// A table for people, CSV of the pay, or JSON of everything.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
    /// How many threads to use.
    #[arg(long, default_value_t = default_threads())]
    pub threads: usize,
    /// Keep spreadsheets from reading text cells as formulas: a text that begins like one gets an apostrophe in front.
    #[arg(long)]
    pub spreadsheet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Rule files, and last the figure: 'commission_pay[p1, 2026-03]'.
    #[arg(required = true)]
    pub files_and_figure: Vec<String>,
    /// The folder of records.
    #[arg(long)]
    pub data: PathBuf,
    /// The last day of the run; without it, the latest day in the records.
    #[arg(long)]
    pub to: Option<String>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct FmtArguments {
    /// Rule files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing; say which files are not in the common form.
    #[arg(long)]
    pub check: bool,
    /// Write keywords in this language.
    #[arg(long, value_enum)]
    pub lang: Option<Tongue>,
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

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
