//! What the plans and the records of a case are made over.

use guerdon_plan::calendar::{Date, DateRange};

use super::Part;
use super::clock::Clock;
use super::random::Random;

/// Holds what the plans and the records of a case are made over.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) first: Date,
    /// The days of the periods of the run.
    pub(super) ranges: Vec<DateRange>,
    pub(super) through: Option<Date>,
    pub(super) amounts: Amounts,
    pub(super) tiers: Vec<TierTable>,
    pub(super) constants: Vec<Constant>,
    pub(super) decision: Option<Vec<Part>>,
    pub(super) cases: Option<Vec<Part>>,
    pub(super) combining: Option<Vec<Part>>,
    pub(super) matrix: Option<Vec<Part>>,
    pub(super) extras: Extras,
    pub(super) holidays: Vec<Part>,
    pub(super) rates: Vec<Part>,
    pub(super) kinds: Kinds,
    /// Whether a contest, warning or scorecard is about one period only.
    pub(super) one_period: bool,
}

/// Says which fields and tables there are besides those of every file.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one field or table that may be there"
)]
pub(super) struct Extras {
    /// `mentor` and `nick` of persons.
    pub(super) mentors: bool,
    /// `label` and `billed` of deals.
    pub(super) labels: bool,
    /// The dated table of who works where.
    pub(super) posts: bool,
    /// The table of fees by region.
    pub(super) fees: bool,
    /// Teams of persons.
    pub(super) teams: bool,
    /// A list of holidays.
    pub(super) holidays: bool,
    /// The days on which receipts and refunds became known.
    pub(super) noted: bool,
    /// `told_on` of deals: when each became known, if it says so.
    pub(super) known: bool,
    /// What deals cost, in currencies of their own, and exchange rates.
    pub(super) rates: bool,
}

/// Says which amounts deals may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amounts {
    /// Positive ones, as a check of the field says.
    Positive,
    /// Any.
    Any,
}

/// Holds a tier table.
#[derive(Debug, Clone)]
pub(super) struct TierTable {
    pub(super) name: String,
    pub(super) takes: Takes,
    pub(super) gives: Gives,
    pub(super) kind: &'static str,
    /// Whether some rows have an amount besides their rate.
    pub(super) has_amounts: bool,
    pub(super) versions: Vec<(String, Vec<Part>)>,
}

/// Says what tiers are applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// An amount.
    Money,
    /// An amount, against a quota.
    MoneyAgainstQuota,
    /// A number.
    Number,
}

/// Says what comes out of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// An amount.
    Money,
    /// A number.
    Number,
}

/// Holds a constant.
#[derive(Debug, Clone)]
pub(super) struct Constant {
    pub(super) name: String,
    pub(super) gives: Gives,
    pub(super) lines: Vec<String>,
}

/// The values of the enums.
pub(super) const ROLES: [&str; 3] = ["AE", "SE", "Boss"];
/// The values of the other enum.
pub(super) const REGIONS: [&str; 3] = ["North", "East", "South"];
/// Amounts at which tiers begin and that deals have.
pub(super) const BOUNDS: [&str; 6] = ["100", "250", "500", "1,000", "1,500", "2,000"];

pub(super) const MONEY_RATES: [&str; 9] = ["0%", "1%", "2.5%", "4%", "5%", "7.5%", "10%", "12%", "33.3%"];
pub(super) const MONEY_AMOUNTS: [&str; 9] = [
    "CNY 0",
    "CNY 5",
    "CNY 20",
    "CNY 7.77",
    "CNY 10.05",
    "CNY 50",
    "CNY 0.01",
    "CNY 100",
    "CNY 33.33",
];

/// Says which blocks a file has besides its plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) contest: Contest,
    pub(super) award: bool,
    pub(super) warning: bool,
    pub(super) scorecard: bool,
}

/// Says who takes part in a contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contest {
    /// There is none.
    None,
    /// Persons.
    Persons,
    /// Teams of persons.
    Teams,
}

impl Kinds {
    pub(super) fn pick(random: &mut Random) -> Kinds {
        let mut kinds = Kinds {
            contest: Contest::None,
            award: false,
            warning: false,
            scorecard: false,
        };
        if !random.chance(40) {
            return kinds;
        }
        match random.below(20) {
            0..=5 => kinds.contest = Contest::Persons,
            6..=8 => kinds.contest = Contest::Teams,
            9 | 10 => kinds.award = true,
            11..=14 => kinds.warning = true,
            15..=17 => kinds.scorecard = true,
            18 => (kinds.contest, kinds.scorecard) = (Contest::Persons, true),
            _ => (kinds.award, kinds.warning) = (true, true),
        }
        kinds
    }
}
