//! Contests: who stands where, and what it is worth.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Block, Contest, Split};
use guerdon_plan::types::TableId;

use super::{Figure, Reader, Spot};
use crate::column::Cell;
use crate::report::{Absence, Report};

/// One entrant of a contest, or one member of a team that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingRow<'r> {
    /// The contest.
    pub contest: &'r str,
    /// Its title, otherwise its name.
    pub title: &'r str,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// The key of the entrant.
    pub entrant: String,
    /// The key of a member who has a share in the entrant's prize; none in the entrant's own row.
    pub member: Option<String>,
    /// The place; missing for who is not ranked.
    pub rank: Figure,
    /// How many share the place.
    pub tied: Figure,
    /// The score.
    pub score: Figure,
    /// Whether the entrant qualifies; none where that is not known.
    pub qualifies: Option<bool>,
    /// The prize, or the member's share in it; missing where the contest has none.
    pub prize: Figure,
    /// What prizes are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of that unit; none where it has none of its own.
    pub decimals: Option<u8>,
    /// The honour.
    pub honour: Figure,
    /// The day on which the mark of a race was reached.
    pub reached: Figure,
}

impl Report<'_> {
    /// Lists the standings of the contests: period by period, by place, then by key; who is not ranked comes last.
    /// The members of a team follow it.
    pub fn standings(&self) -> Vec<StandingRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Contest(contest) = reader.block {
                rows.extend(reader.standings(contest));
            }
        }
        rows
    }
}

impl<'r> Reader<'r> {
    fn standings(&self, contest: &Contest) -> Vec<StandingRow<'r>> {
        let spots = self.spots();
        let mut rows = Vec::new();
        for period in spots.chunk_by(|one, other| one.place == other.place) {
            let mut ranked: Vec<(Option<u64>, Spot)> = period
                .iter()
                .map(|spot| (self.whole(contest.rank, *spot), *spot))
                .collect();
            ranked.sort_by_key(|(rank, spot)| (rank.unwrap_or(u64::MAX), spot.row));
            for (_, spot) in ranked {
                let own = self.standing(contest, spot);
                let members = contest
                    .split
                    .as_ref()
                    .map(|split| self.members(split, &own, spot));
                rows.push(own);
                rows.extend(members.into_iter().flatten());
            }
        }
        rows
    }

    fn standing(&self, contest: &Contest, spot: Spot) -> StandingRow<'r> {
        let optional = |id: Option<_>| id.map_or_else(Figure::missing, |id| self.figure(id, spot));
        let rank = self.figure(contest.rank, spot);
        // Who has no place shares it with nobody.
        let tied = match rank.absence {
            Some(Absence::Missing) => Figure::missing(),
            Some(_) | None => self.figure(contest.tied, spot),
        };
        StandingRow {
            contest: self.name(),
            title: self.title(),
            period: spot.period,
            period_label: self.label(spot.period),
            entrant: self.key(spot),
            member: None,
            rank,
            tied,
            score: self.figure(contest.score, spot),
            qualifies: match contest.qualifies {
                Some(qualifies) => self.holds(qualifies, spot),
                None => Some(true),
            },
            prize: optional(contest.prize),
            unit: self.unit(),
            decimals: self.decimals(),
            honour: optional(contest.honour),
            reached: optional(contest.reached),
        }
    }

    /// Lists the members of a team with their shares in its prize.
    fn members(&self, split: &Split, own: &StandingRow<'r>, team: Spot) -> Vec<StandingRow<'r>> {
        let Some(table) = self.table_of(split) else {
            return Vec::new();
        };
        let spots = (0..self.report.state.rows(table)).map(|row| Spot { row, ..team });
        spots
            .filter(|spot| self.is_member(split, *spot, team))
            .map(|spot| StandingRow {
                member: Some(self.report.key_text(table, spot.row)),
                score: Figure::missing(),
                prize: self.figure(split.part, spot),
                honour: Figure::missing(),
                reached: Figure::missing(),
                ..own.clone()
            })
            .collect()
    }

    fn is_member(&self, split: &Split, member: Spot, team: Spot) -> bool {
        let own = self.read(split.of, member, |cell| match cell {
            Cell::Row(row) => usize::try_from(*row).ok(),
            _ => None,
        });
        own.flatten() == Some(team.row)
    }

    fn table_of(&self, split: &Split) -> Option<TableId> {
        let member = self.report.definition(split.of)?.params.first()?;
        match self.report.compiled.program.binder(*member)?.domain {
            guerdon_plan::hir::BinderDomain::Row(table) => Some(table),
            guerdon_plan::hir::BinderDomain::Period(..) => None,
        }
    }
}
