//! What aggregates and lines range over: records, `rows`, teams, periods.

use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Frame, Where};
use super::name::Candidate;
use super::plan::Symbol;
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::BinderDomain;
use crate::hir::expr::{Depth, Domain, Expr};
use crate::resolve::Declared;
use crate::types::{BinderId, CalendarId, FieldId, Scalar, TableId};

/// The longest chain of `rows` that rest on other `rows`.
const MAX_ROWS_CHAIN: usize = 32;

/// Holds a source whose records are known, before the filter of the aggregate is typed.
pub(super) struct Opened {
    /// What it runs over; nothing yet for periods, whose range stands in the filter.
    pub(super) over: Over,
    /// The variable.
    pub(super) binder: BinderId,
    /// Conditions that come with the source: those of `rows`.
    pub(super) conditions: Vec<Expr>,
}

/// Says what a source runs over.
pub(super) enum Over {
    /// A known domain.
    Known(Domain),
    /// Periods of a length; the range is looked for in the filter.
    Periods(CalendarId, Unit),
}

impl<'a> Checker<'a> {
    /// Opens a source: binds its variable, and says what bare names it brings.
    pub(super) fn open(
        &mut self,
        env: &Env,
        source: &ast::Source,
        place: Option<Where>,
    ) -> Option<(Opened, Frame)> {
        if let Some(alias) = &source.alias {
            self.refuse_built_in(alias);
        }
        match &source.kind {
            ast::SourceKind::Named(name) => self.open_named(env, source, name, place),
            ast::SourceKind::Team(tree) | ast::SourceKind::Reports(tree) => {
                let of = self.value(env, &tree.root, Want::ANY);
                self.open_tree(source, &source.kind, of, place)
            }
        }
    }

    /// Opens a team, or `rows` of one, for places and shares: where nobody heads it there are none.
    pub(super) fn open_team(&mut self, env: &Env, source: &ast::Source) -> Option<Opened> {
        if let Some(alias) = &source.alias {
            self.refuse_built_in(alias);
        }
        let (kind, rows) = match &source.kind {
            ast::SourceKind::Named(name) => (&self.rows_of_team(env, name)?.source.kind, Some(name)),
            kind @ (ast::SourceKind::Team(_) | ast::SourceKind::Reports(_)) => (kind, None),
        };
        let (ast::SourceKind::Team(tree) | ast::SourceKind::Reports(tree)) = kind else {
            return None;
        };
        let of = self.expr(env, &tree.root, Want::ANY);
        let (mut opened, _) = self.open_tree(source, kind, of, None)?;
        if let Some(name) = rows {
            opened.conditions = self.rows_conditions(env, name, opened.binder);
        }
        Some(opened)
    }

    fn open_named(
        &mut self,
        env: &Env,
        source: &ast::Source,
        name: &ast::Name,
        place: Option<Where>,
    ) -> Option<(Opened, Frame)> {
        if let Some(unit) = unit_word(&name.text) {
            let (calendar, unit) = self.unit_here(
                env,
                ast::Unit {
                    kind: unit,
                    span: name.span,
                },
            )?;
            return Some(self.open_periods(source, name, (calendar, unit)));
        }
        if let [entry] = self.names.lookup(env.file, &name.text).as_slice()
            && let Declared::Calendar(calendar) = entry.declared
        {
            let unit = self.base_unit(calendar);
            return Some(self.open_periods(source, name, (calendar, unit)));
        }
        if let Some(rows) = self.rows_of_team(env, name) {
            let (ast::SourceKind::Team(tree) | ast::SourceKind::Reports(tree)) = &rows.source.kind else {
                return None;
            };
            let of = self.value(env, &tree.root, Want::ANY);
            let (mut opened, frame) = self.open_tree(source, &rows.source.kind, of, place)?;
            opened.conditions = self.rows_conditions(env, name, opened.binder);
            return Some((opened, frame));
        }
        let table = self.source_table(env, name)?;
        let binder = self.row_binder(source, table);
        let mut conditions = self.rows_conditions(env, name, binder);
        conditions.extend(self.known_in_time(env, table, binder));
        let frame = Frame {
            binder,
            name: source.alias.as_ref().map(|alias| alias.text.clone()),
            bare: Some(table),
            filter: place,
        };
        Some((
            Opened {
                over: Over::Known(Domain::Rows(table)),
                binder,
                conditions,
            },
            frame,
        ))
    }

    fn open_periods(
        &mut self,
        source: &ast::Source,
        name: &ast::Name,
        (calendar, unit): (CalendarId, Unit),
    ) -> (Opened, Frame) {
        let alias = source.alias.as_ref().unwrap_or(name);
        let binder = self.bind(&alias.text, BinderDomain::Period(calendar, unit), alias.span);
        let frame = Frame {
            binder,
            name: Some(alias.text.clone()),
            bare: None,
            filter: None,
        };
        let opened = Opened {
            over: Over::Periods(calendar, unit),
            binder,
            conditions: Vec::new(),
        };
        (opened, frame)
    }

