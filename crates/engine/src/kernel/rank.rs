//! Places among the records of one group.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "places are at most ten times as many as cells"
)]

use guerdon_plan::hir::RankTies;

/// Gives the decimals that places are counted with: the mean of two places may end in a half.
pub(crate) fn decimals(ties: RankTies) -> u8 {
    match ties {
        RankTies::Average => 1,
        RankTies::Best | RankTies::Worst | RankTies::Dense | RankTies::Refused => 0,
    }
}

/// Gives each cell of a sorted group its place, in units of [`decimals`]; none to those that are tied and may not be.
///
/// The blocks are the stretches of equal cells, in order.
pub(crate) fn places<'c>(
    sorted: impl Iterator<Item = &'c [usize]>,
    ties: RankTies,
    mut put: impl FnMut(usize, Option<i64>),
) {
    let (mut before, mut blocks) = (0, 0);
    for block in sorted {
        let count = i64::try_from(block.len()).unwrap_or(i64::MAX);
        let place = match ties {
            RankTies::Best => Some(before + 1),
            RankTies::Worst => Some(before + count),
            // The mean of the places before + 1 to before + count, in tenths.
            RankTies::Average => Some((2 * before + count + 1) * 5),
            RankTies::Dense => Some(blocks + 1),
            RankTies::Refused => (count == 1).then_some(before + 1),
        };
        block.iter().for_each(|cell| put(*cell, place));
        before += count;
        blocks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_records_take_the_places_that_the_rules_say() {
        let equals: [&[usize]; 3] = [&[0], &[1, 2], &[3]];
        let places = |ties| {
            let mut found = vec![None; 4];
            super::places(equals.into_iter(), ties, |cell, place| found[cell] = place);
            found
        };
        assert_eq!(places(RankTies::Best), [Some(1), Some(2), Some(2), Some(4)]);
        assert_eq!(places(RankTies::Worst), [Some(1), Some(3), Some(3), Some(4)]);
        assert_eq!(
            places(RankTies::Average),
            [Some(10), Some(25), Some(25), Some(40)]
        );
        assert_eq!(places(RankTies::Dense), [Some(1), Some(2), Some(2), Some(3)]);
        assert_eq!(places(RankTies::Refused), [Some(1), None, None, Some(4)]);
    }
}
