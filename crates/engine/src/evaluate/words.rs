//! Texts put together from words and values.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use guerdon_plan::graph::{NodeId, Op, TextPart};
use guerdon_plan::types::Scalar;

use super::State;
use super::cells::{masked, set};
use crate::column::{Cell, TextPool};
use crate::kernel;
use crate::report::Names;
use crate::vector::{Data, Vector};

impl State<'_> {
    /// Computes a term cell by cell: with a kernel, but for texts, which need the keys of records.
    pub(super) fn map<'c>(&self, op: &Op, id: NodeId, inputs: &[Vector<'c>]) -> Vector<'c> {
        match op {
            Op::Words(parts) => self.words(parts, inputs),
            _ => kernel::map(op, id, inputs, &self.context()),
        }
    }

    /// Puts texts together; `values` are those of the parts that have one, in their order.
    fn words<'c>(&self, parts: &[TextPart], values: &[Vector<'_>]) -> Vector<'c> {
        let len = values.iter().map(Vector::len).find(|len| *len != 1).unwrap_or(1);
        let (mut missing, mut errors) = (vec![0; len], vec![0; len]);
        let mut texts = vec![String::new(); len];
        for (cell, text) in texts.iter_mut().enumerate() {
            let error = values
                .iter()
                .map(|value| value.error(cell))
                .find(|error| *error != 0);
            if let Some(error) = error {
                set(&mut errors, cell, error);
            } else if values.iter().any(|value| value.is_missing(cell)) {
                set(&mut missing, cell, 1);
            } else {
                *text = self.text(parts, values, cell);
            }
        }
        let sorted: BTreeSet<&str> = texts.iter().map(String::as_str).collect();
        let pool = TextPool::from_sorted(sorted);
        let codes = texts.iter().map(|text| pool.find(text).unwrap_or(0)).collect();
        masked(Data::Text(Cow::Owned(codes), Arc::new(pool)), missing, errors)
    }

    fn text(&self, parts: &[TextPart], values: &[Vector<'_>], cell: usize) -> String {
        let mut values = values.iter();
        let mut text = String::new();
        for part in parts {
            match part {
                TextPart::Words(words) => text.push_str(words),
                TextPart::Value(node) => {
                    let value = values.next().map_or(Cell::Missing, |value| value.cell(cell));
                    text.push_str(&self.value_text(*node, &value));
                }
            }
        }
        text
    }

    fn value_text(&self, node: NodeId, value: &Cell<'_>) -> String {
        let names = Names {
            program: self.program,
            facts: self.facts,
        };
        let scalar = self
            .graph
            .node(node)
            .map_or(Scalar::Faulty, |node| node.ty.scalar);
        names.cell_text(value, scalar)
    }
}
