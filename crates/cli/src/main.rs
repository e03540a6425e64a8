//! The `guerdon` command line: check, test, run and explain commission plans.

mod arguments;
mod command;
mod data;
mod output;
mod rules;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is well.
    Fine,
    /// There is something to mend: a failed test, an error in a rule, a payee that could not be paid.
    Findings,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Fine => Self::SUCCESS,
            Ending::Findings => Self::from(1),
        }
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            // Nothing can be said where even this cannot be printed.
            let _ = error.print();
            return if is_help {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            };
        }
    };
    let ending = match arguments.command {
        Command::Check(check) => command::check::run(&check),
        Command::Test(test) => command::test::run(&test),
        Command::Run(run) => command::run::run(&run),
        Command::Diff(diff) => command::diff::run(&diff),
        Command::Explain(explain) => command::explain::run(&explain),
        Command::Fmt(fmt) => command::fmt::run(&fmt),
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(failure) => {
            output::complain(&failure.to_string());
            if failure.is_usage() {
                ExitCode::from(2)
            } else {
                ExitCode::from(3)
            }
        }
    }
}
