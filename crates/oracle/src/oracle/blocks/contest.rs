//! Contests: a place is one more than how many are better; prizes are handed out place by place.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::Contest;
use guerdon_syntax::ast::{
    self, ContestStatement, ContestTies, Direction, PlaceCount, PoolSharing, PrizePlaces, RoundStep,
    Unqualified,
};
use num_traits::{Signed, Zero};

use super::{Reader, figure, sum};
use crate::value::{ErrorKind, Number, V, add, counted, div, mul, sub, whole, zero};

/// Holds the lines of a contest.
struct Lines<'t> {
    rank: Option<&'t ast::RankLine>,
    otherwise: Unqualified,
    prizes: Option<&'t ast::Prizes>,
    pool: Option<&'t ast::Pool>,
    step: Number,
    is_race: bool,
}

/// Holds an entrant.
struct Entrant {
    row: V,
    qualifies: bool,
    /// What is compared, the better the larger; none for who takes no place.
    keys: Option<Vec<V>>,
    /// The value of each prize row.
    rows: Vec<Option<Number>>,
    weight: Option<Number>,
    pool: Option<Number>,
}

impl<'t> Lines<'t> {
    fn of(tree: &'t ast::Contest) -> Lines<'t> {
        let mut lines = Lines {
            rank: None,
            otherwise: Unqualified::Unsaid,
            prizes: None,
            pool: None,
            step: Number::new(1.into(), 100.into()),
            is_race: false,
        };
        for statement in &tree.statements {
            match statement {
                ContestStatement::Rank(line) => lines.rank = Some(line),
                ContestStatement::Qualify(line) => lines.otherwise = line.otherwise,
                ContestStatement::Prizes(prizes) => lines.prizes = Some(prizes),
                ContestStatement::Pool(pool) => lines.pool = Some(pool),
                ContestStatement::Race(_) => lines.is_race = true,
                ContestStatement::Rounding(line) => {
                    let step = line.rounding.as_ref().map(|rounding| &rounding.step);
                    if let Some(RoundStep::To(step)) = step {
                        lines.step = figure(step).unwrap_or_else(zero);
                    }
                }
                ContestStatement::Period(_)
                | ContestStatement::Currency(_)
                | ContestStatement::Policy(_)
                | ContestStatement::Entrants(_)
                | ContestStatement::Let(_)
                | ContestStatement::Measure(_)
                | ContestStatement::Check(_)
                | ContestStatement::Score(_)
                | ContestStatement::Budget(_)
                | ContestStatement::Split(_)
                | ContestStatement::Closes(_) => {}
            }
        }
        lines
    }

    fn removes(&self) -> bool {
        matches!(self.otherwise, Unqualified::Unsaid | Unqualified::Removed)
    }

    /// Finds the row of prizes that a place falls in.
    fn row_of(&self, place: usize) -> Option<usize> {
        let rows = &self.prizes?.rows;
        let last = rows
            .iter()
            .filter_map(|row| ends(&row.places)?.1)
            .max()
            .unwrap_or(0);
        rows.iter().position(|row| match ends(&row.places) {
            Some((from, Some(through))) => from <= place && place <= through,
            Some((from, None)) => from <= place,
            None => place > last,
        })
    }
}

/// Gives the first and the last place of a row; none for `others`.
fn ends(places: &PrizePlaces) -> Option<(usize, Option<usize>)> {
    let whole = |literal: &ast::Literal| literal.written.parse::<usize>().ok();
    match places {
        PrizePlaces::One(place) => Some((whole(place)?, Some(whole(place)?))),
        PrizePlaces::Range(from, through) => Some((whole(from)?, Some(whole(through)?))),
        PrizePlaces::Up(from) => Some((whole(from)?, None)),
        PrizePlaces::Others(_) => None,
    }
}

impl Reader<'_, '_> {
    pub(super) fn contest(&mut self, tree: &ast::Contest, block: &Contest) {
        let lines = Lines::of(tree);
        for period in self.periods() {
            // Where one figure is an error, the places of all are in doubt.
            if let Ok(entrants) = self.entrants(&lines, block, period) {
                self.standings(&lines, block, period, &entrants);
                self.shares_of_members(block, period, &entrants);
            }
        }
    }

