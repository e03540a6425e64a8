//! What the tests of rule files did not reach.
//!
//! A statement is reached if an expectation needs its value; an `earn … for each`, with its cap and shares, only if it
//! then had a line. An exception is reached if its condition was yes for some line or some payee and period; a row of a
//! tier or decision table if some value that an expectation needs fell into it. Values of all payees and periods of a
//! test count, not only of those that an expectation names.

mod cells;
mod statements;

use std::collections::BTreeSet;

use guerdon_plan::hir::{Definition, DefinitionKind, Earn, Exception, Program};
use guerdon_syntax::Span;

pub(super) use self::cells::{mark, wanted};
pub(super) use self::statements::{Needed, needed};

/// A part of the rules that no test reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreached {
    /// What kind of part it is.
    pub part: Part,
    /// Its name; of a cap, a release or a clawback that of the `earn`, of a row that of its table.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A kind of part that a test can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A `let`.
    Let,
    /// A `measure`.
    Measure,
    /// A `carry`.
    Carry,
    /// A `pay`.
    Pay,
    /// An `earn`.
    Earn,
    /// The `cap` of an earn.
    Cap,
    /// The `hold` of an earn.
    Hold,
    /// The `release` of an earn.
    Release,
    /// The `clawback` of an earn.
    Clawback,
    /// The `review` of an earn.
    Review,
    /// The `break down` of an earn.
    BreakDown,
    /// The `amortise` of an earn.
    Amortise,
    /// An exception.
    Exception,
    /// A row of a tier table.
    Tier,
    /// A row of a decision table.
    Row,
}

/// The places of the parts that tests reached.
///
/// A variant repeats the statements of the plan it extends; a place is reached if one of the repetitions is.
#[derive(Debug, Default)]
pub(super) struct Reached(BTreeSet<Span>);

impl Reached {
    /// Notes a place.
    pub(super) fn add(&mut self, span: Span) {
        self.0.insert(span);
    }
}

/// Lists the parts of a program that were not reached, in order of their places.
pub(super) fn unreached(program: &Program, reached: &Reached) -> Vec<Unreached> {
    let mut parts = parts(program);
    parts.retain(|part| !reached.0.contains(&part.span));
    parts.sort_by_key(|part| (part.span, part.part));
    parts.dedup_by_key(|part| (part.span, part.part));
    parts
}

fn parts(program: &Program) -> Vec<Unreached> {
    // What a block writes by itself is reached with the line it stands for; what stands for no line is not told.
    let written = |definition: &&Definition| {
        let plan = program.plan(definition.plan);
        let is_of_head = plan.is_some_and(|plan| plan.naming.span == definition.span);
        !definition.naming.name.contains(' ') && !is_of_head
    };
    let definitions = program
        .definitions
        .iter()
        .filter(written)
        .flat_map(definition_parts);
    let earns = program.earns.iter().flat_map(earn_parts);
    let tiers = program.tiers.iter().flat_map(|tiers| {
        let rows = tiers.versions.iter().flat_map(|version| &version.rows);
        rows.map(|row| part(Part::Tier, &tiers.naming.name, row.span))
    });
    let decisions = program.decisions.iter().flat_map(|decision| {
        let rows = decision.versions.iter().flat_map(|version| &version.rows);
        rows.map(|row| part(Part::Row, &decision.naming.name, row.span))
    });
    definitions.chain(earns).chain(tiers).chain(decisions).collect()
}

fn definition_parts(definition: &Definition) -> Vec<Unreached> {
    let kind = match definition.kind {
        DefinitionKind::Let(_) => Some(Part::Let),
        DefinitionKind::Measure(_) => Some(Part::Measure),
        DefinitionKind::Carry { .. } => Some(Part::Carry),
        DefinitionKind::Pay(_) => Some(Part::Pay),
        DefinitionKind::Streak(_) => None,
    };
    // What a block is written out as has names with blanks; nobody can test it for itself.
    let is_internal = definition.naming.name.contains(' ');
    let kind = kind.filter(|_| !is_internal);
    let own = kind.map(|kind| part(kind, &definition.naming.name, definition.span));
    own.into_iter()
        .chain(exception_parts(&definition.exceptions))
        .collect()
}

fn earn_parts(earn: &Earn) -> Vec<Unreached> {
    let shares = [(Part::Release, &earn.release), (Part::Clawback, &earn.clawback)];
    let shares = shares
        .into_iter()
        .filter_map(|(kind, share)| Some((kind, share.as_ref()?.span)));
    let caps = earn.caps().map(|cap| (Part::Cap, cap.span));
    let hold = earn.hold.as_ref().map(|hold| (Part::Hold, hold.span));
    let review = earn.review.iter().map(|review| (Part::Review, review.span));
    let spread = earn.amortise.iter().map(|spread| (Part::Amortise, spread.span));
    // The amount that is broken down stands for itself.
    let own = match earn.break_down() {
        Some(broken) => (Part::BreakDown, broken.span),
        None => (Part::Earn, earn.span),
    };
    [own]
        .into_iter()
        .chain(caps)
        .chain(hold)
        .chain(shares)
        .chain(review)
        .chain(spread)
        .map(|(kind, span)| part(kind, &earn.naming.name, span))
        .chain(exception_parts(&earn.exceptions))
        .collect()
}

fn exception_parts(exceptions: &[Exception]) -> impl Iterator<Item = Unreached> {
    exceptions
        .iter()
        .map(|exception| part(Part::Exception, &exception.naming.name, exception.span))
}

fn part(part: Part, name: &str, span: Span) -> Unreached {
    Unreached {
        part,
        name: name.to_owned(),
        span,
    }
}
