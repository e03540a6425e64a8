//! Gathering the declared names of all files, each with the id of what it stands for.

use std::borrow::Cow;

use guerdon_syntax::keyword::{builtin_field, builtin_name};
use guerdon_syntax::{Code, Diagnostic, Sink, SourceMap, Span, ast, text};

use super::{Declared, Entry, ItemAt, Later, Names, uses};
use crate::types::{
    CalendarId, ConstantId, DecisionId, EnumId, HolidaysId, PlanId, RatesId, TableId, TiersId,
};

impl Names {
    /// Gathers the names that all files declare and gives out ids, kind by kind in order of declaration.
    ///
    /// The civil calendar has the first calendar id.
    pub(crate) fn collect(files: &[ast::File], sources: &SourceMap, sink: &mut Sink) -> Names {
        let mut names = Names {
            visible: uses::visible(files, sources),
            ..Names::default()
        };
        let mut next = Next {
            calendar: 1,
            ..Next::default()
        };
        for (file, tree) in files.iter().enumerate() {
            let broken = tree.broken.iter().filter_map(|broken| broken.name.as_ref());
            names.broken.extend(broken.map(|name| name.text.clone()));
            // A contest's score and a target's goal are called by the word that their lines begin with.
            for statement in tree.broken.iter().map(|broken| &broken.statement.text) {
                let meant = builtin_name(statement).or_else(|| builtin_field(statement));
                names.broken.extend(meant.map(str::to_owned));
                names.broken.insert(statement.to_owned());
            }
            for (item, declared) in tree.items.iter().enumerate() {
                if let Some(found) = declaration(declared) {
                    names.declare(&found, ItemAt { file, item }, &mut next, sink);
                }
            }
        }
        names
    }

    fn declare(&mut self, found: &Declaration<'_>, at: ItemAt, next: &mut Next, sink: &mut Sink) {
        let file = found.name.span.file;
        let earlier: Vec<usize> = self.indices_seen(file, found);
        if let Some(entry) = earlier.first().and_then(|at| self.entries.get_mut(*at)) {
            if found.kind.has_versions() && found.kind.is_of(entry.declared) {
                entry.items.push(at);
            } else {
                sink.push(declared_twice(&found.name.text, found.name.span, entry.span));
            }
            return;
        }
        let position = self.entries.len();
        let alias = found.alias.as_ref().map(|alias| alias.text.clone());
        for name in [Some(found.name.text.clone()), alias.clone()]
            .into_iter()
            .flatten()
        {
            self.by_name.entry(name).or_default().push(position);
        }
        self.entries.push(Entry {
            name: found.name.text.clone(),
            alias,
            declared: next.id(found.kind),
            span: found.name.span,
            items: vec![at],
        });
    }

    fn indices_seen(&self, file: guerdon_syntax::FileId, found: &Declaration<'_>) -> Vec<usize> {
        let names = [
            Some(&found.name.text),
            found.alias.as_ref().map(|alias| &alias.text),
        ];
        let by_name = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.by_name.get(name))
            .flatten();
        let is_seen = |at: &&usize| {
            self.entries
                .get(**at)
                .is_some_and(|entry| self.sees(file, entry.span.file) || self.sees(entry.span.file, file))
        };
        by_name.filter(is_seen).copied().collect()
    }
}

/// Makes the message for a name that is declared twice.
pub(crate) fn declared_twice(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::E0207,
        text!("\"{name}\" is declared twice", "“{name}”重复声明"),
    )
    .primary(again, text!("declared again here", "此处再次声明"))
    .secondary(first, text!("first declared here", "首次声明于此"))
}

struct Declaration<'a> {
    kind: Kind,
    name: Cow<'a, ast::Name>,
    alias: Option<Cow<'a, ast::Name>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Enum,
    Table,
    Constant,
    Tiers,
    Decision,
    Rates,
    Calendar,
    Holidays,
    Plan,
    Later(Later),
}

impl Kind {
    fn has_versions(self) -> bool {
        match self {
            Kind::Constant | Kind::Tiers | Kind::Decision => true,
            Kind::Enum
            | Kind::Table
            | Kind::Rates
            | Kind::Calendar
            | Kind::Holidays
            | Kind::Plan
            | Kind::Later(_) => false,
        }
    }

