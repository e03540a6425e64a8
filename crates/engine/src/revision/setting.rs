//! What-if: a value that is set for one run.

mod keyed;

use std::collections::BTreeMap;

use guerdon_plan::hir::BinderDomain;
use guerdon_plan::types::{FieldId, TableId};
use guerdon_syntax::format::{FormatError, format};
use guerdon_syntax::{Diagnostic, Language, Sink, SourceMap, Span, parse, text};
use thiserror::Error as ThisError;

use self::keyed::Condition;
pub(super) use self::keyed::Wanted;
use super::pieces::{Part, Piece, Script, Spot};
use super::{Change, Clause, Place, Revision, Stage};
use crate::column::Column;
use crate::error::Error;
use crate::facts::Facts;
use crate::plan::{Plan, Rejection, Run, Source};

/// The name of the measure that computes a column, and of its record.
const COLUMN: &str = "value_that_is_set";
const RECORD: &str = "record_that_is_set";

/// Says why a value cannot be set.
#[derive(Debug, ThisError)]
pub enum SettingError {
    /// Reports a text that is no `name = formula`.
    #[error(
        "\"{given}\" sets nothing\n  write a name, \"=\" and a formula, such as \"quota = quota * 1.1\", or \"quota[Ann] = quota \
         * 1.1\" for one record"
    )]
    NoSetting {
        /// The text.
        given: String,
    },
    /// Reports a formula that cannot be read.
    #[error("\"{given}\" cannot be read\n{}", shown(.diagnostics, .sources))]
    Unreadable {
        /// The text.
        given: String,
        /// What is wrong.
        diagnostics: Vec<Diagnostic>,
        /// The text that the messages point into.
        sources: SourceMap,
    },
    /// Reports a name that nothing has that can be set.
    #[error(
        "there is no constant, let, measure, table or column \"{name}\" to set\n  a column is written with its record: \
         \"Deal.amount\"; these can be set: {known}"
    )]
    Unknown {
        /// The name.
        name: String,
        /// Some of the names that can be set.
        known: String,
    },
    /// Reports a column that cannot be set: a key, or one of several values.
    #[error("\"{name}\" cannot be set: {why}")]
    Fixed {
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// Reports rules that are not sound with the value.
    #[error("with \"{given}\" the rules are not sound\n{rejection}")]
    Rejected {
        /// The setting.
        given: String,
        /// What is wrong.
        rejection: Box<Rejection>,
    },
}

/// Is a column whose values are computed by a measure of other rules.
#[derive(Clone)]
pub(crate) struct Replaced {
    table: TableId,
    field: FieldId,
    plan: Plan,
    /// The record that alone is set.
    wanted: Option<Wanted>,
}

/// Rules in which a value is set.
struct Applied {
    plan: Plan,
    place: Option<Place>,
    /// The records that must be there.
    wanted: Vec<Wanted>,
}

/// A setting, read: the name, and the formula in English keywords.
struct Setting<'s> {
    given: &'s str,
    name: String,
    /// The keys of the records and the periods that alone are set; none where all are.
    keys: Vec<String>,
    value: String,
}

impl Revision {
    /// Sets values for one run, one after the other: `quota = quota * 1.1`, `base_rate = 5%`, `Deal.amount = amount / 2`.
    ///
    /// The formula of a `let` or `measure` may use whatever that may, and its own name for what it is without the
    /// setting, exceptions included; a setting without its own name replaces those too, as `with` does in a test. That
    /// of a column, or of a table of one value, may use the fields of the record. With keys, as in
    /// `quota[Ann, 2026-03] = EUR 5,000` or `Deal[D1].amount = amount / 2`, only these records and periods are set. A table
    /// from a file may be given another file: `quota = "quota_2027.csv"`.
    ///
    /// # Errors
    ///
    /// [`SettingError`], where nothing has the name, or the rules are not sound with the value.
    pub fn setting(plan: &Plan, settings: &[String]) -> Result<Self, SettingError> {
        let mut stages: Vec<Stage> = Vec::new();
        let mut current = plan.clone();
        let mut columns: Vec<Replaced> = Vec::new();
        let mut wanted: Vec<Wanted> = Vec::new();
        for given in settings {
            let script =
                Script::of(&current).ok_or_else(|| SettingError::NoSetting { given: given.clone() })?;
            let setting = Setting::read(given, script.language)?;
            let place = match setting.applied(&current, &script)? {
                Some(applied) => {
                    current = applied.plan;
                    wanted.extend(applied.wanted);
                    applied.place
                }
                None => {
                    let (replaced, place) = setting.column(&current, &script)?;
                    columns.push(replaced);
                    place
                }
            };
            stages.push(Stage {
                clauses: vec![Clause {
                    what: text!("{given}", "{given}"),
                    change: Change::Set,
                    older: place,
                    newer: None,
                    before: String::new(),
                    after: given.clone(),
                }],
                plan: current.clone(),
                replaced: columns.clone(),
                wanted: wanted.clone(),
            });
        }
        Ok(Self {
            older: plan.clone(),
            stages,
            renamed: BTreeMap::new(),
        })
    }

