//! Values picked from several vectors cell by cell.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::align::{Aligned, align};
use super::lanes::{at, select};
use super::logic::flags;
use super::masks::Masks;
use crate::column::TextPool;
use crate::vector::{Data, Numbers, Vector};

/// The most texts of pools that are joined whole.
const MOST_JOINED: usize = 256;

/// Lists the values of all sources of one kind, nothing for the others.
macro_rules! lists {
    ($sources:expr, $pattern:pat => $values:expr) => {
        $sources
            .iter()
            .map(|source| {
                if let $pattern = &source.data {
                    Some(&$values[..])
                } else {
                    None
                }
            })
            .collect::<Vec<_>>()
    };
}

/// Chooses between two values; the one not chosen is not looked at.
pub(super) fn choose<'a>(condition: &Vector<'a>, then: &Vector<'a>, otherwise: &Vector<'a>) -> Vector<'a> {
    let len = common([condition, then, otherwise]);
    let Some(yes) = flags(condition) else {
        return Masks::strict(std::slice::from_ref(condition))
            .widened(len)
            .alone();
    };
    if let ([flag], true) = (yes, condition.is_plain()) {
        return if *flag != 0 {
            then.clone()
        } else {
            otherwise.clone()
        };
    }
    let chosen = match select_data(yes, &then.data, &otherwise.data) {
        Some(data) if yes.len() == len => Vector {
            data,
            missing: select_mask(yes, then.missing.as_deref(), otherwise.missing.as_deref()),
            errors: select_mask(yes, then.errors.as_deref(), otherwise.errors.as_deref()),
        },
        Some(_) | None => {
            let choice = |cell| usize::from(at(yes, cell).is_some_and(|flag| *flag != 0));
            let choices: Vec<usize> = (0..len).map(choice).collect();
            blend(&choices, &[otherwise, then])
        }
    };
    if condition.is_plain() {
        chosen
    } else {
        hidden_by(condition, chosen, len)
    }
}

/// Picks for each cell the value of the vector with that position.
pub(super) fn blend<'a>(choices: &[usize], sources: &[&Vector<'a>]) -> Vector<'a> {
    let mut masks = Masks::none(choices.len());
    let has_gaps = |source: &&Vector<'_>| !source.is_plain() || matches!(source.data, Data::Nothing(_));
    if sources.iter().any(has_gaps) {
        for (cell, choice) in choices.iter().enumerate() {
            let Some(source) = sources.get(*choice) else {
                continue;
            };
            if source.error(cell) != 0 {
                masks.set_error(cell, source.error(cell));
            } else if source.is_gap(cell) {
                masks.set_missing(cell);
            }
        }
    }
    match blend_data(choices, sources) {
        Some(data) => masks.over(data),
        None => masks.alone(),
    }
}

/// Gives the length of a result of such inputs.
pub(super) fn common<const N: usize>(inputs: [&Vector<'_>; N]) -> usize {
    inputs
        .iter()
        .map(|input| input.len())
        .find(|len| *len != 1)
        .unwrap_or(1)
}

/// Hides what stands where the condition is missing or an error.
fn hidden_by<'a>(condition: &Vector<'a>, chosen: Vector<'a>, len: usize) -> Vector<'a> {
    let mut masks = Masks::strict(std::slice::from_ref(condition)).widened(len);
    for cell in 0..len {
        if masks.is_out(cell) {
            continue;
        }
        if chosen.error(cell) != 0 {
            masks.set_error(cell, chosen.error(cell));
        } else if chosen.is_missing(cell) {
            masks.set_missing(cell);
        }
    }
    masks.over(chosen.data)
}

/// Selects between two values held alike.
fn select_data(yes: &[u8], then: &Data<'_>, otherwise: &Data<'_>) -> Option<Data<'static>> {
    Some(match (then, otherwise) {
        (Data::Bool(a), Data::Bool(b)) => Data::Bool(select(yes, a, b)),
        (Data::Enum(a), Data::Enum(b)) => Data::Enum(select(yes, a, b)),
        (Data::LongEnum(a), Data::LongEnum(b)) => Data::LongEnum(select(yes, a, b)),
        (Data::Date(a), Data::Date(b)) => Data::Date(select(yes, a, b)),
        (Data::Period(unit, a), Data::Period(other, b)) if unit == other => {
            Data::Period(*unit, select(yes, a, b))
        }
        (Data::Row(a), Data::Row(b)) => Data::Row(select(yes, a, b)),
        (Data::Text(a, pool), Data::Text(b, other)) if Arc::ptr_eq(pool, other) => {
            Data::Text(select(yes, a, b), Arc::clone(pool))
        }
        (Data::Text(a, pool), Data::Text(b, other))
            if pool.len().saturating_add(other.len()) <= MOST_JOINED =>
        {
            let joint = TextPool::from_sorted(pool.iter().chain(other.iter()).collect::<BTreeSet<&str>>());
            let (a, b) = (translated(a, pool, &joint), translated(b, other, &joint));
            Data::Text(select(yes, &a, &b), Arc::new(joint))
        }
        (Data::Number(a), Data::Number(b)) => Data::Number(match align(&[a, b]) {
            Aligned::Narrow { lists, decimals, .. } => Numbers::Scaled(pair(yes, &lists)?, decimals),
            Aligned::Wide { lists, decimals, .. } => Numbers::Wide(pair(yes, &lists)?, decimals),
            Aligned::Exact(lists) => Numbers::Exact(pair(yes, &lists)?),
            Aligned::Ratio(parts) => match parts.as_slice() {
                [a, b] => Numbers::Ratio(select(yes, &a.nums, &b.nums), select(yes, &a.dens, &b.dens)),
                _ => return None,
            },
        }),
        (_, _) => return None,
    })
}

