//! Plans whose payees belong to them only on some days: `segments`.
//!
//! A dated block says on which days somebody belongs to the plan. What that means is said here by writing it out: the
//! payee is paid in the periods in which there is such a day, a line counts where its day is one, and the records and
//! their shares of the period can be summed over. That `in period` means those days only is said where conditions are
//! read, since kinds are known there.

use guerdon_syntax::{Code, Diagnostic, Sink, Text, ast, text};

use super::seen::Seen;
use super::write::Writer;
use super::{push_twice, rewrite};

/// The name of the rows that hold the segments of a payee in a period.
const SEGMENTS: &str = "segments";

/// The name of the measure that gives a segment's share of the period.
const SHARE: &str = "segment_share";

/// The name of a segment in statements that are written out; no author can write it.
const ONE: &str = " segment";

/// Writes out what the `segments` line of a plan means; nothing where it has none.
pub(super) fn write(plan: &ast::Plan, seen: &Seen<'_>, sink: &mut Sink) -> Option<ast::Plan> {
    let mut lines = plan.statements.iter().filter_map(line);
    let tree = lines.next()?;
    if let Some(again) = lines.next() {
        push_twice(sink, again.span, tree.span);
    }
    let payee = plan.statements.iter().find_map(payee_line)?;
    let Some(block) = Segments::find(tree, payee, seen, sink) else {
        return Some(with_plain_rows(plan, tree));
    };
    let mut statements: Vec<ast::PlanStatement> = plan
        .statements
        .iter()
        .map(|statement| block.narrowed(statement))
        .collect();
    statements.push(block.rows());
    statements.push(block.share());
    Some(ast::Plan {
        statements,
        ..plan.clone()
    })
}

/// Lets `segments` name the records all the same, so that one fault gives one message.
fn with_plain_rows(plan: &ast::Plan, tree: &ast::Segments) -> ast::Plan {
    let mut plan = plan.clone();
    plan.statements.push(ast::PlanStatement::Rows(ast::Rows {
        name: Writer::at(tree.span).name(SEGMENTS),
        source: tree.source.clone(),
        filter: None,
        span: tree.span,
    }));
    plan
}

/// Gives the condition that a day is one of those on which the payee belongs to a plan.
pub(crate) fn on_day(tree: &ast::Segments, fields: &[String], day: &ast::Expr) -> Option<ast::Expr> {
    let ast::SourceKind::Named(data) = &tree.source.kind else {
        return None;
    };
    let writer = Writer::at(day.span);
    let found = || writer.of(&data.text, vec![writer.value("payee"), day.clone()]);
    let is_there = writer.not(writer.bracket(writer.is_missing(found())));
    let conditions = tree
        .filter
        .as_ref()
        .map(|filter| qualified(filter, fields, &found));
    Some(writer.all(std::iter::once(is_there).chain(conditions).collect()))
}

/// Reads bare names that are fields as fields of a record.
fn qualified(filter: &ast::Expr, fields: &[String], record: &dyn Fn() -> ast::Expr) -> ast::Expr {
    let changed = rewrite::inside_out(filter, &mut |part| {
        if let ast::ExprKind::Name(name) = &part.kind
            && fields.contains(&name.text)
        {
            let kind = ast::ExprKind::Field(Box::new(record()), name.clone());
            return ast::Expr {
                kind,
                span: part.span,
            };
        }
        part
    });
    Writer::at(filter.span).bracket(changed)
}

fn line(statement: &ast::PlanStatement) -> Option<&ast::Segments> {
    if let ast::PlanStatement::Segments(tree) = statement {
        Some(tree)
    } else {
        None
    }
}

fn payee_line(statement: &ast::PlanStatement) -> Option<&ast::Name> {
    if let ast::PlanStatement::Payee(line) = statement {
        Some(&line.data)
    } else {
        None
    }
}

/// Holds what the segments of a plan are.
struct Segments<'a> {
    tree: &'a ast::Segments,
    data: &'a ast::Name,
    valid: &'a ast::Valid,
    /// Whether the last day of a record may be missing: it goes on.
    is_open: bool,
    /// The field that says whose record it is.
    who: &'a ast::Name,
    fields: Vec<String>,
}

