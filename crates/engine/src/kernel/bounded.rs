//! Values held between limits, and the functions that pick among numbers.

use std::borrow::Cow;
use std::cmp::Ordering;

use guerdon_plan::graph::NodeId;
use guerdon_plan::hir::{Function, Limit};
use guerdon_plan::number::Exact;

use super::align::{Aligned, Fractions, align};
use super::lanes::{at, fold, times};
use super::masks::Masks;
use super::numbers_of;
use crate::vector::{Data, Numbers, Vector};

/// Holds a value between limits, from left to right.
pub(super) fn bounded<'a>(limits: &[(Limit, NodeId)], inputs: &[Vector<'a>]) -> Vector<'a> {
    let limits: Vec<Limit> = limits.iter().map(|(limit, _)| *limit).collect();
    picked(&limits, inputs)
}

/// Computes a built-in function.
pub(super) fn call<'a>(function: Function, inputs: &[Vector<'a>]) -> Vector<'a> {
    match function {
        Function::Abs => magnitude(inputs),
        Function::Largest => picked(&vec![Limit::AtLeast; inputs.len().saturating_sub(1)], inputs),
        Function::Smallest => picked(&vec![Limit::AtMost; inputs.len().saturating_sub(1)], inputs),
    }
}

/// Goes from the first number to the last, each time keeping the lower or the higher.
fn picked<'a>(limits: &[Limit], inputs: &[Vector<'a>]) -> Vector<'a> {
    let masks = Masks::strict(inputs);
    let Some(numbers) = numbers_of(inputs) else {
        return masks.alone();
    };
    let picked = match align(&numbers) {
        Aligned::Narrow { lists, decimals, .. } => {
            Numbers::Scaled(Cow::Owned(ordered(limits, lists)), decimals)
        }
        Aligned::Wide { lists, decimals, .. } => Numbers::from_wide(ordered(limits, lists), decimals),
        Aligned::Ratio(parts) => ratios(limits, &parts, masks.len()),
        Aligned::Exact(lists) => exact(limits, &lists, masks.len()),
    };
    masks.over(Data::Number(picked))
}

fn ordered<T: Copy + Ord>(limits: &[Limit], lists: Vec<Cow<'_, [T]>>) -> Vec<T> {
    let mut lists = lists.into_iter();
    let first = lists.next().unwrap_or_default();
    let held = limits
        .iter()
        .zip(lists)
        .fold(first, |all, (limit, list)| match limit {
            Limit::AtMost => fold(all, &list, T::min),
            Limit::AtLeast => fold(all, &list, T::max),
        });
    held.into_owned()
}

fn ratios(limits: &[Limit], parts: &[Fractions<'_>], len: usize) -> Numbers<'static> {
    let Some((first, others)) = parts.split_first() else {
        return Numbers::Ratio(Cow::Owned(vec![0]), Cow::Owned(vec![1]));
    };
    let mut held: Vec<(i128, i128)> = (0..len).map(|cell| first.at(cell)).collect();
    let mut widths = first.widths();
    for (limit, next) in limits.iter().zip(others) {
        let its = next.widths();
        let keep = |compare: fn((i128, i128), (i128, i128)) -> Ordering, held: &mut Vec<(i128, i128)>| {
            for (cell, held) in held.iter_mut().enumerate() {
                let next = next.at(cell);
                if moves(*limit, compare(next, *held)) {
                    *held = next;
                }
            }
        };
        if fits(widths, its) {
            keep(compare_narrow, &mut held);
        } else {
            keep(compare_fractions, &mut held);
        }
        widths = (widths.0.max(its.0), widths.1.max(its.1));
    }
    let (nums, dens): (Vec<i128>, Vec<i128>) = held.into_iter().unzip();
    Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))
}

fn exact(limits: &[Limit], lists: &[Cow<'_, [Exact]>], len: usize) -> Numbers<'static> {
    let zero = Exact::ZERO;
    let one = |cell| {
        let mut numbers = lists.iter().map(|list| at(list, cell).unwrap_or(&zero));
        let mut held = numbers.next().unwrap_or(&zero);
        for (limit, next) in limits.iter().zip(numbers) {
            if moves(*limit, next.cmp(held)) {
                held = next;
            }
        }
        held.clone()
    };
    Numbers::pack((0..len).map(one).collect())
}

/// Says whether a limit takes a value's place.
fn moves(limit: Limit, to_value: Ordering) -> bool {
    match limit {
        Limit::AtMost => to_value == Ordering::Less,
        Limit::AtLeast => to_value == Ordering::Greater,
    }
}

/// Says whether 128 bits hold the products that comparing fractions of these widths takes.
pub(super) fn fits((num, den): (u32, u32), (other_num, other_den): (u32, u32)) -> bool {
    num.saturating_add(other_den).max(other_num.saturating_add(den)) <= 126
}

/// Compares fractions with positive denominators that are narrow enough.
pub(super) fn compare_narrow((a, b): (i128, i128), (c, d): (i128, i128)) -> Ordering {
    a.wrapping_mul(d).cmp(&c.wrapping_mul(b))
}

/// Compares fractions with positive denominators.
pub(super) fn compare_fractions((a, b): (i128, i128), (c, d): (i128, i128)) -> Ordering {
    if b == d {
        return a.cmp(&c);
    }
    match (times(a, d), times(c, b)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (_, _) => {
            let number = |num, den| Exact::new(num, den).unwrap_or_default();
            number(a, b).cmp(&number(c, d))
        }
    }
}

fn magnitude<'a>(inputs: &[Vector<'a>]) -> Vector<'a> {
    let masks = Masks::strict(inputs);
    let Some(Data::Number(numbers)) = inputs.first().map(|input| &input.data) else {
        return masks.alone();
    };
    let quick = match numbers {
        Numbers::Scaled(values, decimals) => {
            let all: Option<Vec<i64>> = values.iter().map(|value| value.checked_abs()).collect();
            all.map(|all| Numbers::Scaled(Cow::Owned(all), *decimals))
        }
        Numbers::Wide(values, decimals) => {
            let all: Option<Vec<i128>> = values.iter().map(|value| value.checked_abs()).collect();
            all.map(|all| Numbers::Wide(Cow::Owned(all), *decimals))
        }
        Numbers::Ratio(nums, dens) => {
            let all: Option<Vec<i128>> = nums.iter().map(|num| num.checked_abs()).collect();
            all.map(|all| Numbers::Ratio(Cow::Owned(all), Cow::Owned(dens.to_vec())))
        }
        Numbers::Exact(_) => None,
    };
    let slow = || Numbers::pack(numbers.to_exact().iter().map(Exact::abs).collect());
    masks.over(Data::Number(quick.unwrap_or_else(slow)))
}
