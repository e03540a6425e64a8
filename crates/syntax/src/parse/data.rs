//! Declarations of data: enums, data blocks, constants, sources, calendars, holidays, exchange rates.

use super::build::Builder;
use super::expr::{compare_op, polarity};
use super::grammar::{Node, Parts, Rule, find, first_rule, has, parts};
use super::table::find_span;
use crate::ast::{
    CalendarDef, CalendarKind, CalendarLines, CellFormat, CellValue, ColumnDef, ColumnFrom, CompareOp,
    ConstDef, Currency, DataDef, DateRange, EmptyCell, EnumDef, EnumValue, FieldDef, HolidaysDef,
    HolidaysForm, HolidaysRow, Name, Polarity, PreviousRate, RateRow, RatesBody, RatesDef, Rename, SourceDef,
    SourceFilter, Use, Valid, YearNamedBy,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::text;

impl Builder<'_> {
    pub(crate) fn use_line(&mut self, node: Node<'_>) -> Option<Use> {
        let span = self.span(&node);
        let path = self.quoted(&mut parts(node))?;
        Some(Use { path, span })
    }

    pub(crate) fn enum_line(&mut self, node: Node<'_>) -> Option<EnumDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let alias = self.alias(&mut inner);
        let mut values = Vec::new();
        for value in inner.take_all(Rule::enum_value) {
            let mut inner = parts(value);
            let name = self.ident(&mut inner)?;
            let alias = self.alias(&mut inner);
            values.push(EnumValue { name, alias });
        }
        Some(EnumDef {
            name,
            alias,
            values,
            span,
        })
    }

    pub(crate) fn data_head(&mut self, node: Node<'_>) -> Option<DataDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let mut data = DataDef {
            name,
            alias: None,
            valid: None,
            known: None,
            key: Vec::new(),
            fields: Vec::new(),
            span,
        };
        while let Some(node) = inner.next() {
            let rule = node.as_rule();
            let mut words = self.words(&mut parts(node)).into_iter();
            match rule {
                Rule::alias => data.alias = words.next(),
                Rule::data_known => data.known = words.next(),
                Rule::data_key => data.key = words.collect(),
                Rule::data_valid => {
                    let (from, until) = (words.next()?, words.next()?);
                    data.valid = Some(Valid { from, until });
                }
                _ => {}
            }
        }
        Some(data)
    }

    pub(crate) fn field_row(&mut self, node: Node<'_>) -> Option<FieldDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.word(&mut inner)?;
        let alias = self.alias(&mut inner);
        let ty = self.take_type(&mut inner)?;
        let check = match inner.take(Rule::expr) {
            Some(node) => Some(self.expr(node)?),
            None => None,
        };
        let tail = self.tail(&mut inner);
        Some(FieldDef {
            name,
            alias,
            ty,
            check,
            tail,
            span,
        })
    }

    pub(crate) fn const_line(&mut self, node: Node<'_>) -> Option<ConstDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let alias = self.alias(&mut inner);
        let value = self.take_expr(&mut inner)?;
        let from = match inner.take(Rule::date) {
            Some(date) => Some(self.lexeme(date)?),
            None => None,
        };
        let tail = self.tail(&mut inner);
        Some(ConstDef {
            name,
            alias,
            value,
            from,
            tail,
            span,
        })
    }

    pub(crate) fn source_head(&mut self, node: Node<'_>) -> Option<SourceDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let data = self.ident(&mut inner)?;
        let path = self.quoted(&mut inner)?;
        let part = inner
            .take(Rule::source_part)
            .and_then(|part| self.quoted(&mut parts(part)));
        let time_zone = inner
            .take(Rule::source_zone)
            .and_then(|zone| self.quoted(&mut parts(zone)));
        Some(SourceDef {
            data,
            path,
            part,
            time_zone,
            columns: Vec::new(),
            filters: Vec::new(),
            span,
        })
    }

    pub(crate) fn source_row(&mut self, node: Node<'_>, into: &mut SourceDef) -> Option<()> {
        let node = node
            .into_inner()
            .find(|part| matches!(part.as_rule(), Rule::source_where | Rule::column))?;
        if node.as_rule() == Rule::column {
            let column = self.column(node)?;
            into.columns.push(column);
        } else {
            let filter = self.source_filter(parts(node).take(Rule::source_filter)?)?;
            into.filters.push(filter);
        }
        Some(())
    }

    fn source_filter(&mut self, node: Node<'_>) -> Option<SourceFilter> {
        let mut any = Vec::new();
        for and in parts(node).take_all(Rule::source_and) {
            let mut all = Vec::new();
            for test in parts(and).take_all(Rule::source_test) {
                all.push(self.source_test(test)?);
            }
            any.push(one_or(all, SourceFilter::All)?);
        }
        one_or(any, SourceFilter::Any)
    }

    fn source_test(&mut self, node: Node<'_>) -> Option<SourceFilter> {
        let span = self.span(&node);
        let missing = polarity(&node);
        let mut inner = parts(node);
        if let Some(filter) = inner.take(Rule::source_filter) {
            return self.source_filter(filter);
        }
        let column = self.quoted(&mut inner)?;
        let Some(sign) = inner.take(Rule::comparison) else {
            return Some(SourceFilter::Empty(column, missing));
        };
        let equality = match compare_op(sign.as_str().trim_end()) {
            CompareOp::Equal => Polarity::Plain,
            CompareOp::NotEqual => Polarity::Negated,
            CompareOp::Less | CompareOp::LessOrEqual | CompareOp::Greater | CompareOp::GreaterOrEqual => {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0101,
                        text!(
                            "a source only compares with = and !=",
                            "数据源只能用 = 和 != 比较"
                        ),
                    )
                    .primary(
                        span,
                        text!("leave this to a filter of the plan", "请在方案中筛选"),
                    ),
                );
                return None;
            }
        };
        let value = self.signed(inner.take(Rule::signed)?)?;
        Some(SourceFilter::Equal(column, equality, value))
    }

    fn column(&mut self, node: Node<'_>) -> Option<ColumnDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let field = self.word(&mut inner)?;
        let from = match inner.take(Rule::string) {
            Some(text) => ColumnFrom::Column(self.text(&text)),
            None if inner.take(Rule::row_number).is_some() => ColumnFrom::RowNumber,
            None => ColumnFrom::Fixed(self.take_cell_value(&mut inner)?),
        };
        let format = match inner.take(Rule::cell_format) {
            Some(node) => Some(self.cell_format(node)?),
            None => None,
        };
        let empty = match inner.take(Rule::empty_cell) {
            Some(node) => Some(match self.take_cell_value(&mut parts(node))? {
                CellValue::Missing(_) => EmptyCell::Missing,
                value @ (CellValue::Literal(_) | CellValue::Word(_)) => EmptyCell::Value(value),
            }),
            None => None,
        };
        let mut renames = Vec::new();
        if let Some(node) = inner.take(Rule::renames) {
            for rename in parts(node).take_all(Rule::rename) {
                let mut inner = parts(rename);
                let from = self.quoted(&mut inner)?;
                let to = self.take_cell_value(&mut inner)?;
                renames.push(Rename { from, to });
            }
        }
        Some(ColumnDef {
            field,
            from,
            format,
            empty,
            renames,
            span,
        })
    }

    fn take_cell_value(&mut self, inner: &mut Parts<'_>) -> Option<CellValue> {
        let node = inner.take(Rule::cell_value)?;
        let span = self.span(&node);
        if has(&node, Rule::kw_missing) {
            return Some(CellValue::Missing(span));
        }
        let node = node.into_inner().next()?;
        match node.as_rule() {
            Rule::signed => Some(CellValue::Literal(self.signed(node)?)),
            _ => Some(CellValue::Word(self.name(node))),
        }
    }

    fn cell_format(&mut self, node: Node<'_>) -> Option<CellFormat> {
        let points = find_span(self, &node, Rule::kw_points);
        let format = find(&node, |rule| rule != Rule::kw_as)?;
        let mut inner = parts(node);
        Some(match format {
            Rule::kw_date => CellFormat::Date(self.quoted(&mut inner)),
            Rule::kw_percent => CellFormat::Percent,
            Rule::kw_fraction => CellFormat::Fraction,
            Rule::kw_text => CellFormat::Text,
            Rule::kw_number => CellFormat::Number(self.quoted(&mut inner)?),
            Rule::kw_money => CellFormat::Money(match points {
                Some(points) => Currency::Points(points),
                None => Currency::Code(inner.take(Rule::iso).map(|code| self.name(code))?),
            }),
            _ => {
                let unit = self.unit(inner.take(Rule::unit)?)?;
                CellFormat::Period(unit, self.quoted(&mut inner))
            }
        })
    }

    pub(crate) fn calendar_head(&mut self, node: Node<'_>) -> Option<CalendarDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let kind = match inner.next().filter(|node| node.as_rule() != Rule::EOI) {
            Some(node) => self.calendar_kind(node)?,
            None => CalendarKind::Lines(CalendarLines::default()),
        };
        Some(CalendarDef { name, kind, span })
    }

    fn calendar_kind(&mut self, node: Node<'_>) -> Option<CalendarKind> {
        let rule = node.as_rule();
        let mut inner = parts(node);
        Some(match rule {
            Rule::calendar_every => {
                let count = self.take_lexeme(&mut inner, Rule::number)?;
                let unit = self.unit(inner.take(Rule::unit)?)?;
                CalendarKind::Every(count, unit, self.take_lexeme(&mut inner, Rule::date)?)
            }
            Rule::calendar_days => CalendarKind::DaysOfMonth(self.take_lexemes(&mut inner, Rule::number)?),
            Rule::calendar_weeks => {
                let pattern = inner.take(Rule::week_pattern)?;
                let mut weeks = pattern
                    .as_str()
                    .split('-')
                    .map(|part| part.trim().parse::<u8>().unwrap_or(0));
                let weeks = [weeks.next()?, weeks.next()?, weeks.next()?];
                CalendarKind::Weeks(weeks, self.take_lexeme(&mut inner, Rule::date)?)
            }
            _ => CalendarKind::Thirteen(self.take_lexeme(&mut inner, Rule::date)?),
        })
    }

    pub(crate) fn calendar_row(&mut self, node: Node<'_>, into: &mut CalendarLines) -> Option<()> {
        let node = parts(node).next()?;
        let rule = node.as_rule();
        let span = self.span(&node);
        let is_first = has(&node, Rule::kw_first);
        let mut inner = parts(node);
        match rule {
            Rule::calendar_starts => into
                .period_starts
                .extend(self.take_lexemes(&mut inner, Rule::date)?),
            Rule::calendar_file => into.periods_file = Some(self.quoted(&mut inner)?),
            Rule::calendar_ends => into.ends_before = Some(self.take_lexeme(&mut inner, Rule::date)?),
            Rule::year_starts => {
                into.year_starts
                    .extend(self.take_lexemes(&mut inner, Rule::date)?);
                if let Some(month) = inner.take(Rule::number) {
                    into.year_month = Some(self.lexeme(month)?);
                }
            }
            _ => {
                into.year_named_at = span;
                into.year_named_by = Some(match is_first {
                    true => YearNamedBy::FirstDay,
                    false => YearNamedBy::LastDay,
                });
            }
        }
        Some(())
    }

    pub(crate) fn holidays_head(&mut self, node: Node<'_>) -> Option<HolidaysDef> {
        let span = self.span(&node);
        let form = match node.as_rule() {
            Rule::holidays_head => HolidaysForm::Block,
            _ => HolidaysForm::Line,
        };
        let mut inner = parts(node);
        let word = inner.take(Rule::kw_holidays)?;
        let word = Name {
            text: "holidays".to_owned(),
            span: self.span(&word),
        };
        let name = self.ident(&mut inner);
        let clauses = std::iter::from_fn(|| inner.next());
        let rows = clauses
            .map(|clause| self.holidays_clause(clause))
            .collect::<Option<_>>()?;
        Some(HolidaysDef {
            name,
            word,
            form,
            rows,
            span,
        })
    }

    pub(crate) fn holidays_row(&mut self, node: Node<'_>, into: &mut HolidaysDef) -> Option<()> {
        let clause = parts(node).next()?;
        into.rows.push(self.holidays_clause(clause)?);
        Some(())
    }

    fn holidays_clause(&mut self, node: Node<'_>) -> Option<HolidaysRow> {
        let (rule, span) = (node.as_rule(), self.span(&node));
        if rule == Rule::effective {
            return self.date_range(node).map(HolidaysRow::Effective);
        }
        let mut inner = parts(node);
        Some(match rule {
            Rule::weekend => {
                let days = inner.take_all(Rule::weekday).into_iter();
                HolidaysRow::Weekend(days.map(|day| self.name(day)).collect(), span)
            }
            Rule::days_off_file => HolidaysRow::File(self.quoted(&mut inner)?),
            Rule::working_file => HolidaysRow::WorkedFile(self.quoted(&mut inner)?),
            Rule::worked_days => HolidaysRow::Worked(self.date_ranges(&mut inner)?, span),
            _ => HolidaysRow::Off(self.date_ranges(&mut inner)?, span),
        })
    }

    fn date_ranges(&mut self, inner: &mut Parts<'_>) -> Option<Vec<DateRange>> {
        let ranges = inner.take_all(Rule::date_range).into_iter();
        ranges.map(|range| self.date_range(range)).collect()
    }

    pub(crate) fn rates_head(&mut self, node: Node<'_>) -> Option<RatesDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner);
        let body = match self.quoted(&mut inner) {
            Some(path) => {
                let columns = inner.take(Rule::rate_columns).map(|node| self.rate_columns(node));
                let columns = columns.unwrap_or_default();
                RatesBody::File { path, columns }
            }
            None => RatesBody::Rows(Vec::new()),
        };
        let mut rates = RatesDef {
            name,
            body,
            previous: None,
            is_inverse_allowed: false,
            inverse_at: span,
            pivot: None,
            span,
        };
        for option in inner.take_all(Rule::rate_option) {
            self.rate_option(option, &mut rates)?;
        }
        Some(rates)
    }

    fn rate_columns(&mut self, node: Node<'_>) -> Vec<(crate::ast::Name, crate::ast::Quoted)> {
        let columns = parts(node).take_all(Rule::rate_column).into_iter();
        let pair = |node| {
            let mut inner = parts(node);
            Some((self.word(&mut inner)?, self.quoted(&mut inner)?))
        };
        columns.filter_map(pair).collect()
    }

    fn rate_option(&mut self, node: Node<'_>, into: &mut RatesDef) -> Option<()> {
        let span = self.span(&node);
        if first_rule(&node) == Some(Rule::kw_inverse) {
            into.is_inverse_allowed = true;
            into.inverse_at = span;
            return Some(());
        }
        let mut inner = parts(node);
        if let Some(pivot) = inner.take(Rule::rate_pivot) {
            into.pivot = parts(pivot).take(Rule::iso).map(|code| self.name(code));
        } else {
            let mut inner = parts(inner.take(Rule::rate_previous)?);
            let within = match inner.take(Rule::number) {
                Some(days) => Some(self.lexeme(days)?),
                None => None,
            };
            into.previous = Some(PreviousRate { within, span });
        }
        Some(())
    }

    pub(crate) fn rates_row(&mut self, node: Node<'_>, into: &mut RatesDef) -> Option<()> {
        let span = self.span(&node);
        let mut inner = parts(node);
        if let Some(option) = inner.take(Rule::rate_option) {
            return self.rate_option(option, into);
        }
        let mut inner = parts(inner.take(Rule::rate_pair)?);
        let (from, to) = (inner.take(Rule::iso)?, inner.take(Rule::iso)?);
        let (from, to) = (self.name(from), self.name(to));
        let rate = self.take_lexeme(&mut inner, Rule::number)?;
        let effective = match inner.take(Rule::date_range) {
            Some(node) => Some(self.date_range(node)?),
            None => None,
        };
        if let RatesBody::Rows(rows) = &mut into.body {
            rows.push(RateRow {
                from,
                to,
                rate,
                effective,
                span,
            });
        }
        Some(())
    }
}

fn one_or(
    mut all: Vec<SourceFilter>,
    many: impl FnOnce(Vec<SourceFilter>) -> SourceFilter,
) -> Option<SourceFilter> {
    match all.len() {
        1 => all.pop(),
        _ => Some(many(all)),
    }
}
