//! The table `accruals`: what the books are to say, one proposal for each row, and the balances that they leave.
//!
//! A proposal moves one amount from one account to another, so debits and credits are always equal. The accounts have
//! neutral names; whoever posts the proposals gives them numbers of their own:
//!
//! | kind | debit | credit | amount |
//! |---|---|---|---|
//! | earned | expense | accrued commission | what a line earns, in its own period |
//! | released | accrued commission | commission payable | what becomes payable in a period |
//! | clawed back | commission payable | expense | what is taken back in a period |
//! | paid | commission payable | payroll | what a `pay` statement pays in a period |
//! | amortised | expense | contract cost | what a period bears of a line that is spread over months |
//! | written off | write-off | contract cost | what is left when the contract ends |
//! | exchange difference | exchange difference | commission payable | what a payment in another currency costs more |
//!
//! What is earned by a line that is spread is charged to contract cost and not to expense; taking it back relieves that.
//!
//! What is left on accrued commission is earned and not yet released; what is left on commission payable is released
//! and not yet paid, or an advance where it is negative: a draw, a balance that is carried on.

mod entries;
mod exchange;
mod roles;
mod sums;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::graph::PlanOutput;
use guerdon_plan::number::Exact;
use guerdon_plan::types::CalendarId;

use self::entries::{Entry, Line};
use self::sums::Books;
use super::{Amount, Report, unit_name};

/// One proposal: an amount, the account that it is charged to and the one that it is taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct AccrualRow<'r> {
    /// Names the proposal: plan, statement, payee, record (otherwise the line's period), period and kind.
    ///
    /// The same proposal has the same name in every run, whatever other records there are; a slash or percent sign
    /// inside a part is written `%2F` or `%25`.
    pub id: String,
    /// The plan.
    pub plan: &'r str,
    /// What happened.
    pub kind: AccrualKind,
    /// The `earn`, or the `pay` where no line is behind the amount.
    pub statement: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// The key of the record; empty for a line without one, and for what a `pay` pays.
    pub record: String,
    /// The period into which it is posted.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// The day: that of the line where it is earned, otherwise the last one of the period.
    pub day: Option<Date>,
    /// The account that is debited.
    pub debit: Account,
    /// The account that is credited.
    pub credit: Account,
    /// What amounts are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// The amount; a negative one moves the other way.
    pub amount: Amount,
    /// The same in the other currency, where a line is paid in another one than its plan's.
    pub equivalent: Option<Equivalent>,
}

/// An amount in the other of two currencies: of a line that a `pay` pays in another currency, at the rate of the line's
/// day; of what is paid, in the plan's.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalent {
    /// The currency: an ISO code.
    pub unit: String,
    /// The decimals of the currency, for printing.
    pub decimals: u8,
    /// The amount.
    pub amount: Amount,
}

/// Says what a proposal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccrualKind {
    /// A line was earned.
    Earned,
    /// A part of a line became payable.
    Released,
    /// A part of a line that was payable was taken back.
    ClawedBack,
    /// A `pay` statement paid.
    Paid,
    /// A period bore its part of a line that is spread.
    Amortised,
    /// What was left of a line that is spread was written off.
    WrittenOff,
    /// A payment in another currency came to more, or to less, than its lines did at the rates of their days.
    ExchangeDifference,
}

impl AccrualKind {
    /// Names the kind, in the words of the tables.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Released => "released",
            Self::ClawedBack => "clawed back",
            Self::Paid => "paid",
            Self::Amortised => "amortised",
            Self::WrittenOff => "written off",
            Self::ExchangeDifference => "exchange difference",
        }
    }

    /// Gives the accounts that are debited and credited.
    pub const fn accounts(self, charge: Charge) -> (Account, Account) {
        let charged = match charge {
            Charge::AtOnce => Account::Expense,
            Charge::Spread => Account::ContractCost,
        };
        match self {
            Self::Earned => (charged, Account::Accrued),
            Self::Released => (Account::Accrued, Account::Payable),
            Self::ClawedBack => (Account::Payable, charged),
            Self::Paid => (Account::Payable, Account::Payroll),
            Self::Amortised => (Account::Expense, Account::ContractCost),
            Self::WrittenOff => (Account::WriteOff, Account::ContractCost),
            Self::ExchangeDifference => (Account::ExchangeDifference, Account::Payable),
        }
    }
}