    /// Gives the records as they are with all that is set.
    ///
    /// # Errors
    ///
    /// [`Error`] if a limit is reached.
    pub fn facts(&self, facts: &Facts, run: &Run) -> Result<Facts, Error> {
        let replaced = self
            .stages
            .last()
            .map_or(&[][..], |stage| stage.replaced.as_slice());
        let wanted = self
            .stages
            .last()
            .map_or(&[][..], |stage| stage.wanted.as_slice());
        facts.has_all(self.newest(), wanted)?;
        facts.with(replaced, run)
    }
}

impl Facts {
    /// Gives the records with other values in some columns; errors and empty cells stay.
    pub(crate) fn with(&self, replaced: &[Replaced], run: &Run) -> Result<Facts, Error> {
        let mut facts = self.copied();
        for one in replaced {
            self.has_all(&one.plan, one.wanted.as_slice())?;
            let run = Run {
                through: Some(run.through.unwrap_or_else(|| one.plan.last_day(&facts))),
                ..run.clone()
            };
            let report = one.plan.evaluate(&facts, &run)?;
            let column = report
                .measures()
                .iter()
                .find(|column| column.name == COLUMN)
                .map(|column| column.to_column());
            drop(report);
            if let Some(column) = column {
                facts.put_column(one.table, one.field, column)?;
            }
        }
        Ok(facts)
    }

    fn put_column(&mut self, table: TableId, field: FieldId, column: Column) -> Result<(), Error> {
        let rows = self.table(table).map_or(0, crate::facts::TableData::len);
        let column = if column.len() == 1 && rows != 1 {
            column.gather(&vec![0; rows])?
        } else {
            column
        };
        let Some(old) = self.column_mut(table, field) else {
            return Ok(());
        };
        let mut new = Column::new(column.data().clone());
        if let Some(missing) = old.missing() {
            new = new.with_missing(missing.to_vec());
        }
        if let Some(errors) = old.errors() {
            new = new.with_errors(errors.to_vec());
        }
        *old = new;
        Ok(())
    }
}

