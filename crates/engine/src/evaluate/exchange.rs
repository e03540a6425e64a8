//! Exchange rates: found by pair and day, the other way round, or through a pivot.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use guerdon_plan::graph::{NodeId, Op, RateColumns};
use guerdon_plan::hir::{Inverse, MissingDay, Rates};
use guerdon_plan::number::{Currency, Exact};

use super::State;
use super::cells::{Numbered, masked, set};
use crate::column::Cell;
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector};

/// The rates of one node, by pair and day.
pub(crate) struct RateBook {
    pairs: HashMap<String, HashMap<String, Vec<Entry>>>,
    missing_day: MissingDay,
    inverse: Inverse,
    pivot: Option<Currency>,
    /// The error of a column that was left out, where there are no rates at all.
    absent: u32,
}

/// One rate, and the days for which it holds.
#[derive(Debug, Clone)]
struct Entry {
    from: i32,
    through: i32,
    rate: Result<Arc<Exact>, u32>,
}

/// A rate with the records it was made of.
#[derive(Debug, Clone)]
pub(crate) struct Quote {
    /// The rate.
    pub rate: Exact,
    /// The rates it was made of: one, or two through the pivot; none for one and the same currency.
    pub legs: Vec<Leg>,
}

/// A rate that another was made of.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    /// The currency that is converted, as its record says.
    pub from: String,
    /// The currency it becomes, as its record says.
    pub to: String,
    /// The rate in the record.
    pub rate: Exact,
    /// The first day for which it holds; none if it always did.
    pub since: Option<i32>,
    /// Whether it is used the other way round.
    pub is_inverse: bool,
}

/// Says why there is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoQuote {
    /// The error of the record.
    Faulty(u32),
    /// There is none.
    Missing,
    /// It has too many digits.
    TooWide,
}

impl RateBook {
    /// Gathers the rates of a node; none for a node that is no exchange rate.
    pub(crate) fn of(state: &State<'_>, id: NodeId) -> Option<RateBook> {
        let Op::ExchangeRate { rates, records, .. } = &state.graph.node(id)?.op else {
            return None;
        };
        let rates = state.program.exchange_rates(*rates)?;
        let mut book = RateBook {
            pairs: HashMap::new(),
            missing_day: rates.missing_day,
            inverse: rates.inverse,
            pivot: rates.pivot,
            absent: 0,
        };
        match state.rows(rates.table) {
            0 => book.take_written(rates),
            rows => book.take_records(state, records, rows),
        }
        for entries in book.pairs.values_mut().flat_map(HashMap::values_mut) {
            entries.sort_by_key(|entry| entry.from);
        }
        Some(book)
    }

    fn take_written(&mut self, rates: &Rates) {
        for written in &rates.written {
            let entry = Entry {
                from: written.effective.from.map_or(i32::MIN, |day| day.days()),
                through: written.effective.through.map_or(i32::MAX, |day| day.days()),
                rate: Ok(Arc::new(written.rate.clone())),
            };
            self.push(written.from.code(), written.to.code(), entry);
        }
    }

    /// Takes the records; one whose pair or day cannot be read is a rate for nobody, as the loading problem says.
    fn take_records(&mut self, state: &State<'_>, records: &RateColumns, rows: usize) {
        let [from, to, day, rate] = records.nodes().map(|node| state.full(node));
        for row in 0..rows {
            let rate = match rate.cell(row) {
                Cell::Number(rate) => Ok(Arc::new(rate)),
                _ => Err(rate.error(row)),
            };
            match (from.cell(row), to.cell(row), day.cell(row)) {
                (Cell::Text(from), Cell::Text(to), Cell::Date(day)) => {
                    let entry = Entry {
                        from: day,
                        through: day,
                        rate,
                    };
                    self.push(from, to, entry);
                }
                _ => {
                    let error = [&from, &to, &day].map(|column| column.error(row));
                    let first = error.into_iter().find(|error| *error != 0);
                    self.absent = self.absent.max(first.unwrap_or(0));
                }
            }
        }
        if !self.pairs.is_empty() {
            self.absent = 0;
        }
    }

    fn push(&mut self, from: &str, to: &str, entry: Entry) {
        let pairs = self.pairs.entry(from.to_owned()).or_default();
        pairs.entry(to.to_owned()).or_default().push(entry);
    }

