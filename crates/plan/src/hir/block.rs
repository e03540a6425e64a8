//! What contests, awards, targets, warnings and scorecards are made of.
//!
//! Each of these blocks is a plan whose statements are written by rule (see `from_ast::blocks`): its score, its ranks, its levels
//! and its grades are ordinary definitions. What stands here names those definitions, so that reports and explanations
//! find them. `D` is how a definition is named: by its name while the block is written, by its id in the typed tree.

mod target;

use guerdon_syntax::span::Span;

pub use self::target::{Recalibrated, SmartCheck, SmartFailure, Target, TargetLevel};
use super::schema::{Naming, Reason};
use crate::number::Exact;
use crate::types::DefinitionId;

/// Says what kind of block a plan was written as, and which definitions make it up.
#[expect(
    clippy::large_enum_variant,
    reason = "a program has few of these, and boxes would burden every reader"
)]
#[derive(Debug, Clone)]
pub enum Block<D = DefinitionId> {
    /// `contest`.
    Contest(Contest<D>),
    /// `award`.
    Award(Award<D>),
    /// `target`.
    Target(Target<D>),
    /// `warning`.
    Warning(Warning<D>),
    /// `scorecard`.
    Scorecard(Scorecard<D>),
}

/// Holds a contest. Everything is for an entrant and a period.
#[derive(Debug, Clone)]
pub struct Contest<D = DefinitionId> {
    /// The score.
    pub score: D,
    /// Whether the entrant qualifies; none where everybody does.
    pub qualifies: Option<D>,
    /// The further keys of the ranking, in order.
    pub keys: Vec<D>,
    /// The place; missing for who is not ranked.
    pub rank: D,
    /// How many share the place.
    pub tied: D,
    /// The prize.
    pub prize: Option<D>,
    /// The honour; missing where there is none.
    pub honour: Option<D>,
    /// The shares of the members of a team in its prize.
    pub split: Option<Split<D>>,
    /// The most that may be given away.
    pub budget: Option<D>,
    /// The day on which the mark of a race was reached; missing where it was not.
    pub reached: Option<D>,
    /// What equal scores get, in the author's words.
    pub ties: TieRule,
}

/// Says what entrants of equal scores get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieRule {
    /// The prizes of their places, pooled and divided.
    Share,
    /// Each the place's full prize.
    All,
    /// The place's prize, divided.
    Divide,
    /// Further keys tell them apart.
    Break,
    /// Nothing is said: a tie for a prize is an error.
    Unsaid,
}

/// Holds how a team's prize is divided: definitions for a member and a period.
#[derive(Debug, Clone)]
pub struct Split<D = DefinitionId> {
    /// The entrant a member belongs to.
    pub of: D,
    /// The member's share.
    pub part: D,
}

/// Holds an award.
#[derive(Debug, Clone)]
pub struct Award<D = DefinitionId> {
    /// The honours, in order.
    pub grants: Vec<Grant<D>>,
}

/// Holds one honour, for a payee and a period.
#[derive(Debug, Clone)]
pub struct Grant<D = DefinitionId> {
    /// Its name and title.
    pub naming: Naming,
    /// Whether it is granted.
    pub granted: D,
    /// What may be taken instead; missing where it is not granted.
    pub cash: Option<D>,
    /// Why.
    pub reason: Reason,
}

/// Holds a warning. Everything is for a subject and a period.
#[derive(Debug, Clone)]
pub struct Warning<D = DefinitionId> {
    /// The level shown: the highest that is raised; missing where none is.
    pub level: D,
    /// The levels, the lowest first.
    pub levels: Vec<Level<D>>,
    /// The alerts about data.
    pub alerts: Vec<Alert<D>>,
    /// Whether the level was raised in this period, from none or from a lower one.
    pub entered: D,
    /// The escalations, in order.
    pub escalations: Vec<Escalation<D>>,
    /// The row of the responses that holds, from 1; missing where none does or nothing is entered.
    pub response: Option<D>,
    /// The responses, in order.
    pub rows: Vec<Vec<Action<D>>>,
    /// All actions of the period in words; missing where there are none.
    pub actions: D,
}

/// Holds one level of a warning.
#[derive(Debug, Clone)]
pub struct Level<D = DefinitionId> {
    /// Its name.
    pub naming: Naming,
    /// When it is raised.
    pub when: D,
    /// When it is cleared, if that is written.
    pub clear: Option<D>,
    /// For how many periods it has been raised, this one included; 0 where it is not.
    pub raised: D,
    /// Why.
    pub reason: Reason,
    /// Where it is written.
    pub span: Span,
}

/// Holds an alert: data are missing or stale.
#[derive(Debug, Clone)]
pub struct Alert<D = DefinitionId> {
    /// Its name.
    pub naming: Naming,
    /// When it is shown.
    pub when: D,
    /// Why.
    pub reason: Reason,
}

/// Holds an escalation.
#[derive(Debug, Clone)]
pub struct Escalation<D = DefinitionId> {
    /// To whom.
    pub to: D,
    /// The position of the level.
    pub level: usize,
    /// Whether it happens in this period.
    pub when: D,
    /// Why.
    pub reason: Reason,
}