impl<'a> Segments<'a> {
    fn find(
        tree: &'a ast::Segments,
        payee: &ast::Name,
        seen: &Seen<'a>,
        sink: &mut Sink,
    ) -> Option<Segments<'a>> {
        let ast::SourceKind::Named(data) = &tree.source.kind else {
            push_no_block(sink, tree);
            return None;
        };
        // A name that means nothing is told where the rows are read.
        let block = seen.data_named(data.span.file, &data.text)?;
        let Some(valid) = &block.valid else {
            push_not_dated(sink, data, block);
            return None;
        };
        let is_of_payee = |field: &&ast::FieldDef| seen.is_of(field, payee);
        let mut owners = block.fields.iter().filter(is_of_payee);
        let (Some(who), None) = (owners.next(), owners.next()) else {
            push_no_owner(sink, data, payee);
            return None;
        };
        let until = block
            .fields
            .iter()
            .find(|field| is_called(field, &valid.until.text));
        let names = block.fields.iter().flat_map(|field| {
            let alias = field.alias.as_ref().map(|alias| alias.text.clone());
            std::iter::once(field.name.text.clone()).chain(alias)
        });
        Some(Segments {
            tree,
            data,
            valid,
            is_open: until.is_some_and(|field| field.ty.is_optional),
            who: &who.name,
            fields: names.collect(),
        })
    }

    fn writer(&self) -> Writer {
        Writer::at(self.tree.span)
    }

    /// Writes a statement so that it is about the days of the payee's segments only.
    fn narrowed(&self, statement: &ast::PlanStatement) -> ast::PlanStatement {
        if let ast::PlanStatement::Payee(line) = statement {
            let mut line = line.clone();
            line.filter = Some(self.both(line.filter, self.is_payee()));
            return ast::PlanStatement::Payee(line);
        }
        if let ast::PlanStatement::Earn(earn) = statement {
            return ast::PlanStatement::Earn(self.narrowed_lines(earn));
        }
        statement.clone()
    }

    fn narrowed_lines(&self, earn: &ast::Earn) -> ast::Earn {
        let mut earn = earn.clone();
        if let (Some(each), Some(dated)) = (&mut earn.each, &earn.dated)
            && let Some(condition) = on_day(self.tree, &self.fields, dated)
        {
            each.filter = Some(self.both(each.filter.take(), condition));
        }
        earn
    }

    fn both(&self, first: Option<ast::Expr>, second: ast::Expr) -> ast::Expr {
        match first {
            Some(first) => self.writer().all(vec![self.writer().bracket(first), second]),
            None => second,
        }
    }

    /// Writes that the payee has a segment in the period.
    fn is_payee(&self) -> ast::Expr {
        let writer = self.writer();
        let source = writer.source(self.data, ONE);
        let record = || writer.value(ONE);
        let mut conditions = self.touches(&record);
        conditions.extend(
            self.tree
                .filter
                .iter()
                .map(|filter| qualified(filter, &self.fields, &record)),
        );
        let count = writer.count(source, Some(writer.all(conditions)));
        writer.compare(writer.bracket(count), ast::CompareOp::Greater, writer.number(0))
    }

    /// Writes the conditions that a record is the payee's and has a day in the period.
    fn touches(&self, record: &dyn Fn() -> ast::Expr) -> Vec<ast::Expr> {
        let writer = self.writer();
        let field = |name: &ast::Name| field_of(record(), name);
        vec![
            writer.expr(ast::ExprKind::Is(
                Box::new(field(self.who)),
                ast::Polarity::Plain,
                Box::new(writer.value("payee")),
            )),
            writer.compare(
                field(&self.valid.from),
                ast::CompareOp::LessOrEqual,
                self.end("last_day"),
            ),
            writer.compare(
                self.until(record),
                ast::CompareOp::GreaterOrEqual,
                self.end("first_day"),
            ),
        ]
    }

    fn until(&self, record: &dyn Fn() -> ast::Expr) -> ast::Expr {
        let writer = self.writer();
        let until = field_of(record(), &self.valid.until);
        if !self.is_open {
            return until;
        }
        let or_end = writer.pair(until, ast::ChainOp::Otherwise, self.end("last_day"));
        writer.bracket(or_end)
    }

    /// Writes the first or the last day of the period.
    fn end(&self, word: &str) -> ast::Expr {
        let writer = self.writer();
        let period = writer.expr(ast::ExprKind::Period(ast::PeriodExpr::Current));
        field_of(period, &writer.name(word))
    }

    /// Writes `rows segments = S where …`.
    fn rows(&self) -> ast::PlanStatement {
        let writer = self.writer();
        let record = || writer.value(ONE);
        let mut conditions = self.touches(&record);
        conditions.extend(
            self.tree
                .filter
                .iter()
                .map(|filter| qualified(filter, &self.fields, &record)),
        );
        ast::PlanStatement::Rows(ast::Rows {
            name: writer.name(SEGMENTS),
            source: writer.source(self.data, ONE),
            filter: Some(writer.all(conditions)),
            span: self.tree.span,
        })
    }

    /// Writes the measure of a segment's share of the period: its days by those of the period.
    fn share(&self) -> ast::PlanStatement {
        let writer = self.writer();
        let record = || writer.value(ONE);
        let from = field_of(record(), &self.valid.from);
        let begins_later = writer.compare(from.clone(), ast::CompareOp::Greater, self.end("first_day"));
        // An explanation shows the first and the last day by the names of their fields.
        let at = Writer::at(self.valid.from.span);
        let first = at.choice(begins_later, from, self.end("first_day"));
        let ends_earlier = writer.compare(self.until(&record), ast::CompareOp::Less, self.end("last_day"));
        let at = Writer::at(self.valid.until.span);
        let last = at.choice(ends_earlier, self.until(&record), self.end("last_day"));
        let within = writer.bracket(writer.expr(ast::ExprKind::Through(Box::new(first), Box::new(last))));
        let period = writer.expr(ast::ExprKind::Period(ast::PeriodExpr::Current));
        let days = |range: ast::Expr| {
            writer.bracket(writer.expr(ast::ExprKind::Span(Box::new(ast::SpanExpr {
                unit: ast::SpanUnit::Days,
                range: ast::SpanRange::In(range),
                counted: None,
            }))))
        };
        let share = writer.pair(days(within), ast::ChainOp::Divide, days(period));
        let grain = ast::GrainName {
            data: self.data.clone(),
            name: writer.name(ONE),
        };
        writer.measure_for(SHARE, vec![grain], share)
    }
}

