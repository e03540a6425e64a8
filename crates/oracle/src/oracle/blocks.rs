//! Contests, warnings and scorecards once more, read from how they are written.
//!
//! A block reaches both evaluators as a plan that is written out by rule, so that neither would notice a wrong rule. Here
//! the tree of the block itself is read: places by counting who is better, prizes place by place, levels by a loop over
//! the periods, totals by plain sums. Only the figures it begins with (a score, a condition, a raw value's points) are
//! those of the plan. Where one of them is an error nothing is said.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::Block;
use guerdon_plan::types::{DefinitionId, PlanId};
use guerdon_syntax::{Sink, SourceMap, ast, parse_all};
use num_traits::Zero;

use super::Oracle;
use crate::value::{Cell, ErrorKind, Number, V, add, whole};

mod contest;
mod scorecard;
mod warning;

/// Holds a cell of which the block as it is written says something else than the plan that it is written out as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The cell.
    pub cell: String,
    /// What the plan says.
    pub written_out: String,
    /// What the block says.
    pub as_written: String,
}

/// Lists the blocks of a rule file.
#[must_use]
pub fn trees(name: &str, text: &str) -> Vec<ast::Item> {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    if sources.add(name, text.as_bytes()).is_err() {
        return Vec::new();
    }
    let files = parse_all(&mut sources, &mut sink).into_iter();
    let is_block = |item: &ast::Item| {
        matches!(
            item,
            ast::Item::Contest(_) | ast::Item::Award(_) | ast::Item::Warning(_) | ast::Item::Scorecard(_)
        )
    };
    files.flat_map(|file| file.items).filter(is_block).collect()
}

/// Holds a block with what is needed to ask for its figures.
struct Reader<'o, 'a> {
    oracle: &'o Oracle<'a>,
    plan: PlanId,
    name: &'a str,
    found: Vec<Disagreement>,
}

impl Oracle<'_> {
    /// Compares blocks as they are written with the plans that they are written out as.
    #[must_use]
    pub fn disagreements(&self, trees: &[ast::Item]) -> Vec<Disagreement> {
        let mut found = Vec::new();
        for (place, plan) in self.program.plans.iter().enumerate() {
            let mut reader = Reader {
                oracle: self,
                plan: PlanId::at(place),
                name: &plan.naming.name,
                found: Vec::new(),
            };
            for tree in trees {
                match (tree, &plan.block) {
                    (ast::Item::Contest(tree), Some(Block::Contest(block)))
                        if tree.name.text == reader.name =>
                    {
                        reader.contest(tree, block);
                    }
                    (ast::Item::Warning(tree), Some(Block::Warning(block)))
                        if tree.name.text == reader.name =>
                    {
                        reader.warning(tree, block);
                    }
                    (ast::Item::Scorecard(tree), Some(Block::Scorecard(block)))
                        if tree.name.text == reader.name =>
                    {
                        reader.scorecard(tree, block);
                    }
                    (_, _) => {}
                }
            }
            found.extend(reader.found);
        }
        found
    }
}

impl Oracle<'_> {
    /// Lists whom a block is about in a period, and of whom that is in doubt.
    pub(crate) fn subjects_in_doubt(&self, plan: PlanId, period: PeriodKey) -> Vec<V> {
        let rows = self.payee_rows(plan).unwrap_or_default().into_iter();
        rows.filter(|row| self.is_payee(plan, row, period) != Ok(false))
            .collect()
    }

    /// Gives a figure of a record in a period, with those arguments that its statement has.
    pub(crate) fn of_subject(&self, id: DefinitionId, row: &V, period: PeriodKey) -> Cell {
        let definition = self.program.definition(id).ok_or(ErrorKind::NotEvaluable)?;
        let args = definition.params.iter().map(|param| {
            if self.table_of(*param).is_ok() {
                row.clone()
            } else {
                V::Period(period)
            }
        });
        self.definition(id, args.collect())
    }
}

impl Reader<'_, '_> {
    /// Lists the periods of the block.
    fn periods(&self) -> Vec<PeriodKey> {
        let window = self.oracle.window(self.plan);
        window.map_or_else(Vec::new, |window| window.horizon.periods().collect())
    }

    /// Lists whom the block is about in a period.
    fn subjects(&self, period: PeriodKey) -> Result<Vec<V>, ErrorKind> {
        let mut found = Vec::new();
        for row in self.oracle.payee_rows(self.plan)? {
            if self.oracle.is_payee(self.plan, &row, period)? {
                found.push(row);
            }
        }
        Ok(found)
    }

    fn cell(&self, id: DefinitionId, row: &V, period: PeriodKey) -> Cell {
        self.oracle.of_subject(id, row, period)
    }

    fn number(&self, id: DefinitionId, row: &V, period: PeriodKey) -> Result<Option<Number>, ErrorKind> {
        match self.cell(id, row, period)? {
            Some(V::Number(number)) => Ok(Some(number)),
            Some(_) => Err(ErrorKind::NotEvaluable),
            None => Ok(None),
        }
    }

    fn holds(&self, id: DefinitionId, row: &V, period: PeriodKey) -> Result<bool, ErrorKind> {
        match self.cell(id, row, period)? {
            Some(V::Bool(holds)) => Ok(holds),
            Some(_) | None => Err(ErrorKind::NotEvaluable),
        }
    }

    /// Finds a statement of the block's plan.
    fn named(&self, name: &str) -> Option<DefinitionId> {
        let definitions = self.oracle.program.definitions.iter();
        let place = definitions
            .enumerate()
            .find(|(_, found)| found.plan == self.plan && found.naming.name == name)?
            .0;
        Some(DefinitionId::at(place))
    }

    /// Notes a difference between a figure of the plan and one of the block.
    fn expect(&mut self, what: &str, row: &V, period: PeriodKey, (written_out, as_written): (&Cell, &Cell)) {
        if written_out == as_written {
            return;
        }
        let (program, records) = (self.oracle.program(), self.oracle.records());
        let text = |cell: &Cell| crate::words::cell_text(program, records, cell);
        let row = crate::words::value_text(program, records, row);
        self.found.push(Disagreement {
            cell: format!("{}.{what}[{row}, period {}]", self.name, period.index),
            written_out: text(written_out),
            as_written: text(as_written),
        });
    }
}

/// Reads a number, percent or amount.
fn figure(literal: &ast::Literal) -> Option<Number> {
    let (ast::LiteralKind::Number(decimal)
    | ast::LiteralKind::Percent(decimal)
    | ast::LiteralKind::Money(_, decimal)) = &literal.kind
    else {
        return None;
    };
    let digits: num_bigint::BigInt = decimal.digits.parse().ok()?;
    let power = num_bigint::BigInt::from(10).pow(decimal.exponent.unsigned_abs());
    let read = if decimal.exponent < 0 {
        Number::new(digits, power)
    } else {
        Number::from_integer(digits.checked_mul(&power)?)
    };
    Some(if decimal.is_negative {
        crate::value::sub(&whole(0), &read)
    } else {
        read
    })
}

fn sum<'n>(numbers: impl IntoIterator<Item = &'n Number>) -> Number {
    numbers
        .into_iter()
        .fold(Number::zero(), |total, number| add(&total, number))
}