    fn open_tree(
        &mut self,
        source: &ast::Source,
        kind: &ast::SourceKind,
        of: Expr,
        place: Option<Where>,
    ) -> Option<(Opened, Frame)> {
        let (tree, depth) = match kind {
            ast::SourceKind::Team(tree) => (tree, Depth::Every),
            ast::SourceKind::Reports(tree) => (tree, Depth::One),
            ast::SourceKind::Named(_) => return None,
        };
        let Scalar::Row(table) = of.ty.scalar else {
            if of.ty.scalar != Scalar::Faulty {
                let found = self.a_kind(of.ty.scalar);
                self.sink.push(
                    Diagnostic::error(Code::E0201, text!("a team is that of a record, not of {found}", "团队属于某条记录，而不是{found}"; found))
                        .primary(of.span, found),
                );
            }
            return None;
        };
        let by = self.tree_field(table, tree.by.as_ref(), source.span)?;
        let binder = self.row_binder(source, table);
        let frame = Frame {
            binder,
            name: source.alias.as_ref().map(|alias| alias.text.clone()),
            bare: Some(table),
            filter: place,
        };
        let over = Over::Known(Domain::Below { of, by, depth });
        Some((
            Opened {
                over,
                binder,
                conditions: Vec::new(),
            },
            frame,
        ))
    }

    pub(super) fn row_binder(&mut self, source: &ast::Source, table: TableId) -> BinderId {
        let name = match &source.alias {
            Some(alias) => alias.text.clone(),
            None => self
                .program
                .table(table)
                .map_or_else(String::new, |found| found.naming.name.clone()),
        };
        self.bind(&name, BinderDomain::Row(table), source.span)
    }

