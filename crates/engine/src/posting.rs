//! Postings: what is still to be paid, or to be taken back, after what was posted before.
//!
//! A closed period stays closed. Where late records or new rules change what it should have paid, the difference is
//! posted into the open period, with its cause; posting the same twice posts nothing more.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
use guerdon_plan::number::Exact;

use crate::error::Error;
use crate::report::{Amount, Report};

/// Holds what an earlier run has posted, and what it was computed from.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The last day of the earlier run: periods that end by then are closed.
    pub through: Option<Date>,
    /// What was posted to date.
    pub pay: Vec<PostedPay>,
    /// The lines behind it.
    pub lines: Vec<PostedLine>,
    /// Whether the rules are others by now.
    pub rules_changed: bool,
    /// The files of records that are others by now.
    pub inputs_changed: Vec<String>,
}

/// Is an amount that was posted to date.
#[derive(Debug, Clone, PartialEq)]
pub struct PostedPay {
    /// The plan.
    pub plan: String,
    /// The `pay` statement.
    pub pay: String,
    /// The key of the payee.
    pub payee: String,
    /// The period as it is written.
    pub period: String,
    /// An ISO code, or `points`.
    pub unit: String,
    /// The amount.
    pub amount: Exact,
}

/// Is a line of the earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct PostedLine {
    /// The plan.
    pub plan: String,
    /// The earn.
    pub earn: String,
    /// The key of the payee.
    pub payee: String,
    /// The period as it is written.
    pub period: String,
    /// The key of the record; empty for a line without one.
    pub record: String,
    /// What the formula was applied to, as text.
    pub base: String,
    /// What was payable by the end of the run; nothing where it was not known.
    pub paid_to_date: Option<Exact>,
}

/// Holds the differences, and what is posted once they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Postings {
    /// The differences: by plan, pay, period, payee and cause.
    pub rows: Vec<Posting>,
    /// What is posted to date with them.
    pub posted: Vec<PostedPay>,
    /// How many amounts are not known, so that nothing is posted for them.
    pub unknown: usize,
}

/// Is one difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Posting {
    /// The plan.
    pub plan: String,
    /// The `pay` statement.
    pub pay: String,
    /// The key of the payee.
    pub payee: String,
    /// The period whose pay differs.
    pub period: String,
    /// The period into which it is posted.
    pub posted_in: String,
    /// An ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// What was posted for the period before.
    pub posted: Exact,
    /// What is payable for it by now.
    pub payable: Exact,
    /// What is posted now, for this cause.
    pub difference: Exact,
    /// Why.
    pub cause: Cause,
    /// The records that are the cause, or the files that have changed.
    pub records: Vec<String>,
}

/// Says why an amount differs from what was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The period was not closed.
    OpenPeriod,
    /// Records that were not there before.
    NewRecord,
    /// Records that read differently.
    ChangedRecord,
    /// Records that are not there any more.
    GoneRecord,
    /// Rules that read differently.
    ChangedRule,
    /// Rules and records both read differently, and nothing tells which of them it was.
    RuleOrRecord,
}

impl Cause {
    /// Names the cause, in words that are also those of the tables.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OpenPeriod => "open period",
            Self::NewRecord => "new record",
            Self::ChangedRecord => "changed record",
            Self::GoneRecord => "gone record",
            Self::ChangedRule => "changed rule",
            Self::RuleOrRecord => "changed rule or record",
        }
    }
}

/// What became of a line since the earlier run.
#[derive(Debug, Clone)]
struct Moved {
    period: String,
    record: String,
    /// The cause, where the record itself is one.
    cause: Option<Cause>,
    difference: Exact,
}

/// Names a `pay` statement's payee: plan, payee.
type Whom = (String, String);

