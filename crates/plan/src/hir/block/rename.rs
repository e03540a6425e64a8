//! The same block with its definitions named in another way.

use super::{
    Action, Alert, Award, Block, ByDimension, CardDimension, Contest, Escalation, Grant, Level, Metric,
    Scorecard, Split, Warning,
};

impl<D> Block<D> {
    /// Names every definition in another way.
    ///
    /// Returns `None` if one of them has no such name.
    pub fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Block<E>> {
        Some(match self {
            Self::Contest(block) => Block::Contest(block.rename(name)?),
            Self::Award(block) => Block::Award(block.rename(name)?),
            Self::Target(block) => Block::Target(block.rename(name)?),
            Self::Warning(block) => Block::Warning(block.rename(name)?),
            Self::Scorecard(block) => Block::Scorecard(block.rename(name)?),
        })
    }
}

/// Renames what may be there; `None` inside means that a name was not found.
pub(super) fn optional<D, E>(given: Option<D>, name: &mut impl FnMut(D) -> Option<E>) -> Option<Option<E>> {
    match given {
        Some(given) => name(given).map(Some),
        None => Some(None),
    }
}

impl<D> Contest<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Contest<E>> {
        Some(Contest {
            score: name(self.score)?,
            qualifies: optional(self.qualifies, name)?,
            keys: self.keys.into_iter().map(&mut *name).collect::<Option<_>>()?,
            rank: name(self.rank)?,
            tied: name(self.tied)?,
            prize: optional(self.prize, name)?,
            honour: optional(self.honour, name)?,
            split: match self.split {
                Some(split) => Some(Split {
                    of: name(split.of)?,
                    part: name(split.part)?,
                }),
                None => None,
            },
            budget: optional(self.budget, name)?,
            reached: optional(self.reached, name)?,
            ties: self.ties,
        })
    }
}

impl<D> Award<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Award<E>> {
        let grants = self.grants.into_iter().map(|grant| {
            Some(Grant {
                naming: grant.naming,
                granted: name(grant.granted)?,
                cash: optional(grant.cash, name)?,
                reason: grant.reason,
            })
        });
        Some(Award {
            grants: grants.collect::<Option<_>>()?,
        })
    }
}

impl<D> Warning<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Warning<E>> {
        let level = name(self.level)?;
        let levels = self
            .levels
            .into_iter()
            .map(|level| level.rename(name))
            .collect::<Option<_>>()?;
        let alerts = self.alerts.into_iter().map(|alert| {
            Some(Alert {
                naming: alert.naming,
                when: name(alert.when)?,
                reason: alert.reason,
            })
        });
        let alerts = alerts.collect::<Option<_>>()?;
        let entered = name(self.entered)?;
        let escalations = self.escalations.into_iter().map(|found| {
            Some(Escalation {
                to: name(found.to)?,
                level: found.level,
                when: name(found.when)?,
                reason: found.reason,
            })
        });
        let escalations = escalations.collect::<Option<_>>()?;
        let response = optional(self.response, name)?;
        let mut rows = Vec::new();
        for row in self.rows {
            let row = row.into_iter().map(|action| action.rename(name));
            rows.push(row.collect::<Option<_>>()?);
        }
        Some(Warning {
            level,
            levels,
            alerts,
            entered,
            escalations,
            response,
            rows,
            actions: name(self.actions)?,
            confirmation: self.confirmation,
            skips: optional(self.skips, name)?,
            resets: optional(self.resets, name)?,
        })
    }
}

impl<D> Level<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Level<E>> {
        Some(Level {
            naming: self.naming,
            when: name(self.when)?,
            clear: optional(self.clear, name)?,
            raised: name(self.raised)?,
            held: optional(self.held, name)?,
            calm: optional(self.calm, name)?,
            rest: optional(self.rest, name)?,
            reason: self.reason,
            span: self.span,
        })
    }
}

impl<D> Action<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Action<E>> {
        Some(match self {
            Self::Notify(to) => Action::Notify(to.into_iter().map(name).collect::<Option<_>>()?),
            Self::Task(what, to, days) => Action::Task(what, name(to)?, days),
            Self::Restrict(what) => Action::Restrict(what),
            Self::Suggest(what, to) => Action::Suggest(what, name(to)?),
            Self::Record => Action::Record,
        })
    }
}

impl<D> Scorecard<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Scorecard<E>> {
        let dimensions = ByDimension {
            financial: self.dimensions.financial.rename(name)?,
            customer: self.dimensions.customer.rename(name)?,
            competitive: self.dimensions.competitive.rename(name)?,
            collaboration: self.dimensions.collaboration.rename(name)?,
        };
        let gates = self
            .gates
            .into_iter()
            .map(|(when, reason)| Some((name(when)?, reason)))
            .collect::<Option<_>>()?;
        Some(Scorecard {
            dimensions,
            total: name(self.total)?,
            exact_total: name(self.exact_total)?,
            coverage: name(self.coverage)?,
            grade: optional(self.grade, name)?,
            unforced_grade: optional(self.unforced_grade, name)?,
            multiplier: optional(self.multiplier, name)?,
            gates,
            rank: optional(self.rank, name)?,
        })
    }
}

impl<D> CardDimension<D> {
    fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<CardDimension<E>> {
        let Self::Counted {
            naming,
            weight,
            score,
            points,
            metrics,
        } = self
        else {
            let Self::LeftOut(reason) = self else { return None };
            return Some(CardDimension::LeftOut(reason));
        };
        let metrics = metrics.into_iter().map(|metric| {
            Some(Metric {
                naming: metric.naming,
                weight: metric.weight,
                raw: name(metric.raw)?,
                score: name(metric.score)?,
                points: name(metric.points)?,
                reason: metric.reason,
            })
        });
        let metrics = metrics.collect::<Option<_>>()?;
        Some(CardDimension::Counted {
            naming,
            weight,
            score: name(score)?,
            points: name(points)?,
            metrics,
        })
    }
}
