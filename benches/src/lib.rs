//! Seeded data for the measurements, the same bytes every time, and the monthly batch written by hand.
//!
//! The batch is the shape that many plans have: a million deals of ten thousand sellers in twelve months, weighted by a
//! matrix of product and role, marginal tiers on attainment of a monthly quota, capped at three salaries.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "the hand-written limit is what a careful programmer writes for this batch alone"
)]

pub mod card;
pub mod race;

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::plan::Plan;
use guerdon_plan::calendar::Date;
use guerdon_plan::number::Exact;

/// The rules of the monthly batch.
pub const MONTHLY: &str = include_str!("../rules/w1.guerdon");

const PRODUCTS: [&str; 8] = [
    "core", "cloud", "data", "edge", "field", "guard", "hub", "services",
];
const ROLES: [&str; 4] = ["ae", "am", "sdr", "se"];
/// 2025-01-01, as days since 1970-01-01.
const FIRST_DAY: i32 = 20_089;
const MONTH_ENDS: [i32; 12] = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// The records of the batch as columns; amounts in cents.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The role of each seller, by position.
    pub role: Vec<u8>,
    /// The monthly salary of each seller.
    pub salary: Vec<i64>,
    /// The quota of each seller and month.
    pub quota: Vec<i64>,
    /// The number of each deal, which its key is made of.
    pub number: Vec<u32>,
    /// The seller of each deal.
    pub seller: Vec<u32>,
    /// The day of each deal in the year.
    pub day: Vec<i32>,
    /// The product of each deal.
    pub product: Vec<u8>,
    /// The amount of each deal.
    pub amount: Vec<i64>,
    /// Whether each deal is paid.
    pub collected: Vec<bool>,
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn cents(&mut self, from: i64, span: u64) -> i64 {
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }
}

impl Batch {
    /// Makes a batch; deals are in order of their days.
    pub fn new(deals: usize, sellers: usize) -> Self {
        let mut random = Random(20_250_101);
        let mean = 248_700 * deals as i64 / (sellers as i64 * 12);
        let mut batch = Self {
            role: (0..sellers).map(|_| random.below(4) as u8).collect(),
            salary: (0..sellers).map(|_| random.cents(60_000, 540_000)).collect(),
            quota: (0..sellers * 12)
                .map(|_| (mean / 2 + random.cents(0, 1_500) * mean / 1_000).max(10_000))
                .collect(),
            number: (0..deals).map(|deal| deal as u32).collect(),
            seller: Vec::with_capacity(deals),
            day: Vec::with_capacity(deals),
            product: Vec::with_capacity(deals),
            amount: Vec::with_capacity(deals),
            collected: Vec::with_capacity(deals),
        };
        for deal in 0..deals {
            let amount = match random.below(10) {
                0..5 => random.cents(5_000, 45_000),
                5..9 => random.cents(50_000, 450_000),
                _ => random.cents(500_000, 1_500_000),
            };
            batch.seller.push(random.below(sellers as u64) as u32);
            batch.day.push((deal * 365 / deals) as i32);
            batch.product.push(random.below(8) as u8);
            batch
                .amount
                .push(if random.below(50) == 0 { -amount } else { amount });
            batch.collected.push(random.below(10) != 0);
        }
        batch
    }

    /// Brings the deals into another order, the same one every time.
    pub fn shuffle(&mut self) {
        let mut random = Random(7);
        for deal in (1..self.amount.len()).rev() {
            let other = random.below(deal as u64 + 1) as usize;
            self.seller.swap(deal, other);
            self.day.swap(deal, other);
            self.product.swap(deal, other);
            self.amount.swap(deal, other);
            self.collected.swap(deal, other);
            self.number.swap(deal, other);
        }
    }

