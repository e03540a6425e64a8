//! Values that are set for some records and periods alone, and tables that are read from another file.

use guerdon_plan::hir::{BinderDomain, Program};
use guerdon_plan::types::{BinderId, FieldId, Scalar, TableId};

use super::{Applied, Piece, RECORD, Script, Setting, SettingError};
use crate::error::Error;
use crate::facts::Facts;
use crate::plan::Plan;
use crate::report::Names;
use crate::trace::figure;
use std::collections::BTreeMap;

/// How many records may be followed from a key to the text that it is.
const MOST_STEPS: usize = 8;

/// Is a record that must be there: by some fields of its key.
#[derive(Debug, Clone)]
pub(in crate::revision) struct Wanted {
    given: String,
    table: TableId,
    parts: Vec<(FieldId, String)>,
}

/// Says of which records and periods a value is set.
pub(super) struct Condition {
    /// The condition, in the words of the rules.
    pub words: String,
    /// The records that it names.
    pub wanted: Vec<Wanted>,
}

/// What a key can stand for.
enum Place<'p> {
    /// A field of the key of a record: the words for the record, the table, the field.
    Field(String, TableId, FieldId),
    /// A period by its variable.
    Period(&'p str),
}

/// Splits a setting into a name, its keys and its formula; in the formula the name stands without these keys.
pub(super) fn split(given: &str) -> Option<(String, Vec<String>, String)> {
    let equals = outside_brackets(given).find(|(_, letter)| matches!(letter, '=' | '＝'))?;
    let (head, value) = given.split_at(equals.0);
    let value = value.get(equals.1.len_utf8()..)?.trim();
    let (name, keys) = named(head)?;
    let mut rest = value;
    let mut formula = String::new();
    let first = name.split('.').next().unwrap_or_default();
    // "quota[Ann]" on the right is what is set, like "quota" alone.
    while let Some(at) = rest.find(first).filter(|_| !keys.is_empty() && !first.is_empty()) {
        let (before, here) = rest.split_at(at);
        formula.push_str(before);
        let end = ends(here).find(|end| {
            let same = here.get(..*end).and_then(named);
            same.is_some_and(|(other, of)| other == name && of == keys)
        });
        match end {
            Some(end) => {
                formula.push_str(&name);
                rest = here.get(end..)?;
            }
            None => {
                formula.push_str(first);
                rest = here.get(first.len()..)?;
            }
        }
    }
    formula.push_str(rest);
    Some((name, keys, formula))
}

/// Lists where a name with keys may end: at a bracket, or at the end of a field behind it.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let bracket = text.find([']', '］']);
    let after = bracket.and_then(|at| {
        let letter = text.get(at..)?.chars().next()?;
        Some(at.saturating_add(letter.len_utf8()))
    });
    let field = after.and_then(|after| {
        let rest = text.get(after..)?;
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        Some(after.saturating_add(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())))
    });
    field.into_iter().chain(after)
}

/// Reads a name with keys: `quota[Ann, 2026-03]`, `Deal[D1].amount`.
fn named(head: &str) -> Option<(String, Vec<String>)> {
    let folded = figure::folded(head);
    let Some((name, rest)) = folded.split_once('[') else {
        return Some((folded.trim().to_owned(), Vec::new()));
    };
    let (keys, field) = rest.rsplit_once(']')?;
    let keys =
        figure::keys(keys).filter(|keys| !keys.is_empty() && keys.iter().all(|key| !key.is_empty()))?;
    Some((format!("{}{}", name.trim(), field.trim()), keys))
}

/// Lists the letters that stand outside brackets and quotes, with their places.
fn outside_brackets(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut depth = 0_u32;
    let mut quote = None;
    text.char_indices().filter(move |(_, letter)| {
        match (quote, letter) {
            (Some(open), letter) if open == *letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(*letter),
            (None, '[' | '［') => depth = depth.saturating_add(1),
            (None, ']' | '］') => depth = depth.saturating_sub(1),
            (None, _) => return depth == 0,
        }
        false
    })
}

