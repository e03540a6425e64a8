//! Items and their blocks: which rule reads which line, and where its result belongs.

mod rules;

use rules::{
    award_rule, contest_rule, metric_rule, plan_rule, scorecard_rule, target_rule, test_rule, warning_rule,
};

use super::Reader;
use super::build::Builder;
use super::grammar::{Node, Rule};
use crate::ast::{
    CalendarKind, ContestStatement, DimensionBody, GivenRow, Item, MatrixDef, RatesBody, ScorecardStatement,
    TableBody, TableDef, TestStatement, TiersBody, WarningStatement,
};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::keyword;
use crate::lines::{Block, Body, Logical};
use crate::span::Span;
use crate::text;

/// The most rows of a table, matrix or grid.
const MAX_ROWS: usize = 100_000;

impl<'a> Reader<'a> {
    /// Reads an item.
    pub(super) fn item(&mut self, line: &Logical<'_>) -> Option<Item> {
        let whole = self.whole(line);
        let mut item = self.declaration(line)?;
        match &mut item {
            Item::Use(item) => item.span = whole,
            Item::Enum(item) => item.span = whole,
            Item::Data(item) => item.span = whole,
            Item::Const(item) => item.span = whole,
            Item::Source(item) => item.span = whole,
            Item::Calendar(item) => item.span = whole,
            Item::Holidays(item) => item.span = whole,
            Item::Rates(item) => item.span = whole,
            Item::Tiers(item) => item.span = whole,
            Item::Table(item) => item.span = whole,
            Item::Matrix(item) => item.span = whole,
            Item::Plan(item) => item.span = whole,
            Item::Contest(item) => item.span = whole,
            Item::Award(item) => item.span = whole,
            Item::Target(item) => item.span = whole,
            Item::Warning(item) => item.span = whole,
            Item::Scorecard(item) => item.span = whole,
            Item::Test(item) => item.span = whole,
        }
        Some(item)
    }

    fn declaration(&mut self, line: &Logical<'_>) -> Option<Item> {
        match line.word() {
            "use" => self.line(line, Rule::use_line, Builder::use_line).map(Item::Use),
            "enum" => self
                .line(line, Rule::enum_line, Builder::enum_line)
                .map(Item::Enum),
            "const" => self
                .line(line, Rule::const_line, Builder::const_line)
                .map(Item::Const),
            "data" => self.data(line),
            "source" => self.source(line),
            "calendar" => self.calendar(line),
            "holidays" => self.holidays(line),
            "rates" => self.rates(line),
            "tiers" => self.tiers(line),
            "table" => self.table(line).map(Item::Table),
            "matrix" => self.matrix(line).map(Item::Matrix),
            _ => self.program(line),
        }
    }

    fn program(&mut self, line: &Logical<'_>) -> Option<Item> {
        match line.word() {
            "plan" => {
                let head = self.line(line, Rule::plan_head, Builder::plan_head);
                let statements = self.statements(line, plan_rule, Builder::plan_statement);
                head.map(|mut plan| {
                    plan.statements = statements;
                    Item::Plan(plan)
                })
            }
            "contest" => {
                let head = self.line(line, Rule::contest_head, Builder::named);
                let statements = self.contest(line);
                head.map(|(name, title, span)| {
                    Item::Contest(crate::ast::Contest {
                        name,
                        title,
                        statements,
                        span,
                    })
                })
            }
            "award" => {
                let head = self.line(line, Rule::award_head, Builder::named);
                let statements = self.statements(line, award_rule, Builder::award_statement);
                head.map(|(name, title, span)| {
                    Item::Award(crate::ast::Award {
                        name,
                        title,
                        statements,
                        span,
                    })
                })
            }
            "target" => {
                let head = self.line(line, Rule::target_head, Builder::named);
                let statements = self.statements(line, target_rule, Builder::target_statement);
                head.map(|(name, title, span)| {
                    Item::Target(crate::ast::Target {
                        name,
                        title,
                        statements,
                        span,
                    })
                })
            }
            "warning" => {
                let head = self.line(line, Rule::warning_head, Builder::named);
                let statements = self.warning(line);
                head.map(|(name, title, span)| {
                    Item::Warning(crate::ast::Warning {
                        name,
                        title,
                        statements,
                        span,
                    })
                })
            }
            "scorecard" => {
                let head = self.line(line, Rule::scorecard_head, Builder::named);
                let statements = self.scorecard(line);
                head.map(|(name, title, span)| {
                    Item::Scorecard(crate::ast::Scorecard {
                        name,
                        title,
                        statements,
                        span,
                    })
                })
            }
            _ => {
                let head = self.line(line, Rule::test_head, Builder::test_head);
                let statements = self.test(line);
                head.map(|mut test| {
                    test.statements = statements;
                    Item::Test(test)
                })
            }
        }
    }

