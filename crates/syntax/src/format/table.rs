//! Types, intervals, tiers, tables and matrices.

use super::Printer;
use super::layout::{Clauses, columns};
use super::names::Words;
use crate::ast::{
    Beyond, Cell, CellKind, Currency, DateRange, HitPolicy, Interval, Lower, LowerKind, MatrixDef, Name,
    Output, Param, TableBody, TableDef, TierKind, TierPlace, TierRow, TiersBody, TiersDef, Type, TypeKind,
    Upper, UpperKind,
};
use crate::keyword::Keyword as K;

impl Words {
    /// Prints a type.
    pub(super) fn ty(self, ty: &Type) -> String {
        let money = self.say(K::Money);
        let mut out = match &ty.kind {
            TypeKind::Text => self.say(K::Text).to_owned(),
            TypeKind::Truth => self.say(K::Truth).to_owned(),
            TypeKind::Int => self.say(K::Int).to_owned(),
            TypeKind::Number => self.say(K::Number).to_owned(),
            TypeKind::Percent => self.say(K::Percent).to_owned(),
            TypeKind::Date => self.say(K::Date).to_owned(),
            TypeKind::Period(unit) => self.unit(*unit).to_owned(),
            TypeKind::Money(currency) => format!("{money} {}", self.currency(currency)),
            TypeKind::MoneyIn(column) => format!("{money} {} {}", self.say(K::In), self.word(column)),
            TypeKind::MoneyOfPlan => money.to_owned(),
            TypeKind::Named(name) => self.word(name),
        };
        if ty.is_optional {
            out.push('?');
        }
        if let Some(step) = &ty.step {
            out.push_str(&format!(" {} {}", self.say(K::ToStep), self.literal(step)));
        }
        out
    }

    /// Prints a currency.
    pub(super) fn currency(self, currency: &Currency) -> String {
        match currency {
            Currency::Code(code) => code.text.clone(),
            Currency::Points(_) => self.say(K::Points).to_owned(),
        }
    }

    /// Prints `D through D`.
    pub(super) fn dates(self, range: &DateRange) -> String {
        let through = range.through.as_ref();
        let through = through.map(|day| format!(" {} {}", self.say(K::ThroughDate), self.literal(day)));
        format!("{}{}", self.literal(&range.from), through.unwrap_or_default())
    }

    /// Prints `effective D through D`.
    pub(super) fn effective(self, range: Option<&DateRange>) -> Option<String> {
        range.map(|range| format!("{} {}", self.say(K::Effective), self.dates(range)))
    }

    /// Prints `alias NAME`.
    pub(super) fn alias_of(self, alias: Option<&Name>) -> Option<String> {
        alias.map(|alias| format!("{} {}", self.say(K::Alias), self.word(alias)))
    }

    fn param(self, param: &Param) -> String {
        let domain = param.domain.as_ref().map(|domain| match domain.upper {
            Some(_) => format!(" {}", self.interval(domain)),
            None => format!(" {}", self.bounds(domain).0),
        });
        let ty = self.ty(&param.ty);
        format!("{}: {ty}{}", self.word(&param.name), domain.unwrap_or_default())
    }