impl Setting<'_> {
    /// Says of whom and when a statement is set; nothing where no keys are given.
    pub(super) fn of_statement(
        &self,
        current: &Plan,
        piece: &Piece,
    ) -> Result<Option<Condition>, SettingError> {
        if self.keys.is_empty() {
            return Ok(None);
        }
        let program = current.program();
        let found = program.definitions.iter().find(|definition| {
            let plan = program.plan(definition.plan);
            definition.naming.name == piece.name && plan.is_some_and(|plan| plan.naming.name == piece.owner)
        });
        let binders: Vec<BinderId> = found.map_or_else(Vec::new, |found| {
            let plan = program.plan(found.plan);
            let is_own = |id: &BinderId| plan.is_some_and(|plan| *id == plan.payee || *id == plan.period);
            match plan {
                // What says nothing of its records may be asked for payee and period.
                Some(plan) if found.params.iter().all(is_own) => vec![plan.payee, plan.period],
                Some(_) | None => found.params.clone(),
            }
        });
        let mut places = Vec::new();
        for binder in binders.iter().filter_map(|id| program.binder(*id)) {
            match binder.domain {
                BinderDomain::Row(table) => {
                    let keys = program.table(table).map_or(&[][..], |table| table.key.as_slice());
                    places.extend(
                        keys.iter()
                            .map(|field| Place::Field(binder.name.clone(), table, *field)),
                    );
                }
                BinderDomain::Period(..) => places.push(Place::Period(&binder.name)),
            }
        }
        self.condition(program, &places).map(Some)
    }

    /// Says of which records of a table a column is set; nothing where no keys are given.
    pub(super) fn of_table(&self, current: &Plan, table: TableId) -> Result<Option<Condition>, SettingError> {
        if self.keys.is_empty() {
            return Ok(None);
        }
        let program = current.program();
        let keys = program.table(table).map_or(&[][..], |table| table.key.as_slice());
        let places: Vec<Place<'_>> = keys
            .iter()
            .map(|field| Place::Field(RECORD.to_owned(), table, *field))
            .collect();
        self.condition(program, &places).map(Some)
    }

    /// Puts each key in its place: in order where there are as many; otherwise by what it looks like.
    fn condition(&self, program: &Program, places: &[Place<'_>]) -> Result<Condition, SettingError> {
        let is_whole = self.keys.len() == places.len();
        let mut open: Vec<&Place<'_>> = places.iter().collect();
        let mut words = Vec::new();
        let mut records: BTreeMap<TableId, Vec<(FieldId, String)>> = BTreeMap::new();
        for key in &self.keys {
            let fits = |place: &&Place<'_>| is_whole || is_period(key) == place.is_period(program);
            let at = open.iter().position(fits);
            let place = at.map(|at| open.remove(at));
            let place =
                place.ok_or_else(|| self.fixed("there are more keys than it has, or of another kind"))?;
            words.push(self.equals(program, place, key)?);
            if let Place::Field(_, table, field) = place {
                records.entry(*table).or_default().push((*field, key.clone()));
            }
        }
        let given = self.given.to_owned();
        let wanted = records.into_iter().map(|(table, parts)| Wanted {
            given: given.clone(),
            table,
            parts,
        });
        Ok(Condition {
            words: words.join(" and "),
            wanted: wanted.collect(),
        })
    }

    /// Says in the words of the rules that something has a key.
    fn equals(&self, program: &Program, place: &Place<'_>, key: &str) -> Result<String, SettingError> {
        let is_plain = key
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'));
        let (record, table, field) = match place {
            Place::Period(name) if is_plain && is_period(key) => return Ok(format!("{name} = {key}")),
            Place::Period(_) => return Err(self.fixed("a period is written like 2026-03")),
            Place::Field(record, table, field) => (record, *table, *field),
        };
        let (mut words, mut at) = (record.clone(), (table, field));
        for _ in 0..MOST_STEPS {
            let field = program
                .table(at.0)
                .and_then(|table| table.fields.get(at.1.index()));
            let Some(field) = field else { break };
            words = format!("{words}.{}", field.naming.name);
            match field.ty.scalar {
                Scalar::Text if !key.contains(['"', '\\', '\n']) => {
                    return Ok(format!("{words} = \"{key}\""));
                }
                Scalar::Row(next) => match program.table(next).map(|table| table.key.as_slice()) {
                    Some([only]) => at = (next, *only),
                    Some(_) | None => break,
                },
                Scalar::Int | Scalar::Enum(_) | Scalar::Date | Scalar::Period(_) if is_plain => {
                    return Ok(format!("{words} = {key}"));
                }
                Scalar::Text
                | Scalar::Int
                | Scalar::Enum(_)
                | Scalar::Date
                | Scalar::Period(_)
                | Scalar::Bool
                | Scalar::Number
                | Scalar::Percent
                | Scalar::Money(_)
                | Scalar::MoneyInColumn
                | Scalar::Points
                | Scalar::Days
                | Scalar::Faulty => break,
            }
        }
        Err(self.fixed(
            "its key cannot be written between brackets; set the whole column, with \"if … then … else …\"",
        ))
    }

    /// Says whether a name that is to be a text is one by itself.
    pub(super) fn is_text(&self, script: &Script) -> bool {
        let pieces = script.spots().into_iter().filter_map(|spot| script.piece(spot));
        pieces.filter(|piece| self.is_meant(piece)).count() > 0 || self.name.contains('.')
    }

    /// Reads a table from another file.
    pub(super) fn other_file(&self, script: &Script) -> Result<Applied, SettingError> {
        let named = script
            .spots()
            .into_iter()
            .filter_map(|spot| Some((spot, script.piece(spot)?)));
        let (spot, piece) = named
            .filter(|(_, piece)| piece.owner.is_empty())
            .find(|(_, piece)| piece.name == self.name)
            .ok_or_else(|| self.unknown(script))?;
        match (piece.kind, piece.value) {
            _ if !self.keys.is_empty() => Err(self.fixed("another file holds all of its records; write it without keys")),
            ("table", Some(_)) => {
                let text = piece.with(&[(piece.value, &self.value)]);
                let text = script.text(&BTreeMap::from([(spot, text)]), &BTreeMap::new(), &[]);
                Ok(Applied {
                    plan: self.compiled(script, text)?,
                    place: Some(piece.place.clone()),
                    wanted: Vec::new(),
                })
            }
            ("data", _) => Err(self.fixed(
                "its records come from the folder of records; put the other file into a folder of its own, under the same \
                 name, and give that folder to --data",
            )),
            (_, _) => Err(self.fixed(
                "its rows stand in the rules; put the other ones into a copy of the rule file and compare the two by \
                 \"guerdon diff OLD NEW --data FOLDER\"",
            )),
        }
    }
}

