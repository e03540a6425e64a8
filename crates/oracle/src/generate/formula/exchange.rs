//! Amounts converted from one currency to another.

use super::{Sight, Writer, records};

impl Writer<'_> {
    /// Writes a conversion into the currency of the plans.
    pub(super) fn converted(&mut self, sight: Sight, depth: usize) -> String {
        if !self.world.extras.rates {
            return self.plain_money(sight);
        }
        let rates = self.random.pick(&["", "", "", ", planned"]);
        match (self.random.below(5), sight) {
            (0..=2, Sight::Deal) => format!("convert(row.cost, CNY, row.booked_on{rates})"),
            (0..=2, Sight::Split) => format!("convert(row.deal.cost, CNY, row.deal.booked_on{rates})"),
            (0..=2, _) => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                format!("(sum convert({of}cost, CNY, {of}booked_on{rates}) over Deal{name} where {filter})")
            }
            (3, _) => {
                let money = self.money(sight, depth.min(1));
                format!("convert(convert({money}, USD, period.last_day), CNY, period.last_day)")
            }
            (_, _) => {
                let amount = self
                    .random
                    .pick(&["USD 10", "EUR 33.33", "JPY 1,500", "CNY 7", "USD 0"]);
                format!("convert({amount}, CNY, period.last_day{rates})")
            }
        }
    }
}