    fn params<'p>(self, params: impl Iterator<Item = &'p Param>) -> String {
        let printed: Vec<String> = params.map(|param| self.param(param)).collect();
        printed.join(", ")
    }

    fn output(self, output: &Output) -> String {
        let word = output.combine.map(|op| format!("{} ", self.aggregate_word(op)));
        format!("{}{}", word.unwrap_or_default(), self.param(&output.param))
    }

    /// Prints an interval.
    pub(super) fn interval(self, interval: &Interval) -> String {
        let (lower, upper) = self.bounds(interval);
        format!("{lower} {upper}").trim().to_owned()
    }

    /// Prints the two ends of an interval; an open upper end behind a lower one is `up`.
    pub(super) fn bounds(self, interval: &Interval) -> (String, String) {
        let lower = interval.lower.as_ref().map(|lower| self.lower(lower));
        let upper = match &interval.upper {
            Some(upper) => self.upper(upper),
            None => self.say(K::Up).to_owned(),
        };
        (lower.unwrap_or_default(), upper)
    }

    fn lower(self, lower: &Lower) -> String {
        let word = match lower.kind {
            LowerKind::From => K::From,
            LowerKind::Above => K::Above,
        };
        format!("{} {}", self.say(word), self.expr(&lower.value))
    }

    fn upper(self, upper: &Upper) -> String {
        let word = match upper.kind {
            UpperKind::Below => K::Below,
            UpperKind::Through => K::Through,
        };
        format!("{} {}", self.say(word), self.expr(&upper.value))
    }

    /// Prints a condition cell.
    pub(super) fn cell(self, cell: &Cell) -> String {
        match &cell.kind {
            CellKind::Any => "-".to_owned(),
            CellKind::Missing => self.say(K::Missing).to_owned(),
            CellKind::Interval(interval) => self.interval(interval),
            CellKind::Values(values) => self.list(values),
        }
    }

    /// Prints what lies past the last row.
    pub(super) fn beyond(self, beyond: Beyond) -> String {
        let word = match beyond {
            Beyond::Clamp => K::Clamp,
            Beyond::Continue => K::Continue,
            Beyond::Nothing => K::Nothing,
            Beyond::Error => K::Error,
        };
        format!("{} {}", self.say(K::Beyond), self.say(word))
    }

    fn tier_kind(self, kind: TierKind) -> &'static str {
        self.say(match kind {
            TierKind::Marginal => K::Marginal,
            TierKind::Retro => K::Retro,
            TierKind::Flat => K::Flat,
            TierKind::Interpolated => K::Interpolated,
            TierKind::Fill => K::Fill,
        })
    }

    fn tier_row(self, row: &TierRow) -> Vec<String> {
        let (lower, upper) = match &row.place {
            TierPlace::Interval(interval) => self.bounds(interval),
            TierPlace::At(point) => (
                format!("{} {}", self.say(K::AtPoint), self.expr(point)),
                String::new(),
            ),
        };
        let plus = row
            .plus
            .as_ref()
            .map(|plus| format!(" {} {}", self.say(K::Plus), self.expr(plus)));
        vec![
            lower,
            upper,
            format!(": {}{}", self.expr(&row.value), plus.unwrap_or_default()),
        ]
    }
}

