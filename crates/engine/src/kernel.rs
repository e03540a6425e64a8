//! Kernels: one core term each, over a stretch of cells at a time.
//!
//! A kernel takes its inputs as vectors of the stretch's length, or of length 1 where one value serves all cells, and
//! gives a vector of the stretch's length (of length 1 if all inputs are).

mod align;
mod blend;
mod bounded;
mod compare;
mod dates;
mod days;
mod decide;
mod lanes;
mod logic;
mod masks;
mod outcome;
mod periods;
mod prefer;
mod presence;
mod product;
mod quotient;
pub(crate) mod rank;
mod round;
pub(crate) mod share;
mod slice;
mod sum;
mod versions;

use guerdon_plan::calendar::{Calendar, WorkingDays};
use guerdon_plan::graph::{Graph, NodeId, Op};
use guerdon_plan::types::HolidaysId;

use self::masks::Masks;
use crate::fault::{Fault, Faults};
use crate::vector::{Data, Numbers, Vector};

/// What kernels may look at beside their inputs.
pub(crate) struct Context<'a> {
    /// The graph's tier and decision tables, made ready; see [`Tables::of`].
    pub tables: &'a Tables,
    /// The calendars of the program, by id.
    pub calendars: &'a [Calendar],
    /// The first period of each axis, by axis, as an index.
    pub axis_first: &'a [i32],
    /// How faults are numbered.
    pub faults: Faults,
}

/// The tier and decision tables of a graph, made ready once for all chunks.
#[derive(Default)]
pub(crate) struct Tables {
    slices: Vec<slice::Tiers>,
    decisions: Vec<decide::Rules>,
    holidays: Vec<WorkingDays>,
}

impl Tables {
    /// Makes the tables of a graph ready.
    pub(crate) fn of(graph: &Graph) -> Tables {
        Tables {
            slices: graph.slices.iter().map(slice::Tiers::of).collect(),
            decisions: graph.decisions.iter().map(decide::Rules::of).collect(),
            holidays: graph.holidays.clone(),
        }
    }

    /// Gives a list of holidays.
    fn holidays(&self, list: HolidaysId) -> Option<&WorkingDays> {
        self.holidays.get(list.index())
    }
}

/// What a kernel computes besides its term's own figures: the node for its faults, and the context.
#[derive(Clone, Copy)]
struct Call<'c> {
    node: NodeId,
    context: &'c Context<'c>,
}

impl Call<'_> {
    fn number(self, fault: Fault) -> u32 {
        self.context.faults.number(self.node, fault)
    }
}

/// Computes a term cell by cell. The inputs stand in the order of [`Op::inputs`].
///
/// An input that is a row of a table where a decision table names records by their keys must be given as the vector of
/// those keys.
///
/// Terms that look at other cells or other frames (`Group`, `Before`, `Cumulate`, `Previous`, `Prior`, `At`, `CellOf`,
/// `Find`, `FindCell`, `LastMoment`, `Stored`, the frame's own columns) are not computed here.
pub(crate) fn map<'a>(op: &Op, node: NodeId, inputs: &[Vector<'a>], context: &Context<'_>) -> Vector<'a> {
    let call = Call { node, context };
    match op {
        Op::Const(value) => crate::vector::const_vector(value),
        Op::Sum(terms) => sum::sum(terms, inputs, call),
        Op::Product(factors) => product::product(factors, inputs, call),
        Op::Bounded { limits, .. } => bounded::bounded(limits, inputs),
        Op::Call { function, .. } => bounded::call(*function, inputs),
        Op::And(_) => logic::all(inputs),
        Op::Or(_) => logic::any(inputs),
        Op::Round { mode, step, .. } => round::round(*mode, step, inputs, call),
        Op::Not(_) | Op::Compare { .. } | Op::If { .. } | Op::Prefer { .. } => choice(op, inputs, call),
        Op::IsMissing(_)
        | Op::Otherwise(_)
        | Op::Require(_)
        | Op::Where { .. }
        | Op::Guard { .. }
        | Op::Poison { .. }
        | Op::Recover { .. } => mask(op, inputs, call),
        Op::Slice { table, want, .. } => match context.tables.slices.get(*table) {
            Some(tiers) => tiers.apply(*want, inputs, call),
            None => absent(inputs, call),
        },
        Op::Decide { table, output, .. } => match context.tables.decisions.get(*table) {
            Some(rules) => rules.decide(*output, inputs, call),
            None => absent(inputs, call),
        },
        Op::Dated { versions, .. } => versions::dated(versions, inputs, call),
        Op::Within { .. }
        | Op::FirstDay { .. }
        | Op::LastDay { .. }
        | Op::Containing { .. }
        | Op::Shift { .. }
        | Op::DaysIn { .. }
        | Op::DaysBetween { .. }
        | Op::MonthsBetween { .. }
        | Op::AddDays { .. }
        | Op::AddMonths { .. } => time(op, inputs, call),
        Op::Stored { .. }
        | Op::OwnRow
        | Op::OwnPeriod
        | Op::RunEnd { .. }
        | Op::Origin
        | Op::Item
        | Op::CellOf { .. }
        | Op::At { .. }
        | Op::Find { .. }
        | Op::ExchangeRate { .. }
        | Op::FindCell { .. }
        | Op::LastMoment { .. }
        | Op::Group { .. }
        | Op::Before { .. }
        | Op::Rank { .. }
        | Op::Share { .. }
        | Op::Words(_)
        | Op::Cumulate { .. }
        | Op::Previous(_)
        | Op::Reached(_)
        | Op::Lower(_)
        | Op::Prior { .. } => absent(inputs, call),
    }
}

