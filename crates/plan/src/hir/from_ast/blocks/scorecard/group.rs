//! Groups: what the subjects of a card have in common where they are compared with each other.

use guerdon_syntax::ast::{AggregateOp, ChainOp, Direction, Expr, ExprKind, RankTies, Source};

use super::{Card, EACH};
use crate::hir::from_ast::blocks::write::{Keys, Writer};

/// Holds what subjects of one group have in common: measures of each subject, by their names.
pub(super) struct Group {
    keys: Vec<String>,
}

impl Card<'_, '_> {
    /// Writes the measures that tell groups apart.
    pub(super) fn grouped(&mut self, name: &str, within: &[Expr]) -> Group {
        let mut keys = Vec::new();
        for (at, key) in within.iter().enumerate() {
            let measure = format!("{name} group {}", at.saturating_add(1));
            let value = self.of_subject(key);
            self.push(Writer::at(key.span).measure(&measure, value));
            keys.push(measure);
        }
        Group { keys }
    }

    /// Writes a bare field as that of the subject.
    pub(super) fn of_subject(&self, key: &Expr) -> Expr {
        let ExprKind::Name(field) = &key.kind else {
            return key.clone();
        };
        if self.lines.is_statement(&field.text) {
            return key.clone();
        }
        let w = Writer::at(key.span);
        w.expr(ExprKind::Field(Box::new(w.value("subject")), field.clone()))
    }

    /// Writes the place of each subject in its group by the value of a measure; who lacks it takes none.
    pub(super) fn place(
        &self,
        w: Writer,
        group: &Group,
        of: &str,
        direction: Direction,
        ties: RankTies,
    ) -> Option<Expr> {
        let keys = Keys {
            first: each(w, of),
            direction,
            further: Vec::new(),
        };
        let source = self.subjects(w)?;
        let within = group.keys.iter().map(|key| each(w, key)).collect();
        Some(w.rank(keys, source, w.all(self.conditions(w)), within, ties))
    }

    /// Writes the place of each subject in its group by the exact total.
    pub(super) fn place_by_total(&self, w: Writer, group: &Group, ties: RankTies) -> Option<Expr> {
        self.place(w, group, "exact total", Direction::HighestFirst, ties)
    }

    /// Writes how many subjects of a group have a value.
    ///
    /// In a group it is the number of those that are higher, which the place tells, and of those that are not.
    pub(super) fn members(&mut self, w: Writer, group: &Group, of: &str, name: &str) {
        if !group.keys.is_empty() {
            let best = self.place(w, group, of, Direction::HighestFirst, RankTies::Best);
            let last = self.place(w, group, of, Direction::LowestFirst, RankTies::Worst);
            if let (Some(best), Some(last)) = (best, last) {
                let higher = w.pair(best, ChainOp::Subtract, w.number(1));
                self.lenient(w, name, w.pair(higher, ChainOp::Add, last));
            }
            return;
        }
        if let Some(source) = self.subjects(w) {
            let conditions = self.with_value(w, of);
            self.push(w.measure(name, w.count(source, Some(w.all(conditions)))));
        }
    }

    /// Writes the lowest or highest value of a measure in the group.
    pub(super) fn extreme(&self, w: Writer, group: &Group, of: &str, op: AggregateOp) -> Option<Expr> {
        let mut conditions = self.with_value(w, of);
        let own = |key: &String| w.of(key, vec![w.value("subject")]);
        conditions.extend(group.keys.iter().map(|key| w.same(each(w, key), own(key))));
        let value = Some(each(w, of));
        Some(w.aggregate(op, value, self.subjects(w)?, Some(w.all(conditions))))
    }

    fn with_value(&self, w: Writer, of: &str) -> Vec<Expr> {
        let mut conditions = self.conditions(w);
        conditions.push(w.not(w.is_missing(each(w, of))));
        conditions
    }

    fn subjects(&self, w: Writer) -> Option<Source> {
        let (line, _) = self.lines.heads.people?;
        Some(w.source(&line.data, EACH))
    }

    fn conditions(&self, w: Writer) -> Vec<Expr> {
        let filter = self.lines.heads.people.and_then(|(line, _)| line.filter.clone());
        filter.into_iter().map(|filter| w.bracket(filter)).collect()
    }
}

fn each(w: Writer, of: &str) -> Expr {
    w.of(of, vec![w.value(EACH)])
}