fn field_of(record: ast::Expr, name: &ast::Name) -> ast::Expr {
    let span = record.span;
    ast::Expr {
        kind: ast::ExprKind::Field(Box::new(record), name.clone()),
        span,
    }
}

fn is_called(field: &ast::FieldDef, name: &str) -> bool {
    field.name.text == name || field.alias.as_ref().is_some_and(|alias| alias.text == name)
}

fn push_no_block(sink: &mut Sink, tree: &ast::Segments) {
    sink.push(
        Diagnostic::error(
            Code::E0202,
            text!(
                "segments are the records of a data block",
                "分段取自一个数据块的记录"
            ),
        )
        .primary(tree.source.span, text!("no data block", "不是数据块")),
    );
}

fn push_not_dated(sink: &mut Sink, data: &ast::Name, block: &ast::DataDef) {
    let name = &data.text;
    sink.push(
        Diagnostic::error(
            Code::E0215,
            text!(
                "\"{name}\" does not say from when until when its records hold",
                "“{name}”没有写明记录的起止日期"
            ),
        )
        .primary(data.span, Text::default())
        .secondary(
            block.name.span,
            text!("add: valid from, until", "加上：生效 从, 至"),
        ),
    );
}

fn push_no_owner(sink: &mut Sink, data: &ast::Name, payee: &ast::Name) {
    let (name, payee) = (&data.text, &payee.text);
    sink.push(
        Diagnostic::error(
            Code::E0204,
            text!(
                "\"{name}\" must have one field that holds a {payee}, so that it is known whose segments they are",
                "“{name}”须有且仅有一个“{payee}”字段，才知道分段属于谁"
            ),
        )
        .primary(data.span, Text::default()),
    );
}
