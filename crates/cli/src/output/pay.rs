//! The pay table that a person reads: payees down, periods across.

use guerdon::plan::Plan;
use guerdon::report::{Amount, PayColumn, Report};
use guerdon_plan::number::{Exact, format_grouped};
use guerdon_syntax::{Language, Text, text};

use super::grid::{grid, language};
use super::tame;

/// The most periods that stand beside each other; of more, only the totals are shown.
const MOST_COLUMNS: usize = 12;
/// The most payees of one table; of more, the first ones are shown.
const MOST_ROWS: usize = 200;

/// Gives the pay of a report as tables.
pub(crate) fn table(plan: &Plan, report: &Report<'_>) -> String {
    let shown: Vec<String> = report
        .pay_columns()
        .iter()
        .filter_map(|column| show(plan, column))
        .collect();
    if shown.is_empty() {
        let pays = plan.program().plans.iter().any(|plan| plan.block.is_none());
        return if pays {
            let words = text!(
                "Nothing is paid in these periods.\n\n",
                "这些期间没有应付金额。\n\n"
            );
            words.get(language(plan)).to_owned()
        } else {
            String::new()
        };
    }
    shown.concat()
}

/// Shows one `pay` statement; nothing where nobody is paid by it.
fn show(plan: &Plan, column: &PayColumn<'_>) -> Option<String> {
    let payees = column.payees();
    let periods: Vec<String> = column.periods().into_iter().map(|(_, label)| label).collect();
    let paid: Vec<usize> = (0..payees.len())
        .filter(|payee| (0..periods.len()).any(|period| column.amount(period, *payee).is_some()))
        .collect();
    if paid.is_empty() {
        return None;
    }
    let labels = if periods.len() > MOST_COLUMNS {
        &[][..]
    } else {
        &periods
    };
    let language = language(plan);
    let say = |words: Text| words.get(language).to_owned();
    let heads = std::iter::once(say(text!("Payee", "人员")))
        .chain(labels.iter().cloned())
        .chain([say(text!("Total", "合计"))]);
    let mut table = grid(heads, |place| place > 0);
    let shape = Shape {
        shown: labels.len(),
        decimals: column.decimals,
        language,
    };
    for payee in paid.iter().take(MOST_ROWS) {
        let amounts: Vec<Option<Amount>> = (0..periods.len())
            .map(|period| column.amount(period, *payee))
            .collect();
        let key = payees.get(*payee).map_or("", String::as_str);
        table.add_row(shape.row(key, &amounts));
    }
    let totals: Vec<Option<Amount>> = (0..periods.len())
        .map(|period| total(paid.iter().map(|payee| column.amount(period, *payee))))
        .collect();
    table.add_row(shape.row(&say(text!("All", "合计")), &totals));
    let rest = match paid.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => say(text!(
            "… and {more} more payees; --out writes all of them\n",
            "……另有 {more} 人；用 --out 写出全部\n"
        )),
    };
    let (title, unit) = (tame(column.title), &column.unit);
    Some(format!(
        "{} – {title} ({unit})\n{table}\n{rest}\n",
        tame(plan_title(plan, column))
    ))
}

fn plan_title<'p>(plan: &'p Plan, column: &PayColumn<'p>) -> &'p str {
    let plans = plan.program().plans.iter().map(|plan| &plan.naming);
    let naming = plans.into_iter().find(|naming| naming.name == column.plan);
    naming
        .and_then(|naming| naming.title.as_deref())
        .unwrap_or(column.plan)
}

/// How the rows of a table look.
#[derive(Clone, Copy)]
struct Shape {
    /// How many periods are shown.
    shown: usize,
    decimals: u8,
    language: Language,
}

impl Shape {
    /// Makes a row: a name, the amounts of the first periods, and their total.
    fn row(self, name: &str, amounts: &[Option<Amount>]) -> Vec<String> {
        let sum = total(amounts.iter().cloned());
        let amounts = amounts.iter().take(self.shown).chain([&sum]);
        std::iter::once(tame(name))
            .chain(amounts.map(|amount| self.text(amount.as_ref())))
            .collect()
    }

    fn text(self, amount: Option<&Amount>) -> String {
        match amount {
            Some(Amount::Known(amount)) => format_grouped(amount, self.decimals),
            Some(Amount::Unknown) => text!("not known", "未知").get(self.language).to_owned(),
            None => String::new(),
        }
    }
}

/// Adds amounts up; none where there are none.
fn total(amounts: impl Iterator<Item = Option<Amount>>) -> Option<Amount> {
    let add = |sum: Amount, amount: Amount| match (sum, amount) {
        (Amount::Known(sum), Amount::Known(amount)) => {
            sum.add(&amount).map_or(Amount::Unknown, Amount::Known)
        }
        (Amount::Known(_) | Amount::Unknown, _) => Amount::Unknown,
    };
    let mut amounts = amounts.flatten().peekable();
    amounts.peek()?;
    Some(amounts.fold(Amount::Known(Exact::ZERO), add))
}
