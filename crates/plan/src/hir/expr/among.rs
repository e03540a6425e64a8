//! Terms that look at a record among others: running sums, places, shares.

use super::{Direction, Domain, Expr};
use crate::number::{Exact, Rounding};
use crate::types::{BinderId, TableId};

/// The sum of a value over the rows of a table that come before a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The row before which rows count.
    pub row: Expr,
    /// The variable of the rows that are summed.
    pub binder: BinderId,
    /// Their table.
    pub table: TableId,
    /// The value, over `binder`.
    pub value: Expr,
    /// Which rows count, over `binder`.
    pub filter: Option<Expr>,
    /// The order, over `binder`; the key comes last.
    pub order: Vec<Expr>,
    /// What must be equal to that of `row`, over `binder`.
    pub within: Vec<Expr>,
}

/// The place of a record among the records of a table, or of a team, for which a filter holds.
///
/// The value is missing where the record is not among them: it is missing itself, its filter is no, or one of its keys
/// is missing. Where an error in the filter, a key or `within` leaves open whether a record is ranked, or in which group,
/// every place of the groups in which it may be is an error; groups that it differs from in a part of `within` that is
/// known, and records left out by what is known, are not touched.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The record whose place is asked for.
    pub row: Expr,
    /// The variable of the records.
    pub binder: BinderId,
    /// The records: those of a table, or those below one in a tree.
    pub domain: Domain,
    /// Which records are ranked, over `binder`.
    pub filter: Option<Expr>,
    /// What records of one group have in common, over `binder`; `row` is ranked in its own group.
    pub within: Vec<Expr>,
    /// What is compared, over `binder`: each key where those before are equal. At least one.
    pub keys: Vec<(Expr, Direction)>,
    /// Which places equal records take.
    pub ties: RankTies,
}

/// Says which places equal records take. Of 95, 90, 90, 80:
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankTies {
    /// 1, 2, 2, 4.
    Best,
    /// 1, 3, 3, 4.
    Worst,
    /// 1, 2.5, 2.5, 4.
    Average,
    /// 1, 2, 2, 3.
    Dense,
    /// None: records that are equal in all keys are an error of each of them.
    Refused,
}

/// The share of a record in an amount that is divided among the records of a table, or of a team, for which a filter
/// holds.
///
/// Shares are whole steps, and those of a group always sum to the amount, which must be a whole number of steps itself.
/// A negative amount mirrors the positive one. The value is missing where the record is not among those that share, and
/// where there is no amount. An error in the filter or in `within` spreads as in [`Ranking`]; an error in an amount or a
/// weight, a negative weight, amounts that differ, and weights that are all zero make every share of the group an error.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// The record whose share is asked for.
    pub row: Expr,
    /// The variable of the records.
    pub binder: BinderId,
    /// The records: those of a table, or those below one in a tree.
    pub domain: Domain,
    /// Which records share, over `binder`.
    pub filter: Option<Expr>,
    /// What records of one group have in common, over `binder`.
    pub within: Vec<Expr>,
    /// What is divided, over `binder`: the same for all records of a group.
    pub amount: Expr,
    /// The weight, over `binder`: not negative; a missing one is zero.
    pub weight: Expr,
    /// The step, positive.
    pub step: Exact,
    /// How each exact share is rounded to whole steps before the rest is given out or taken back.
    pub rounding: Rounding,
    /// Who gets the steps that are left over.
    pub rest: Rest,
    /// What happens where all weights are zero.
    pub unweighted: Unweighted,
}

/// Says who gets the steps that are left when each exact share is cut or rounded to whole steps, or gives back those
/// that are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rest {
    /// One step each to the largest remainders, and one each from those that rounding raised most; of equal ones to or
    /// from the first records by key.
    LargestRemainder,
    /// All to the record of the largest weight; of equal ones to the first by key.
    Largest,
    /// All to the first record by key.
    First,
    /// All to the last record by key.
    Last,
}

/// Says what happens where all weights of a group are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unweighted {
    /// It is an error.
    Refused,
    /// All get the same.
    Equal,
    /// None gets anything.
    Nothing,
}