impl Place<'_> {
    fn is_period(&self, program: &Program) -> bool {
        match self {
            Self::Period(_) => true,
            Self::Field(_, table, field) => {
                let field = program
                    .table(*table)
                    .and_then(|table| table.fields.get(field.index()));
                field.is_some_and(|field| matches!(field.ty.scalar, Scalar::Period(_)))
            }
        }
    }
}

impl Facts {
    /// Makes sure that every record that alone is set is there.
    pub(in crate::revision) fn has_all(&self, plan: &Plan, wanted: &[Wanted]) -> Result<(), Error> {
        let program = plan.program();
        let names = Names { program, facts: self };
        for one in wanted {
            let Some(table) = program.table(one.table) else {
                continue;
            };
            let has = |row: usize, (field, text): &(FieldId, String)| {
                let scalar = table.fields.get(field.index()).map(|field| field.ty.scalar);
                let column = self.column(one.table, *field);
                scalar
                    .zip(column)
                    .is_some_and(|(scalar, column)| names.cell_text(&column.cell(row), scalar) == *text)
            };
            let rows = self.table(one.table).map_or(0, crate::facts::TableData::len);
            if !(0..rows).any(|row| one.parts.iter().all(|part| has(row, part))) {
                let parts: Vec<&str> = one.parts.iter().map(|(_, text)| text.as_str()).collect();
                return Err(Error::NoRecord {
                    given: one.given.clone(),
                    table: table.naming.name.clone(),
                    key: parts.join(", "),
                });
            }
        }
        Ok(())
    }
}

/// Says whether a key looks like a period: a year, or a year and a part of it.
fn is_period(key: &str) -> bool {
    let digits = key.chars().filter(char::is_ascii_digit).count();
    let is_part =
        |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | 'Q' | 'H' | 'W' | 'P' | 'F' | 'Y');
    digits >= 4 && key.chars().all(is_part)
}