    fn entrants(
        &self,
        lines: &Lines<'_>,
        block: &Contest,
        period: PeriodKey,
    ) -> Result<Vec<Entrant>, ErrorKind> {
        let mut found = Vec::new();
        for row in self.subjects(period)? {
            let qualifies = match block.qualifies {
                Some(qualifies) => self.holds(qualifies, &row, period)?,
                None => true,
            };
            let keys = if lines.removes() && !qualifies {
                None
            } else {
                self.keys(lines, block, &row, period, qualifies)?
            };
            let value = |name: &str| match self.named(name) {
                Some(id) => self.number(id, &row, period),
                None => Ok(None),
            };
            let count = lines.prizes.map_or(0, |prizes| prizes.rows.len());
            let rows = (1..=count).map(|at| value(&format!("prize {at}")));
            found.push(Entrant {
                rows: rows.collect::<Result<_, _>>()?,
                weight: value("weight in pool")?,
                pool: value("the pool")?,
                row,
                qualifies,
                keys,
            });
        }
        Ok(found)
    }

    /// Lists what an entrant is compared by, turned so that more is better; none where one of it is missing.
    fn keys(
        &self,
        lines: &Lines<'_>,
        block: &Contest,
        row: &V,
        period: PeriodKey,
        qualifies: bool,
    ) -> Result<Option<Vec<V>>, ErrorKind> {
        let Some(rank) = lines.rank else { return Ok(None) };
        let breaking: &[ast::RankKey] = match &rank.ties {
            Some(ContestTies::BreakBy(keys)) => keys,
            Some(ContestTies::Share | ContestTies::All | ContestTies::Divide) | None => &[],
        };
        let mut keys = Vec::new();
        if lines.otherwise == Unqualified::Sunk {
            keys.push(Some(V::Bool(qualifies)));
        }
        if let Some(reached) = block.reached {
            keys.push(turned(self.cell(reached, row, period)?, Direction::LowestFirst)?);
        }
        keys.push(turned(self.cell(block.score, row, period)?, rank.direction)?);
        for (id, key) in block.keys.iter().zip(rank.keys.iter().chain(breaking)) {
            let way = key.direction.unwrap_or(rank.direction);
            keys.push(turned(self.cell(*id, row, period)?, way)?);
        }
        Ok(keys.into_iter().collect())
    }

    fn standings(&mut self, lines: &Lines<'_>, block: &Contest, period: PeriodKey, entrants: &[Entrant]) {
        let Some(rank) = lines.rank else { return };
        let is_dense = rank.count == PlaceCount::Dense;
        let ranked = || entrants.iter().filter_map(|entrant| entrant.keys.as_ref());
        let refused = match &rank.ties {
            Some(ContestTies::BreakBy(_)) => true,
            None => lines.prizes.is_some(),
            Some(ContestTies::Share | ContestTies::All | ContestTies::Divide) => false,
        };
        let is_in_doubt = refused && ranked().any(|one| ranked().filter(|other| *other == one).count() > 1);
        if is_in_doubt {
            return;
        }
        for entrant in entrants {
            let place = entrant.keys.as_ref().map(|own| {
                let mut better: Vec<&Vec<V>> = ranked().filter(|other| *other > own).collect();
                better.sort();
                if is_dense {
                    better.dedup();
                }
                (
                    better.len().saturating_add(1),
                    ranked().filter(|other| *other == own).count(),
                )
            });
            let number = |count: usize| V::Number(counted(count));
            let found = self.cell(block.rank, &entrant.row, period);
            let expected = Ok(place.map(|(place, _)| number(place)));
            self.expect("rank", &entrant.row, period, (&found, &expected));
            let found = self.cell(block.tied, &entrant.row, period);
            let expected = Ok(Some(number(place.map_or(0, |(_, tied)| tied))));
            self.expect("tied", &entrant.row, period, (&found, &expected));
            if let Some(prize) = block.prize {
                let found = self.cell(prize, &entrant.row, period);
                let expected = prize_of(lines, rank, entrants, entrant, place);
                if let (Ok(_), Some(expected)) = (&found, expected) {
                    let expected = Ok(Some(V::Number(expected)));
                    self.expect("prize", &entrant.row, period, (&found, &expected));
                }
            }
        }
    }

