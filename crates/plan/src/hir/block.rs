//! What contests, awards, targets, warnings and scorecards are made of.
//!
//! Each of these blocks is a plan whose statements are written by rule (see `from_ast::blocks`): its score, its ranks, its levels
//! and its grades are ordinary definitions. What stands here names those definitions, so that reports and explanations
//! find them. `D` is how a definition is named: by its name while the block is written, by its id in the typed tree.

mod rename;
mod target;

use guerdon_syntax::span::Span;
use guerdon_syntax::{Text, text};

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
    /// For how long levels wait before they are raised and cleared.
    pub confirmation: Confirmation,
    /// Whether a period changes nothing, if that is written.
    pub skips: Option<D>,
    /// Whether a period makes everything begin anew, if that is written.
    pub resets: Option<D>,
}

/// Says how often the condition of a level must hold before it is raised or cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// How often the condition must have held.
    pub after: u64,
    /// In how many periods; in a row where this is not said.
    pub out_of: Option<u64>,
    /// For how many periods in a row the clearing condition must hold.
    pub clear_after: u64,
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
    /// How often the condition has held, where it must hold more than once.
    pub held: Option<D>,
    /// For how many periods in a row it could have been cleared, where one is not enough.
    pub calm: Option<D>,
    /// For how many more periods it rests after it was cleared, if it does.
    pub rest: Option<D>,
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
    /// Says in words what kind of block it is.
    pub fn kind(&self) -> Text {
        match self {
            Self::Contest(_) => text!("contest", "竞赛"),
            Self::Award(_) => text!("award", "奖励"),
            Self::Target(_) => text!("target", "目标"),
            Self::Warning(_) => text!("warning", "预警"),
            Self::Scorecard(_) => text!("scorecard", "记分卡"),
        }
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
