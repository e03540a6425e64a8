//! The periods of a generated plan: civil ones, or those of a calendar that the file declares.

use guerdon_plan::calendar::{Calendar, Date, DateRange, PeriodKey, Unit};

use super::Part;
use super::random::Random;

/// Says what the periods of a plan are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Months.
    Month,
    /// Quarters.
    Quarter,
    /// Half months, of the calendar `halves`.
    Halves,
    /// Periods of any length, of the calendar `uneven`.
    Uneven,
}

/// The first days of uneven periods; the last of them is the end of the calendar.
const UNEVEN: [&str; 14] = [
    "2025-01-01",
    "2025-07-01",
    "2025-10-01",
    "2025-11-05",
    "2025-12-01",
    "2025-12-24",
    "2026-01-10",
    "2026-02-01",
    "2026-03-03",
    "2026-04-01",
    "2026-04-02",
    "2026-06-01",
    "2026-09-01",
    "2027-01-01",
];

impl Clock {
    pub(super) fn pick(random: &mut Random) -> Clock {
        match random.below(20) {
            0..=11 => Clock::Month,
            12..=15 => Clock::Quarter,
            16 | 17 => Clock::Halves,
            _ => Clock::Uneven,
        }
    }

    /// Gives the word for a period in `previous …` and `last 2 …s`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Clock::Month => "month",
            Clock::Quarter => "quarter",
            Clock::Halves | Clock::Uneven => "period",
        }
    }

    /// Gives the word for all periods, in `over … as m` and on the `period` line.
    pub(super) const fn each(self) -> &'static str {
        match self {
            Clock::Month => "month",
            Clock::Quarter => "quarter",
            Clock::Halves => "halves",
            Clock::Uneven => "uneven",
        }
    }

    /// Says whether periods are months or quarters.
    pub(super) const fn is_civil(self) -> bool {
        match self {
            Clock::Month | Clock::Quarter => true,
            Clock::Halves | Clock::Uneven => false,
        }
    }

    /// Gives the length of time for which a quota is set.
    pub(super) const fn quota_unit(self) -> Unit {
        match self {
            Clock::Quarter => Unit::Quarter,
            Clock::Month | Clock::Halves | Clock::Uneven => Unit::Month,
        }
    }

    /// Writes the declaration of the calendar, if it needs one.
    pub(super) fn declaration(self) -> Option<Part> {
        match self {
            Clock::Month | Clock::Quarter => None,
            Clock::Halves => Some(Part::Line("calendar halves starts on 1, 16 of month".to_owned())),
            Clock::Uneven => {
                let (end, starts) = UNEVEN.split_last()?;
                Some(Part::Block(
                    "calendar uneven".to_owned(),
                    vec![
                        Part::Line(format!("periods start on {}", starts.join(", "))),
                        Part::Line(format!("ends before {end}")),
                        Part::Line("year starts on 2025-01-01, 2026-02-01".to_owned()),
                    ],
                ))
            }
        }
    }

    /// Gives the days of so many periods from the one that contains a day.
    pub(super) fn ranges(self, first: Date, count: usize) -> Vec<DateRange> {
        let mut ranges = Vec::new();
        let mut day = first;
        while ranges.len() < count {
            let Some(range) = self.range_of(day) else { break };
            let Some(last) = range.last_day() else { break };
            day = last.next();
            ranges.push(range);
        }
        ranges
    }

    fn range_of(self, day: Date) -> Option<DateRange> {
        match self {
            Clock::Month => civil_range(Unit::Month, day),
            Clock::Quarter => civil_range(Unit::Quarter, day),
            Clock::Halves => {
                let month = civil_range(Unit::Month, day)?;
                let middle = month.from.add_days(15).ok()?;
                Some(if day < middle {
                    DateRange::through(month.from, middle.add_days(-1).ok()?)
                } else {
                    DateRange::through(middle, month.last_day()?)
                })
            }
            Clock::Uneven => {
                let starts: Vec<Date> = UNEVEN.iter().filter_map(|day| Date::parse(day).ok()).collect();
                let pairs = starts.iter().zip(starts.iter().skip(1));
                let found = pairs
                    .into_iter()
                    .find(|(from, next)| **from <= day && day < **next)?;
                Some(DateRange::through(*found.0, found.1.add_days(-1).ok()?))
            }
        }
    }
}

fn civil_range(unit: Unit, day: Date) -> Option<DateRange> {
    let calendar = Calendar::civil();
    calendar.range(calendar.period_of(unit, day)?)
}

/// Lists the periods of a length that touch one of some ranges of days.
pub(super) fn touched(unit: Unit, ranges: &[DateRange]) -> Vec<PeriodKey> {
    let calendar = Calendar::civil();
    let mut found: Vec<PeriodKey> = ranges
        .iter()
        .filter_map(|range| {
            let first = calendar.period_of(unit, range.from)?;
            let last = calendar.period_of(unit, range.last_day()?)?;
            Some((first.index..=last.index).map(move |index| PeriodKey::new(unit, index)))
        })
        .flatten()
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Writes the rows of a list of holidays, whose end a day of a case may lie beyond.
pub(super) fn holidays(random: &mut Random) -> Vec<Part> {
    let last = random.pick(&["2026-04-30", "2027-12-31", "2029-12-31"]);
    let weekends = [
        ("saturday, sunday", "2026-01-10, 2026-03-14 through 2026-03-15"),
        ("sunday", "2026-02-01"),
        ("5, 6", "2026-01-09 through 2026-01-10, 2026-04-03"),
    ];
    let (weekend, worked) = random.pick_of(&weekends).copied().unwrap_or_default();
    let off = random.pick(&[
        "2026-01-01, 2026-02-16 through 2026-02-22",
        "2025-12-24 through 2026-01-06",
        "2026-01-01, 2026-03-06, 2026-04-06 through 2026-04-07",
    ]);
    let rows = [
        format!("effective 2015-01-01 through {last}"),
        format!("weekend {weekend}"),
        off.to_owned(),
        format!("working {worked}"),
    ];
    rows.map(Part::Line).to_vec()
}
