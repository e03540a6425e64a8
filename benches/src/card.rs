//! Scores of many people in twelve metrics, with places inside regions, by hand and for the engine.

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::plan::Plan;
use guerdon_plan::number::Exact;

use crate::Random;

/// The rules of the scores.
pub const SCORES: &str = include_str!("../peers/w3_plan.guerdon");

const REGIONS: [&str; 6] = ["amer-n", "amer-s", "apac", "dach", "emea-n", "emea-s"];
/// The most points of a metric, in ten thousandths of a percent.
const CAP: i64 = 1_200_000;

/// The records of the people; metrics and targets in hundredths.
#[derive(Debug, Clone)]
pub struct Card {
    /// The region of each person.
    pub region: Vec<u8>,
    /// Twelve columns of figures.
    pub figure: Vec<Vec<i64>>,
    /// Twelve columns of targets.
    pub target: Vec<Vec<i64>>,
}

/// What one person has: the score in hundredths, the grade and the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The score, in hundredths.
    pub score: i64,
    /// The grade.
    pub grade: &'static str,
    /// The place inside the region.
    pub place: u32,
}

impl Card {
    /// Makes the records of so many people.
    pub fn new(people: usize) -> Self {
        let mut random = Random(3);
        let mut column = |from: i64, span: u64| -> Vec<i64> {
            (0..people)
                .map(|_| random.cents(from, span) / 100 * 100 + random.cents(0, 2) * 37)
                .collect()
        };
        Self {
            figure: (0..12).map(|_| column(5_000, 95_000)).collect(),
            target: (0..12).map(|_| column(10_000, 90_000)).collect(),
            region: (0..people).map(|_| random.below(6) as u8).collect(),
        }
    }

    /// Hands the records over to the engine.
    ///
    /// # Errors
    ///
    /// A limit of the engine.
    pub fn facts(&self, plan: &Plan) -> Result<Facts, Error> {
        let number = |hundredths: &i64| Exact::from_scaled(i128::from(*hundredths), 2);
        let mut facts = Facts::builder(plan.program());
        let ids = (0..self.region.len()).map(|person| format!("P{person:06}"));
        let regions = self.region.iter().map(|region| REGIONS[usize::from(*region)]);
        facts
            .column("Score", "rep_id", ids)
            .column("Score", "region", regions);
        for metric in 0..12 {
            let (figure, target) = (format!("m{}", metric + 1), format!("t{}", metric + 1));
            facts
                .column("Score", &figure, self.figure[metric].iter().map(number))
                .column("Score", &target, self.target[metric].iter().map(number));
        }
        facts.finish()
    }

    /// Computes all of it by hand, column by column: what the engine is measured against.
    pub fn by_hand(&self) -> Vec<Standing> {
        let mut totals = vec![0_i64; self.region.len()];
        for metric in 0..12 {
            let weight = [5, 3, 2][metric / 4] * [4, 3, 2, 1][metric % 4];
            let (figures, targets) = (&self.figure[metric], &self.target[metric]);
            let least = figures.iter().min().copied().unwrap_or(0);
            let span = figures.iter().max().copied().unwrap_or(0) - least;
            let pairs = totals.iter_mut().zip(figures.iter().zip(targets));
            for (total, (figure, target)) in pairs {
                *total += weight
                    * match metric / 4 {
                        0 => half_even(figure * 1_000_000, *target).min(CAP),
                        1 => half_even((figure - least) * 1_000_000, span),
                        _ => half_even(target * 1_000_000, *figure).min(CAP),
                    };
            }
        }
        let scores: Vec<i64> = totals.iter().map(|total| half_even(*total, 10_000)).collect();
        let most = scores.iter().max().copied().unwrap_or(0);
        let mut above = vec![0_u32; 6 * (most as usize + 2)];
        let slot =
            |region: u8, score: i64| usize::from(region) * (most as usize + 2) + (most - score) as usize;
        for (score, region) in scores.iter().zip(&self.region) {
            above[slot(*region, *score) + 1] += 1;
        }
        for region in above.chunks_mut(most as usize + 2) {
            (1..region.len()).for_each(|place| region[place] += region[place - 1]);
        }
        let standing = |(score, region): (&i64, &u8)| Standing {
            score: *score,
            grade: grade(*score),
            place: above[slot(*region, *score)] + 1,
        };
        scores.iter().zip(&self.region).map(standing).collect()
    }
}

fn grade(score: i64) -> &'static str {
    match score {
        9_500.. => "A",
        8_000.. => "B",
        6_500.. => "C",
        5_000.. => "D",
        _ => "E",
    }
}

/// Divides numbers that are not negative, half to even.
fn half_even(over: i64, under: i64) -> i64 {
    let (whole, rest) = (over / under, over % under);
    whole + i64::from(2 * rest > under || (2 * rest == under && whole & 1 == 1))
}