/// Holds an action: a record for the host.
#[derive(Debug, Clone)]
pub enum Action<D = DefinitionId> {
    /// Tell them.
    Notify(Vec<D>),
    /// A task, for one, within so many days.
    Task(String, D, u32),
    /// Take a right away.
    Restrict(String),
    /// A proposal to one.
    Suggest(String, D),
    /// Write it down.
    Record,
}

/// Names the four dimensions of a scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// `financial`.
    Financial,
    /// `customer`.
    Customer,
    /// `competitive`.
    Competitive,
    /// `collaboration`.
    Collaboration,
}

/// Holds one thing for each dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByDimension<T> {
    /// Of `financial`.
    pub financial: T,
    /// Of `customer`.
    pub customer: T,
    /// Of `competitive`.
    pub competitive: T,
    /// Of `collaboration`.
    pub collaboration: T,
}

impl Dimension {
    /// All four, in their order.
    pub const ALL: [Dimension; 4] = [
        Dimension::Financial,
        Dimension::Customer,
        Dimension::Competitive,
        Dimension::Collaboration,
    ];

    /// Gives the name as it is written in English.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Financial => "financial",
            Self::Customer => "customer",
            Self::Competitive => "competitive",
            Self::Collaboration => "collaboration",
        }
    }
}

impl<T> ByDimension<T> {
    /// Gives what one dimension has.
    pub const fn get(&self, dimension: Dimension) -> &T {
        match dimension {
            Dimension::Financial => &self.financial,
            Dimension::Customer => &self.customer,
            Dimension::Competitive => &self.competitive,
            Dimension::Collaboration => &self.collaboration,
        }
    }

    /// Gives what one dimension has, to be changed.
    pub const fn get_mut(&mut self, dimension: Dimension) -> &mut T {
        match dimension {
            Dimension::Financial => &mut self.financial,
            Dimension::Customer => &mut self.customer,
            Dimension::Competitive => &mut self.competitive,
            Dimension::Collaboration => &mut self.collaboration,
        }
    }

    /// Lists the dimensions with what each has.
    pub fn iter(&self) -> impl Iterator<Item = (Dimension, &T)> {
        Dimension::ALL
            .into_iter()
            .map(|dimension| (dimension, self.get(dimension)))
    }

    /// Makes another thing of each.
    pub fn map<U>(self, mut make: impl FnMut(Dimension, T) -> U) -> ByDimension<U> {
        ByDimension {
            financial: make(Dimension::Financial, self.financial),
            customer: make(Dimension::Customer, self.customer),
            competitive: make(Dimension::Competitive, self.competitive),
            collaboration: make(Dimension::Collaboration, self.collaboration),
        }
    }
}

/// Holds a scorecard. Everything is for a subject and a period.
#[derive(Debug, Clone)]
pub struct Scorecard<D = DefinitionId> {
    /// The dimensions; none where one is left out, with the reason beside it.
    pub dimensions: ByDimension<CardDimension<D>>,
    /// The total, rounded as the card says.
    pub total: D,
    /// The total as it was computed; grades and gates look at this one.
    pub exact_total: D,
    /// The share of the weights that is there.
    pub coverage: D,
    /// The grade, after gates and distribution.
    pub grade: Option<D>,
    /// The grade before gates and distribution.
    pub unforced_grade: Option<D>,
    /// The multiplier of the grade.
    pub multiplier: Option<D>,
    /// The gates, in order: their conditions.
    pub gates: Vec<(D, Reason)>,
    /// The place of the subject in its group, where grades are distributed.
    pub rank: Option<D>,
}

/// Holds a dimension that counts, or the reason why it does not.
#[derive(Debug, Clone)]
pub enum CardDimension<D = DefinitionId> {
    /// It counts.
    Counted {
        /// Its name and title.
        naming: Naming,
        /// Its weight: a share of the card's weights.
        weight: Exact,
        /// Its score; missing where it has none.
        score: D,
        /// Its part of the total.
        points: D,
        /// Its metrics, in order.
        metrics: Vec<Metric<D>>,
    },
    /// It is left out.
    LeftOut(Reason),
}

/// Holds a metric.
#[derive(Debug, Clone)]
pub struct Metric<D = DefinitionId> {
    /// Its name and title.
    pub naming: Naming,
    /// Its weight: a share of the dimension's weights.
    pub weight: Exact,
    /// The raw value; missing where the data lack it.
    pub raw: D,
    /// The normalised value, before what a missing one does.
    pub score: D,
    /// Its part of the total.
    pub points: D,
    /// Why.
    pub reason: Reason,
}

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

impl<D: Clone> Block<D> {
    /// Names what a block itself stands for, where no part of it is named: the level of a warning, the goal of a target.
    pub fn main(&self) -> Option<D> {
        match self {
            Self::Warning(warning) => Some(warning.level.clone()),
            Self::Target(target) => Some(target.goal.clone()),
            Self::Contest(_) | Self::Award(_) | Self::Scorecard(_) => None,
        }
    }
}

/// Renames what may be there; `None` inside means that a name was not found.
fn optional<D, E>(given: Option<D>, name: &mut impl FnMut(D) -> Option<E>) -> Option<Option<E>> {
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