/// Says when what a line costs is an expense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Charge {
    /// As soon as it is earned.
    AtOnce,
    /// Month by month, as `amortise` says.
    Spread,
}

/// Names an account neutrally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What commission costs.
    Expense,
    /// What is earned and not yet released: owed under a condition that is still open.
    Accrued,
    /// What is released and not yet paid.
    Payable,
    /// What the payroll pays out.
    Payroll,
    /// What is earned and not yet spread: an asset.
    ContractCost,
    /// What contracts that ended early cost.
    WriteOff,
    /// What changes of exchange rates cost.
    ExchangeDifference,
}

impl Account {
    /// Names the account, in the words of the tables.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Expense => "expense",
            Self::Accrued => "accrued commission",
            Self::Payable => "commission payable",
            Self::Payroll => "payroll",
            Self::ContractCost => "contract cost",
            Self::WriteOff => "write-off",
            Self::ExchangeDifference => "exchange difference",
        }
    }
}

/// What one payee of a plan has earned and been paid by the end of the run, and what is left.
///
/// accrued = earned − released, payable = released − clawed back − paid + exchange difference, and contract cost = earned −
/// clawed back of the lines that are spread, − amortised − written off. Who is paid in another currency than the plan's has
/// two: all amounts in the one, and all amounts in the other.
#[derive(Debug, Clone, PartialEq)]
pub struct AccrualBalance<'r> {
    /// The plan.
    pub plan: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// What amounts are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// Earned to date.
    pub earned: Amount,
    /// Released to date.
    pub released: Amount,
    /// Taken back to date.
    pub clawed_back: Amount,
    /// Paid to date.
    pub paid: Amount,
    /// Earned and not yet released.
    pub accrued: Amount,
    /// Released and not yet paid; an advance where it is negative.
    pub payable: Amount,
    /// Spread to date.
    pub amortised: Amount,
    /// Written off to date.
    pub written_off: Amount,
    /// Of the lines that are spread, neither spread nor written off.
    pub contract_cost: Amount,
    /// What payments in another currency came to more than their lines did at the rates of their days.
    pub exchange_difference: Amount,
}

/// The periods of a run as they are written, with their last days.
type Labels = BTreeMap<PeriodKey, (String, Option<Date>)>;