    /// Parts of a team's prize add up to it wherever one of its members has a part.
    fn shares_of_members(&mut self, block: &Contest, period: PeriodKey, entrants: &[Entrant]) {
        let (Some(split), Some(prize)) = (&block.split, block.prize) else {
            return;
        };
        let member = self
            .oracle
            .program
            .definition(split.of)
            .and_then(|of| of.params.first());
        let Some(Ok(table)) = member.map(|member| self.oracle.table_of(*member)) else {
            return;
        };
        let members: Vec<V> = (0..self.oracle.records.count(table))
            .map(|row| V::Row(table, row))
            .collect();
        for entrant in entrants {
            let of_team = members
                .iter()
                .filter(|member| self.cell(split.of, member, period) == Ok(Some(entrant.row.clone())));
            let parts: Result<Vec<Option<Number>>, _> = of_team
                .map(|member| self.number(split.part, member, period))
                .collect();
            let Ok(parts) = parts else { continue };
            let parts: Vec<Number> = parts.into_iter().flatten().collect();
            if !parts.is_empty() {
                let found = self.cell(prize, &entrant.row, period);
                let expected = Ok(Some(V::Number(sum(&parts))));
                self.expect("parts", &entrant.row, period, (&found, &expected));
            }
        }
    }
}

/// Turns a value so that more is better.
fn turned(cell: Option<V>, way: Direction) -> Result<Option<V>, ErrorKind> {
    match (cell, way) {
        (None, _) => Ok(None),
        (cell, Direction::HighestFirst) => Ok(cell),
        (Some(V::Number(number)), Direction::LowestFirst) => Ok(Some(V::Number(sub(&zero(), &number)))),
        (Some(V::Date(day)), Direction::LowestFirst) => {
            Ok(Some(V::Number(whole(i64::from(day.days()).saturating_neg()))))
        }
        (Some(_), Direction::LowestFirst) => Err(ErrorKind::NotEvaluable),
    }
}

/// Gives what an entrant gets; none where it cannot be told.
fn prize_of(
    lines: &Lines<'_>,
    rank: &ast::RankLine,
    entrants: &[Entrant],
    entrant: &Entrant,
    place: Option<(usize, usize)>,
) -> Option<Number> {
    let Some((place, tied)) = place.filter(|_| lines.removes() || entrant.qualifies) else {
        return Some(zero());
    };
    let at = |place: usize| match lines.row_of(place) {
        Some(row) => entrant.rows.get(row).cloned().flatten(),
        None => Some(zero()),
    };
    let equal: Vec<&Entrant> = entrants
        .iter()
        .filter(|other| other.keys == entrant.keys)
        .collect();
    let ones = vec![whole(1); equal.len()];
    let own = equal.iter().position(|other| other.row == entrant.row)?;
    let of_place = match &rank.ties {
        Some(ContestTies::Share) if rank.count == PlaceCount::Standard => {
            let prizes: Option<Vec<Number>> = (place..place.checked_add(tied)?).map(at).collect();
            divided(&sum(&prizes?), &ones, &lines.step)?.get(own)?.clone()
        }
        Some(ContestTies::Share | ContestTies::Divide) => {
            divided(&at(place)?, &ones, &lines.step)?.get(own)?.clone()
        }
        Some(ContestTies::All | ContestTies::BreakBy(_)) | None => at(place)?,
    };
    let Some(pool) = lines.pool else {
        return Some(of_place);
    };
    let ranked: Vec<&Entrant> = entrants.iter().filter(|other| other.keys.is_some()).collect();
    let own = ranked.iter().position(|other| other.row == entrant.row)?;
    let amount = entrant.pool.clone()?;
    let weights: Vec<Number> = match &pool.sharing {
        PoolSharing::PerHead => return Some(add(&of_place, &amount)),
        PoolSharing::Equally => vec![whole(1); ranked.len()],
        PoolSharing::By(_) => ranked
            .iter()
            .map(|other| other.weight.clone())
            .collect::<Option<_>>()?,
    };
    Some(add(&of_place, divided(&amount, &weights, &lines.step)?.get(own)?))
}

/// Hands out an amount step by step: whole steps by weight, the rest to the largest remainders, of equal ones to the first.
fn divided(amount: &Number, weights: &[Number], step: &Number) -> Option<Vec<Number>> {
    let total = sum(weights);
    let steps = div(amount, step).ok()?;
    if amount.is_negative() || total.is_zero() || !steps.is_integer() {
        return None;
    }
    let exact: Vec<Number> = weights
        .iter()
        .map(|weight| div(&mul(&steps, weight), &total).ok())
        .collect::<Option<_>>()?;
    let mut given: Vec<Number> = exact.iter().map(Number::floor).collect();
    while sum(&given) < steps {
        let left = exact.iter().zip(&given).map(|(exact, given)| sub(exact, given));
        let left: Vec<Number> = left.collect();
        let most = left.iter().max()?.clone();
        let next = left.iter().position(|left| *left == most)?;
        let slot = given.get_mut(next)?;
        *slot = add(slot, &whole(1));
    }
    Some(given.iter().map(|given| mul(given, step)).collect())
}
