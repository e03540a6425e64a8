//! The ways to write a period in the name of a figure: those of a plan's own text.

use guerdon_plan::calendar::{Date, DateRange, PeriodKey, Unit};
use guerdon_plan::hir::{Plan, Program};

/// Reads a period of a plan's calendar: `2026-03`, `year 2026`, `period of 2026-03-05 in CALENDAR`, `2026-03-01 through
/// 2026-03-31`; none if there is no such period of this length.
///
/// A calendar that is named must be the plan's own, and a stretch of days must be exactly one period.
pub(super) fn written(program: &Program, plan: &Plan, unit: Unit, text: &str) -> Option<PeriodKey> {
    let calendar = program.calendar(plan.calendar)?;
    if let Ok(key) = calendar.parse_label(unit, text) {
        return Some(key);
    }
    if let Some(year) = behind(text, &["year", "年"]) {
        return calendar.parse_label(unit, year).ok();
    }
    if let Some(rest) = behind(text, &["period of", "所属期"]) {
        let day = match parted(rest, &["in", "在"]) {
            Some((day, name)) if is_calendar(program, plan, name) => day,
            Some(_) => return None,
            None => rest,
        };
        return calendar.period_of(unit, Date::parse(day).ok()?);
    }
    let (first, last) = parted(text, &["through", "至"])?;
    let days = DateRange::through(Date::parse(first).ok()?, Date::parse(last).ok()?);
    let key = calendar.period_of(unit, days.from)?;
    (calendar.range(key)? == days).then_some(key)
}

fn is_calendar(program: &Program, plan: &Plan, name: &str) -> bool {
    let named = program.calendars.get(plan.calendar.index());
    named.is_some_and(|found| found.naming.is_called(name))
}

/// Gives what stands behind one of some words.
fn behind<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let rest = words.iter().find_map(|word| text.strip_prefix(word))?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim())
}

/// Parts a text at one of some words.
fn parted<'t>(text: &'t str, words: &[&str]) -> Option<(&'t str, &'t str)> {
    let found = words
        .iter()
        .find_map(|word| text.split_once(&format!(" {word} ")));
    found.map(|(front, back)| (front.trim(), back.trim()))
}