impl Report<'_> {
    /// Gives what is to be posted after an earlier run: payable to date less posted, with the cause.
    ///
    /// The report must show every period, that is, be made without [`Run::shown_from`](crate::plan::Run::shown_from).
    /// What is not known is left as it was posted, and so is the pay of plans that are not part of this run, and of
    /// periods after its end.
    ///
    /// # Errors
    ///
    /// [`Error::TooWide`] if a sum has more digits than the engine works with.
    pub fn postings(&self, earlier: &Earlier) -> Result<Postings, Error> {
        let moved = self.moved(earlier)?;
        let mut posted: BTreeMap<(String, String, String, String, String), Exact> = BTreeMap::new();
        for pay in &earlier.pay {
            let key = (&pay.plan, &pay.pay, &pay.period, &pay.payee, &pay.unit);
            let key = (
                key.0.clone(),
                key.1.clone(),
                key.2.clone(),
                key.3.clone(),
                key.4.clone(),
            );
            let sum = posted.entry(key).or_default();
            *sum = added(sum, &pay.amount)?;
        }
        let mut postings = Postings::default();
        for row in self.pay() {
            let key = (
                row.plan.to_owned(),
                row.pay.to_owned(),
                row.period_label.clone(),
                row.payee.clone(),
                row.unit.clone(),
            );
            let Amount::Known(payable) = &row.amount else {
                postings.unknown = postings.unknown.saturating_add(1);
                continue;
            };
            let before = posted.insert(key, payable.clone()).unwrap_or_default();
            if before == *payable {
                continue;
            }
            let posting = Posting {
                plan: row.plan.to_owned(),
                pay: row.pay.to_owned(),
                payee: row.payee.clone(),
                period: row.period_label.clone(),
                posted_in: String::new(),
                unit: row.unit.clone(),
                decimals: row.decimals,
                difference: taken(payable, &before)?,
                posted: before,
                payable: payable.clone(),
                cause: Cause::OpenPeriod,
                records: Vec::new(),
            };
            self.explained(posting, earlier, &moved, &mut postings.rows)?;
        }
        self.take_back(earlier, &moved, &mut posted, &mut postings)?;
        let kept = posted.into_iter().filter(|(_, amount)| !amount.is_zero());
        postings.posted = kept
            .map(|((plan, pay, period, payee, unit), amount)| PostedPay {
                plan,
                pay,
                payee,
                period,
                unit,
                amount,
            })
            .collect();
        Ok(postings)
    }

    /// Takes back what was posted for whom this run, which knows the plan and the period, has nothing.
    fn take_back(
        &self,
        earlier: &Earlier,
        moved: &BTreeMap<Whom, Vec<Moved>>,
        posted: &mut BTreeMap<(String, String, String, String, String), Exact>,
        postings: &mut Postings,
    ) -> Result<(), Error> {
        let there: BTreeSet<(String, String, String, String)> = self
            .pay()
            .map(|row| {
                (
                    row.plan.to_owned(),
                    row.pay.to_owned(),
                    row.period_label,
                    row.payee,
                )
            })
            .collect();
        let columns = self.pay_columns();
        for ((plan, pay, period, payee, unit), amount) in posted.iter_mut() {
            let is_there = there.contains(&(plan.clone(), pay.clone(), period.clone(), payee.clone()));
            let column = columns
                .iter()
                .find(|column| column.plan == plan && column.pay == pay);
            let Some(column) = column.filter(|_| !is_there && !amount.is_zero()) else {
                continue;
            };
            if !column.periods().iter().any(|(_, label)| label == period) {
                continue;
            }
            let before = std::mem::take(amount);
            let posting = Posting {
                plan: plan.clone(),
                pay: pay.clone(),
                payee: payee.clone(),
                period: period.clone(),
                posted_in: String::new(),
                unit: unit.clone(),
                decimals: column.decimals,
                difference: before.neg(),
                posted: before,
                payable: Exact::ZERO,
                cause: Cause::GoneRecord,
                records: Vec::new(),
            };
            self.explained(posting, earlier, moved, &mut postings.rows)?;
        }
        postings.rows.sort_by(|one, other| key(one).cmp(&key(other)));
        Ok(())
    }

    /// Adds a difference with its cause and its period: one row for each cause where the lines tell how much each is.
    fn explained(
        &self,
        posting: Posting,
        earlier: &Earlier,
        moved: &BTreeMap<Whom, Vec<Moved>>,
        rows: &mut Vec<Posting>,
    ) -> Result<(), Error> {
        let open = self.open_period(&posting.plan, &posting.period, earlier.through);
        let posting = Posting {
            posted_in: open.clone().unwrap_or_else(|| posting.period.clone()),
            ..posting
        };
        if open.is_none() && posting.posted.is_zero() {
            rows.push(posting);
            return Ok(());
        }
        let none = Vec::new();
        let lines = moved
            .get(&(posting.plan.clone(), posting.payee.clone()))
            .unwrap_or(&none);
        let here: Vec<&Moved> = lines
            .iter()
            .filter(|line| line.period == posting.period)
            .collect();
        let causes: BTreeSet<Cause> = lines.iter().filter_map(|line| line.cause).collect();
        let other = consequence(&causes, earlier);
        let mut by_cause: BTreeMap<Cause, (Exact, BTreeSet<String>)> = BTreeMap::new();
        let mut sum = Exact::ZERO;
        for line in here.iter().filter(|line| !line.difference.is_zero()) {
            sum = added(&sum, &line.difference)?;
            let (amount, records) = by_cause.entry(line.cause.unwrap_or(other)).or_default();
            *amount = added(amount, &line.difference)?;
            if line.cause.is_some() {
                records.insert(line.record.clone());
            }
        }
        if sum != posting.difference {
            let only = match (by_cause.len(), by_cause.keys().next()) {
                (1, Some(cause)) => *cause,
                _ => other,
            };
            by_cause = BTreeMap::from([(only, (posting.difference.clone(), BTreeSet::new()))]);
        }
        for (cause, (difference, records)) in by_cause {
            if difference.is_zero() {
                continue;
            }
            let records = if records.is_empty() {
                roots(cause, lines, earlier)
            } else {
                records
            };
            rows.push(Posting {
                difference,
                cause,
                records: records.into_iter().collect(),
                ..posting.clone()
            });
        }
        Ok(())
    }

    /// Gives the open period of a plan where a period is closed; nothing where it is open itself.
    fn open_period(&self, plan: &str, period: &str, through: Option<Date>) -> Option<String> {
        let (calendar, unit) = self.calendar_of(plan)?;
        let through = through?;
        let last = |key: PeriodKey| calendar.range(key)?.last_day();
        let key = calendar.parse_label(unit, period).ok()?;
        if last(key)? > through {
            return None;
        }
        let current = calendar.period_of(unit, through)?;
        let open = if last(current)? <= through {
            PeriodKey::new(unit, current.index.checked_add(1)?)
        } else {
            current
        };
        Some(calendar.label(open))
    }

    fn calendar_of(&self, plan: &str) -> Option<(&Calendar, Unit)> {
        let program = self.program();
        let plan = program.plans.iter().find(|found| found.naming.name == plan)?;
        Some((program.calendar(plan.calendar)?, plan.unit))
    }

    /// Lists the lines that are new, gone or different, by plan and payee.
    fn moved(&self, earlier: &Earlier) -> Result<BTreeMap<Whom, Vec<Moved>>, Error> {
        // A line without a record is known by its period.
        let name = |earn: &str, record: &str, period: &str| {
            let period = if record.is_empty() { period } else { "" };
            (earn.to_owned(), record.to_owned(), period.to_owned())
        };
        let mut old: BTreeMap<Whom, BTreeMap<(String, String, String), &PostedLine>> = BTreeMap::new();
        for line in &earlier.lines {
            let lines = old.entry((line.plan.clone(), line.payee.clone())).or_default();
            lines.insert(name(&line.earn, &line.record, &line.period), line);
        }
        let mut moved: BTreeMap<Whom, Vec<Moved>> = BTreeMap::new();
        for row in self.earnings() {
            let whom = (row.plan.to_owned(), row.payee.clone());
            let before = old
                .get_mut(&whom)
                .and_then(|lines| lines.remove(&name(row.earn, &row.record, &row.period_label)));
            let now = row.paid_to_date.exact().cloned().unwrap_or_default();
            let was = before
                .and_then(|line| line.paid_to_date.clone())
                .unwrap_or_default();
            let base = row
                .base
                .as_ref()
                .map(|base| base.display_text(row.base_decimals))
                .unwrap_or_default();
            let is_record = !row.record.is_empty();
            let cause = match before {
                None => is_record.then_some(Cause::NewRecord),
                Some(line) if line.base != base || line.period != row.period_label => {
                    is_record.then_some(Cause::ChangedRecord)
                }
                Some(_) => None,
            };
            if cause.is_none() && now == was {
                continue;
            }
            let lines = moved.entry(whom).or_default();
            if let Some(line) = before.filter(|line| line.period != row.period_label) {
                // The record has moved to another period: it leaves the one and comes into the other.
                lines.push(Moved {
                    period: line.period.clone(),
                    record: row.record.clone(),
                    cause,
                    difference: was.neg(),
                });
                lines.push(Moved {
                    period: row.period_label.clone(),
                    record: row.record.clone(),
                    cause,
                    difference: now,
                });
                continue;
            }
            lines.push(Moved {
                period: row.period_label.clone(),
                record: row.record.clone(),
                cause,
                difference: taken(&now, &was)?,
            });
        }
        for (whom, lines) in old {
            let gone = lines.into_values().map(|line| Moved {
                period: line.period.clone(),
                record: line.record.clone(),
                cause: (!line.record.is_empty()).then_some(Cause::GoneRecord),
                difference: line.paid_to_date.clone().unwrap_or_default().neg(),
            });
            moved.entry(whom).or_default().extend(gone);
        }
        Ok(moved)
    }
}

