//! What pay is made of: what came due of each earn in the periods that are shown, line by line where that is asked for.

use std::collections::BTreeMap;

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{EarnOutput, Graph, NodeId, Op, PlanOutput};
use guerdon_plan::hir::Sign;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{CalendarId, Scalar, TableId};

use super::{Report, node_of};
use crate::column::Cell;
use crate::error::Error;
use crate::vector::Vector;

/// How many terms of a `pay` statement are looked at: an amount that is named often may be reached in very many ways.
const MOST_TERMS: usize = 10_000;

/// Says how far pay is taken apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// Down to the earns.
    #[default]
    Earns,
    /// Down to their lines.
    Lines,
}

/// Is what came due of one earn, or of one of its lines, for one payee in the periods that are shown.
pub(crate) struct CameDue<'r> {
    /// The plan.
    pub plan: &'r str,
    /// The `pay` statement that pays it.
    pub pay: &'r str,
    /// The earn.
    pub earn: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// The key of the record, or the period of a line without one; empty where lines are not told apart.
    pub line: String,
    /// The amount, with the sign that it counts with.
    pub amount: Exact,
}

/// What a term of a `pay` statement adds.
#[derive(Debug, Clone, Copy)]
enum Added<'r> {
    Lines(&'r EarnOutput),
    /// What is paid of the excess of earlier periods.
    Later(&'r EarnOutput),
}

/// The columns from which the change of a line is read.
struct LineColumns<'r> {
    payee: Vector<'r>,
    period: Vector<'r>,
    row: Option<(TableId, Vector<'r>)>,
    /// What is earned, on the frame of the lines; or what is payable to date, on that of the settlements.
    amount: Vector<'r>,
}

/// Amounts by payee and line.
type Sums = BTreeMap<(usize, String), Exact>;

impl Report<'_> {
    /// Lists what came due of the earns that `pay` statements add up. What is between them and the pay, such as a
    /// minimum, a balance or a conversion, is no part of it; neither is what is not known.
    ///
    /// # Errors
    ///
    /// [`Error::TooWide`] if a sum has more digits than the engine works with.
    pub(crate) fn came_due(&self, depth: Depth) -> Result<Vec<CameDue<'_>>, Error> {
        let mut all = Vec::new();
        for output in &self.compiled.graph.outputs {
            let pays = self
                .plan(output.plan)
                .map_or(&[][..], |plan| plan.pays.as_slice());
            for (id, node) in pays.iter().filter_map(|id| Some((*id, node_of(output, *id)?))) {
                let pay = self
                    .definition(id)
                    .map_or("", |definition| definition.naming.name.as_str());
                for (sign, added) in self.added_by(output, node) {
                    self.push_due(output, pay, (sign, added), depth, &mut all)?;
                }
            }
        }
        Ok(all)
    }

    fn push_due<'r>(
        &'r self,
        output: &'r PlanOutput,
        pay: &'r str,
        (sign, added): (Sign, Added<'_>),
        depth: Depth,
        all: &mut Vec<CameDue<'r>>,
    ) -> Result<(), Error> {
        let (earn, sums) = match added {
            Added::Lines(earn) => (earn, self.due_lines(output, earn, depth)?),
            Added::Later(earn) => (earn, self.due_later(output, earn, depth)?),
        };
        let earn = self.compiled.program.earn(earn.earn);
        for ((payee, line), amount) in sums {
            all.push(CameDue {
                plan: self
                    .plan(output.plan)
                    .map_or("", |plan| plan.naming.name.as_str()),
                pay,
                earn: earn.map_or("", |earn| earn.naming.name.as_str()),
                payee: self.key_text(output.payees, payee),
                line,
                amount: match sign {
                    Sign::Plus => amount,
                    Sign::Minus => amount.neg(),
                },
            });
        }
        Ok(())
    }

    /// Follows a `pay` statement through sums, and through what only holds or rounds an amount, to the earns in it.
    fn added_by<'r>(&'r self, output: &'r PlanOutput, node: NodeId) -> Vec<(Sign, Added<'r>)> {
        let mut found = Vec::new();
        let mut open = vec![(Sign::Plus, node)];
        for _ in 0..MOST_TERMS {
            let Some((sign, node)) = open.pop() else { break };
            if let Some(added) = self.added(output, node) {
                found.push((sign, added));
                continue;
            }
            match self.compiled.graph.node(node).map(|node| &node.op) {
                Some(Op::Sum(terms)) => {
                    let signed = |one: Sign| if one == sign { Sign::Plus } else { Sign::Minus };
                    open.extend(terms.iter().rev().map(|(one, term)| (signed(*one), *term)));
                }
                Some(
                    Op::Where { value, .. }
                    | Op::Guard { value, .. }
                    | Op::Poison { value, .. }
                    | Op::Recover { value, .. }
                    | Op::Round { value, .. }
                    | Op::Bounded { value, .. }
                    | Op::Require(value)
                    | Op::Prefer { normal: value, .. },
                ) => open.push((sign, *value)),
                Some(Op::If { condition, then, .. })
                    if *condition == output.is_payee || *condition == output.is_settled =>
                {
                    open.push((sign, *then));
                }
                Some(Op::Otherwise(values)) => open.extend(values.first().map(|first| (sign, *first))),
                _ => {}
            }
        }
        found
    }

    /// Recognises what came due of an earn.
    fn added<'r>(&'r self, output: &'r PlanOutput, node: NodeId) -> Option<Added<'r>> {
        let graph = &self.compiled.graph;
        output.earns.iter().find_map(|earn| {
            if earn.carried == Some(node) {
                return Some(Added::Later(earn));
            }
            let is_due = match (&graph.node(node)?.op, earn.moments) {
                (Op::Group { value, from, .. }, Some(moments)) => {
                    moments.frame == *from
                        && value.is_some_and(|value| is_change_of(graph, value, moments.paid))
                }
                (Op::Group { value, from, .. }, None) => earn.lines == *from && *value == Some(earn.earned),
                (_, None) => earn.row.is_none() && earn.earned == node,
                (_, Some(_)) => false,
            };
            is_due.then_some(Added::Lines(earn))
        })
    }

    /// Sums what came due of lines from the first to the last period that is shown.
    fn due_lines(&self, output: &PlanOutput, earn: &EarnOutput, depth: Depth) -> Result<Sums, Error> {
        let mut sums = Sums::new();
        let shown = self.shown_periods(output);
        let (Some((_, first)), Some((_, last))) = (shown.first(), shown.last()) else {
            return Ok(sums);
        };
        let columns = self.due_columns(earn);
        for line in 0..self.state.frame_len(earn.lines) {
            let (Cell::Row(payee), Some(amount)) = (
                columns.payee.cell(line),
                self.due_of(earn, &columns, line, (first.index, last.index)),
            ) else {
                continue;
            };
            if !amount.is_zero() {
                let name = match depth {
                    Depth::Earns => String::new(),
                    Depth::Lines => self.line_name(output, &columns, line),
                };
                let payee = usize::try_from(payee).unwrap_or(usize::MAX);
                add(&mut sums, (payee, name), &amount)?;
            }
        }
        Ok(sums)
    }

    fn due_columns(&self, earn: &EarnOutput) -> LineColumns<'_> {
        let table = |row: NodeId| match self.compiled.graph.node(row)?.ty.scalar {
            Scalar::Row(table) => Some((table, self.full(row))),
            _ => None,
        };
        LineColumns {
            payee: self.full(earn.payee),
            period: self.full(earn.period),
            row: earn.row.and_then(table),
            amount: self.full(earn.moments.map_or(earn.earned, |moments| moments.paid)),
        }
    }

    /// Gives what came due of a line between two periods; none where it is not known.
    fn due_of(
        &self,
        earn: &EarnOutput,
        columns: &LineColumns<'_>,
        line: usize,
        (first, last): (i32, i32),
    ) -> Option<Exact> {
        let at = |cell: usize| match columns.amount.cell(cell) {
            Cell::Number(amount) => Some(amount),
            _ => None,
        };
        let Some(moments) = earn.moments else {
            return match columns.period.cell(line) {
                Cell::Period(_, period) if (first..=last).contains(&period) => at(line),
                _ => None,
            };
        };
        let data = self.state.frame_data(moments.frame)?;
        let to_date = |until: i64| {
            let is_by_then = |cell: &usize| data.item(*cell).is_some_and(|period| period <= until);
            match data.of_parent(line).take_while(is_by_then).last() {
                Some(cell) => at(cell),
                None => Some(Exact::ZERO),
            }
        };
        let before = to_date(i64::from(first).checked_sub(1)?)?;
        to_date(i64::from(last))?.sub(&before).ok()
    }

    /// Names a line by its record, or by its period where it has none.
    fn line_name(&self, output: &PlanOutput, columns: &LineColumns<'_>, line: usize) -> String {
        if let Some((table, rows)) = &columns.row
            && let Cell::Row(row) = rows.cell(line)
        {
            return self.key_text(*table, usize::try_from(row).unwrap_or(usize::MAX));
        }
        match columns.period.cell(line) {
            Cell::Period(unit, index) => self.label_in(output, PeriodKey::new(unit, index)),
            _ => String::new(),
        }
    }

    fn label_in(&self, output: &PlanOutput, period: PeriodKey) -> String {
        let calendar = self.plan(output.plan).map_or(CalendarId(0), |plan| plan.calendar);
        self.period_label(calendar, period)
    }

    /// Sums what is paid of the excess of earlier periods: it belongs to no record, but to the period that pays it.
    fn due_later(&self, output: &PlanOutput, earn: &EarnOutput, depth: Depth) -> Result<Sums, Error> {
        let mut sums = Sums::new();
        let Some(carried) = earn.carried.map(|carried| self.full(carried)) else {
            return Ok(sums);
        };
        let payees = self.state.rows(output.payees);
        for (place, period) in self.shown_periods(output) {
            for payee in 0..payees {
                let cell = place.saturating_mul(payees).saturating_add(payee);
                if let Cell::Number(amount) = carried.cell(cell)
                    && !amount.is_zero()
                {
                    let name = match depth {
                        Depth::Earns => String::new(),
                        Depth::Lines => self.label_in(output, period),
                    };
                    add(&mut sums, (payee, name), &amount)?;
                }
            }
        }
        Ok(sums)
    }
}

/// Says whether a term is the change of an amount from one settlement to the next.
pub(crate) fn is_change_of(graph: &Graph, change: NodeId, amount: NodeId) -> bool {
    let mut at = change;
    while let Some(Op::If { otherwise, .. }) = graph.node(at).map(|node| &node.op) {
        at = *otherwise;
    }
    let Some(Op::Sum(terms)) = graph.node(at).map(|node| &node.op) else {
        return false;
    };
    terms.first() == Some(&(Sign::Plus, amount))
}

fn add(sums: &mut Sums, key: (usize, String), amount: &Exact) -> Result<(), Error> {
    let sum = sums.entry(key).or_default();
    *sum = sum.add(amount).map_err(|_| Error::TooWide)?;
    Ok(())
}