impl<'s> Setting<'s> {
    /// Splits a setting, and puts its formula into English keywords.
    fn read(given: &'s str, language: Language) -> Result<Self, SettingError> {
        let nothing = || SettingError::NoSetting {
            given: given.to_owned(),
        };
        let (name, keys, value) = keyed::split(given).ok_or_else(nothing)?;
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '`' | ' ');
        if name.is_empty() || value.is_empty() || value.starts_with('=') || !name.chars().all(is_name) {
            return Err(nothing());
        }
        Ok(Self {
            given,
            value: in_english(given, &value, language)?,
            name,
            keys,
        })
    }

    /// Sets a constant, a `let` or a `measure`; nothing where none has the name.
    fn applied(&self, current: &Plan, script: &Script) -> Result<Option<Applied>, SettingError> {
        if self.value.starts_with('"') && !self.is_text(script) {
            return self.other_file(script).map(Some);
        }
        let mut wanted = Vec::new();
        let mut replaced: BTreeMap<Spot, String> = BTreeMap::new();
        let mut added: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut place = None;
        for spot in script.spots() {
            let Some(piece) = script.piece(spot).filter(|piece| self.is_meant(piece)) else {
                continue;
            };
            place.get_or_insert_with(|| piece.place.clone());
            match spot.1 {
                None if !self.keys.is_empty() => {
                    return Err(self.fixed("it is one value for everybody; write it without keys"));
                }
                None => {
                    let value = put(&self.value, &piece.name, &format!("({})", piece.at(piece.value)));
                    replaced.insert(spot, piece.with(&[(piece.value, &value)]));
                }
                Some(_) => {
                    let condition = self.of_statement(current, piece)?;
                    let words = condition.as_ref().map(|condition| condition.words.as_str());
                    self.statement(script, (spot, piece), words, &mut replaced, &mut added);
                    wanted.extend(condition.into_iter().flat_map(|condition| condition.wanted));
                }
            }
        }
        let Some(place) = place else { return Ok(None) };
        let text = script.text(&replaced, &added, &[]);
        Ok(Some(Applied {
            plan: self.compiled(script, text)?,
            place: Some(place),
            wanted,
        }))
    }

    fn unknown(&self, script: &Script) -> SettingError {
        SettingError::Unknown {
            name: self.name.clone(),
            known: known(script),
        }
    }

    fn fixed(&self, why: &'static str) -> SettingError {
        SettingError::Fixed {
            name: self.name.clone(),
            why,
        }
    }

    fn is_meant(&self, piece: &Piece) -> bool {
        let is_settable = matches!(piece.kind, "const" | "let" | "measure");
        let is_named = piece.name == self.name || format!("{}.{}", piece.owner, piece.name) == self.name;
        is_settable && is_named
    }

    /// Sets a statement: beside what it was, where the formula asks for that.
    fn statement(
        &self,
        script: &Script,
        (spot, piece): (Spot, &Piece),
        condition: Option<&str>,
        replaced: &mut BTreeMap<Spot, String>,
        added: &mut BTreeMap<usize, Vec<String>>,
    ) {
        let before = format!("`{} before`", piece.name.trim_matches('`'));
        let mut value = put(&self.value, &piece.name, &before);
        if let Some(condition) = condition {
            value = format!("if {condition} then ({value}) else {before}");
        }
        let is_kept = value != self.value;
        let new = piece.with(&[(piece.value, &value)]);
        if is_kept {
            replaced.insert(spot, piece.with(&[(piece.named, &before)]));
            added.entry(spot.0).or_default().push(new);
        } else {
            replaced.insert(spot, new);
        }
        for (other, exception) in script.exceptions(piece) {
            let words = if is_kept {
                exception.with(&[(exception.target, &before)])
            } else {
                String::new()
            };
            replaced.insert(other, words);
        }
    }

    /// Sets a column of records, or the one value of a table.
    fn column(&self, current: &Plan, script: &Script) -> Result<(Replaced, Option<Place>), SettingError> {
        let program = current.program();
        let unknown = || self.unknown(script);
        let (table_name, field_name) = match self.name.split_once('.') {
            Some((table, field)) => (table, Some(field)),
            None => (self.name.as_str(), None),
        };
        let found = program
            .tables
            .iter()
            .position(|table| table.naming.name == table_name);
        let (at, table) = found
            .and_then(|at| Some((at, program.tables.get(at)?)))
            .ok_or_else(unknown)?;
        let fixed = |why| self.fixed(why);
        let free = |field: &usize| !table.key.contains(&FieldId::at(*field));
        let place = match field_name {
            Some(name) => table
                .fields
                .iter()
                .position(|field| field.naming.name == name)
                .ok_or_else(unknown)?,
            None => {
                let values: Vec<usize> = (0..table.fields.len()).filter(free).collect();
                match values.as_slice() {
                    [one] => *one,
                    _ => return Err(fixed("it has several values; name one, such as \"Deal.amount\"")),
                }
            }
        };
        if !free(&place) {
            return Err(fixed("it is part of the key, by which records are told apart"));
        }
        let mut value = put(&self.value, &self.name, &self.of_record(table, place));
        for (at, field) in table.fields.iter().enumerate() {
            value = put(&value, &field.naming.name, &self.of_record(table, at));
        }
        let condition = self.of_table(current, TableId::at(at))?;
        if let Some(Condition { words, .. }) = &condition {
            value = format!("if {words} then ({value}) else {}", self.of_record(table, place));
        }
        let plan = script
            .items
            .iter()
            .position(|part| matches!(part, Part::Plan { .. }));
        let plan = plan.ok_or_else(|| fixed("there is no plan that reads it"))?;
        let measure = format!("  measure {COLUMN} for {table_name} {RECORD} = {value}");
        let text = script.text(&BTreeMap::new(), &BTreeMap::from([(plan, vec![measure])]), &[]);
        let compiled = self.compiled(script, text)?;
        let measure = compiled
            .program()
            .definitions
            .iter()
            .find(|one| one.naming.name == COLUMN);
        let is_of_record = |binder: &guerdon_plan::types::BinderId| {
            compiled
                .program()
                .binder(*binder)
                .is_some_and(|found| found.domain == BinderDomain::Row(TableId::at(at)))
        };
        if measure.is_none_or(|measure| !measure.params.iter().all(is_of_record)) {
            return Err(fixed(
                "its formula may use the fields of the record and constants, and no period",
            ));
        }
        let replaced = Replaced {
            table: TableId::at(at),
            field: FieldId::at(place),
            plan: compiled,
            wanted: condition.and_then(|condition| condition.wanted.into_iter().next()),
        };
        Ok((replaced, script.place_of(table_name)))
    }

    fn of_record(&self, table: &guerdon_plan::hir::Table, field: usize) -> String {
        let field = table
            .fields
            .get(field)
            .map_or("", |field| field.naming.name.as_str());
        format!("{RECORD}.{field}")
    }

    fn compiled(&self, script: &Script, text: String) -> Result<Plan, SettingError> {
        let mut sources = vec![Source::new(script.name.clone(), text)];
        sources.extend(script.sheets.iter().cloned());
        Plan::compile(&sources).map_err(|rejection| SettingError::Rejected {
            given: self.given.to_owned(),
            rejection: Box::new(rejection),
        })
    }
}