impl Printer<'_> {
    pub(super) fn tiers(&mut self, tiers: &TiersDef) {
        let words = self.words;
        let head = format!(
            "{} {} {}",
            words.say(K::Tiers),
            words.name(&tiers.name),
            words.tier_kind(tiers.kind)
        );
        let clauses = Clauses::new(head)
            .maybe(words.effective(tiers.effective.as_ref()))
            .maybe(tiers.beyond.map(|beyond| words.beyond(beyond)));
        match &tiers.body {
            TiersBody::File(path) => {
                let clauses = clauses.and(format!("{} {}", words.say(K::FromDate), words.quoted(path)));
                self.layout.statement(tiers.span, clauses);
            }
            TiersBody::Rows(rows) => {
                self.layout.open(tiers.span, one_line(clauses));
                let cells: Vec<Vec<String>> = rows.iter().map(|row| words.tier_row(row)).collect();
                for (row, text) in rows.iter().zip(columns(&without_empty(cells), " ")) {
                    self.layout.row(row.span, text);
                }
                self.layout.close(tiers.span, words.say(K::End));
            }
        }
    }

    pub(super) fn table(&mut self, table: &TableDef) {
        let words = self.words;
        let head = format!("{} {}", words.say(K::Table), words.name(&table.name));
        let clauses = Clauses::new(head).maybe(words.alias_of(table.alias.as_ref()));
        match &table.body {
            TableBody::File(path) => {
                let outputs = words.params(table.outputs.iter().map(|output| &output.param));
                let clauses = clauses
                    .maybe(words.effective(table.effective.as_ref()))
                    .and(format!("{} {}", words.say(K::FromDate), words.quoted(path)))
                    .and(format!(
                        "{} {}",
                        words.say(K::Key),
                        words.params(table.inputs.iter())
                    ))
                    .and(format!("{} {outputs}", words.say(K::Gives)));
                self.layout.statement(table.span, clauses);
            }
            TableBody::Rows(policy, _) => {
                let policy = policy.map(|policy| {
                    words.say(match policy {
                        HitPolicy::Unique => K::Unique,
                        HitPolicy::First => K::First,
                        HitPolicy::Every => K::Every,
                    })
                });
                let clauses = clauses
                    .maybe(policy.map(str::to_owned))
                    .maybe(words.effective(table.effective.as_ref()));
                self.layout.open(table.span, one_line(clauses));
                self.table_rows(table);
                self.layout.close(table.span, words.say(K::End));
            }
        }
    }

    fn table_rows(&mut self, table: &TableDef) {
        let words = self.words;
        let TableBody::Rows(_, rows) = &table.body else {
            return;
        };
        let inputs: Vec<String> = table.inputs.iter().map(|param| words.param(param)).collect();
        let outputs: Vec<String> = table.outputs.iter().map(|output| words.output(output)).collect();
        let mut left = vec![inputs];
        let mut right = vec![outputs];
        for row in rows {
            left.push(row.cells.iter().map(|cell| words.cell(cell)).collect());
            right.push(row.results.iter().map(|value| words.expr(value)).collect());
        }
        let (left, right) = (columns(&left, " | "), columns(&right, " | "));
        let both: Vec<Vec<String>> = left
            .into_iter()
            .zip(right)
            .map(|(left, right)| vec![left, format!("-> {right}")])
            .collect();
        let heading = table.inputs.first().map_or(table.span, |param| param.span);
        let spans = std::iter::once(heading).chain(rows.iter().map(|row| row.span));
        for (span, text) in spans.zip(columns(&both, " ")) {
            self.layout.row(span, text);
        }
    }

    pub(super) fn matrix(&mut self, matrix: &MatrixDef) {
        let words = self.words;
        let head = format!("{} {}", words.say(K::Matrix), words.name(&matrix.name));
        let (rows_by, columns_by) = (words.param(&matrix.rows_by), words.param(&matrix.columns_by));
        let clauses = Clauses::new(head)
            .maybe(words.alias_of(matrix.alias.as_ref()))
            .and(format!("{} {rows_by}, {columns_by}", words.say(K::By)))
            .and(format!("{} {}", words.say(K::Gives), words.ty(&matrix.gives)))
            .maybe(words.effective(matrix.effective.as_ref()));
        self.layout.open(matrix.span, one_line(clauses));
        let corner = std::iter::once("-".to_owned());
        let mut grid = vec![
            corner
                .chain(matrix.columns.iter().map(|cell| words.cell(cell)))
                .collect::<Vec<_>>(),
        ];
        for row in &matrix.rows {
            let head = std::iter::once(words.cell(&row.head));
            grid.push(
                head.chain(row.values.iter().map(|value| words.expr(value)))
                    .collect(),
            );
        }
        let heading = matrix.columns.first().map_or(matrix.span, |cell| cell.span);
        let spans = std::iter::once(heading).chain(matrix.rows.iter().map(|row| row.span));
        for (span, text) in spans.zip(columns(&grid, " | ")) {
            self.layout.row(span, text);
        }
        self.layout.close(matrix.span, words.say(K::End));
    }
}

/// Puts the head of a row block on one line, since its second line would be a row.
pub(super) fn one_line(clauses: Clauses) -> Clauses {
    Clauses::new(clauses.one_line())
}

/// Leaves out columns in which every cell is empty.
pub(super) fn without_empty(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let is_used = |at: usize| {
        rows.iter()
            .any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()))
    };
    let used: Vec<bool> = (0..3).map(is_used).collect();
    let keep = |row: Vec<String>| {
        row.into_iter()
            .zip(&used)
            .filter(|(_, used)| **used)
            .map(|(cell, _)| cell)
            .collect()
    };
    rows.into_iter().map(keep).collect()
}
