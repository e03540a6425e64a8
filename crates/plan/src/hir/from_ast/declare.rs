//! Declarations: from the surface tree to the schema.
//!
//! Every declared name has its place in the program already; here the places are filled, kind by kind, so that
//! declarations may stand in any order and in any file. A fault costs the row or the cell it is in, and what is left
//! is declared all the same, so that one fault gives one message.

mod axis;
mod calendar;
mod cells;
mod constants;
mod cover;
mod data;
mod enums;
mod fold;
mod hole;
pub(super) mod holidays;
mod kinds;
mod lives;
mod matrix;
mod names;
mod proof;
mod rates;
mod response;
mod sheet;
mod source;
mod tables;
mod tier_rows;
mod tiers;
mod versions;
mod words;

use guerdon_syntax::ast;

pub(super) use cover::MAX_PROOF_STEPS;
pub(crate) use data::reason;
pub(crate) use fold::Folded;

use super::Checker;
use crate::resolve::{Declared, ItemAt};

impl<'a> Checker<'a> {
    /// Fills in everything that the files declare outside programs and tests: enums, data blocks, tables from files,
    /// calendars, constants, tiers, decision tables, matrices and sources.
    ///
    /// The checks of fields are left out; they are expressions.
    pub(crate) fn declare(&mut self) {
        let entries = self.names.entries();
        let all: Vec<(Declared, Vec<&'a ast::Item>)> = entries
            .iter()
            .map(|entry| (entry.declared, self.items_at(&entry.items)))
            .collect();
        all.iter()
            .for_each(|(declared, items)| self.declare_first(*declared, items));
        all.iter()
            .for_each(|(declared, items)| self.declare_values(*declared, items));
        all.iter()
            .for_each(|(declared, items)| self.declare_rows(*declared, items));
        let items: Vec<&'a ast::Item> = self.files.iter().flat_map(|file| &file.items).collect();
        items.iter().for_each(|item| self.declare_source(item));
    }

    fn items_at(&self, places: &[ItemAt]) -> Vec<&'a ast::Item> {
        let files = self.files;
        places
            .iter()
            .filter_map(|at| files.get(at.file)?.items.get(at.item))
            .collect()
    }

    /// Declares what the others refer to.
    fn declare_first(&mut self, declared: Declared, items: &[&'a ast::Item]) {
        match (declared, items) {
            (Declared::Enum(id), [ast::Item::Enum(def)]) => self.enumeration(id, def),
            (Declared::Table(id), [ast::Item::Data(def)]) => self.data(id, def),
            (Declared::Table(id), [ast::Item::Table(def)]) => self.file_table(id, def),
            (Declared::Rates(id, table), [ast::Item::Rates(def)]) => self.rates(id, table, def),
            (Declared::Calendar(id), [ast::Item::Calendar(def)]) => self.calendar(id, def),
            (Declared::Holidays(id), [ast::Item::Holidays(def)]) => self.holidays(id, def),
            (_, _) => {}
        }
    }

    /// Declares constants, which the rows of tables may use.
    fn declare_values(&mut self, declared: Declared, items: &[&'a ast::Item]) {
        if let Declared::Constant(id) = declared {
            let defs = items.iter().filter_map(|item| {
                if let ast::Item::Const(def) = item {
                    Some(def)
                } else {
                    None
                }
            });
            self.constant(id, &defs.collect::<Vec<_>>());
        }
    }

    fn declare_rows(&mut self, declared: Declared, items: &[&'a ast::Item]) {
        if let Declared::Tiers(id) = declared {
            let defs = items.iter().filter_map(|item| {
                if let ast::Item::Tiers(def) = item {
                    Some(def)
                } else {
                    None
                }
            });
            self.tier_table(id, &defs.collect::<Vec<_>>());
        } else if let Declared::Decision(id) = declared {
            self.decision(id, items);
        }
    }

    fn declare_source(&mut self, item: &ast::Item) {
        if let ast::Item::Source(def) = item {
            self.source(def);
        }
    }
}
