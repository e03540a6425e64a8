//! Numbers that look random and come from a seed.

/// Gives one number after the other (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// Gives any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Gives a number below another; zero below zero.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let number = self.number().checked_rem(limit).unwrap_or(0);
        usize::try_from(number).unwrap_or(0)
    }

    /// Gives a number from one to another, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        let width = most.saturating_sub(least).saturating_add(1);
        least.saturating_add(self.below(width))
    }

    /// Is yes in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Picks one of several texts.
    pub fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let place = self.below(texts.len());
        texts.get(place).copied().unwrap_or("")
    }

    /// Picks one of several things.
    pub fn pick_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let place = self.below(things.len());
        things.get(place)
    }
}
