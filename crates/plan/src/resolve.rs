//! Names across files: which declaration a word means in a file.
//!
//! A file sees its own declarations and those of the files it uses, directly or through others. A name means one
//! thing; only constants, tiers, tables and matrices may be declared several times, once for each range of days.

mod collect;
mod uses;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use guerdon_syntax::{FileId, Span};

pub(crate) use self::collect::declared_twice;
pub(crate) use self::uses::{missing, path_from, visible};

use crate::types::{
    CalendarId, ConstantId, DecisionId, EnumId, HolidaysId, PlanId, RatesId, TableId, TiersId,
};

/// Says what a declared name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Declared {
    /// An enum.
    Enum(EnumId),
    /// A data block, or a table read from a file.
    Table(TableId),
    /// A constant.
    Constant(ConstantId),
    /// Tiers.
    Tiers(TiersId),
    /// A decision table or a matrix.
    Decision(DecisionId),
    /// Exchange rates, and the table of their records.
    Rates(RatesId, TableId),
    /// A calendar.
    Calendar(CalendarId),
    /// A list of holidays.
    Holidays(HolidaysId),
    /// A plan.
    Plan(PlanId),
    /// A block whose meaning is not given yet.
    Later(Later),
}

/// Names the blocks whose meaning is not given yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Later {
    /// `contest`.
    Contest,
    /// `award`.
    Award,
    /// `target`.
    Target,
    /// `warning`.
    Warning,
    /// `scorecard`.
    Scorecard,
}

/// Holds one declared name.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The name.
    pub(crate) name: String,
    /// Its second name.
    pub(crate) alias: Option<String>,
    /// What it stands for.
    pub(crate) declared: Declared,
    /// Where the name is first declared.
    pub(crate) span: Span,
    /// The items that declare it; several only for things with versions.
    pub(crate) items: Vec<ItemAt>,
}

/// Names one item of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ItemAt {
    /// The position of the file in the list of files.
    pub(crate) file: usize,
    /// The position of the item in the file.
    pub(crate) item: usize,
}

/// Knows every declared name and who sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    entries: Vec<Entry>,
    by_name: HashMap<String, Vec<usize>>,
    visible: BTreeMap<FileId, BTreeSet<FileId>>,
    broken: BTreeSet<String>,
}

impl Names {
    /// Lists every declared name, in order of declaration.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Finds what a name can mean in a file; more than one only where two used files declare the same name.
    pub(crate) fn lookup(&self, file: FileId, name: &str) -> Vec<&Entry> {
        self.everywhere(name)
            .filter(|entry| self.sees(file, entry.span.file))
            .collect()
    }

    /// Finds the declaration of a name in a file that the given one does not use.
    pub(crate) fn elsewhere(&self, file: FileId, name: &str) -> Option<&Entry> {
        self.everywhere(name)
            .find(|entry| !self.sees(file, entry.span.file))
    }

    /// Lists the names and second names that a file sees.
    pub(crate) fn seen_from(&self, file: FileId) -> impl Iterator<Item = (&str, Declared)> {
        let seen = self
            .entries
            .iter()
            .filter(move |entry| self.sees(file, entry.span.file));
        seen.flat_map(|entry| {
            let names = [Some(entry.name.as_str()), entry.alias.as_deref()];
            names
                .into_iter()
                .flatten()
                .map(move |name| (name, entry.declared))
        })
    }

    /// Says whether declarations of `other` are visible in `file`.
    pub(crate) fn sees(&self, file: FileId, other: FileId) -> bool {
        file == other || self.visible.get(&file).is_some_and(|seen| seen.contains(&other))
    }

    /// Says whether a statement that would have declared the name could not be read.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }

    fn everywhere(&self, name: &str) -> impl Iterator<Item = &Entry> {
        let found = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|at| self.entries.get(*at))
    }
}