    fn is_of(self, declared: Declared) -> bool {
        matches!(
            (self, declared),
            (Kind::Constant, Declared::Constant(_))
                | (Kind::Tiers, Declared::Tiers(_))
                | (Kind::Decision, Declared::Decision(_))
        )
    }
}

/// Counts the ids given out so far.
#[derive(Default)]
struct Next {
    enumeration: u32,
    table: u32,
    constant: u32,
    tiers: u32,
    decision: u32,
    rates: u32,
    calendar: u32,
    holidays: u32,
    plan: u32,
}

impl Next {
    fn id(&mut self, kind: Kind) -> Declared {
        match kind {
            Kind::Enum => Declared::Enum(EnumId(take(&mut self.enumeration))),
            Kind::Table => Declared::Table(TableId(take(&mut self.table))),
            Kind::Constant => Declared::Constant(ConstantId(take(&mut self.constant))),
            Kind::Tiers => Declared::Tiers(TiersId(take(&mut self.tiers))),
            Kind::Decision => Declared::Decision(DecisionId(take(&mut self.decision))),
            Kind::Rates => Declared::Rates(RatesId(take(&mut self.rates)), TableId(take(&mut self.table))),
            Kind::Calendar => Declared::Calendar(CalendarId(take(&mut self.calendar))),
            Kind::Holidays => Declared::Holidays(HolidaysId(take(&mut self.holidays))),
            Kind::Plan => Declared::Plan(PlanId(take(&mut self.plan))),
            Kind::Later(later) => Declared::Later(later),
        }
    }
}

fn take(counter: &mut u32) -> u32 {
    let id = *counter;
    *counter = counter.saturating_add(1);
    id
}

fn declaration(item: &ast::Item) -> Option<Declaration<'_>> {
    let (kind, alias) = match item {
        ast::Item::Enum(item) => (Kind::Enum, item.alias.as_ref()),
        ast::Item::Data(item) => (Kind::Table, item.alias.as_ref()),
        ast::Item::Const(item) => (Kind::Constant, item.alias.as_ref()),
        ast::Item::Calendar(_) => (Kind::Calendar, None),
        ast::Item::Tiers(_) => (Kind::Tiers, None),
        ast::Item::Table(item) => (table_kind(item), item.alias.as_ref()),
        ast::Item::Matrix(item) => (Kind::Decision, item.alias.as_ref()),
        ast::Item::Plan(_) => (Kind::Plan, None),
        ast::Item::Holidays(item) => {
            return Some(Declaration {
                kind: Kind::Holidays,
                name: Cow::Borrowed(item.label()),
                alias: None,
            });
        }
        ast::Item::Rates(item) => return Some(rates(item)),
        ast::Item::Contest(_) => (Kind::Later(Later::Contest), None),
        ast::Item::Award(_) => (Kind::Later(Later::Award), None),
        ast::Item::Target(_) => (Kind::Later(Later::Target), None),
        ast::Item::Warning(_) => (Kind::Later(Later::Warning), None),
        ast::Item::Scorecard(_) => (Kind::Later(Later::Scorecard), None),
        ast::Item::Source(_) | ast::Item::Use(_) | ast::Item::Test(_) => return None,
    };
    item.name().map(|name| Declaration {
        kind,
        name: Cow::Borrowed(name),
        alias: alias.map(Cow::Borrowed),
    })
}

/// Declares exchange rates; the plain ones are called by their keyword.
fn rates(item: &ast::RatesDef) -> Declaration<'_> {
    let word = |text: &str| {
        Cow::Owned(ast::Name {
            text: text.to_owned(),
            span: item.span,
        })
    };
    let (name, alias) = match &item.name {
        Some(name) => (Cow::Borrowed(name), None),
        None => (word("rates"), Some(word("汇率"))),
    };
    Declaration {
        kind: Kind::Rates,
        name,
        alias,
    }
}

fn table_kind(table: &ast::TableDef) -> Kind {
    match table.body {
        ast::TableBody::File(_) => Kind::Table,
        ast::TableBody::Rows(..) => Kind::Decision,
    }
}
