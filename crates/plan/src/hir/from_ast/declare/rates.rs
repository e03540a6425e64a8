//! Exchange rates: a table of records from a file, or rates written in the rules.

use std::collections::BTreeMap;

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::names::repeated;
use super::versions::Dated;
use crate::hir::expr::{Comparison, Expr, ExprKind, Value};
use crate::hir::from_ast::Checker;
use crate::hir::{
    BinderDomain, ColumnSource, Effective, EmptyCell, Field, Inverse, MissingDay, Naming, Origin,
    PercentForm, Rates, Reason, SourceBinding, SourceColumn, WrittenRate,
};
use crate::number::{Currency, Exact};
use crate::types::{FieldId, RatesId, Scalar, TableId, Ty};

/// The columns of exchange rates: name, second name, kind, decimals.
const COLUMNS: [(&str, &str, Scalar, u8); 4] = [
    ("from", "原币", Scalar::Text, 0),
    ("to", "目标币", Scalar::Text, 0),
    ("day", "日期", Scalar::Date, 0),
    ("rate", "汇率", Scalar::Number, RATE_DECIMALS),
];

/// The most decimals that a rate in a file may have: of a strong currency in a weak one's units there are many zeros.
const RATE_DECIMALS: u8 = 12;

impl Checker<'_> {
    /// Gives exchange rates their records' table, the rates written in the rules, and what is allowed where none is
    /// found.
    pub(super) fn rates(&mut self, id: RatesId, table: TableId, def: &ast::RatesDef) {
        self.rate_table(table, def);
        let written = match &def.body {
            ast::RatesBody::File { .. } => Vec::new(),
            ast::RatesBody::Rows(rows) => self.written_rates(rows),
        };
        let missing_day = self.missing_day(def);
        let pivot = def
            .pivot
            .as_ref()
            .and_then(|code| self.currency(&code.text, code.span));
        let inverse = if def.is_inverse_allowed {
            Inverse::Allowed
        } else {
            Inverse::Refused
        };
        if let Some(rates) = self.program.rates.get_mut(id.index()) {
            *rates = Rates {
                naming: rates.naming.clone(),
                table,
                written,
                missing_day,
                inverse,
                pivot,
                span: def.span,
            };
        }
    }

    fn rate_table(&mut self, table: TableId, def: &ast::RatesDef) {
        let fields = COLUMNS.iter().map(|column| column_of(*column, def.span));
        let fields: Vec<Field> = fields.collect();
        let (origin, source) = match &def.body {
            ast::RatesBody::File { path, columns } => (
                Origin::File(path.value.clone()),
                self.rate_source(path, columns, def.span),
            ),
            ast::RatesBody::Rows(_) => (Origin::Written, None),
        };
        if let Some(found) = self.program.tables.get_mut(table.index()) {
            found.fields = fields;
            found.key = vec![Rates::FROM, Rates::TO, Rates::DAY];
            found.origin = origin;
            found.source = source;
        }
        let check = self.positive_rate(table, def.span);
        let fields = self
            .program
            .tables
            .get_mut(table.index())
            .map(|found| &mut found.fields);
        if let Some(rate) = fields.and_then(|fields| fields.get_mut(Rates::RATE.index())) {
            rate.check = Some(check);
        }
    }

    /// Says that a rate is more than nothing.
    fn positive_rate(&mut self, table: TableId, span: Span) -> (crate::types::BinderId, Expr) {
        let binder = self.bind("rate", BinderDomain::Row(table), span);
        let left = self.field_value(self.variable(binder, span), Rates::RATE, span);
        let right = Expr {
            kind: ExprKind::Const(Value::Number(Exact::ZERO)),
            ty: Ty::always(Scalar::Int),
            span,
        };
        let kind = ExprKind::Compare {
            op: Comparison::Greater,
            left: Box::new(left),
            right: Box::new(right),
        };
        let ty = Ty::always(Scalar::Bool);
        (binder, Expr { kind, ty, span })
    }

    fn rate_source(
        &mut self,
        path: &ast::Quoted,
        columns: &[(ast::Name, ast::Quoted)],
        span: Span,
    ) -> Option<SourceBinding> {
        repeated(columns.iter().map(|(name, _)| name), Code::E0314, self.sink);
        let known = || COLUMNS.iter().flat_map(|(name, alias, ..)| [*name, *alias]);
        for (name, _) in columns
            .iter()
            .filter(|(name, _)| !known().any(|one| one == name.text))
        {
            let fault = super::names::unknown(Code::E0209, name, known());
            self.sink.push(fault);
        }
        if columns.is_empty() {
            return None;
        }
        let column = |(at, (name, alias, ..)): (usize, &(&str, &str, Scalar, u8))| {
            let said = columns
                .iter()
                .find(|(one, _)| one.text == *name || one.text == *alias);
            SourceColumn {
                field: FieldId::at(at),
                from: ColumnSource::Column(
                    said.map_or_else(|| (*name).to_owned(), |(_, column)| column.value.clone()),
                ),
                marks: None,
                month_format: None,
                renames: Vec::new(),
                date_format: None,
                percent: PercentForm::Sign,
                empty: EmptyCell::Missing,
                span,
            }
        };
        Some(SourceBinding {
            file: path.value.clone(),
            columns: COLUMNS.iter().enumerate().map(column).collect(),
            filter: None,
            span,
        })
    }

    fn written_rates(&mut self, rows: &[ast::RateRow]) -> Vec<WrittenRate> {
        let mut pairs: BTreeMap<(Currency, Currency), Vec<Dated<Exact>>> = BTreeMap::new();
        for row in rows {
            let from = self.currency(&row.from.text, row.from.span);
            let to = self.currency(&row.to.text, row.to.span);
            let rate = self.rate_literal(&row.rate);
            let effective = row
                .effective
                .as_ref()
                .map_or(Effective::default(), |range| self.effective(range));
            if from.is_some() && from == to {
                self.push_same_currency(row);
            } else if let (Some(from), Some(to), Some(item)) = (from, to, rate) {
                let dated = Dated {
                    effective,
                    span: row.span,
                    item,
                };
                pairs.entry((from, to)).or_default().push(dated);
            }
        }
        let mut written = Vec::new();
        for ((from, to), versions) in pairs {
            let versions = self.in_order(&format!("{from} to {to}"), versions);
            written.extend(versions.into_iter().map(|version| WrittenRate {
                from,
                to,
                effective: version.effective,
                rate: version.item,
            }));
        }
        written
    }

    fn rate_literal(&mut self, literal: &ast::Literal) -> Option<Exact> {
        let ast::LiteralKind::Number(number) = &literal.kind else {
            return None;
        };
        let rate = self.decimal(number, literal.span)?;
        if rate.is_positive() {
            return Some(rate);
        }
        let title = text!("an exchange rate is more than zero", "汇率必须大于零");
        self.sink
            .push(Diagnostic::error(Code::E0201, title).primary(literal.span, Text::default()));
        None
    }

    fn push_same_currency(&mut self, row: &ast::RateRow) {
        let code = &row.from.text;
        let title = text!("{code} in {code} is always 1", "{code} 兑 {code} 恒为 1");
        self.sink.push(
            Diagnostic::error(Code::E0201, title)
                .primary(row.span, text!("leave this row out", "请删去此行")),
        );
    }

    fn missing_day(&mut self, def: &ast::RatesDef) -> MissingDay {
        let Some(previous) = &def.previous else {
            return MissingDay::Error;
        };
        let within = previous.within.as_ref().and_then(|days| {
            let number = self
                .literal_value(&super::super::env::Env::of_file(days.span.file), days, None)
                .0;
            let days_back = match number {
                Some(Value::Number(number)) => {
                    number.to_scaled(0).and_then(|whole| u32::try_from(whole).ok())
                }
                Some(_) | None => None,
            };
            if days_back.is_none() {
                let title = text!("a number of days is needed here", "此处需要天数");
                self.sink
                    .push(Diagnostic::error(Code::E0201, title).primary(days.span, Text::default()));
            }
            days_back
        });
        MissingDay::Previous { within }
    }
}

fn column_of((name, alias, scalar, decimals): (&str, &str, Scalar, u8), span: Span) -> Field {
    Field {
        naming: Naming {
            name: name.to_owned(),
            alias: Some(alias.to_owned()),
            title: None,
            span,
        },
        ty: Ty::always(scalar),
        decimals,
        currency_field: None,
        check: None,
        reason: Reason::default(),
    }
}
