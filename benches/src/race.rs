//! A contest of many entrants: places by points, prizes divided between equals, by hand and for the engine.

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::plan::Plan;

use crate::Random;

/// The rules of the contest.
pub const RACE: &str = include_str!("../rules/race.guerdon");

/// The points of the entrants.
#[derive(Debug, Clone)]
pub struct Race {
    /// The points of each.
    pub points: Vec<i64>,
}

impl Race {
    /// Makes so many entrants; about three have the same points each time.
    pub fn new(entrants: usize) -> Self {
        let mut random = Random(11);
        let points = (0..entrants).map(|_| random.cents(0, entrants as u64 / 3 + 1));
        Self {
            points: points.collect(),
        }
    }

    /// Hands the records over to the engine.
    ///
    /// # Errors
    ///
    /// A limit of the engine.
    pub fn facts(&self, plan: &Plan) -> Result<Facts, Error> {
        let mut facts = Facts::builder(plan.program());
        let names = (0..self.points.len()).map(|entrant| format!("E{entrant:06}"));
        facts
            .column("Person", "name", names)
            .column("Person", "points", self.points.iter().copied());
        facts.finish()
    }

    /// Gives the place and the prize in cents of each entrant, by one sort: what the engine is measured against.
    pub fn by_hand(&self) -> Vec<(u32, i64)> {
        let mut order: Vec<(i64, u32)> = self.points.iter().copied().zip(0..).collect();
        order.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        let mut standings = vec![(0, 0); order.len()];
        let mut place = 1;
        for equals in order.chunk_by(|(one, _), (other, _)| one == other) {
            let count = equals.len() as i64;
            let pool: i64 = (place..).take(equals.len()).map(prize).sum();
            // Half a cent goes up; prizes are not negative.
            let share = (2 * pool + count) / (2 * count);
            for (_, entrant) in equals {
                standings[*entrant as usize] = (place, share);
            }
            place += equals.len() as u32;
        }
        standings
    }
}

/// Gives the prize of a place, in cents.
fn prize(place: u32) -> i64 {
    match place {
        1 => 150_000,
        2 => 100_000,
        3 => 50_000,
        _ => 2_500,
    }
}