    /// Reads the statements of a block.
    fn statements<T>(
        &mut self,
        line: &Logical<'_>,
        rule: fn(&str) -> Option<Rule>,
        build: fn(&mut Builder<'a>, Node<'_>) -> Option<T>,
    ) -> Vec<T> {
        let read = |inner: &Logical<'_>| self.statement(line, inner, rule, build);
        bodied(line).iter().filter_map(read).collect()
    }

    fn statement<T>(
        &mut self,
        line: &Logical<'_>,
        inner: &Logical<'_>,
        rule: fn(&str) -> Option<Rule>,
        build: fn(&mut Builder<'a>, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        match rule(inner.word()) {
            Some(rule) => self.line(inner, rule, build),
            None => {
                self.no_statement(line, inner);
                None
            }
        }
    }

    fn no_statement(&mut self, line: &Logical<'_>, inner: &Logical<'_>) {
        let Some(block) = line.body.as_ref().map(|body| body.block) else {
            return;
        };
        let first = inner.tokens.first().map_or(0, crate::lines::token::Token::end);
        let span = self.builder.folded.span(inner.start(), first);
        let word = self.builder.written(span).to_owned();
        let language = self.builder.language;
        let words: Vec<&str> = block
            .statement_words()
            .iter()
            .map(|word| keyword::say(word, language))
            .collect();
        let (list, name) = (words.join(" "), block.name());
        self.builder.sink.push(
            Diagnostic::error(
                Code::E0112,
                text!("\"{word}\" is no statement of {name}", "{name}没有“{word}”语句"; name),
            )
            .primary(span, Text::default())
            .note(text!("These can stand here: {list}.", "此处可用：{list}。")),
        );
        self.remember(&inner.tokens);
    }

