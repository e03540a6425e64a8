//! The lines that blocks of every kind may begin with, each at most once.

use guerdon_syntax::ast::{
    Check, CurrencyLine, DateRange, Let, Measure, Name, PeriodLine, PlanStatement, PolicyLine, Population,
    RoundingLine, Rows,
};
use guerdon_syntax::{Sink, Span};

use super::once;

/// Holds the lines of a block that mean in it what they mean in a plan.
#[derive(Default)]
pub(super) struct Heads<'a> {
    /// Whom the block is about.
    pub(super) people: Option<(&'a Population, Span)>,
    /// Its periods.
    pub(super) period: Option<(&'a PeriodLine, Span)>,
    /// From when until when it holds.
    pub(super) effective: Option<(&'a DateRange, Span)>,
    /// What it counts in.
    pub(super) currency: Option<(&'a CurrencyLine, Span)>,
    /// How it rounds; every kind of block rounds at another place.
    pub(super) rounding: Option<(&'a RoundingLine, Span)>,
    /// The names of the author's own statements.
    pub(super) own: Vec<&'a Name>,
}

/// One of these lines.
pub(super) enum Head<'a> {
    People(&'a Population),
    Period(&'a PeriodLine),
    Effective(&'a DateRange),
    Currency(&'a CurrencyLine),
    Rounding(&'a RoundingLine),
    Policy(&'a PolicyLine),
    Rows(&'a Rows),
    Let(&'a Let),
    Measure(&'a Measure),
    Check(&'a Check),
}

impl<'a> Heads<'a> {
    /// Takes a line in and writes it as that of a plan, but for the rounding, which the block applies itself; a second
    /// line of a kind that may be there once is reported.
    pub(super) fn read(
        &mut self,
        head: Head<'a>,
        span: Span,
        statements: &mut Vec<PlanStatement>,
        sink: &mut Sink,
    ) {
        statements.push(match head {
            Head::People(line) => {
                once(sink, &mut self.people, line, span);
                PlanStatement::Payee(line.clone())
            }
            Head::Period(line) => {
                once(sink, &mut self.period, line, span);
                PlanStatement::Period(line.clone())
            }
            Head::Effective(line) => {
                once(sink, &mut self.effective, line, span);
                PlanStatement::Effective(line.clone())
            }
            Head::Currency(line) => {
                once(sink, &mut self.currency, line, span);
                PlanStatement::Currency(line.clone())
            }
            Head::Rounding(line) => return once(sink, &mut self.rounding, line, span),
            Head::Policy(line) => PlanStatement::Policy(line.clone()),
            Head::Rows(line) => PlanStatement::Rows(line.clone()),
            Head::Let(line) => {
                self.own.push(&line.name);
                PlanStatement::Let(line.clone())
            }
            Head::Measure(line) => {
                self.own.push(&line.name);
                PlanStatement::Measure(line.clone())
            }
            Head::Check(line) => PlanStatement::Check(line.clone()),
        });
    }
}
