//! What a plan is once it is compiled.

use guerdon_plan::calendar::Calendar;
use guerdon_plan::graph::Graph;
use guerdon_plan::hir::Program;
use guerdon_syntax::{Diagnostic, SourceMap};

use crate::evaluate::schedule::Schedule;

/// A compiled plan: the typed tree for names and reasons, the graph and its order for the evaluation.
pub(crate) struct Compiled {
    pub program: Program,
    pub sources: SourceMap,
    pub graph: Graph,
    pub schedule: Schedule,
    pub calendars: Vec<Calendar>,
    pub warnings: Vec<Diagnostic>,
}
