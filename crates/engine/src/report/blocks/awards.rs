//! Awards: who was granted what.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::Block;

use super::Figure;
use crate::report::Report;

/// One honour of one payee in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct AwardRow<'r> {
    /// The award.
    pub award: &'r str,
    /// The honour.
    pub grant: &'r str,
    /// What the payee is given, in words.
    pub title: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// What may be taken instead; missing where there is nothing.
    pub cash: Figure,
    /// What it is counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of that unit; none where it has none of its own.
    pub decimals: Option<u8>,
    /// Why.
    pub because: Option<&'r str>,
}

impl Report<'_> {
    /// Lists the honours that were granted, in order of award, period, payee.
    pub fn awards(&self) -> Vec<AwardRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            let Block::Award(award) = reader.block else {
                continue;
            };
            for spot in reader.spots() {
                let granted = award
                    .grants
                    .iter()
                    .filter(|grant| reader.holds(grant.granted, spot) == Some(true));
                rows.extend(granted.map(|grant| {
                    AwardRow {
                        award: reader.name(),
                        grant: &grant.naming.name,
                        title: grant.naming.title.as_deref().unwrap_or(&grant.naming.name),
                        payee: reader.key(spot),
                        period: spot.period,
                        period_label: reader.label(spot.period),
                        cash: grant
                            .cash
                            .map_or_else(Figure::missing, |cash| reader.figure(cash, spot)),
                        unit: reader.unit(),
                        decimals: reader.decimals(),
                        because: grant.reason.because.as_deref(),
                    }
                }));
            }
        }
        rows
    }
}