    /// Hands the records over to the engine.
    ///
    /// # Errors
    ///
    /// A limit of the engine.
    pub fn facts(&self, plan: &Plan) -> Result<Facts, Error> {
        let money = |cents: &i64| Exact::from_scaled(i128::from(*cents), 2);
        let seller = |seller: usize| format!("R{seller:06}");
        let sellers = self.role.len();
        let mut facts = Facts::builder(plan.program());
        facts
            .column("Rep", "rep_id", (0..sellers).map(seller))
            .column(
                "Rep",
                "role",
                self.role.iter().map(|role| ROLES[usize::from(*role)]),
            )
            .column("Rep", "salary", self.salary.iter().map(money));
        facts
            .column(
                "quota",
                "rep_id",
                (0..self.quota.len()).map(|place| seller(place / 12)),
            )
            .column(
                "quota",
                "month",
                (0..self.quota.len()).map(|place| format!("2025-{:02}", place % 12 + 1)),
            )
            .column("quota", "quota", self.quota.iter().map(money));
        facts
            .column(
                "Txn",
                "txn_id",
                self.number.iter().map(|deal| format!("T{deal:09}")),
            )
            .column(
                "Txn",
                "rep_id",
                self.seller.iter().map(|place| seller(*place as usize)),
            )
            .column(
                "Txn",
                "txn_date",
                self.day.iter().filter_map(|day| Date::from_days(FIRST_DAY + day)),
            )
            .column(
                "Txn",
                "product_line",
                self.product.iter().map(|product| PRODUCTS[usize::from(*product)]),
            )
            .column("Txn", "amount", self.amount.iter().map(money))
            .column("Txn", "collected", self.collected.iter().copied());
        facts.finish()
    }

    /// Counts the bytes of the columns that the batch reads, as the engine could store them.
    pub fn bytes_read(&self) -> usize {
        self.amount.len() * (4 + 4 + 1 + 8 + 1) + self.quota.len() * 8 + self.role.len() * 9
    }

    /// Computes the payouts by hand, in cents, period by period: what the engine is measured against.
    pub fn by_hand(&self) -> Vec<i64> {
        let sellers = self.role.len();
        let mut month = [0_usize; 512];
        for (day, place) in month.iter_mut().enumerate() {
            *place = MONTH_ENDS.iter().filter(|end| **end <= day as i32).count();
        }
        let mut sums = vec![(0_i64, 0_i64); sellers * 12];
        let mut has_overflowed = false;
        for deal in 0..self.amount.len() {
            let seller = self.seller[deal] as usize;
            let amount = self.amount[deal] & -i64::from(self.collected[deal]);
            let factor = multiplier(usize::from(self.product[deal]), usize::from(self.role[seller]));
            let (weighted, over) = amount.overflowing_mul(factor);
            let (credited_sum, weighted_sum) =
                &mut sums[month[self.day[deal] as usize & 511] * sellers + seller];
            let (more, over_credited) = credited_sum.overflowing_add(amount);
            let (more_weighted, over_weighted) = weighted_sum.overflowing_add(weighted);
            (*credited_sum, *weighted_sum) = (more, more_weighted);
            has_overflowed |= over | over_credited | over_weighted;
        }
        assert!(!has_overflowed, "sums fit 64 bits");
        let pay = |(place, (credited, weighted)): (usize, &(i64, i64))| {
            let (period, seller) = (place / sellers, place % sellers);
            payout(
                *credited,
                *weighted,
                self.quota[seller * 12 + period],
                self.salary[seller],
            )
        };
        sums.iter().enumerate().map(pay).collect()
    }
}

/// The matrix, in hundredths.
fn multiplier(product: usize, role: usize) -> i64 {
    80 + ((product * 37 + role * 23 + product * role * 11) % 14) as i64 * 5
}

/// The payout of one seller and month: one rounding, half to even, of an exact fraction.
fn payout(credited: i64, weighted: i64, quota: i64, salary: i64) -> i64 {
    if credited <= 0 || weighted <= 0 {
        return 0;
    }
    let tenfold = credited * 10;
    let first = tenfold.min(8 * quota);
    let second = tenfold.min(10 * quota) - first;
    let third = tenfold.min(15 * quota) - first - second;
    let fourth = tenfold - first - second - third;
    let tiers = 3 * first + 5 * second + 8 * third + 10 * fourth;
    let (over, under) = (
        i128::from(tiers) * i128::from(weighted),
        i128::from(credited) * 100_000,
    );
    let (whole, rest) = (over / under, over % under);
    let up = match (rest * 2).cmp(&under) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => whole & 1,
        std::cmp::Ordering::Greater => 1,
    };
    i64::try_from(whole + up).unwrap_or(i64::MAX).min(3 * salary)
}