/// Says why a line differs whose own record has not changed.
fn consequence(causes: &BTreeSet<Cause>, earlier: &Earlier) -> Cause {
    let is_record = !earlier.inputs_changed.is_empty();
    match (earlier.rules_changed, is_record) {
        (true, true) => Cause::RuleOrRecord,
        (true, false) => Cause::ChangedRule,
        (false, _) => match (causes.len(), causes.first()) {
            (1, Some(only)) => *only,
            _ => Cause::ChangedRecord,
        },
    }
}

/// Names the records that are a cause; where none of the payee's own is, the files that have changed.
fn roots(cause: Cause, lines: &[Moved], earlier: &Earlier) -> BTreeSet<String> {
    if matches!(cause, Cause::OpenPeriod | Cause::ChangedRule) {
        return BTreeSet::new();
    }
    let own: BTreeSet<String> = lines
        .iter()
        .filter(|line| line.cause == Some(cause))
        .map(|line| line.record.clone())
        .collect();
    if own.is_empty() {
        earlier.inputs_changed.iter().cloned().collect()
    } else {
        own
    }
}

fn key(posting: &Posting) -> (&str, &str, &str, &str, Cause) {
    (
        &posting.plan,
        &posting.pay,
        &posting.period,
        &posting.payee,
        posting.cause,
    )
}

fn added(one: &Exact, other: &Exact) -> Result<Exact, Error> {
    one.add(other).map_err(|_| Error::TooWide)
}

fn taken(one: &Exact, other: &Exact) -> Result<Exact, Error> {
    one.sub(other).map_err(|_| Error::TooWide)
}
