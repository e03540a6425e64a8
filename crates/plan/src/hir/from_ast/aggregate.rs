//! Aggregates and running sums: over records, teams and periods.

use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Frame, Where};
use super::expr::{always, faulty};
use super::facts;
use super::name::Candidate;
use super::plan::Symbol;
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::BinderDomain;
use crate::hir::expr::{
    Aggregate, AggregateOp, DayRange, Depth, Direction, Domain, Expr, ExprKind, Running, Source,
};
use crate::resolve::Declared;
use crate::types::{BinderId, CalendarId, FieldId, Scalar, TableId, Ty};

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

impl Checker<'_> {
    /// Types an aggregate.
    pub(super) fn aggregate(&mut self, env: &Env, tree: &ast::Aggregate, span: Span, want: Want) -> Expr {
        if let Some(best) = &tree.best {
            return self.not_yet(best.span, "best");
        }
        let mut inner = Env {
            can_stack: false,
            ..env.clone()
        };
        let mut opened = Vec::new();
        let place = Where {
            span: tree.sources.last().map_or(span, |last| {
                tree.filter
                    .as_ref()
                    .map_or(last.span, |filter| last.span.to(filter.span))
            }),
            has_filter: tree.filter.is_some(),
        };
        for source in &tree.sources {
            let Some((source, frame)) = self.open(&inner, source, Some(place)) else {
                return faulty(span);
            };
            for condition in &source.conditions {
                inner.facts.extend(facts::if_yes(condition));
            }
            inner.frames.push(frame);
            opened.push(source);
        }
        let Some((sources, filter)) = self.close(&inner, opened, tree.filter.as_ref(), span) else {
            return faulty(span);
        };
        let known = filter.iter().flat_map(facts::if_yes).collect::<Vec<_>>();
        self.aggregated(&inner.knowing(&known), tree, (sources, filter), span, want)
    }

    fn aggregated(
        &mut self,
        env: &Env,
        tree: &ast::Aggregate,
        (sources, filter): (Vec<Source>, Option<Expr>),
        span: Span,
        want: Want,
    ) -> Expr {
        let Some(op) = self.aggregate_op(tree) else {
            return faulty(span);
        };
        let value = match (op, &tree.value) {
            (AggregateOp::Any | AggregateOp::All, Some(value)) => Some(self.holds(env, value)),
            (AggregateOp::Any | AggregateOp::All, None) => Some(truth(true, span)),
            (AggregateOp::Count, _) => None,
            (_, Some(value)) => Some(self.value(
                env,
                value,
                Want {
                    miss: super::want::Miss::Fails,
                    ..want
                },
            )),
            (_, None) => return self.push_no_value(tree, span),
        };
        let value = value.map(|value| self.fit_operand(op, value));
        let ty = result_type(op, value.as_ref());
        let order = tree
            .order
            .iter()
            .map(|key| (self.order_key(env, key), Direction::Ascending))
            .collect();
        let aggregate = Aggregate {
            op,
            value,
            sources,
            filter,
            order,
        };
        Expr {
            kind: ExprKind::Aggregate(Box::new(aggregate)),
            ty,
            span,
        }
    }

    /// Types a key of an order.
    pub(super) fn order_key(&mut self, env: &Env, key: &ast::Expr) -> Expr {
        self.value(env, key, Want::ANY)
    }

    fn aggregate_op(&mut self, tree: &ast::Aggregate) -> Option<AggregateOp> {
        let op = match (tree.op, tree.is_distinct) {
            (ast::AggregateOp::Count, true) => AggregateOp::CountDistinct,
            (ast::AggregateOp::Count, false) => AggregateOp::Count,
            (ast::AggregateOp::Sum, _) => AggregateOp::Sum,
            (ast::AggregateOp::Average, _) => AggregateOp::Average,
            (ast::AggregateOp::Lowest, _) => AggregateOp::Lowest,
            (ast::AggregateOp::Highest, _) => AggregateOp::Highest,
            (ast::AggregateOp::Any, _) => AggregateOp::Any,
            (ast::AggregateOp::All, _) => AggregateOp::All,
            (ast::AggregateOp::First, _) => AggregateOp::First,
            (ast::AggregateOp::Last, _) => AggregateOp::Last,
        };
        if op == AggregateOp::Count
            && let Some(value) = &tree.value
        {
            self.sink.push(
                Diagnostic::error(Code::E0208, text!("\"count\" counts records and takes no value", "“计数”只计记录数，不带值"))
                    .primary(value.span, Text::default())
                    .note(text!(
                        "Write the condition behind \"where\"; different values are counted by \"count distinct\".",
                        "条件写在“其中”之后；统计不同的值用“计数 distinct”。"
                    )),
            );
            return None;
        }
        if matches!(op, AggregateOp::First | AggregateOp::Last) && tree.order.is_empty() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0215,
                    text!(
                        "the first or last of what order is not said",
                        "没有写明按什么次序取首末"
                    ),
                )
                .primary(tree.op_span, text!("add: in order of …", "请写明：累计按 …")),
            );
            return None;
        }
        Some(op)
    }

    fn fit_operand(&mut self, op: AggregateOp, value: Expr) -> Expr {
        match op {
            AggregateOp::Sum | AggregateOp::Average => self.expect_numeric(value),
            AggregateOp::Lowest | AggregateOp::Highest => self.expect_ordered(value),
            AggregateOp::Count
            | AggregateOp::CountDistinct
            | AggregateOp::Any
            | AggregateOp::All
            | AggregateOp::First
            | AggregateOp::Last => value,
        }
    }

    fn push_no_value(&mut self, tree: &ast::Aggregate, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0208,
                text!(
                    "what is to be taken from the records is not said",
                    "没有写明取记录的什么"
                ),
            )
            .primary(tree.op_span, Text::default()),
        );
        faulty(span)
    }

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
            ast::SourceKind::Team(tree) => self.open_tree(env, source, tree, Depth::Every, place),
            ast::SourceKind::Reports(tree) => self.open_tree(env, source, tree, Depth::One, place),
        }
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
        let table = self.source_table(env, name)?;
        let binder = self.row_binder(source, table);
        let conditions = self.rows_conditions(env, name, binder);
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
        env: &Env,
        source: &ast::Source,
        tree: &ast::Tree,
        depth: Depth,
        place: Option<Where>,
    ) -> Option<(Opened, Frame)> {
        let of = self.value(env, &tree.root, Want::ANY);
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

    fn row_binder(&mut self, source: &ast::Source, table: TableId) -> BinderId {
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
    fn tree_field(&mut self, table: TableId, by: Option<&ast::Name>, span: Span) -> Option<FieldId> {
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
                            self.not_yet(rows.source.span, "rows over a team");
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
            let ast::SourceKind::Named(next) = &rows.source.kind else {
                break;
            };
            if let Some(filter) = &rows.filter {
                let own = self.rows_env(env, file, rows, binder);
                conditions.push(self.holds(&own, filter));
            }
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

    /// Types the filter, and takes the ranges of period sources out of it.
    fn close(
        &mut self,
        env: &Env,
        opened: Vec<Opened>,
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Option<(Vec<Source>, Option<Expr>)> {
        let own: Vec<BinderId> = opened.iter().map(|source| source.binder).collect();
        let mut all: Vec<Expr> = Vec::new();
        let mut sources = Vec::new();
        let typed = filter.map(|filter| self.holds(env, filter));
        let mut conjuncts = typed.map_or_else(Vec::new, conjuncts);
        for source in opened {
            all.extend(source.conditions);
            let domain = match source.over {
                Over::Known(domain) => domain,
                Over::Periods(calendar, unit) => {
                    let within = self.take_range(&mut conjuncts, source.binder, &own, span)?;
                    Domain::Periods {
                        calendar,
                        unit,
                        within,
                    }
                }
            };
            sources.push(Source {
                binder: source.binder,
                domain,
            });
        }
        all.extend(conjuncts);
        Some((sources, joined(all)))
    }

    /// Takes `m in R` for a period variable out of the conditions.
    fn take_range(
        &mut self,
        conjuncts: &mut Vec<Expr>,
        binder: BinderId,
        own: &[BinderId],
        span: Span,
    ) -> Option<DayRange> {
        let position = conjuncts.iter().position(|condition| {
            let ExprKind::Within { value, range } = &condition.kind else {
                return false;
            };
            let is_binder = matches!(&value.kind, ExprKind::Binder(found) if *found == binder);
            is_binder && !self.uses_any(range, own)
        });
        let taken = position.map(|at| conjuncts.remove(at).kind);
        if let Some(ExprKind::Within { range, .. }) = taken {
            return Some(range);
        }
        let is_faulty = conjuncts
            .iter()
            .any(|condition| condition.ty.scalar == Scalar::Faulty);
        if !is_faulty {
            let name = self
                .program
                .binder(binder)
                .map_or("", |found| found.name.as_str());
            let message = Diagnostic::error(
                Code::E0206,
                text!(
                    "which periods \"{name}\" runs over is not said",
                    "没有写明“{name}”取哪些期间"
                ),
            )
            .primary(
                span,
                text!("add: where {name} in this year", "请写明：其中 {name} 在 本年"),
            );
            self.sink.push(message);
        }
        None
    }

    fn uses_any(&self, range: &DayRange, binders: &[BinderId]) -> bool {
        [&range.from, &range.through]
            .into_iter()
            .any(|end| self.free_binders(end).iter().any(|found| binders.contains(found)))
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

    /// Types a running sum: over the rows before the current one.
    pub(super) fn running(&mut self, env: &Env, tree: &ast::Running, span: Span) -> Expr {
        let ast::SourceKind::Named(name) = &tree.source.kind else {
            return self.not_yet(tree.source.span, "running sum over a team");
        };
        let Some(table) = self.source_table(env, name) else {
            return faulty(span);
        };
        let Some(row) = self.running_row(env, table, name) else {
            return faulty(span);
        };
        let binder = self.row_binder(&tree.source, table);
        let conditions = self.rows_conditions(env, name, binder);
        let inner = self.running_env(env, tree, table, binder);
        let mut all = conditions;
        if let Some(filter) = &tree.filter {
            all.push(self.holds(&inner, filter));
        }
        let known: Vec<String> = all.iter().flat_map(facts::if_yes).collect();
        let inner = inner.knowing(&known);
        let value = self.value(&inner, &tree.value, Want::ANY);
        let value = self.expect_numeric(value);
        let scalar = value.ty.scalar;
        let order = tree.order.iter().map(|key| self.order_key(&inner, key)).collect();
        let within = tree
            .within
            .iter()
            .map(|key| self.expr(&inner, key, Want::ANY))
            .collect();
        let running = Running {
            row,
            binder,
            table,
            value,
            filter: joined(all),
            order,
            within,
        };
        always(ExprKind::Running(Box::new(running)), scalar, span)
    }

    /// Sees the running rows; the bare fields of the current row of the same table step back for them.
    fn running_env(&self, env: &Env, tree: &ast::Running, table: TableId, binder: BinderId) -> Env {
        let mut inner = env.clone();
        for frame in &mut inner.frames {
            if frame.bare == Some(table) {
                frame.bare = None;
            }
        }
        inner.with(Frame {
            binder,
            name: tree.source.alias.as_ref().map(|alias| alias.text.clone()),
            bare: Some(table),
            filter: None,
        })
    }

    fn running_row(&mut self, env: &Env, table: TableId, name: &ast::Name) -> Option<Expr> {
        let rows = env
            .row
            .into_iter()
            .chain(env.frames.iter().map(|frame| frame.binder));
        let mut found: Vec<BinderId> = rows
            .filter(|row| self.kind_of_binder(*row) == Scalar::Row(table))
            .collect();
        found.dedup();
        if let [one] = found.as_slice() {
            return Some(self.variable(*one, name.span));
        }
        let kind = self.kind_name(Scalar::Row(table));
        let title = if found.is_empty() {
            text!("a running sum needs a current {kind}", "累计需要有当前的{kind}"; kind)
        } else {
            text!("before which {kind} the running sum stops is not clear", "累计到哪条{kind}之前不明确"; kind)
        };
        self.sink
            .push(Diagnostic::error(Code::E0206, title).primary(name.span, kind));
        None
    }
}

/// Parts a condition into those that must all hold.
pub(super) fn conjuncts(condition: Expr) -> Vec<Expr> {
    if let ExprKind::And(all) = condition.kind {
        all
    } else {
        vec![condition]
    }
}

/// Joins conditions that must all hold.
pub(super) fn joined(mut conditions: Vec<Expr>) -> Option<Expr> {
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => {
            let span = conditions.first().map(|first| first.span)?;
            let span = conditions
                .iter()
                .fold(span, |whole, condition| whole.to(condition.span));
            let flat = conditions.into_iter().flat_map(conjuncts).collect();
            Some(always(ExprKind::And(flat), Scalar::Bool, span))
        }
    }
}

fn result_type(op: AggregateOp, value: Option<&Expr>) -> Ty {
    let scalar = value.map_or(Scalar::Int, |value| value.ty.scalar);
    match op {
        AggregateOp::Sum => Ty::always(scalar),
        AggregateOp::Count | AggregateOp::CountDistinct => Ty::always(Scalar::Int),
        AggregateOp::Any | AggregateOp::All => Ty::always(Scalar::Bool),
        AggregateOp::Average if scalar == Scalar::Int => Ty::optional(Scalar::Number),
        AggregateOp::Average
        | AggregateOp::Lowest
        | AggregateOp::Highest
        | AggregateOp::First
        | AggregateOp::Last => Ty::optional(scalar),
    }
}

fn truth(value: bool, span: Span) -> Expr {
    always(
        ExprKind::Const(crate::hir::expr::Value::Bool(value)),
        Scalar::Bool,
        span,
    )
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
