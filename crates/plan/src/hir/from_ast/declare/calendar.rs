//! Calendars.

use std::borrow::Cow;

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::kinds::unit_of;
use crate::calendar::{Calendar, CalendarError, Date, Unit, WeekPattern, WeekYearStart, YearName};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::literal::small_number;
use crate::types::CalendarId;

impl Checker<'_> {
    /// Builds a calendar; a faulty one stays civil.
    pub(super) fn calendar(&mut self, id: CalendarId, def: &ast::CalendarDef) {
        let built = match &def.kind {
            ast::CalendarKind::Lines(lines) => self.calendar_lines(def, lines),
            ast::CalendarKind::Every(number, unit, from) => self.every_days(number, unit, from),
            ast::CalendarKind::DaysOfMonth(days) => {
                let days: Option<Vec<u8>> = days.iter().map(|day| self.calendar_number(day)).collect();
                days.map(|days| Calendar::civil().with_month_days(&days))
            }
            ast::CalendarKind::Weeks(weeks, from) => match pattern_of(*weeks) {
                Some(pattern) => self.date_of(from).map(|from| week_years(pattern, from)),
                None => self.push_no_pattern(def.span),
            },
            ast::CalendarKind::Thirteen(from) => self
                .date_of(from)
                .map(|from| week_years(WeekPattern::Thirteen, from)),
        };
        let calendar = match built {
            Some(Ok(calendar)) => calendar,
            Some(Err(error)) => return self.push_calendar_error(def, error),
            None => return,
        };
        if let Some(place) = self.program.calendars.get_mut(id.index()) {
            place.calendar = calendar;
        }
    }

    fn every_days(
        &mut self,
        number: &ast::Literal,
        unit: &ast::Unit,
        from: &ast::Literal,
    ) -> Option<Result<Calendar, CalendarError>> {
        let number = u32::from(self.calendar_number(number)?);
        let days = match unit_of(unit.kind) {
            Unit::Day => number,
            Unit::Week => number.saturating_mul(7),
            Unit::Month | Unit::Quarter | Unit::Year | Unit::Period => {
                let title = text!(
                    "a calendar repeats every so many days or weeks",
                    "日历按若干天或若干周重复"
                );
                self.sink
                    .push(Diagnostic::error(Code::E0227, title).primary(unit.span, Text::default()));
                return None;
            }
        };
        let from = self.date_of(from)?;
        Some(Calendar::civil().with_every_days(days, from))
    }

    fn calendar_lines(
        &mut self,
        def: &ast::CalendarDef,
        lines: &ast::CalendarLines,
    ) -> Option<Result<Calendar, CalendarError>> {
        let period_starts: Cow<'_, [ast::Literal]> = match &lines.periods_file {
            Some(path) => Cow::Owned(self.period_sheet(path)?),
            None => Cow::Borrowed(&lines.period_starts),
        };
        let name = self.year_name(def, lines)?;
        let end = lines.ends_before.as_ref().map(|end| self.date_of(end));
        let needs_end = !period_starts.is_empty() || !lines.year_starts.is_empty();
        let end = match (end, needs_end) {
            (Some(end), _) => Some(end?),
            (None, true) => return self.push_no_last_day(def),
            (None, false) => None,
        };
        let mut calendar = match &lines.year_month {
            Some(month) => Calendar::fiscal(self.calendar_number(month)?, name),
            None => Ok(Calendar::civil()),
        };
        if let Some(end) = end.filter(|_| !lines.year_starts.is_empty()) {
            let starts = self.calendar_dates(&lines.year_starts)?;
            calendar = calendar.and_then(|calendar| calendar.with_listed_years(&starts, end, name));
        }
        if let Some(end) = end.filter(|_| !period_starts.is_empty()) {
            let starts = self.calendar_dates(&period_starts)?;
            calendar = calendar.and_then(|calendar| calendar.with_listed_periods(&starts, end));
        }
        Some(calendar)
    }

    /// Says by which day years are named; years that do not start in January must say it.
    fn year_name(&mut self, def: &ast::CalendarDef, lines: &ast::CalendarLines) -> Option<YearName> {
        match (lines.year_named_by, &lines.year_month) {
            (Some(ast::YearNamedBy::FirstDay), _) | (None, None) => Some(YearName::FirstDay),
            (Some(ast::YearNamedBy::LastDay), _) => Some(YearName::LastDay),
            (None, Some(month)) => {
                if small_number(month) == Some(1) {
                    return Some(YearName::FirstDay);
                }
                let name = &def.name.text;
                let title = text!(
                    "calendar \"{name}\" does not say how its years are named",
                    "日历“{name}”没有说明年份如何命名"
                );
                let fault = Diagnostic::error(Code::E0215, title).primary(
                    month.span,
                    text!(
                        "the year begins here and ends in the next one",
                        "年度跨越两个自然年"
                    ),
                );
                self.sink.push(fault.fix(Fix::advice(
                    text!("add a line", "增加一行"),
                    text!(
                        "year named by first day, or year named by last day",
                        "year named by first day 或 year named by last day"
                    ),
                )));
                None
            }
        }
    }

    fn calendar_dates(&mut self, literals: &[ast::Literal]) -> Option<Vec<Date>> {
        let dates: Vec<Option<Date>> = literals.iter().map(|literal| self.date_of(literal)).collect();
        dates.into_iter().collect()
    }

    fn calendar_number(&mut self, literal: &ast::Literal) -> Option<u8> {
        let number = small_number(literal);
        if number.is_none() {
            let title = text!("a small whole number is needed here", "此处需要较小的整数");
            self.sink
                .push(Diagnostic::error(Code::E0201, title).primary(literal.span, Text::default()));
        }
        number
    }

    fn push_no_last_day<T>(&mut self, def: &ast::CalendarDef) -> Option<T> {
        let name = &def.name.text;
        let title = text!(
            "calendar \"{name}\" does not say when its last period ends",
            "日历“{name}”没有说明最后一期何时结束"
        );
        let fault = Diagnostic::error(Code::E0215, title).primary(def.name.span, Text::default());
        self.sink.push(fault.fix(Fix::advice(
            text!("add a line", "增加一行"),
            text!("ends before 2027-01-01", "ends before 2027-01-01"),
        )));
        None
    }

    fn push_no_pattern<T>(&mut self, at: Span) -> Option<T> {
        let title = text!(
            "weeks are grouped 4-4-5, 4-5-4 or 5-4-4",
            "周的分组为 4-4-5、4-5-4 或 5-4-4"
        );
        self.sink
            .push(Diagnostic::error(Code::E0227, title).primary(at, Text::default()));
        None
    }

    fn push_calendar_error(&mut self, def: &ast::CalendarDef, error: CalendarError) {
        let name = &def.name.text;
        let title = text!("calendar \"{name}\" cannot be built", "日历“{name}”无法建立");
        self.sink
            .push(Diagnostic::error(Code::E0227, title).primary(def.name.span, reason(error)));
    }
}

