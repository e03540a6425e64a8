//! Compiled plans: made once from text, shared between threads, evaluated many times.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use std::fmt;
use std::sync::Arc;

use guerdon_plan::calendar::{Calendar, Date, MonthEnd};
use guerdon_plan::graph::from_hir::{Construct, Unsupported, lower};
use guerdon_plan::graph::{Frame, Graph, Op};
use guerdon_plan::hir::Program;
use guerdon_plan::types::{FieldId, PlanId, TableId};
use guerdon_syntax::{Code, Diagnostic, Renderer, Sink, SourceMap, text};

use crate::compiled::Compiled;
use crate::days::latest_day;
use crate::error::Error;
use crate::evaluate::schedule::Schedule;
use crate::evaluate::{Threads, attribution, run};
use crate::facts::Facts;
use crate::limits::Limits;
use crate::report::Report;
use crate::report::{compared_kept, field_checks, placings, rates_kept};

pub use crate::days::{HeldDays, KeptDays};

/// A rule file as text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name by which other files `use` it, and that messages show.
    pub name: String,
    /// The text.
    pub text: Vec<u8>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// Holds checked and compiled plans; cheap to clone, and free to be shared between threads.
#[derive(Clone)]
pub struct Plan {
    compiled: Arc<Compiled>,
}

/// Holds what is wrong with rule files that cannot be compiled.
#[derive(Debug)]
pub struct Rejection {
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
}

/// Says what a run computes and shows.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The last day of the run; without it, the latest day that the facts hold (see [`Plan::last_day`]).
    pub through: Option<Date>,
    /// The first day shown; what lies before is computed all the same.
    pub shown_from: Option<Date>,
    /// What the run may use.
    pub limits: Limits,
    /// How many threads the run may use; 0 and 1 both mean the caller's own.
    pub threads: usize,
}

impl Plan {
    /// Checks and compiles rule files.
    ///
    /// All faults of all files are reported together. Files that others `use` must be in the list too, and so must
    /// the sheets (names that end in `.csv`) that `tiers … from` and `periods from` name.
    ///
    /// # Errors
    ///
    /// [`Rejection`] with every message, if one of them is an error.
    pub fn compile(sources: &[Source]) -> Result<Self, Rejection> {
        // Trees are walked to the depth that the limits allow, which a small stack does not.
        guerdon_syntax::with_stack(|| Self::compile_here(sources))
    }

    fn compile_here(sources: &[Source]) -> Result<Self, Rejection> {
        let mut sink = Sink::default();
        let mut map = SourceMap::default();
        for source in sources {
            if let Err(diagnostic) = map.add(source.name.as_str(), &source.text) {
                sink.push(*diagnostic);
            }
        }
        let files = guerdon_syntax::parse_all(&mut map, &mut sink);
        let program = guerdon_plan::hir::check(&files, &map, &mut sink);
        if !sink.has_errors() {
            guerdon_plan::lint::lint(&program, &mut sink);
        }
        Self::from_program(program, map, sink)
    }

    /// Compiles a checked program, such as one that a tool has changed; `sources` are the texts its spans point into, and
    /// `sink` holds the messages so far.
    ///
    /// # Errors
    ///
    /// [`Rejection`] with every message, if one of them is an error.
    pub fn from_program(program: Program, sources: SourceMap, mut sink: Sink) -> Result<Self, Rejection> {
        if !sink.has_errors() {
            let plans: Vec<PlanId> = (0..program.plans.len()).map(PlanId::at).collect();
            match lower(&program, &plans, &[]) {
                Ok(graph) => {
                    let schedule = Schedule::of(&graph, &kept(&graph));
                    let calendars = program.calendars.iter().map(|def| def.calendar.clone()).collect();
                    let warnings = sink.finish();
                    let compiled = Compiled {
                        program,
                        sources,
                        graph,
                        schedule,
                        calendars,
                        warnings,
                    };
                    return Ok(Self {
                        compiled: Arc::new(compiled),
                    });
                }
                Err(refused) => refused.iter().for_each(|refused| sink.push(diagnostic(*refused))),
            }
        }
        Err(Rejection {
            sources,
            diagnostics: sink.finish(),
        })
    }