impl Report<'_> {
    /// Lists what the books are to say of periods that are shown: plan by plan, earn by earn, line by line, then what
    /// is paid. Nothing is listed where nothing moves.
    pub fn accruals(&self) -> impl Iterator<Item = AccrualRow<'_>> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs.flat_map(move |output| {
            let periods = self.shown_periods(output);
            let shown = periods.first().zip(periods.last());
            let shown = shown.map(|((_, first), (_, last))| first.index..=last.index);
            let labels = self.labels(output);
            let entries = self.entries(output);
            let entries = entries.filter(move |entry| is_within(shown.as_ref(), entry.period));
            entries.map(move |entry| self.accrual_row(output, &labels, entry))
        })
    }

    /// Lists what each payee of each plan has earned and been paid by the end of the run, from the plan's first day on.
    pub fn accrual_balances(&self) -> Vec<AccrualBalance<'_>> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs.flat_map(|output| self.balances_of(output)).collect()
    }

    fn balances_of<'r>(&'r self, output: &'r PlanOutput) -> Vec<AccrualBalance<'r>> {
        let mut books = Books::of(output.pays_in, self.state.rows(output.payees));
        for entry in self.entries(output) {
            let place = (entry.kind, entry.charge);
            books.add(entry.payee, entry.unit, place, &entry.amount);
            if let Some((unit, amount)) = entry.equivalent {
                books.add(entry.payee, unit, place, &amount);
            }
        }
        let plan = self.plan(output.plan);
        let rows = books.sums().map(|(payee, unit, sums)| {
            let of = |kind: AccrualKind, charge: Charge| sums.of((kind, charge));
            let sum = |kind: AccrualKind| plus(&of(kind, Charge::AtOnce), &of(kind, Charge::Spread));
            let (amortised, written_off) = (sum(AccrualKind::Amortised), sum(AccrualKind::WrittenOff));
            let cost = minus(
                &of(AccrualKind::Earned, Charge::Spread),
                &of(AccrualKind::ClawedBack, Charge::Spread),
            );
            let (earned, released) = (sum(AccrualKind::Earned), sum(AccrualKind::Released));
            let (clawed_back, paid) = (sum(AccrualKind::ClawedBack), sum(AccrualKind::Paid));
            let exchange_difference = sum(AccrualKind::ExchangeDifference);
            AccrualBalance {
                plan: plan.map_or("", |plan| plan.naming.name.as_str()),
                payee: payee.map_or_else(String::new, |payee| self.key_text(output.payees, payee)),
                unit: unit_name(unit),
                decimals: self.decimals_in(output, unit),
                accrued: minus(&earned, &released),
                payable: plus(
                    &minus(&minus(&released, &clawed_back), &paid),
                    &exchange_difference,
                ),
                earned,
                released,
                clawed_back,
                paid,
                contract_cost: minus(&minus(&cost, &amortised), &written_off),
                amortised,
                written_off,
                exchange_difference,
            }
        });
        rows.collect()
    }

    /// Writes the periods of the run, each with its last day.
    fn labels(&self, output: &PlanOutput) -> Labels {
        let calendar = self.plan(output.plan).map_or(CalendarId(0), |plan| plan.calendar);
        let days = self.compiled.program.calendar(calendar);
        let periods = self.horizon(output).into_iter().map(|(_, period)| {
            let last = days.and_then(|days| days.range(period)?.last_day());
            (period, (self.period_label(calendar, period), last))
        });
        periods.collect()
    }

    fn accrual_row<'r>(
        &'r self,
        output: &'r PlanOutput,
        labels: &Labels,
        entry: Entry<'r>,
    ) -> AccrualRow<'r> {
        let plan = self.plan(output.plan);
        let label = |period: PeriodKey| {
            let found = labels.get(&period).map(|(label, _)| label.clone());
            found.unwrap_or_default()
        };
        let payee = entry.payee.map(|payee| self.key_text(output.payees, payee));
        let (payee, period_label) = (payee.unwrap_or_default(), label(entry.period));
        let (record, line) = match entry.line {
            Line::Record(table, row) => {
                let key = self.key_text(table, row);
                (key.clone(), key)
            }
            Line::Period(period) => (String::new(), label(period)),
            Line::Carried(period) => (String::new(), format!("{} carried", label(period))),
        };
        let plan = plan.map_or("", |plan| plan.naming.name.as_str());
        let (debit, credit) = entry.kind.accounts(entry.charge);
        let last_day = labels.get(&entry.period).and_then(|(_, last)| *last);
        AccrualRow {
            id: id(&[
                plan,
                entry.statement,
                &payee,
                &line,
                &period_label,
                entry.kind.id(),
            ]),
            plan,
            kind: entry.kind,
            statement: entry.statement,
            payee,
            record,
            period: entry.period,
            period_label,
            day: entry.day.or(last_day),
            debit,
            credit,
            unit: unit_name(entry.unit),
            decimals: self.decimals_in(output, entry.unit),
            amount: entry.amount,
            equivalent: entry.equivalent.map(|(unit, amount)| Equivalent {
                unit: unit_name(unit),
                decimals: self.decimals_in(output, unit),
                amount,
            }),
        }
    }
}

/// Puts the parts of a name together, so that no two lists of parts have one name.
fn id(parts: &[&str]) -> String {
    let length = parts.iter().map(|part| part.len().saturating_add(1)).sum();
    let mut name = String::with_capacity(length);
    for part in parts {
        if !name.is_empty() {
            name.push('/');
        }
        if !part.contains(['%', '/']) {
            name.push_str(part);
            continue;
        }
        for letter in part.chars() {
            match letter {
                '%' => name.push_str("%25"),
                '/' => name.push_str("%2F"),
                other => name.push(other),
            }
        }
    }
    name
}

fn is_within(shown: Option<&RangeInclusive<i32>>, period: PeriodKey) -> bool {
    shown.is_some_and(|shown| shown.contains(&period.index))
}

fn plus(one: &Amount, other: &Amount) -> Amount {
    both(one, other)
        .and_then(|(one, other)| one.add(other).ok())
        .map_or(Amount::Unknown, Amount::Known)
}

fn minus(one: &Amount, other: &Amount) -> Amount {
    both(one, other)
        .and_then(|(one, other)| one.sub(other).ok())
        .map_or(Amount::Unknown, Amount::Known)
}

fn both<'a>(one: &'a Amount, other: &'a Amount) -> Option<(&'a Exact, &'a Exact)> {
    one.exact().zip(other.exact())
}