/// Makes years of whole weeks that begin on the weekday of a first day, as near as possible to its day of the year.
///
/// A year is named by the civil year that holds more of it.
fn week_years(pattern: WeekPattern, from: Date) -> Result<Calendar, CalendarError> {
    let name = if from.month() >= 7 {
        YearName::LastDay
    } else {
        YearName::FirstDay
    };
    let start = WeekYearStart::nearest(from.weekday(), from.month(), from.day())?;
    Ok(Calendar::weeks(pattern, start, name))
}

fn pattern_of(weeks: [u8; 3]) -> Option<WeekPattern> {
    match weeks {
        [4, 4, 5] => Some(WeekPattern::FourFourFive),
        [4, 5, 4] => Some(WeekPattern::FourFiveFour),
        [5, 4, 4] => Some(WeekPattern::FiveFourFour),
        _ => None,
    }
}

fn reason(error: CalendarError) -> Text {
    match error {
        CalendarError::NotADate
        | CalendarError::BadPattern
        | CalendarError::TwoDigitYear
        | CalendarError::NotAPeriod => {
            text!("not a date", "不是日期")
        }
        CalendarError::NoSuchDay { year, month, day } => {
            text!(
                "there is no day {year:04}-{month:02}-{day:02}",
                "没有 {year:04}-{month:02}-{day:02} 这一天"
            )
        }
        CalendarError::OutOfRange => text!("outside the years 0001 to 9999", "超出公元 1 至 9999 年"),
        CalendarError::NoSuchMonth(month) => text!("there is no month {month}", "没有 {month} 月"),
        CalendarError::NotInEveryMonth(day) => text!(
            "not every month has a day {day}; starts lie on days 1 to 28",
            "不是每月都有 {day} 日，起始日应在 1 至 28 日"
        ),
        CalendarError::NoStarts => text!("no start is given", "没有起始日"),
        CalendarError::NotRising => {
            text!(
                "the starts must rise, and the end must come after the last one",
                "起始日须递增，终止日须在最后一个之后"
            )
        }
        CalendarError::NoLength => text!("a period has at least one day", "每期至少一天"),
        CalendarError::YearInsidePeriod => text!(
            "a year must start where a period starts",
            "年度须从某一期的起始日开始"
        ),
        CalendarError::YearNames => text!(
            "two years would have one name, or a name would be left out between two",
            "会有两个年度同名，或者中间缺少一个名称"
        ),
    }
}
