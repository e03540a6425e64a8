//! The canonical form of what looks at many records: aggregates, running sums, places and shares.

use super::expr::{Printer, unit};
use crate::hir::expr::{
    Aggregate, AggregateOp, Allocation, Depth, Direction, Domain, Expr, Ranking, Running, Source,
};
use crate::types::BinderId;

impl Printer<'_> {
    pub(super) fn aggregate(&self, found: &Aggregate) -> String {
        let value = found.value.as_ref().map(|value| format!(" {}", self.expr(value)));
        let sources: Vec<String> = found.sources.iter().map(|source| self.source(source)).collect();
        let filter = found
            .filter
            .as_ref()
            .map(|filter| format!(" where {}", self.expr(filter)));
        let order: Vec<String> = found
            .order
            .iter()
            .map(|(key, direction)| self.key(key, *direction))
            .collect();
        let order = if order.is_empty() {
            String::new()
        } else {
            format!(" in order of {}", order.join(", "))
        };
        let (op, value, filter) = (
            op_name(found.op),
            value.unwrap_or_default(),
            filter.unwrap_or_default(),
        );
        format!("({op}{value} over {}{filter}{order})", sources.join(", "))
    }

    pub(super) fn key(&self, key: &Expr, direction: Direction) -> String {
        match direction {
            Direction::Ascending => self.expr(key),
            Direction::Descending => format!("{} descending", self.expr(key)),
        }
    }

    pub(super) fn source(&self, source: &Source) -> String {
        format!(
            "{} as {}",
            self.domain(&source.domain),
            self.binder(source.binder)
        )
    }

    pub(super) fn domain(&self, domain: &Domain) -> String {
        match domain {
            Domain::Rows(table) => self.table(*table),
            Domain::Below { of, by, depth } => {
                let word = match depth {
                    Depth::One => "reports",
                    Depth::Every => "team",
                };
                format!("{word} of {} by {}", self.expr(of), self.field_of(of, *by))
            }
            Domain::Periods {
                unit: length, within, ..
            } => {
                format!("{} in {}", unit(*length), self.range(within))
            }
        }
    }

    pub(super) fn running(&self, found: &Running) -> String {
        let name = self.binder(found.binder);
        let filter = found
            .filter
            .as_ref()
            .map(|filter| format!(" where {}", self.expr(filter)));
        let within = if found.within.is_empty() {
            String::new()
        } else {
            format!(" within {}", self.list(&found.within))
        };
        format!(
            "(running sum {} over {} as {name} before {} in order of {}{within}{})",
            self.expr(&found.value),
            self.table(found.table),
            self.expr(&found.row),
            self.list(&found.order),
            filter.unwrap_or_default()
        )
    }

    pub(super) fn ranking(&self, found: &Ranking) -> String {
        let keys: Vec<String> = found
            .keys
            .iter()
            .map(|(key, direction)| self.key(key, *direction))
            .collect();
        format!(
            "(rank of {} by {}{} ties {:?})",
            self.expr(&found.row),
            keys.join(", "),
            self.among(
                (&found.domain, found.binder),
                found.filter.as_ref(),
                &found.within
            ),
            found.ties
        )
    }

    pub(super) fn allocation(&self, found: &Allocation) -> String {
        format!(
            "(share of {} in {} by {}{} step {} rounded {:?} rest {:?} unweighted {:?})",
            self.expr(&found.row),
            self.expr(&found.amount),
            self.expr(&found.weight),
            self.among(
                (&found.domain, found.binder),
                found.filter.as_ref(),
                &found.within
            ),
            found.step,
            found.rounding,
            found.rest,
            found.unweighted
        )
    }

    pub(super) fn among(
        &self,
        (domain, binder): (&Domain, BinderId),
        filter: Option<&Expr>,
        within: &[Expr],
    ) -> String {
        let filter = filter.map(|filter| format!(" where {}", self.expr(filter)));
        let within = if within.is_empty() {
            String::new()
        } else {
            format!(" within {}", self.list(within))
        };
        format!(
            " among {} as {}{}{within}",
            self.domain(domain),
            self.binder(binder),
            filter.unwrap_or_default()
        )
    }
}

fn op_name(op: AggregateOp) -> &'static str {
    match op {
        AggregateOp::Sum => "sum",
        AggregateOp::Count => "count",
        AggregateOp::CountDistinct => "count distinct",
        AggregateOp::Average => "average",
        AggregateOp::Lowest => "lowest",
        AggregateOp::Highest => "highest",
        AggregateOp::Any => "any",
        AggregateOp::All => "all",
        AggregateOp::First => "first",
        AggregateOp::Last => "last",
    }
}
