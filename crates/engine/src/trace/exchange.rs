//! Exchange rates in words: the rate used, its day, and what was done with it.

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::Op;
use guerdon_plan::number::format_grouped;
use guerdon_syntax::{Text, text};

use super::Step;
use super::walk::{Spot, Walk};
use crate::column::Cell;
use crate::evaluate::exchange::{Leg, NoQuote, RateBook};
use crate::report::missing_rate;

impl Walk<'_> {
    /// Says which rate of which day was used; where there is none, which is missing.
    pub(super) fn exchanged(&mut self, step: &mut Step, spot: Spot) {
        let Some(asked) = self.asked_rate(spot) else {
            return;
        };
        let (from, to, day) = (&asked.from, &asked.to, asked.day);
        step.label = text!("{from} in {to} on {day}", "{day} {from} 兑 {to}");
        let Some(book) = RateBook::of(self.state, spot.node) else {
            return;
        };
        match book.quote(from, to, day.days()) {
            Ok(quote) => {
                let legs: Vec<Text> = quote.legs.iter().map(|leg| used(leg, day)).collect();
                step.note = joined(&legs);
            }
            Err(NoQuote::Missing) if self.error(spot) == 0 => {
                step.note = text!("not needed for nothing", "金额为零，不需要汇率");
            }
            Err(NoQuote::Missing) => step.note = missing_rate(from, to, day),
            Err(NoQuote::Faulty(_) | NoQuote::TooWide) => {}
        }
    }

    fn asked_rate(&self, spot: Spot) -> Option<Asked> {
        let Op::ExchangeRate { from, to, on, .. } = &self.node(spot)?.op else {
            return None;
        };
        let from = self.look(self.input(spot, *from), |cell| match cell {
            Cell::Text(code) => Some((*code).to_owned()),
            _ => None,
        })?;
        let day = self.look(self.input(spot, *on), |cell| match cell {
            Cell::Date(day) => Date::from_days(*day),
            _ => None,
        })?;
        let to = to.code().to_owned();
        Some(Asked { from, to, day })
    }
}

/// A pair of currencies and a day.
struct Asked {
    from: String,
    to: String,
    day: Date,
}

/// Names a rate with its pair, and with its day where that is another one.
fn used(leg: &Leg, day: Date) -> Text {
    let (from, to) = (&leg.from, &leg.to);
    let rate = format_grouped(&leg.rate, 0);
    let since = leg.since.and_then(Date::from_days).filter(|since| *since != day);
    let plain = match since {
        Some(since) => text!(
            "{from} in {to} {rate}, the rate of {since}",
            "{from} 兑 {to} {rate}（{since} 的汇率）"
        ),
        None => text!("{from} in {to} {rate}", "{from} 兑 {to} {rate}"),
    };
    if leg.is_inverse {
        text!("1 ÷ ({plain})", "1 ÷（{plain}）"; plain)
    } else {
        plain
    }
}

fn joined(legs: &[Text]) -> Text {
    match legs {
        [] => Text::default(),
        [one] => one.clone(),
        [first, second, ..] => text!("{first}; {second}", "{first}；{second}"; first, second),
    }
}
