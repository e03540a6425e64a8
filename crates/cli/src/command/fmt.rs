//! `guerdon fmt`: the common form of rule files.

use crate::Ending;
use crate::arguments::FmtArguments;
use crate::output::Failure;

/// Formats rule files.
pub(crate) fn run(arguments: &FmtArguments) -> Result<Ending, Failure> {
    let _ = arguments;
    Ok(Ending::Failure)
}