impl Piece {
    /// Gives a stretch of the text.
    fn at(&self, range: Option<(usize, usize)>) -> &str {
        range
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or_default()
    }

    /// Gives the text with some stretches replaced.
    fn with(&self, changes: &[(Option<(usize, usize)>, &str)]) -> String {
        let mut text = self.text.clone();
        for (range, words) in changes {
            if let Some((start, end)) = range
                && text.get(*start..*end).is_some()
            {
                text.replace_range(start..end, words);
            }
        }
        text
    }
}

impl Script {
    /// Lists the exceptions to a statement, in its plan and in the plans that extend it.
    fn exceptions(&self, piece: &Piece) -> Vec<(Spot, &Piece)> {
        let mut plans = vec![piece.owner.as_str()];
        for _ in &self.items {
            for part in &self.items {
                if let Part::Plan {
                    head,
                    extends: Some(base),
                    ..
                } = part
                    && plans.contains(&base.as_str())
                    && !plans.contains(&head.name.as_str())
                {
                    plans.push(&head.name);
                }
            }
        }
        let spots = self.spots().into_iter();
        let found = spots.filter_map(|spot| Some((spot, self.piece(spot)?)));
        found
            .filter(|(_, other)| {
                other.kind == "except"
                    && plans.contains(&other.owner.as_str())
                    && other.at(other.target) == piece.name
            })
            .collect()
    }

    fn place_of(&self, name: &str) -> Option<Place> {
        let pieces = self.spots().into_iter().filter_map(|spot| self.piece(spot));
        let mut found = pieces.filter(|piece| piece.owner.is_empty() && piece.name == name);
        found.next().map(|piece| piece.place.clone())
    }
}

/// Lists names that can be set.
fn known(script: &Script) -> String {
    let pieces = script.spots().into_iter().filter_map(|spot| script.piece(spot));
    let mut names: Vec<&str> = pieces
        .filter(|piece| matches!(piece.kind, "const" | "let" | "measure" | "table"))
        .map(|piece| piece.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(20);
    names.join(", ")
}

/// Puts the keywords of a formula into English.
fn in_english(given: &str, value: &str, language: Language) -> Result<String, SettingError> {
    let (start, name) = match language {
        Language::En => ("", "const"),
        Language::Zh => ("语言 中文\n", "常量"),
    };
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let unreadable = |sink: Sink, sources: SourceMap| SettingError::Unreadable {
        given: given.to_owned(),
        diagnostics: sink.finish(),
        sources,
    };
    let id = match sources.add("--set", format!("{start}{name} x = {value}\n").as_bytes()) {
        Ok(id) => id,
        Err(fault) => {
            sink.push(*fault);
            return Err(unreadable(sink, sources));
        }
    };
    let tree = parse(&sources, id, &mut sink);
    if sink.has_errors() {
        sources.set_language(id, language);
        return Err(unreadable(sink, sources));
    }
    let text = match format(&tree, Language::En) {
        Ok(text) => text,
        Err(FormatError::Faulty(_) | FormatError::Unfaithful) => return Err(unreadable(sink, sources)),
    };
    let mut common = SourceMap::default();
    let value = common.add("--set", text.as_bytes()).ok().and_then(|id| {
        let tree = parse(&common, id, &mut Sink::default());
        let value: Span = tree.items.iter().find_map(|item| {
            if let guerdon_syntax::ast::Item::Const(constant) = item {
                Some(constant.value.span)
            } else {
                None
            }
        })?;
        Some(common.slice(value).to_owned())
    });
    value.ok_or_else(|| unreadable(sink, sources))
}

/// Puts words in the place of a name, as a whole word that follows no dot and stands in no text.
fn put(formula: &str, name: &str, words: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut out = String::new();
    let mut rest = formula;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        if letter == '"' || letter == '`' {
            let inner = rest.get(letter.len_utf8()..).unwrap_or_default();
            let end = inner.find(letter).map_or(rest.len(), |at| at.saturating_add(2));
            let quoted = rest.get(..end).unwrap_or(rest);
            out.push_str(if quoted == name && before != '.' {
                words
            } else {
                quoted
            });
            rest = rest.get(end..).unwrap_or_default();
            before = letter;
            continue;
        }
        let is_here = rest.strip_prefix(name).is_some_and(|after| {
            !after.chars().next().is_some_and(is_part) && !is_part(before) && before != '.'
        });
        if is_here {
            out.push_str(words);
            rest = rest.get(name.len()..).unwrap_or_default();
            before = 'x';
        } else {
            out.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            before = letter;
        }
    }
    out
}

fn shown(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let renderer = guerdon_syntax::Renderer::default();
    diagnostics
        .iter()
        .map(|diagnostic| renderer.render(diagnostic, sources))
        .collect()
}
