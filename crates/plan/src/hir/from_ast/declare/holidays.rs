//! Lists of holidays: weekend days, days off, weekend days that are worked, and how far the list goes.

use guerdon_syntax::keyword::builtin_weekday;
use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use crate::calendar::{Date, Weekday};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::schema::{Effective, Holidays};
use crate::hir::test::Swap;
use crate::resolve::Declared;
use crate::types::HolidaysId;

/// The longest range of days off that a row may give; a longer one is a slip in a year.
const MAX_DAYS: i64 = 366;

/// The headings that a column of days may have.
const DAY_HEADINGS: [&str; 2] = ["day", "日期"];

/// The headings that the column of a grid may have that says which days are worked.
const WORKED_HEADINGS: [&str; 2] = ["working", "调休上班"];

/// A day and where it is written.
type DayAt = (Date, Span);

/// Collects what the rows of a list say.
#[derive(Default)]
struct Read {
    covers: Option<(Effective, Span)>,
    weekend: Option<Vec<Weekday>>,
    off: Vec<DayAt>,
    worked: Vec<DayAt>,
    has_files: bool,
}

impl Checker<'_> {
    /// Fills in a list of holidays.
    pub(super) fn holidays(&mut self, id: HolidaysId, def: &ast::HolidaysDef) {
        let mut read = Read::default();
        def.rows.iter().for_each(|row| self.holidays_row(row, &mut read));
        self.require_end(def, &read);
        self.refuse_both(&read);
        self.refuse_outside(&read);
        let weekend = read
            .weekend
            .clone()
            .unwrap_or_else(|| vec![Weekday::Saturday, Weekday::Sunday]);
        self.refuse_worked_weekdays(&weekend, &read.worked);
        if let Some(place) = self.program.holidays.get_mut(id.index()) {
            place.weekend = weekend;
            place.off = sorted(&read.off);
            place.worked = sorted(&read.worked);
            place.covers = read.covers.map_or_else(Effective::default, |(covers, _)| covers);
        }
    }

    fn holidays_row(&mut self, row: &ast::HolidaysRow, read: &mut Read) {
        match row {
            ast::HolidaysRow::Effective(range) => {
                let covers = self.effective(range);
                if let Some((_, first)) = read.covers.replace((covers, range.span)) {
                    self.push_twice_given(range.span, first);
                }
            }
            ast::HolidaysRow::Weekend(days, span) => {
                days.iter().for_each(|day| self.refuse_weekday(day));
                let days = days.iter().filter_map(weekday).collect();
                if read.weekend.replace(days).is_some() {
                    self.push_twice_given(*span, *span);
                }
            }
            ast::HolidaysRow::File(path) => {
                read.has_files = true;
                read.off.extend(self.listed_days(path));
            }
            ast::HolidaysRow::WorkedFile(path) => {
                read.has_files = true;
                read.worked.extend(self.listed_days(path));
            }
            ast::HolidaysRow::Off(ranges, _) => {
                ranges
                    .iter()
                    .for_each(|range| read.off.extend(self.days_in_range(range)));
            }
            ast::HolidaysRow::Worked(ranges, _) => {
                ranges
                    .iter()
                    .for_each(|range| read.worked.extend(self.days_in_range(range)));
            }
        }
    }

    fn refuse_weekday(&mut self, name: &ast::Name) {
        if builtin_weekday(&name.text).is_some() {
            return;
        }
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0202,
                text!("\"{written}\" is no day of the week", "“{written}”不是星期几"),
            )
            .primary(
                name.span,
                text!("monday to sunday, or 1 to 7", "周一至周日，或 1 至 7"),
            ),
        );
    }

    fn listed_days(&mut self, path: &ast::Quoted) -> Vec<DayAt> {
        let days = self.day_sheet(path, &DAY_HEADINGS).unwrap_or_default();
        let dated = days.iter().map(|day| Some((self.date_of(day)?, day.span)));
        dated.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn days_in_range(&mut self, range: &ast::DateRange) -> Vec<DayAt> {
        let days = self.effective_days(range);
        let Some((from, through)) = days else {
            return Vec::new();
        };
        if from.days_until(through) >= MAX_DAYS {
            self.sink.push(
                Diagnostic::error(
                    Code::E0227,
                    text!("these are more than a year of days off", "这里超过一年的天数"),
                )
                .primary(range.span, text!("look at the years", "请检查年份")),
            );
            return Vec::new();
        }
        let mut all = vec![(from, range.span)];
        let mut day = from;
        while day < through {
            day = day.next();
            all.push((day, range.span));
        }
        all
    }

    fn effective_days(&mut self, range: &ast::DateRange) -> Option<(Date, Date)> {
        let covers = self.effective(range);
        let from = covers.from?;
        let through = match &range.through {
            Some(_) => covers.through?,
            None => from,
        };
        (from <= through).then_some((from, through))
    }

    /// Requires a list with days to say which days it knows about: beyond them an answer would be a guess.
    fn require_end(&mut self, def: &ast::HolidaysDef, read: &Read) {
        let has_days = read.has_files || !read.off.is_empty() || !read.worked.is_empty();
        let is_closed = read
            .covers
            .is_some_and(|(covers, _)| covers.from.is_some() && covers.through.is_some());
        if !has_days || is_closed {
            return;
        }
        let name = &def.label().text;
        let at = read.covers.map_or(def.label().span, |(_, span)| span);
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!(
                    "the holiday list \"{name}\" does not say which days it covers",
                    "节假日表“{name}”没有写明涵盖哪些日子"
                ),
            )
            .primary(at, Text::default())
            .note(text!(
                "Without its end, days beyond it would be counted as if they had no holidays.",
                "不写明终点，其后的日子就会被当作没有节假日来计算。"
            ))
            .fix(Fix::advice(
                text!("add its first and last day", "写明首日和末日"),
                text!(
                    "effective 2026-01-01 through 2026-12-31",
                    "有效期 2026-01-01 至 2026-12-31"
                ),
            )),
        );
    }

    fn refuse_both(&mut self, read: &Read) {
        for (day, span) in &read.worked {
            if let Some((_, off)) = read.off.iter().find(|(off, _)| off == day) {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0227,
                        text!("{day} is both a day off and worked", "{day} 既放假又上班"),
                    )
                    .primary(*span, text!("worked here", "此处上班"))
                    .secondary(*off, text!("off here", "此处放假")),
                );
            }
        }
    }

    fn refuse_outside(&mut self, read: &Read) {
        let Some((covers, span)) = read.covers else {
            return;
        };
        for (day, at) in read.off.iter().chain(&read.worked) {
            let is_inside = covers.from.is_none_or(|from| from <= *day)
                && covers.through.is_none_or(|through| *day <= through);
            // A file may list more years than the rules use.
            if !is_inside && !self.is_in_sheet(*at) {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0227,
                        text!("{day} is outside the days of this list", "{day} 不在此表的范围内"),
                    )
                    .primary(*at, Text::default())
                    .secondary(span, text!("the list covers these days", "此表涵盖这些日子")),
                );
            }
        }
    }

    fn refuse_worked_weekdays(&mut self, weekend: &[Weekday], worked: &[DayAt]) {
        for (day, at) in worked {
            if !weekend.contains(&day.weekday()) {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0227,
                        text!(
                            "{day} is no weekend day, so it is worked anyway",
                            "{day} 不是周末，本来就上班"
                        ),
                    )
                    .primary(*at, Text::default()),
                );
            }
        }
    }

    fn push_twice_given(&mut self, again: Span, first: Span) {
        self.sink.push(
            Diagnostic::error(Code::E0216, text!("this is said twice", "重复说明"))
                .primary(again, text!("again here", "再次于此"))
                .secondary(first, text!("first here", "首次于此")),
        );
    }

    /// Finds a list of holidays by its name.
    pub(in crate::hir::from_ast) fn holidays_by_name(
        &self,
        file: guerdon_syntax::FileId,
        name: &str,
    ) -> Option<HolidaysId> {
        let found = self.names.lookup(file, name);
        found.iter().find_map(|entry| match entry.declared {
            Declared::Holidays(id) => Some(id),
            Declared::Enum(_)
            | Declared::Table(_)
            | Declared::Constant(_)
            | Declared::Tiers(_)
            | Declared::Decision(_)
            | Declared::Rates(..)
            | Declared::Calendar(_)
            | Declared::Plan(_)
            | Declared::Later(_) => None,
        })
    }

    /// Finds the list that working days are counted by: the named one, or the only one.
    pub(in crate::hir::from_ast) fn holidays_for(
        &mut self,
        env: &Env,
        name: Option<&ast::Name>,
        span: Span,
    ) -> Option<HolidaysId> {
        if let Some(name) = name {
            let found = self.holidays_by_name(env.file, &name.text);
            if found.is_none() {
                self.push_no_holidays(name.span, &name.text);
            }
            return found;
        }
        let seen: Vec<(String, HolidaysId)> = self
            .names
            .seen_from(env.file)
            .filter_map(|(name, declared)| match declared {
                Declared::Holidays(id) => Some((name.to_owned(), id)),
                Declared::Enum(_)
                | Declared::Table(_)
                | Declared::Constant(_)
                | Declared::Tiers(_)
                | Declared::Decision(_)
                | Declared::Rates(..)
                | Declared::Calendar(_)
                | Declared::Plan(_)
                | Declared::Later(_) => None,
            })
            .collect();
        match seen.as_slice() {
            [(_, id)] => Some(*id),
            [] => {
                self.push_no_list(span);
                None
            }
            [(first, _), (second, _), ..] => {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0204,
                        text!("there are several holiday lists", "有多个节假日表"),
                    )
                    .primary(span, text!("say which", "请写明用哪一个"))
                    .note(text!(
                        "Write counted {first} or counted {second} behind the range.",
                        "请在范围后写“计法 {first}”或“计法 {second}”。"
                    )),
                );
                None
            }
        }
    }

    fn push_no_list(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0202,
                text!(
                    "working days need a list of holidays, and there is none",
                    "计算工作日需要节假日表，但没有声明"
                ),
            )
            .primary(span, Text::default())
            .fix(Fix::advice(
                text!("declare one", "声明一个"),
                text!(
                    "holidays … weekend saturday, sunday … end",
                    "节假日 … 周末 周六, 周日 … 结束"
                ),
            )),
        );
    }

    fn push_no_holidays(&mut self, span: Span, written: &str) {
        self.sink.push(
            Diagnostic::error(
                Code::E0202,
                text!(
                    "there is no holiday list called \"{written}\"",
                    "没有叫“{written}”的节假日表"
                ),
            )
            .primary(span, Text::default()),
        );
    }

    /// Reads the days that a test gives in the place of those of a list.
    pub(in crate::hir::from_ast) fn given_holidays(
        &mut self,
        id: HolidaysId,
        tree: &ast::Given,
    ) -> Option<Swap> {
        let place = |headings: &[&str]| {
            let mut columns = tree.columns.iter();
            columns.position(|column| headings.contains(&column.text.as_str()))
        };
        let (day, working) = (place(&DAY_HEADINGS), place(&WORKED_HEADINGS));
        let known = [day, working];
        for (at, column) in tree.columns.iter().enumerate() {
            if !known.contains(&Some(at)) {
                let written = &column.text;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0209,
                        text!("holidays have no column \"{written}\"", "节假日没有“{written}”列"),
                    )
                    .primary(column.span, text!("day, working", "日期、调休上班")),
                );
                return None;
            }
        }
        let mut holidays = (Vec::new(), Vec::new());
        for row in &tree.rows {
            let date = self.given_day(row.cells.get(day?)?)?;
            let is_worked = match working.and_then(|at| row.cells.get(at)) {
                Some(cell) => self.given_truth(cell)?,
                None => false,
            };
            let days = if is_worked {
                &mut holidays.1
            } else {
                &mut holidays.0
            };
            days.push((date, row.span));
        }
        let weekend = self
            .program
            .holidays
            .get(id.index())
            .map(|list| list.weekend.clone());
        self.refuse_worked_weekdays(&weekend.unwrap_or_default(), &holidays.1);
        Some(Swap::Holidays {
            list: id,
            off: sorted(&holidays.0),
            worked: sorted(&holidays.1),
        })
    }

    fn given_day(&mut self, cell: &ast::GivenCell) -> Option<Date> {
        match &cell.kind {
            ast::GivenCellKind::Literal(literal) => self.date_of(literal),
            ast::GivenCellKind::Word(_) | ast::GivenCellKind::Missing => {
                self.sink.push(
                    Diagnostic::error(Code::E0201, text!("a date is needed here", "此处需要日期"))
                        .primary(cell.span, Text::default()),
                );
                None
            }
        }
    }

    fn given_truth(&mut self, cell: &ast::GivenCell) -> Option<bool> {
        if let ast::GivenCellKind::Literal(literal) = &cell.kind
            && let ast::LiteralKind::Truth(is_yes) = literal.kind
        {
            return Some(is_yes);
        }
        self.sink.push(
            Diagnostic::error(Code::E0201, text!("yes or no is needed here", "此处需要是或否"))
                .primary(cell.span, Text::default()),
        );
        None
    }
}

/// Gives an empty list, before its rows are read.
pub(in crate::hir::from_ast) fn empty(naming: crate::hir::Naming) -> Holidays {
    Holidays {
        naming,
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        off: Vec::new(),
        worked: Vec::new(),
        covers: Effective::default(),
    }
}

fn weekday(name: &ast::Name) -> Option<Weekday> {
    Some(match builtin_weekday(&name.text)? {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        _ => Weekday::Sunday,
    })
}

fn sorted(days: &[DayAt]) -> Vec<Date> {
    let mut days: Vec<Date> = days.iter().map(|(day, _)| *day).collect();
    days.sort_unstable();
    days.dedup();
    days
}