    /// Runs the plans over facts.
    ///
    /// # Errors
    ///
    /// [`Error`] if a limit is reached or the host stops the run. What is wrong with single records or payees is in
    /// the report.
    pub fn evaluate<'a>(&'a self, facts: &'a Facts, options: &'a Run) -> Result<Report<'a>, Error> {
        // Threads of a host may have small stacks.
        guerdon_syntax::with_stack(|| self.evaluate_here(facts, options))
    }

    fn evaluate_here<'a>(&'a self, facts: &'a Facts, options: &'a Run) -> Result<Report<'a>, Error> {
        let compiled = &*self.compiled;
        let through = options.through.unwrap_or_else(|| self.last_day(facts));
        let state = run(
            &compiled.program,
            &compiled.graph,
            &compiled.schedule,
            &compiled.calendars,
            facts,
            through,
            &options.limits,
            Threads(options.threads),
        )?;
        Ok(Report::new(compiled, state, options.shown_from))
    }

    /// Gives the day through which a run goes if nobody says: the latest day that the plans' own fields hold, but at
    /// the most twelve months after the last effective day of any plan.
    pub fn last_day(&self, facts: &Facts) -> Date {
        self.last_day_by(|table, field| latest_day(facts.column(table, field)?, self.calendars()))
    }

    /// Finds the last day by the latest day of each column that matters.
    pub(crate) fn last_day_by(&self, mut latest: impl FnMut(TableId, FieldId) -> Option<Date>) -> Date {
        let compiled = &*self.compiled;
        let program = &compiled.program;
        let read = compiled.graph.nodes.iter().filter_map(|node| match &node.op {
            // Exchange rates may be known for longer than anything is paid.
            Op::Stored { table, .. } if program.rates.iter().any(|rates| rates.table == *table) => None,
            Op::Stored { table, field } => latest(*table, *field),
            _ => None,
        });
        // Where records are only looked up by key, their keys are all that says how far they go.
        let latest = read.max().or_else(|| self.last_key(&mut latest));
        let first = program.plans.iter().filter_map(|plan| plan.effective.from).max();
        let latest = latest.into_iter().chain(first).max().unwrap_or(Date::FIRST);
        let ends: Option<Vec<Date>> = program.plans.iter().map(|plan| plan.effective.through).collect();
        let end = ends.and_then(|ends| ends.into_iter().max());
        match end.and_then(|end| end.add_months(12, MonthEnd::LastDay).ok()) {
            Some(most) => latest.min(most),
            None => latest,
        }
    }

    pub(crate) fn calendars(&self) -> &[Calendar] {
        &self.compiled.calendars
    }

    fn last_key(&self, mut latest: impl FnMut(TableId, FieldId) -> Option<Date>) -> Option<Date> {
        let compiled = &*self.compiled;
        let found = compiled.graph.nodes.iter().filter_map(|node| match &node.op {
            Op::Find { table, .. } => Some((*table, compiled.program.table(*table)?)),
            _ => None,
        });
        let keys = found.flat_map(|(table, schema)| schema.key.iter().map(move |field| (table, *field)));
        keys.filter_map(|(table, field)| latest(table, field)).max()
    }

    /// Says whether the plans read a table at all.
    pub fn reads(&self, table: TableId) -> bool {
        let graph = &self.compiled.graph;
        graph.nodes.iter().any(|node| match &node.op {
            Op::Stored { table: read, .. } | Op::Find { table: read, .. } => *read == table,
            _ => match graph.frame(node.frame) {
                Some(Frame::Rows(rows) | Frame::Cells { rows, .. }) => *rows == table,
                Some(Frame::Single | Frame::Axis(_) | Frame::Selected { .. } | Frame::Expanded { .. })
                | None => false,
            },
        })
    }

    /// Gives the checked program.
    pub fn program(&self) -> &Program {
        &self.compiled.program
    }

    /// Gives the texts it was compiled from, for messages.
    pub fn sources(&self) -> &SourceMap {
        &self.compiled.sources
    }

    /// Gives the warnings and notes of the compilation.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.compiled.warnings
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }
}

/// Lists the nodes that a report shows.
fn kept(graph: &Graph) -> Vec<guerdon_plan::graph::NodeId> {
    graph
        .outputs
        .iter()
        .flat_map(guerdon_plan::graph::PlanOutput::nodes)
        .chain(graph.roots.iter().copied())
        .chain(attribution::kept(graph))
        .chain(rates_kept(graph))
        .chain(compared_kept(graph))
        .chain(field_checks(graph).map(|check| check.condition))
        .chain(placings(graph).flat_map(|placing| [placing.period, placing.day]))
        .collect()
}

fn diagnostic(refused: Unsupported) -> Diagnostic {
    let (code, message) = match refused.what {
        Construct::ManyParameters => (
            Code::E0223,
            text!(
                "a value for each pair of two records has no value of the period before",
                "两条记录的每一对上的数值没有上期的值"
            ),
        ),
        Construct::CarryThroughAggregate => (
            Code::E0401,
            text!(
                "a balance cannot build on others' balances of the period before: a measure of this period's records can",
                "结转不能依赖他人的上期结余；请用本期记录的度量"
            ),
        ),
        Construct::StackOutsideLine => (
            Code::E0206,
            text!(
                "\"stacked\" needs the lines of an \"earn … for each\"",
                "“累计按”只能用在“计提 … 逐条”里"
            ),
        ),
        Construct::OpenGroup => (
            Code::E0206,
            text!(
                "nothing ties the records to the one that this line is about",
                "没有条件把这些记录与本行所述的记录联系起来"
            ),
        ),
        Construct::Circle => (
            Code::E0401,
            text!(
                "this value needs itself within one period",
                "这个数值在同一周期内依赖自身"
            ),
        ),
        Construct::Faulty => (Code::E0217, text!("this cannot be computed", "无法计算这一项")),
    };
    Diagnostic::error(code, message).primary(refused.span, text!("here", "此处"))
}

impl Rejection {
    /// Gives the messages, in order of their places.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Gives the texts that the messages point into.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::default();
        for diagnostic in &self.diagnostics {
            writeln!(f, "{}", renderer.render(diagnostic, &self.sources))?;
        }
        Ok(())
    }
}

impl std::error::Error for Rejection {}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self
            .compiled
            .program
            .plans
            .iter()
            .map(|plan| plan.naming.name.as_str());
        f.debug_list().entries(names).finish()
    }
}