/// Gives codes of a pool as those of another that holds all its texts.
fn translated(codes: &[u32], pool: &TextPool, joint: &TextPool) -> Vec<u32> {
    let known = pool.codes_in(joint);
    let code = |code: &u32| *known.get(usize::try_from(*code).ok()?)?;
    codes.iter().map(|own| code(own).unwrap_or(0)).collect()
}

fn pair<T: Clone>(yes: &[u8], lists: &[Cow<'_, [T]>]) -> Option<Cow<'static, [T]>> {
    match lists {
        [a, b] => Some(select(yes, a, b)),
        _ => None,
    }
}

fn select_mask<T: Copy + Default + PartialEq>(
    yes: &[u8],
    then: Option<&[T]>,
    otherwise: Option<&[T]>,
) -> Option<Cow<'static, [T]>> {
    let none = [T::default()];
    if then.is_none() && otherwise.is_none() {
        return None;
    }
    let mask = select(yes, then.unwrap_or(&none), otherwise.unwrap_or(&none));
    mask.iter().any(|flag| *flag != T::default()).then_some(mask)
}

/// Picks values of one kind; nothing where no source has any.
fn blend_data(choices: &[usize], sources: &[&Vector<'_>]) -> Option<Data<'static>> {
    // A source without a kind has no value to give; what stands under its mask is arbitrary.
    let kind = sources
        .iter()
        .find(|source| !matches!(source.data, Data::Nothing(_)))?;
    Some(match &kind.data {
        Data::Bool(_) => Data::Bool(pick(choices, &lists!(sources, Data::Bool(values) => values))),
        Data::Date(_) => Data::Date(pick(choices, &lists!(sources, Data::Date(values) => values))),
        Data::Row(_) => Data::Row(pick(choices, &lists!(sources, Data::Row(values) => values))),
        Data::Period(unit, _) => Data::Period(
            *unit,
            pick(choices, &lists!(sources, Data::Period(_, values) => values)),
        ),
        Data::Enum(_) | Data::LongEnum(_) => enums(choices, sources),
        Data::Text(..) => texts(choices, sources),
        Data::Number(_) => Data::Number(numbers(choices, sources)),
        Data::Nothing(_) => return None,
    })
}

fn enums(choices: &[usize], sources: &[&Vector<'_>]) -> Data<'static> {
    let short = lists!(sources, Data::Enum(codes) => codes);
    if !sources
        .iter()
        .any(|source| matches!(source.data, Data::LongEnum(_)))
    {
        return Data::Enum(pick(choices, &short));
    }
    let long = lists!(sources, Data::LongEnum(codes) => codes);
    let codes = choices
        .iter()
        .enumerate()
        .map(|(cell, choice)| match value(&long, *choice, cell) {
            Some(code) => *code,
            None => value(&short, *choice, cell).copied().map_or(0, u16::from),
        });
    Data::LongEnum(codes.collect())
}

fn texts(choices: &[usize], sources: &[&Vector<'_>]) -> Data<'static> {
    let lists = lists!(sources, Data::Text(codes, _) => codes);
    let pools: Vec<Option<&Arc<TextPool>>> = sources
        .iter()
        .map(|source| {
            if let Data::Text(_, pool) = &source.data {
                Some(pool)
            } else {
                None
            }
        })
        .collect();
    let mut different = pools.iter().flatten();
    if let Some(first) = different.next()
        && different.all(|pool| Arc::ptr_eq(first, pool))
    {
        return Data::Text(pick(choices, &lists), Arc::clone(first));
    }
    let all = pools.iter().flatten().map(|pool| pool.len());
    if all.fold(0, usize::saturating_add) <= MOST_JOINED {
        return texts_of_few(choices, &lists, &pools);
    }
    // The joint pool holds the texts that are picked and no others: pools may be much longer than a chunk.
    let text = |(cell, choice): (usize, &usize)| {
        let code = value(&lists, *choice, cell)?;
        pools.get(*choice).copied().flatten()?.get(*code)
    };
    let texts: Vec<&str> = choices
        .iter()
        .enumerate()
        .map(|place| text(place).unwrap_or_default())
        .collect();
    let joint = TextPool::from_sorted(texts.iter().copied().collect::<BTreeSet<&str>>());
    let codes = texts
        .iter()
        .map(|text| joint.find(text).unwrap_or_default())
        .collect();
    Data::Text(codes, Arc::new(joint))
}

/// Picks texts of short pools, whose codes are translated into those of a pool of all their texts.
fn texts_of_few(
    choices: &[usize],
    lists: &[Option<&[u32]>],
    pools: &[Option<&Arc<TextPool>>],
) -> Data<'static> {
    let all = pools.iter().flatten().flat_map(|pool| pool.iter());
    // What is picked where nothing is known is the empty text.
    let joint = TextPool::from_sorted(all.chain([""]).collect::<BTreeSet<&str>>());
    let translated: Vec<Vec<Option<u32>>> = pools
        .iter()
        .map(|pool| pool.map_or_else(Vec::new, |pool| pool.codes_in(&joint)))
        .collect();
    let one = |(cell, choice): (usize, &usize)| {
        let code = usize::try_from(*value(lists, *choice, cell)?).ok()?;
        *translated.get(*choice)?.get(code)?
    };
    let codes = choices.iter().enumerate();
    let codes = codes.map(|place| one(place).unwrap_or_default()).collect();
    Data::Text(codes, Arc::new(joint))
}

fn numbers(choices: &[usize], sources: &[&Vector<'_>]) -> Numbers<'static> {
    let zero = Numbers::Scaled(Cow::Owned(vec![0]), 0);
    let numbers: Vec<&Numbers<'_>> = sources
        .iter()
        .map(|source| {
            if let Data::Number(numbers) = &source.data {
                numbers
            } else {
                &zero
            }
        })
        .collect();
    match align(&numbers) {
        Aligned::Narrow { lists, decimals, .. } => Numbers::Scaled(pick_from(choices, &lists), decimals),
        Aligned::Wide { lists, decimals, .. } => Numbers::Wide(pick_from(choices, &lists), decimals),
        Aligned::Exact(lists) => Numbers::Exact(pick_from(choices, &lists)),
        Aligned::Ratio(parts) => {
            let nums: Vec<_> = parts.iter().map(|part| Some(&part.nums[..])).collect();
            let dens: Vec<_> = parts.iter().map(|part| Some(&part.dens[..])).collect();
            let den = |(cell, choice): (usize, &usize)| value(&dens, *choice, cell).copied().unwrap_or(1);
            Numbers::Ratio(
                pick(choices, &nums),
                choices.iter().enumerate().map(den).collect(),
            )
        }
    }
}

fn pick_from<T: Clone + Default>(choices: &[usize], lists: &[Cow<'_, [T]>]) -> Cow<'static, [T]> {
    let lists: Vec<_> = lists.iter().map(|list| Some(&list[..])).collect();
    pick(choices, &lists)
}

fn pick<T: Clone + Default>(choices: &[usize], lists: &[Option<&[T]>]) -> Cow<'static, [T]> {
    let one = |(cell, choice): (usize, &usize)| value(lists, *choice, cell).cloned().unwrap_or_default();
    choices.iter().enumerate().map(one).collect()
}

fn value<'v, T>(lists: &[Option<&'v [T]>], choice: usize, cell: usize) -> Option<&'v T> {
    at(lists.get(choice).copied().flatten()?, cell)
}