    /// Gives the rows of a block, and refuses too many.
    fn rows<'l, 't>(&mut self, line: &'l Logical<'t>) -> &'l [Logical<'t>] {
        let lines = bodied(line);
        let Some(first) = lines.get(MAX_ROWS) else {
            self.refuse_empty(line);
            return lines;
        };
        let span = self.builder.folded.span(first.start(), first.end());
        self.builder.sink.push(
            Diagnostic::error(
                Code::E0009,
                text!(
                    "this block has more than {MAX_ROWS} rows",
                    "此块超过 {MAX_ROWS} 行"
                ),
            )
            .primary(span, text!("the first row past the limit", "超出上限的第一行"))
            .note(text!(
                "Keep so many rows in a file of their own.",
                "请把这么多行放在单独的文件里。"
            )),
        );
        lines.get(..MAX_ROWS).unwrap_or(&[])
    }

    fn refuse_empty(&mut self, line: &Logical<'_>) {
        let Some(body) = line.body.as_ref().filter(|body| body.lines.is_empty()) else {
            return;
        };
        let span = self.builder.folded.span(line.start(), line.end());
        let name = body.block.name();
        self.builder.sink.push(
            Diagnostic::error(
                Code::E0118,
                text!("nothing stands in {name}", "{name}是空的"; name),
            )
            .primary(span, text!("at least one line is needed", "至少需要一行")),
        );
    }

    fn data(&mut self, line: &Logical<'_>) -> Option<Item> {
        let head = self.line(line, Rule::data_head, Builder::data_head);
        let rows = self.rows(line);
        let fields = rows
            .iter()
            .filter_map(|row| self.line(row, Rule::field_row, Builder::field_row))
            .collect();
        let mut data = head?;
        data.fields = fields;
        Some(Item::Data(data))
    }

    fn source(&mut self, line: &Logical<'_>) -> Option<Item> {
        let mut head = self.line(line, Rule::source_head, Builder::source_head);
        for row in self.rows(line) {
            self.line(row, Rule::source_row, |builder, node| match &mut head {
                Some(source) => builder.source_row(node, source),
                None => Some(()),
            });
        }
        head.map(Item::Source)
    }

    fn calendar(&mut self, line: &Logical<'_>) -> Option<Item> {
        if line.body.is_none() {
            return self
                .line(line, Rule::calendar_line, Builder::calendar_head)
                .map(Item::Calendar);
        }
        let mut head = self.line(line, Rule::calendar_head, Builder::calendar_head);
        for row in self.rows(line) {
            self.line(row, Rule::calendar_row, |builder, node| {
                match head.as_mut().map(|head| &mut head.kind) {
                    Some(CalendarKind::Lines(lines)) => builder.calendar_row(node, lines),
                    _ => Some(()),
                }
            });
        }
        head.map(Item::Calendar)
    }

    fn holidays(&mut self, line: &Logical<'_>) -> Option<Item> {
        if line.body.is_none() {
            return self
                .line(line, Rule::holidays_line, Builder::holidays_head)
                .map(Item::Holidays);
        }
        let mut head = self.line(line, Rule::holidays_head, Builder::holidays_head);
        for row in self.rows(line) {
            self.line(row, Rule::holidays_row, |builder, node| match &mut head {
                Some(holidays) => builder.holidays_row(node, holidays),
                None => Some(()),
            });
        }
        head.map(Item::Holidays)
    }

    fn rates(&mut self, line: &Logical<'_>) -> Option<Item> {
        if line.body.is_none() {
            return self
                .line(line, Rule::rates_line, Builder::rates_head)
                .map(Item::Rates);
        }
        let mut head = self.line(line, Rule::rates_head, Builder::rates_head);
        for row in self.rows(line) {
            self.line(row, Rule::rates_row, |builder, node| match &mut head {
                Some(rates) => builder.rates_row(node, rates),
                None => Some(()),
            });
        }
        head.filter(|rates| matches!(rates.body, RatesBody::Rows(_)))
            .map(Item::Rates)
    }

    fn tiers(&mut self, line: &Logical<'_>) -> Option<Item> {
        let head = self.line(line, Rule::tiers_head, Builder::tiers_head);
        if line.body.is_none() {
            return head.map(Item::Tiers);
        }
        let rows = self.rows(line);
        let rows = rows
            .iter()
            .filter_map(|row| self.line(row, Rule::tier_row, Builder::tier_row))
            .collect();
        let mut tiers = head?;
        tiers.body = TiersBody::Rows(rows);
        Some(Item::Tiers(tiers))
    }

    fn table(&mut self, line: &Logical<'_>) -> Option<TableDef> {
        if line.body.is_none() {
            return self.line(line, Rule::table_line, Builder::table_head);
        }
        let head = self.line(line, Rule::table_head, Builder::table_head);
        let (first, rest) = self.rows(line).split_first()?;
        let columns = self.line(first, Rule::table_columns, Builder::table_columns);
        let mut rows = Vec::new();
        for row in rest {
            let Some(read) = self.line(row, Rule::table_row, Builder::table_row) else {
                continue;
            };
            if let Some((inputs, outputs)) = &columns {
                let heading = self.builder.folded.span(first.start(), first.end());
                self.same_count(read.span, read.cells.len(), heading, inputs.len());
                self.same_count(read.span, read.results.len(), heading, outputs.len());
            }
            rows.push(read);
        }
        let mut table = head?;
        (table.inputs, table.outputs) = columns?;
        if let TableBody::Rows(_, into) = &mut table.body {
            *into = rows;
        }
        Some(table)
    }

    fn matrix(&mut self, line: &Logical<'_>) -> Option<MatrixDef> {
        let head = self.line(line, Rule::matrix_head, Builder::matrix_head);
        let (first, rest) = self.rows(line).split_first()?;
        let columns = self.line(first, Rule::matrix_columns, |builder, node| {
            Some(builder.matrix_columns(node))
        });
        let mut rows = Vec::new();
        for row in rest {
            let Some(read) = self.line(row, Rule::matrix_row, Builder::matrix_row) else {
                continue;
            };
            if let Some(columns) = &columns {
                let heading = self.builder.folded.span(first.start(), first.end());
                self.same_count(read.span, read.values.len(), heading, columns.len());
            }
            rows.push(read);
        }
        let mut matrix = head?;
        (matrix.columns, matrix.rows) = (columns?, rows);
        Some(matrix)
    }

    fn contest(&mut self, line: &Logical<'_>) -> Vec<ContestStatement> {
        let mut statements = Vec::new();
        for inner in bodied(line) {
            let read = self.statement(line, inner, contest_rule, Builder::contest_statement);
            let rows = self.inner_rows(inner, Block::Prizes, Rule::prize_row, Builder::prize_row);
            if let Some(mut statement) = read {
                if let ContestStatement::Prizes(prizes) = &mut statement {
                    (prizes.rows, prizes.span) = (rows, self.whole(inner));
                }
                statements.push(statement);
            }
        }
        statements
    }

    fn warning(&mut self, line: &Logical<'_>) -> Vec<WarningStatement> {
        let mut statements = Vec::new();
        for inner in bodied(line) {
            let read = self.statement(line, inner, warning_rule, Builder::warning_statement);
            let rows = self.inner_rows(inner, Block::Respond, Rule::respond_row, Builder::respond_row);
            if let Some(mut statement) = read {
                if let WarningStatement::Respond(respond) = &mut statement {
                    (respond.rows, respond.span) = (rows, self.whole(inner));
                }
                statements.push(statement);
            }
        }
        statements
    }

    fn scorecard(&mut self, line: &Logical<'_>) -> Vec<ScorecardStatement> {
        let mut statements = Vec::new();
        for inner in bodied(line) {
            let read = self.statement(line, inner, scorecard_rule, Builder::scorecard_statement);
            let grades = self.inner_rows(inner, Block::Grades, Rule::grade_row, Builder::grade_row);
            let metrics = self.metrics(inner);
            let whole = self.whole(inner);
            let Some(mut statement) = read else { continue };
            match &mut statement {
                ScorecardStatement::Grades(into) => (into.rows, into.span) = (grades, whole),
                ScorecardStatement::Dimension(into) => {
                    into.span = whole;
                    if let DimensionBody::Metrics(_, rows) = &mut into.body {
                        *rows = metrics;
                    }
                }
                _ => {}
            }
            statements.push(statement);
        }
        statements
    }

    fn metrics(&mut self, line: &Logical<'_>) -> Vec<crate::ast::Metric> {
        match body_of(line, Block::Dimension) {
            Some(_) => {
                self.refuse_empty(line);
                self.statements(line, metric_rule, Builder::metric)
            }
            None => Vec::new(),
        }
    }

    fn inner_rows<T>(
        &mut self,
        line: &Logical<'_>,
        block: Block,
        rule: Rule,
        build: fn(&mut Builder<'a>, Node<'_>) -> Option<T>,
    ) -> Vec<T> {
        if body_of(line, block).is_none() {
            return Vec::new();
        }
        let rows = self.rows(line);
        rows.iter()
            .filter_map(|row| self.line(row, rule, build))
            .collect()
    }

    fn test(&mut self, line: &Logical<'_>) -> Vec<TestStatement> {
        let mut statements = Vec::new();
        for inner in bodied(line) {
            let read = self.statement(line, inner, test_rule, Builder::test_statement);
            let grid = body_of(inner, Block::Given).map(|_| self.grid(inner));
            let Some(mut statement) = read else { continue };
            if let (TestStatement::Given(given), Some((columns, rows))) = (&mut statement, grid) {
                (given.columns, given.rows, given.span) = (columns, rows, self.whole(inner));
            }
            statements.push(statement);
        }
        statements
    }

    fn grid(&mut self, line: &Logical<'_>) -> (Vec<crate::ast::Name>, Vec<GivenRow>) {
        let Some((first, rest)) = self.rows(line).split_first() else {
            return (Vec::new(), Vec::new());
        };
        let columns = self.line(first, Rule::grid_head, |builder, node| {
            Some(builder.grid_head(node))
        });
        let heading = self.builder.folded.span(first.start(), first.end());
        let mut rows = Vec::new();
        for row in rest {
            let Some(read) = self.line(row, Rule::grid_row, Builder::grid_row) else {
                continue;
            };
            if let Some(columns) = &columns {
                self.same_count(read.span, read.cells.len(), heading, columns.len());
            }
            rows.push(read);
        }
        (columns.unwrap_or_default(), rows)
    }

    fn same_count(&mut self, row: Span, cells: usize, heading: Span, columns: usize) {
        if cells == columns {
            return;
        }
        self.builder.sink.push(
            super::cell::uneven(row, cells, columns)
                .secondary(heading, text!("{columns} here", "此处 {columns} 格")),
        );
    }
}

fn bodied<'l, 't>(line: &'l Logical<'t>) -> &'l [Logical<'t>] {
    line.body.as_ref().map_or(&[], |body| &body.lines)
}

fn body_of<'l, 't>(line: &'l Logical<'t>, block: Block) -> Option<&'l Body<'t>> {
    line.body.as_ref().filter(|body| body.block == block)
}
