//! `guerdon explain`: one figure, down to the records and rules that made it.

use crate::Ending;
use crate::arguments::ExplainArguments;
use crate::output::Failure;

/// Explains a figure.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<Ending, Failure> {
    let _ = arguments;
    Ok(Ending::Failure)
}
