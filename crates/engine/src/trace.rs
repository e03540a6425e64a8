//! Explanation: why a figure is what it is, as data.
//!
//! A trace is a tree. A step that is a [`Part::Summand`] is one of the amounts that its parent is the sum of, so the
//! summands that have no summands of their own add up to the figure, to the cent. All other steps are details: the
//! conditions, rates and reasons behind an amount.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a walk looks for a few of the many kinds of terms and cells; the printers themselves match all of them"
)]

mod among;
mod amounts;
mod blocks;
mod books;
mod conditions;
mod error;
mod exceptions;
mod exchange;
pub(crate) mod figure;
mod find;
mod ledger;
mod lines;
mod members;
mod period;
mod render;
mod targets;
mod terms;
mod tiers;
mod told;
mod walk;
mod words;

use guerdon_plan::graph::NodeId;
use guerdon_plan::number::Exact;
use guerdon_syntax::{Language, Span, Text};

pub use error::ExplainError;

use crate::evaluate::schedule::Schedule;
use crate::evaluate::{Threads, run};
use crate::facts::Facts;
use crate::plan::{Plan, Run};

/// Explains one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The figure as it was asked for.
    pub figure: String,
    /// The title of the statement, where it has one.
    pub title: Option<String>,
    /// What amounts are counted in: an ISO code, `points`, or nothing.
    pub unit: String,
    /// The language of the rule file, in which the text is printed.
    pub language: Language,
    /// The figure itself.
    pub root: Step,
}

/// One step of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is.
    pub label: Text,
    /// The value as it is shown; none for a step that only says something.
    pub value: Option<String>,
    /// The value as it was computed, with the sign with which it counts; none where it is no number or is not known.
    pub exact: Option<Exact>,
    /// Whether it is one of the amounts that its parent is the sum of.
    pub part: Part,
    /// How it is laid out.
    pub kind: StepKind,
    /// What is said behind the value: "new", "no change", the cause of an error.
    pub note: Text,
    /// Why the statement is there, in the words of the plan.
    pub because: Option<String>,
    /// The paragraph of the policy that the statement names.
    pub reference: Option<String>,
    /// The text of the rules behind it.
    pub span: Option<Span>,
    /// What it is made of, and why.
    pub children: Vec<Step>,
}

/// Says whether a step is one of the amounts that its parent is the sum of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is.
    Summand,
    /// It only says how its parent came about.
    Detail,
}

/// Says how a step is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// As a line of the tree.
    Usual,
    /// What lines come to by the end of the period; printed above its lines.
    ToDate,
    /// What they had come to one period before; printed above the lines.
    Before,
    /// A record behind a value.
    Record,
}

impl Plan {
    /// Explains one figure, named as in a rule file: `commission_pay[p1, 2026-03]`, `commission[D1]`,
    /// `plan.sales[p1, 2026-03]`. Keys may stand in quotes; `due commission[p1, 2026-03]` asks for what came due.
    ///
    /// # Errors
    ///
    /// [`ExplainError`] if there is no such figure, with the nearest name; or if the run ends early. A figure that is
    /// itself an error is explained like any other.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::facts::Facts;
    /// use guerdon::plan::{Plan, Run, Source};
    ///
    /// let rules = r#"
    /// data Seller key name
    ///   name : text
    /// end
    /// data Sale key id
    ///   id     : text
    ///   seller : Seller
    ///   amount : money EUR
    ///   day    : date
    /// end
    /// plan simple
    ///   payee     Seller
    ///   currency  EUR
    ///   effective 2026-01-01 through 2026-12-31
    ///   period    month
    ///   rounding  half-up to 0.01 at each line
    ///   rows mine = Sale where seller is payee
    ///   earn commission for each mine dated day = amount * 5%
    ///   pay total = due commission
    /// end
    /// "#;
    /// let plan = Plan::compile(&[Source::new("simple.guerdon", rules)])?;
    /// let mut facts = Facts::builder(plan.program());
    /// facts.row("Seller").set("name", "Ines");
    /// facts.row("Sale").set("id", "S1").set("seller", "Ines").set("amount", "EUR 200.00").set("day", "2026-03-05");
    /// facts.row("Sale").set("id", "S2").set("seller", "Ines").set("amount", "EUR 100.00").set("day", "2026-03-09");
    /// let facts = facts.finish()?;
    ///
    /// let trace = plan.explain(&facts, &Run::default(), "total[Ines, 2026-03]")?;
    /// let text = trace.to_string();
    /// assert!(text.starts_with("total[Ines, 2026-03] = EUR 15.00\n"), "{text}");
    /// let parts: Vec<String> = trace.root.leaves().iter().filter_map(|leaf| leaf.value.clone()).collect();
    /// assert_eq!(parts, ["EUR 10.00", "EUR 5.00"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, facts: &Facts, options: &Run, figure: &str) -> Result<Trace, ExplainError> {
        // Threads of a host may have small stacks.
        guerdon_syntax::with_stack(|| self.explain_here(facts, options, figure))
    }

    fn explain_here(&self, facts: &Facts, options: &Run, figure: &str) -> Result<Trace, ExplainError> {
        let compiled = self.compiled();
        let asked = figure::read(figure)?;
        let graph = &compiled.graph;
        let every: Vec<NodeId> = (0..graph.nodes.len())
            .map(|place| NodeId(u32::try_from(place).unwrap_or(u32::MAX)))
            .collect();
        let schedule = Schedule::of(graph, &every);
        let through = options.through.unwrap_or_else(|| self.last_day(facts));
        let state = run(
            &compiled.program,
            graph,
            &schedule,
            &compiled.calendars,
            facts,
            through,
            &options.limits,
            Threads(options.threads),
        )?;
        walk::Walk::new(compiled, &state).trace(&asked)
    }
}

impl Step {
    /// Lists the summands that have no summands of their own: together they are the step's value.
    pub fn leaves(&self) -> Vec<&Step> {
        let mut open = vec![self];
        let mut leaves = Vec::new();
        while let Some(step) = open.pop() {
            let before = open.len();
            open.extend(step.summands().rev());
            if open.len() == before {
                leaves.push(step);
            }
        }
        leaves
    }

    /// Lists the amounts that this one is the sum of.
    pub fn summands(&self) -> impl DoubleEndedIterator<Item = &Step> {
        self.children.iter().filter(|child| child.part == Part::Summand)
    }

    pub(crate) fn new(label: Text, part: Part) -> Self {
        Self {
            label,
            value: None,
            exact: None,
            part,
            kind: StepKind::Usual,
            note: Text::default(),
            because: None,
            reference: None,
            span: None,
            children: Vec::new(),
        }
    }

    fn detail(label: Text) -> Self {
        Self::new(label, Part::Detail)
    }

    fn reasoned(mut self, reason: &guerdon_plan::hir::Reason) -> Self {
        self.because.clone_from(&reason.because);
        self.reference.clone_from(&reason.reference);
        self
    }
}