    /// Finds the field that carries a tree: one that refers to its own table.
    pub(super) fn tree_field(
        &mut self,
        table: TableId,
        by: Option<&ast::Name>,
        span: Span,
    ) -> Option<FieldId> {
        let found = self.program.table(table)?;
        let fields = found.fields.iter().enumerate();
        let carriers: Vec<(FieldId, String)> = fields
            .filter(|(_, field)| field.ty.scalar == Scalar::Row(table))
            .map(|(at, field)| (FieldId::at(at), field.naming.name.clone()))
            .collect();
        let of = found.naming.name.clone();
        let Some(by) = by else {
            return match carriers.as_slice() {
                [(one, _)] => Some(*one),
                several => {
                    let listed = several
                        .iter()
                        .map(|(_, name)| name.as_str())
                        .collect::<Vec<_>>()
                        .join(", ");
                    let title = if several.is_empty() {
                        text!(
                            "\"{of}\" has no field that refers to \"{of}\", so it forms no tree",
                            "“{of}”没有指向“{of}”的字段，不构成层级"
                        )
                    } else {
                        text!(
                            "\"{of}\" forms several trees: {listed}",
                            "“{of}”构成多个层级：{listed}"
                        )
                    };
                    let why = text!(
                        "say which field names the one above: by …",
                        "请写明上级字段：按 …"
                    );
                    self.sink
                        .push(Diagnostic::error(Code::E0219, title).primary(span, why));
                    None
                }
            };
        };
        match self
            .field_named(table, &by.text)
            .filter(|field| carriers.iter().any(|(carrier, _)| carrier == field))
        {
            Some(field) => Some(field),
            None => {
                let written = &by.text;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0209,
                        text!(
                            "\"{of}\" has no field \"{written}\" that refers to \"{of}\"",
                            "“{of}”没有指向“{of}”的字段“{written}”"
                        ),
                    )
                    .primary(by.span, Text::default()),
                );
                None
            }
        }
    }

    /// Finds the `rows` statement of a team that a name means in the end.
    pub(super) fn rows_of_team(&self, env: &Env, name: &ast::Name) -> Option<&'a ast::Rows> {
        let mut at = name.clone();
        for _ in 0..MAX_ROWS_CHAIN {
            let [Candidate::Statement(plan, Symbol::Rows(position))] =
                self.source_meanings(env, &at.text)[..]
            else {
                return None;
            };
            let rows = self.rows_statement(plan, position)?;
            let ast::SourceKind::Named(next) = &rows.source.kind else {
                return Some(rows);
            };
            at = next.clone();
        }
        None
    }

    /// Finds the table behind a name: itself, or that of `rows`.
    pub(super) fn source_table(&mut self, env: &Env, name: &ast::Name) -> Option<TableId> {
        let mut at = name.clone();
        for _ in 0..MAX_ROWS_CHAIN {
            match self.source_meanings(env, &at.text).as_slice() {
                [Candidate::Declared(Declared::Table(table))] => return Some(*table),
                [Candidate::Statement(plan, Symbol::Rows(position))] => {
                    let rows = self.rows_statement(*plan, *position)?;
                    match &rows.source.kind {
                        ast::SourceKind::Named(next) => at = next.clone(),
                        ast::SourceKind::Team(_) | ast::SourceKind::Reports(_) => {
                            self.push_rows_of_team(name.span);
                            return None;
                        }
                    }
                }
                _ => {
                    self.push_no_source(env, name);
                    return None;
                }
            }
        }
        self.push_rows_circle(name);
        None
    }

    /// Says that `rows` of a team are none of a data block.
    fn push_rows_of_team(&mut self, span: Span) {
        let title = text!(
            "these rows are a team; the records of a data block are needed here",
            "这些记录是团队；此处需要数据块的记录"
        );
        let fault = Diagnostic::error(Code::E0206, title).primary(span, text!("a team", "团队"));
        self.sink.push(fault.fix(guerdon_syntax::Fix::advice(
            text!("name the data block, with a condition", "写出数据块及条件"),
            text!(
                "Person as p where p.manager is payee",
                "人员 作 p 其中 p.经理 为 领取人"
            ),
        )));
    }

    fn source_meanings(&self, env: &Env, name: &str) -> Vec<Candidate> {
        let mut found = Vec::new();
        if let Some(plan) = env.plan
            && let Some(symbol @ Symbol::Rows(_)) = self.symbol(plan, name)
        {
            found.push(Candidate::Statement(plan, symbol));
        }
        let declared = self
            .names
            .lookup(env.file, name)
            .into_iter()
            .map(|entry| entry.declared);
        found.extend(
            declared
                .filter(|found| matches!(found, Declared::Table(_)))
                .map(Candidate::Declared),
        );
        found
    }

    /// Types the conditions of `rows` over a variable, those of the `rows` they rest on included.
    pub(super) fn rows_conditions(&mut self, env: &Env, name: &ast::Name, binder: BinderId) -> Vec<Expr> {
        let mut conditions = Vec::new();
        let mut at = name.clone();
        for _ in 0..MAX_ROWS_CHAIN {
            let [Candidate::Statement(plan, Symbol::Rows(position))] =
                self.source_meanings(env, &at.text)[..]
            else {
                break;
            };
            let Some((rows, file)) = self
                .rows_statement(plan, position)
                .zip(self.rows_file(plan, position))
            else {
                break;
            };
            if let Some(filter) = &rows.filter {
                let own = self.rows_env(env, file, rows, binder);
                conditions.push(self.holds(&own, filter));
            }
            let ast::SourceKind::Named(next) = &rows.source.kind else {
                break;
            };
            at = next.clone();
        }
        conditions.reverse();
        conditions
    }

    /// Sees what the filter of a `rows` statement sees: the plan, and its own records.
    fn rows_env(&self, env: &Env, file: guerdon_syntax::FileId, rows: &ast::Rows, binder: BinderId) -> Env {
        let bare = if let Scalar::Row(table) = self.kind_of_binder(binder) {
            Some(table)
        } else {
            None
        };
        let own = Env {
            file,
            row: None,
            normal: None,
            ..env.without_frames()
        };
        own.with(Frame {
            binder,
            name: rows.source.alias.as_ref().map(|alias| alias.text.clone()),
            bare,
            filter: None,
        })
    }

    fn push_no_source(&mut self, env: &Env, name: &ast::Name) {
        let written = &name.text;
        if self.names.is_broken(written) {
            return;
        }
        let mut message = Diagnostic::error(
            Code::E0218,
            text!(
                "there are no records called \"{written}\"",
                "没有叫“{written}”的记录"
            ),
        )
        .primary(
            name.span,
            text!(
                "a data block, a table from a file or a rows statement is needed",
                "需要数据块、文件表或记录语句"
            ),
        );
        if let Some(entry) = self.names.elsewhere(env.file, written) {
            let file = self.sources.name(entry.span.file);
            message = message.fix(guerdon_syntax::Fix::advice(
                text!("use the file that declares it", "引用声明它的文件"),
                Text {
                    en: format!("use \"{file}\""),
                    zh: format!("引用 “{file}”"),
                },
            ));
        } else {
            let tables = self
                .names
                .seen_from(env.file)
                .filter(|(_, found)| matches!(found, Declared::Table(_)));
            let mut known: Vec<String> = tables.map(|(name, _)| name.to_owned()).collect();
            known.extend(env.plan.iter().flat_map(|plan| self.symbol_names(*plan)));
            let fix = self.nearest(written, name.span, known.iter().map(String::as_str));
            message = fix.into_iter().fold(message, Diagnostic::fix);
        }
        self.sink.push(message);
    }

    fn push_rows_circle(&mut self, name: &ast::Name) {
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0401,
                text!(
                    "the rows \"{written}\" rest on themselves, or on too many others",
                    "记录“{written}”以自身为基础，或层次过多"
                ),
            )
            .primary(name.span, Text::default()),
        );
    }
}

/// Reads a word for a length of periods as a source: `over month as m`.
fn unit_word(name: &str) -> Option<ast::UnitKind> {
    match builtin_name(name).unwrap_or(name) {
        "day" | "日" => Some(ast::UnitKind::Day),
        "week" | "周" => Some(ast::UnitKind::Week),
        "month" | "月" => Some(ast::UnitKind::Month),
        "quarter" | "季" => Some(ast::UnitKind::Quarter),
        "year" | "年" => Some(ast::UnitKind::Year),
        "period" => Some(ast::UnitKind::Period),
        _ => None,
    }
}
