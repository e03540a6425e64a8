//! Declarations of data.

use super::Printer;
use super::layout::{Clauses, columns};
use super::names::Words;
use super::table::one_line;
use crate::ast::{
    CalendarDef, CalendarKind, CalendarLines, CellFormat, CellValue, ColumnDef, ColumnFrom, ConstDef,
    DataDef, DateRange, EmptyCell, EnumDef, FieldDef, HolidaysDef, HolidaysForm, HolidaysRow, Literal, Name,
    Polarity, PreviousRate, RateRow, RatesBody, RatesDef, SourceDef, SourceFilter, Use, YearNamedBy,
};
use crate::keyword::Keyword as K;
use crate::span::Span;

impl Words {
    fn literals(self, literals: &[Literal]) -> String {
        let printed: Vec<String> = literals.iter().map(|literal| self.literal(literal)).collect();
        printed.join(", ")
    }

    fn holidays_row(self, row: &HolidaysRow) -> String {
        let ranges = |ranges: &[DateRange]| -> String {
            let printed: Vec<String> = ranges.iter().map(|range| self.dates(range)).collect();
            printed.join(", ")
        };
        match row {
            HolidaysRow::Effective(range) => format!("{} {}", self.say(K::Effective), self.dates(range)),
            HolidaysRow::Weekend(days, _) => {
                let days: Vec<&str> = days.iter().map(|day| day.text.as_str()).collect();
                format!("{} {}", self.say(K::Weekend), days.join(", "))
            }
            HolidaysRow::File(path) => format!("{} {}", self.say(K::FromDate), self.quoted(path)),
            HolidaysRow::WorkedFile(path) => format!("{} {}", self.say(K::Working), self.quoted(path)),
            HolidaysRow::Off(days, _) => ranges(days),
            HolidaysRow::Worked(days, _) => format!("{} {}", self.say(K::Working), ranges(days)),
        }
    }

    /// Prints words with commas between.
    pub(super) fn word_list(self, names: &[Name]) -> String {
        let printed: Vec<String> = names.iter().map(|name| self.word(name)).collect();
        printed.join(", ")
    }

    /// Prints bare names with commas between.
    pub(super) fn name_list(self, names: &[Name]) -> String {
        let printed: Vec<String> = names.iter().map(|name| self.name(name)).collect();
        printed.join(", ")
    }

    fn field_row(self, field: &FieldDef) -> Vec<String> {
        let check = field
            .check
            .as_ref()
            .map(|check| format!("{} {}", self.say(K::Check), self.expr(check)));
        let tail = self.tail(&field.tail).join(" ");
        vec![
            self.word(&field.name),
            self.alias_of(field.alias.as_ref()).unwrap_or_default(),
            format!(": {}", self.ty(&field.ty)),
            format!("{} {tail}", check.unwrap_or_default()).trim().to_owned(),
        ]
    }

    fn column(self, column: &ColumnDef) -> Vec<String> {
        let from = match &column.from {
            ColumnFrom::Column(text) => self.quoted(text),
            ColumnFrom::Fixed(value) => self.cell_value(value),
            ColumnFrom::RowNumber => self.say(K::RowNumber).to_owned(),
        };
        let mut out = format!("= {from}");
        if let Some(format) = &column.format {
            out.push_str(&format!(" {} {}", self.say(K::As), self.cell_format(format)));
        }
        if let Some(empty) = &column.empty {
            let value = match empty {
                EmptyCell::Missing => self.say(K::Missing).to_owned(),
                EmptyCell::Value(value) => self.cell_value(value),
            };
            out.push_str(&format!(" {} {value}", self.say(K::EmptyAs)));
        }
        let renames: Vec<String> = column
            .renames
            .iter()
            .map(|rename| {
                format!(
                    "{} {} {}",
                    self.quoted(&rename.from),
                    self.say(K::As),
                    self.cell_value(&rename.to)
                )
            })
            .collect();
        if !renames.is_empty() {
            out.push_str(&format!(" {} {}", self.say(K::With), renames.join(", ")));
        }
        vec![self.word(&column.field), out]
    }

    fn cell_value(self, value: &CellValue) -> String {
        match value {
            CellValue::Literal(literal) => self.literal(literal),
            CellValue::Word(name) => self.word(name),
            CellValue::Missing(_) => self.say(K::Missing).to_owned(),
        }
    }

