//! The types of the columns of a table; those of amounts depend on the amounts.

use guerdon_plan::number::Exact;

use super::Names;
use super::columns::Form;
use crate::objects::ReportBody;
use crate::tables::{Cells, Shape};

/// What is known of the amounts of a column.
#[derive(Clone, Copy, Default)]
struct Amounts {
    /// The most decimals that one of them has, or is shown with.
    scale: u32,
    /// The most digits that one of them has in front of its decimals; fewer than none where it is small.
    whole: i64,
    /// Whether one of them is no number with decimals.
    is_odd: bool,
}

/// Finds the types of the columns; those of amounts depend on the amounts.
pub(super) fn forms(report: &ReportBody, shape: &Shape, names: Names) -> Vec<Form> {
    let mut amounts = vec![Amounts::default(); shape.columns.len()];
    let (plan, results) = (
        &report.results.borrow_owner().plan,
        report.results.borrow_dependent(),
    );
    shape.each_amount(plan, results, |place, exact, least| {
        if let Some(amounts) = amounts.get_mut(place) {
            amounts.add(exact, least);
        }
    });
    let columns = shape.columns.iter().zip(amounts);
    columns
        .map(|((_, cells), amounts)| match cells {
            Cells::Text => Form::Text,
            Cells::Name => match names {
                Names::Coded => Form::Name,
                Names::Plain => Form::Text,
            },
            Cells::Amount => amounts.form(),
            Cells::Date => Form::Day,
            Cells::Whole => Form::Whole,
        })
        .collect()
}

impl Amounts {
    fn add(&mut self, exact: &Exact, least: u8) {
        // Most amounts have no more decimals than they are shown with.
        let scaled = exact
            .to_scaled(least)
            .map(|number| (number, u32::from(least)))
            .or_else(|| {
                let decimals = exact.decimals()?;
                Some((exact.to_scaled(u8::try_from(decimals).ok()?)?, decimals))
            });
        let Some((number, decimals)) = scaled else {
            self.is_odd = true;
            return;
        };
        self.scale = self.scale.max(decimals);
        if let Some(log) = number.unsigned_abs().checked_ilog10() {
            let digits = i64::from(log).saturating_add(1);
            self.whole = self.whole.max(digits.saturating_sub(i64::from(decimals)));
        }
    }

    /// Gives the least scale that holds all amounts, as far as 38 digits do.
    fn form(self) -> Form {
        let digits = self.whole.saturating_add(i64::from(self.scale));
        match u8::try_from(self.scale) {
            Ok(scale) if !self.is_odd && digits <= 38 && scale <= 38 => Form::Decimal(scale),
            Ok(_) | Err(_) => Form::Text,
        }
    }
}