/// Computes a quotient and rounds it, as [`map`] of the one and then of the other does. The inputs are the quotient's.
pub(crate) fn rounded<'a>(
    (quotient, its): (&Op, NodeId),
    (round, node): (&Op, NodeId),
    inputs: &[Vector<'a>],
    context: &Context<'_>,
) -> Vector<'a> {
    if let (Op::Product(factors), Op::Round { mode, step, .. }) = (quotient, round)
        && let Some(rounded) = quotient::rounded(factors, *mode, step, inputs)
    {
        return rounded;
    }
    let quotient = map(quotient, its, inputs, context);
    map(round, node, &[quotient], context)
}

fn choice<'a>(op: &Op, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    match (op, inputs) {
        (Op::Not(_), [value]) => logic::not(value),
        (Op::Compare { op, .. }, [left, right]) => compare::compare(*op, left, right),
        (Op::If { .. }, [condition, then, otherwise]) => blend::choose(condition, then, otherwise),
        (Op::Prefer { exceptions, .. }, [normal, parts @ ..]) => {
            prefer::prefer(exceptions, normal, parts, call)
        }
        (_, inputs) => absent(inputs, call),
    }
}

fn mask<'a>(op: &Op, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    match (op, inputs) {
        (Op::IsMissing(_), [value]) => presence::is_missing(value),
        (Op::Otherwise(_), operands) => presence::otherwise(operands),
        (Op::Require(_), [value]) => presence::require(value, call),
        (Op::Where { .. }, [value, condition]) => presence::only_where(value, condition),
        (Op::Guard { .. }, [value, condition]) => presence::guard(value, condition, call),
        (Op::Poison { .. }, [value, by]) => presence::poison(value, by),
        (Op::Recover { .. }, [value, otherwise]) => presence::recover(value, otherwise),
        (_, inputs) => absent(inputs, call),
    }
}

fn time<'a>(op: &Op, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let calendars = call.context.calendars;
    let of = |id: &guerdon_plan::types::CalendarId| calendars.get(id.index());
    match (op, inputs) {
        (Op::Within { calendar, .. }, [value, from, through]) => {
            periods::within(value, from, through, of(calendar), call)
        }
        (Op::FirstDay { calendar, .. }, [period]) => periods::first_day(period, of(calendar), call),
        (Op::LastDay { calendar, .. }, [period]) => periods::last_day(period, of(calendar), call),
        (
            Op::Containing {
                calendar,
                unit,
                clamp,
                outside,
                ..
            },
            [day],
        ) => {
            let first = clamp.and_then(|axis| call.context.axis_first.get(axis.index()).copied());
            periods::containing(day, of(calendar), *unit, (first, *outside), call)
        }
        (Op::Shift { by, .. }, [period]) => periods::shift(period, *by, call),
        (Op::MonthsBetween { .. }, [from, to]) => periods::months_between(from, to),
        (Op::DaysIn { count, .. }, [from, through]) => days::days_in(from, through, *count, call),
        (Op::DaysBetween { count, .. }, [from, to]) => days::days_between(from, to, *count, call),
        (Op::AddDays { .. }, [day, days]) => dates::add_days(day, days, call),
        (Op::AddMonths { rule, .. }, [day, months]) => dates::add_months(day, months, *rule, call),
        (_, inputs) => absent(inputs, call),
    }
}

/// Gives the numbers of all inputs; nothing where an input has none.
fn numbers_of<'v, 'a>(inputs: &'v [Vector<'a>]) -> Option<Vec<&'v Numbers<'a>>> {
    let numbers = |input: &'v Vector<'a>| {
        if let Data::Number(numbers) = &input.data {
            Some(numbers)
        } else {
            None
        }
    };
    inputs.iter().map(numbers).collect()
}

/// Gives errors throughout, for a table or input that is not there; a graph that was lowered has no such term.
fn absent<'a>(inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let mut masks = Masks::none(masks::length(inputs));
    masks.fail_all(call.number(Fault::Absent));
    let len = masks.len();
    masks.over(Data::Nothing(len))
}

#[cfg(test)]
mod tests;