    fn cell_format(self, format: &CellFormat) -> String {
        let with = |word: &str, pattern: Option<&crate::ast::Quoted>| {
            let pattern = pattern.map(|pattern| format!(" {}", self.quoted(pattern)));
            format!("{word}{}", pattern.unwrap_or_default())
        };
        match format {
            CellFormat::Date(pattern) => with(self.say(K::Date), pattern.as_ref()),
            CellFormat::Period(unit, pattern) => with(self.unit(*unit), pattern.as_ref()),
            CellFormat::Percent => self.say(K::Percent).to_owned(),
            CellFormat::Fraction => self.say(K::Fraction).to_owned(),
            CellFormat::Money(currency) => format!("{} {}", self.say(K::Money), self.currency(currency)),
            CellFormat::Number(pattern) => with(self.say(K::Number), Some(pattern)),
            CellFormat::Text => self.say(K::Text).to_owned(),
        }
    }

    fn source_filter(self, filter: &SourceFilter) -> String {
        let joined = |filters: &[SourceFilter], word: K| {
            let printed: Vec<String> = filters.iter().map(|inner| self.inner_filter(inner)).collect();
            printed.join(&format!(" {} ", self.say(word)))
        };
        match filter {
            SourceFilter::All(filters) => joined(filters, K::And),
            SourceFilter::Any(filters) => joined(filters, K::Or),
            SourceFilter::Equal(column, polarity, value) => {
                let sign = match polarity {
                    Polarity::Plain => "=",
                    Polarity::Negated => "!=",
                };
                format!("{} {sign} {}", self.quoted(column), self.literal(value))
            }
            SourceFilter::Empty(column, polarity) => {
                let not = match polarity {
                    Polarity::Plain => String::new(),
                    Polarity::Negated => format!("{} ", self.say(K::Not)),
                };
                format!(
                    "{} {} {not}{}",
                    self.quoted(column),
                    self.say(K::Is),
                    self.say(K::Missing)
                )
            }
        }
    }

    fn inner_filter(self, filter: &SourceFilter) -> String {
        match filter {
            SourceFilter::Any(_) => format!("({})", self.source_filter(filter)),
            SourceFilter::All(_) | SourceFilter::Equal(..) | SourceFilter::Empty(..) => {
                self.source_filter(filter)
            }
        }
    }

    fn calendar_lines(self, lines: &CalendarLines) -> Vec<(Span, String)> {
        let mut out = Vec::new();
        if let Some(first) = lines.period_starts.first() {
            let days = self.literals(&lines.period_starts);
            out.push((first.span, format!("{} {days}", self.say(K::PeriodsStartOn))));
        }
        if let Some(path) = &lines.periods_file {
            let text = format!(
                "{} {} {}",
                self.say(K::Periods),
                self.say(K::FromDate),
                self.quoted(path)
            );
            out.push((path.span, text));
        }
        if let Some(end) = &lines.ends_before {
            let text = format!("{} {}", self.say(K::EndsBefore), self.literal(end));
            out.push((end.span, text));
        }
        if let Some(first) = lines.year_starts.first() {
            let days = self.literals(&lines.year_starts);
            out.push((first.span, format!("{} {days}", self.say(K::YearStartsOn))));
        }
        if let Some(month) = &lines.year_month {
            let text = format!("{} {}", self.say(K::YearStartsIn), self.literal(month));
            out.push((month.span, text));
        }
        out.extend(lines.year_named_by.map(|named| {
            let word = match named {
                YearNamedBy::FirstDay => K::YearNamedByFirstDay,
                YearNamedBy::LastDay => K::YearNamedByLastDay,
            };
            (lines.year_named_at, self.say(word).to_owned())
        }));
        out
    }

    fn calendar_kind(self, kind: &CalendarKind) -> String {
        let from = self.say(K::FromDate);
        match kind {
            CalendarKind::Lines(_) => String::new(),
            CalendarKind::Every(count, unit, day) => {
                let units = self.units(&count.written, *unit);
                format!("{} {units} {from} {}", self.say(K::Every), self.literal(day))
            }
            CalendarKind::DaysOfMonth(days) => {
                format!(
                    "{} {} {}",
                    self.say(K::StartsOn),
                    self.literals(days),
                    self.say(K::OfMonth)
                )
            }
            CalendarKind::Weeks([first, second, third], day) => {
                format!("{first}-{second}-{third} {from} {}", self.literal(day))
            }
            CalendarKind::Thirteen(day) => format!("{} {from} {}", self.say(K::Thirteen), self.literal(day)),
        }
    }

    fn rate_row(self, row: &RateRow) -> String {
        let dates = row.effective.as_ref();
        let dates = dates.map(|range| format!(" {} {}", self.say(K::FromDate), self.dates(range)));
        format!(
            "{} {} {} : {}{}",
            row.from.text,
            self.say(K::ToTarget),
            row.to.text,
            self.literal(&row.rate),
            dates.unwrap_or_default()
        )
    }