    /// Finds how much of one currency a unit of another is on a day.
    pub(crate) fn quote(&self, from: &str, to: &str, day: i32) -> Result<Quote, NoQuote> {
        if from == to {
            let (rate, legs) = (Exact::ONE, Vec::new());
            return Ok(Quote { rate, legs });
        }
        if let Some(found) = self.pair(from, to, day) {
            let (rate, leg) = found?;
            return Ok(Quote {
                rate,
                legs: vec![leg],
            });
        }
        let through = self.pivot.and_then(|pivot| {
            let first = self.pair(from, pivot.code(), day)?;
            Some((first, self.pair(pivot.code(), to, day)?))
        });
        match through {
            Some((first, second)) => {
                let ((one, first), (other, second)) = (first?, second?);
                let rate = one.mul(&other).map_err(|_| NoQuote::TooWide)?;
                Ok(Quote {
                    rate,
                    legs: vec![first, second],
                })
            }
            None if self.absent != 0 => Err(NoQuote::Faulty(self.absent)),
            None => Err(NoQuote::Missing),
        }
    }

    /// Finds the rate of a pair, or that of the pair the other way round where that is allowed.
    fn pair(&self, from: &str, to: &str, day: i32) -> Option<Result<(Exact, Leg), NoQuote>> {
        let leg = |from: &str, to: &str, entry: &Entry, rate: &Exact, is_inverse| Leg {
            from: from.to_owned(),
            to: to.to_owned(),
            rate: rate.clone(),
            since: Some(entry.from).filter(|day| *day != i32::MIN),
            is_inverse,
        };
        if let Some(entry) = self.entry(from, to, day) {
            let found = entry.rate.as_ref().map_err(|error| NoQuote::Faulty(*error));
            return Some(found.map(|rate| ((**rate).clone(), leg(from, to, entry, rate, false))));
        }
        if self.inverse == Inverse::Refused {
            return None;
        }
        let entry = self.entry(to, from, day)?;
        let found = entry.rate.as_ref().map_err(|error| NoQuote::Faulty(*error));
        Some(found.and_then(|rate| {
            let turned = Exact::ONE.div(rate).map_err(|_| NoQuote::TooWide)?;
            Ok((turned, leg(to, from, entry, rate, true)))
        }))
    }

    /// Finds the record that holds on a day, or the last one before it as far as that is allowed.
    fn entry(&self, from: &str, to: &str, day: i32) -> Option<&Entry> {
        let entries = self.pairs.get(from)?.get(to)?;
        let at = entries
            .partition_point(|entry| entry.from <= day)
            .checked_sub(1)?;
        let entry = entries.get(at)?;
        let age = i64::from(day).saturating_sub(i64::from(entry.through));
        let is_good = age <= 0
            || match self.missing_day {
                MissingDay::Error => false,
                MissingDay::Previous { within } => within.is_none_or(|within| age <= i64::from(within)),
            };
        is_good.then_some(entry)
    }
}

impl State<'_> {
    /// Finds the rates of cells.
    pub(super) fn exchange_rates<'c>(
        &self,
        id: NodeId,
        book: Option<&RateBook>,
        to: Currency,
        [of, from, on]: &[Vector<'_>; 3],
    ) -> Vector<'c> {
        let len = of.len().max(from.len()).max(on.len());
        let (mut rates, mut missing, mut errors) = (vec![Exact::ZERO; len], vec![0; len], vec![0; len]);
        for place in 0..len {
            let errors_here = [of, from, on].map(|input| input.error(place));
            let error = errors_here.into_iter().find(|error| *error != 0).unwrap_or(0);
            let is_nothing = is_zero(of, place);
            let day = Numbered::of(on).at(place).and_then(|day| i32::try_from(day).ok());
            match (error, from.cell(place), day, book) {
                (0, Cell::Text(code), Some(day), Some(book)) => match book.quote(code, to.code(), day) {
                    Ok(quote) => set(&mut rates, place, quote.rate),
                    Err(NoQuote::Missing) if is_nothing => set(&mut rates, place, Exact::ONE),
                    Err(why) => set(&mut errors, place, self.no_quote(id, why)),
                },
                (0, ..) => set(&mut missing, place, 1),
                (error, ..) => set(&mut errors, place, error),
            }
        }
        masked(Data::Number(pack(rates)), missing, errors)
    }

    fn no_quote(&self, id: NodeId, why: NoQuote) -> u32 {
        match why {
            NoQuote::Faulty(error) => error,
            NoQuote::Missing => self.faults.number(id, Fault::NoRate),
            NoQuote::TooWide => self.faults.number(id, Fault::TooWide),
        }
    }
}

fn is_zero(amount: &Vector<'_>, cell: usize) -> bool {
    matches!(amount.cell(cell), Cell::Number(amount) if amount.is_zero())
}

fn pack(rates: Vec<Exact>) -> Numbers<'static> {
    match rates.as_slice() {
        [] => Numbers::Scaled(Cow::Owned(Vec::new()), 0),
        _ => Numbers::pack(rates),
    }
}