    fn previous(self, previous: &PreviousRate) -> String {
        let within = previous.within.as_ref();
        let within = within.map(|days| {
            let day = if self.language == crate::Language::En && days.written != "1" {
                K::Days
            } else {
                K::Day
            };
            format!(
                " {} {} {}",
                self.say(K::WithinDays),
                self.literal(days),
                self.say(day)
            )
        });
        format!(
            "{}{}",
            self.say(K::MissingDayPrevious),
            within.unwrap_or_default()
        )
    }

    fn rate_options(self, rates: &RatesDef) -> Vec<(Span, String)> {
        let previous = rates.previous.as_ref();
        let mut out: Vec<(Span, String)> = previous
            .map(|previous| (previous.span, self.previous(previous)))
            .into_iter()
            .collect();
        if rates.is_inverse_allowed {
            out.push((rates.inverse_at, self.say(K::Inverse).to_owned()));
        }
        out.extend(rates.pivot.as_ref().map(|pivot| {
            let text = format!("{} {}", self.say(K::Pivot), pivot.text);
            (pivot.span, text)
        }));
        out
    }
}

impl Printer<'_> {
    pub(super) fn use_line(&mut self, item: &Use) {
        let words = self.words;
        let text = format!("{} {}", words.say(K::UseFile), words.quoted(&item.path));
        self.layout.row(item.span, text);
    }

    pub(super) fn enum_line(&mut self, item: &EnumDef) {
        let words = self.words;
        let value = |value: &crate::ast::EnumValue| {
            let alias = words
                .alias_of(value.alias.as_ref())
                .map(|alias| format!(" {alias}"));
            format!("{}{}", words.name(&value.name), alias.unwrap_or_default())
        };
        let mut values = item.values.iter().map(value);
        let mut head = format!("{} {}", words.say(K::Enum), words.name(&item.name));
        if let Some(alias) = words.alias_of(item.alias.as_ref()) {
            head.push_str(&format!(" {alias}"));
        }
        let first = format!("{head} = {}", values.next().unwrap_or_default());
        let clauses = Clauses::new(first).all(values.map(|value| format!("| {value}")));
        self.layout.statement(item.span, clauses);
    }

    pub(super) fn data(&mut self, data: &DataDef) {
        let words = self.words;
        let key =
            (!data.key.is_empty()).then(|| format!("{} {}", words.say(K::Key), words.word_list(&data.key)));
        let valid = data.valid.as_ref().map(|valid| {
            format!(
                "{} {}, {}",
                words.say(K::Valid),
                words.word(&valid.from),
                words.word(&valid.until)
            )
        });
        let known = data
            .known
            .as_ref()
            .map(|known| format!("{} {}", words.say(K::Known), words.word(known)));
        let clauses = Clauses::new(format!("{} {}", words.say(K::Data), words.name(&data.name)))
            .maybe(words.alias_of(data.alias.as_ref()))
            .maybe(valid)
            .maybe(known)
            .maybe(key);
        self.layout.open(data.span, one_line(clauses));
        let rows: Vec<Vec<String>> = data.fields.iter().map(|field| words.field_row(field)).collect();
        let has_alias = data.fields.iter().any(|field| field.alias.is_some());
        let rows = rows
            .into_iter()
            .map(|row| drop_second(row, has_alias))
            .collect::<Vec<_>>();
        for (field, text) in data.fields.iter().zip(columns(&rows, " ")) {
            self.layout.row(field.span, text);
        }
        self.layout.close(data.span, words.say(K::End));
    }

    pub(super) fn const_line(&mut self, item: &ConstDef) {
        let words = self.words;
        let mut head = format!("{} {}", words.say(K::Const), words.name(&item.name));
        if let Some(alias) = words.alias_of(item.alias.as_ref()) {
            head.push_str(&format!(" {alias}"));
        }
        let from = item
            .from
            .as_ref()
            .map(|day| format!("{} {}", words.say(K::FromDate), words.literal(day)));
        let clauses = Clauses::new(format!("{head} = {}", words.expr(&item.value)))
            .maybe(from)
            .tail(words.tail(&item.tail));
        self.layout.statement(item.span, clauses);
    }

    pub(super) fn source(&mut self, source: &SourceDef) {
        let words = self.words;
        let part = source
            .part
            .as_ref()
            .map(|part| format!("{} {}", words.say(K::Sheet), words.quoted(part)));
        let zone = source.time_zone.as_ref();
        let zone = zone.map(|zone| format!("{} {}", words.say(K::TimeZone), words.quoted(zone)));
        let from = format!("{} {}", words.say(K::FromDate), words.quoted(&source.path));
        let head = format!("{} {}", words.say(K::Source), words.name(&source.data));
        self.layout.open(
            source.span,
            one_line(Clauses::new(head).and(from).maybe(part).maybe(zone)),
        );
        let rows: Vec<Vec<String>> = source.columns.iter().map(|column| words.column(column)).collect();
        let spans = source.columns.iter().map(|column| column.span);
        let mut printed: Vec<(Span, String)> = spans.zip(columns(&rows, " ")).collect();
        printed.extend(source.filters.iter().map(|filter| {
            let text = format!("{} {}", words.say(K::Where), words.source_filter(filter));
            (first_column(filter), text)
        }));
        self.rows(printed);
        self.layout.close(source.span, words.say(K::End));
    }

    /// Prints rows in the order of the source, so that comments stay with them.
    fn rows(&mut self, mut rows: Vec<(Span, String)>) {
        rows.sort_by_key(|(span, _)| span.start);
        for (span, text) in rows {
            self.layout.row(span, text);
        }
    }

    pub(super) fn calendar(&mut self, calendar: &CalendarDef) {
        let words = self.words;
        let head = format!("{} {}", words.say(K::Calendar), words.name(&calendar.name));
        let CalendarKind::Lines(lines) = &calendar.kind else {
            let clauses = Clauses::new(head).and(words.calendar_kind(&calendar.kind));
            return self.layout.row(calendar.span, clauses.one_line());
        };
        self.layout.open(calendar.span, Clauses::new(head));
        self.rows(words.calendar_lines(lines));
        self.layout.close(calendar.span, words.say(K::End));
    }

    pub(super) fn holidays(&mut self, holidays: &HolidaysDef) {
        let words = self.words;
        let name = holidays.name.as_ref().map(|name| words.name(name));
        let head = Clauses::new(words.say(K::Holidays)).maybe(name);
        match holidays.form {
            HolidaysForm::Line => {
                // The file comes first, so that the head shows that no rows follow.
                let (file, rest): (Vec<&HolidaysRow>, Vec<&HolidaysRow>) = holidays
                    .rows
                    .iter()
                    .partition(|row| matches!(row, HolidaysRow::File(_)));
                let clauses = file.into_iter().chain(rest).map(|row| words.holidays_row(row));
                self.layout.row(holidays.span, head.all(clauses).one_line());
            }
            HolidaysForm::Block => {
                self.layout.open(holidays.span, one_line(head));
                let rows = holidays.rows.iter();
                self.rows(rows.map(|row| (row.span(), words.holidays_row(row))).collect());
                self.layout.close(holidays.span, words.say(K::End));
            }
        }
    }

    pub(super) fn rates(&mut self, rates: &RatesDef) {
        let words = self.words;
        let name = rates.name.as_ref().map(|name| words.name(name));
        let clauses = Clauses::new(words.say(K::Rates)).maybe(name);
        let options = words.rate_options(rates);
        match &rates.body {
            RatesBody::File { path, columns } => {
                let columns: Vec<String> = columns
                    .iter()
                    .map(|(name, column)| format!("{} = {}", words.word(name), words.quoted(column)))
                    .collect();
                let columns =
                    (!columns.is_empty()).then(|| format!("{} {}", words.say(K::With), columns.join(", ")));
                let clauses = clauses
                    .and(format!("{} {}", words.say(K::FromDate), words.quoted(path)))
                    .maybe(columns)
                    .all(options.into_iter().map(|(_, option)| option));
                self.layout.row(rates.span, clauses.one_line());
            }
            RatesBody::Rows(rows) => {
                self.layout.open(rates.span, one_line(clauses));
                let mut printed: Vec<(Span, String)> =
                    rows.iter().map(|row| (row.span, words.rate_row(row))).collect();
                printed.extend(options);
                self.rows(printed);
                self.layout.close(rates.span, words.say(K::End));
            }
        }
    }
}

fn drop_second(row: Vec<String>, keep: bool) -> Vec<String> {
    row.into_iter()
        .enumerate()
        .filter(|(at, _)| keep || *at != 1)
        .map(|(_, cell)| cell)
        .collect()
}

fn first_column(filter: &SourceFilter) -> Span {
    let mut here = filter;
    loop {
        here = match here {
            SourceFilter::All(filters) | SourceFilter::Any(filters) => match filters.first() {
                Some(first) => first,
                None => return Span::at(crate::FileId(0), 0),
            },
            SourceFilter::Equal(column, ..) | SourceFilter::Empty(column, _) => return column.span,
        };
    }
}
