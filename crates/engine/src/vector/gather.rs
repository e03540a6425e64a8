//! Values picked from a vector by cell.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Data, Numbers, Vector, flag};

impl Vector<'_> {
    /// Copies the values of the given cells, in the given order; a single value for all cells stays one.
    ///
    /// A cell that does not exist gives an arbitrary value.
    pub(crate) fn gather(&self, cells: &[u32]) -> Vector<'static> {
        Vector {
            data: self.data.gather(cells),
            missing: self.missing.as_deref().and_then(|mask| masked(mask, cells)),
            errors: self.errors.as_deref().and_then(|errors| masked(errors, cells)),
        }
    }

    /// Copies the values of the cells that a vector of rows names: missing where that is missing, an error where that
    /// is one.
    pub(crate) fn gather_masked(&self, cells: &Vector<'_>) -> Vector<'static> {
        let Data::Row(places) = &cells.data else {
            return nothing_but(cells);
        };
        let mut gathered = self.gather(places);
        if cells.is_plain() {
            return gathered;
        }
        if gathered.len() == 1 {
            // One value of the source serves all, but not all cells name one.
            gathered = gathered.spread(places.len());
        }
        if let (Some(missing), Some(errors)) = (cells.missing.as_deref(), gathered.errors.as_mut()) {
            // Where no cell is named, what stands there is not looked at.
            let errors = errors.to_mut().iter_mut().enumerate();
            errors
                .filter(|(cell, _)| flag(missing, *cell) != 0)
                .for_each(|(_, error)| *error = 0);
        }
        gathered.missing = overlaid(gathered.missing, cells.missing.as_deref(), places.len());
        gathered.errors = overlaid(gathered.errors, cells.errors.as_deref(), places.len());
        gathered
    }

    /// Repeats a single value for so many cells.
    pub(crate) fn spread(&self, len: usize) -> Vector<'static> {
        let zeros = vec![0; len];
        Vector {
            data: self.data.pick(&zeros),
            missing: self.missing.as_deref().map(|mask| pick(mask, &zeros)),
            errors: self.errors.as_deref().map(|errors| pick(errors, &zeros)),
        }
    }
}

impl Data<'_> {
    fn gather(&self, cells: &[u32]) -> Data<'static> {
        if self.len() == 1 {
            self.pick(&[0])
        } else {
            self.pick(cells)
        }
    }

    fn pick(&self, cells: &[u32]) -> Data<'static> {
        match self {
            Self::Bool(values) => Data::Bool(pick(values, cells)),
            Self::Number(numbers) => Data::Number(numbers.pick(cells)),
            Self::Date(values) => Data::Date(pick(values, cells)),
            Self::Period(unit, values) => Data::Period(*unit, pick(values, cells)),
            Self::Text(codes, pool) => Data::Text(pick(codes, cells), Arc::clone(pool)),
            Self::Enum(codes) => Data::Enum(pick(codes, cells)),
            Self::LongEnum(codes) => Data::LongEnum(pick(codes, cells)),
            Self::Row(rows) => Data::Row(pick(rows, cells)),
            Self::Nothing(_) => Data::Nothing(cells.len()),
        }
    }
}

impl Numbers<'_> {
    fn pick(&self, cells: &[u32]) -> Numbers<'static> {
        match self {
            Self::Scaled(values, decimals) => Numbers::Scaled(pick(values, cells), *decimals),
            Self::Wide(values, decimals) => Numbers::Wide(pick(values, cells), *decimals),
            // A cell that does not exist must not have a denominator of zero.
            Self::Ratio(nums, dens) => Numbers::Ratio(pick(nums, cells), pick_or(dens, cells, &1)),
            Self::Exact(values) => Numbers::Exact(pick(values, cells)),
        }
    }
}

fn nothing_but(cells: &Vector<'_>) -> Vector<'static> {
    let len = cells.len();
    let missing = vec![1; len];
    let errors = cells.errors.as_deref().map(|errors| Cow::Owned(errors.to_vec()));
    Vector {
        data: Data::Nothing(len),
        missing: Some(Cow::Owned(missing)),
        errors,
    }
}

/// Picks from a mask; none where nothing is set.
fn masked<T: Copy + Default + PartialEq>(mask: &[T], cells: &[u32]) -> Option<Cow<'static, [T]>> {
    let picked = if mask.len() == 1 {
        pick(mask, &[0])
    } else {
        pick(mask, cells)
    };
    picked.iter().any(|flag| *flag != T::default()).then_some(picked)
}

/// Lays a mask over another.
fn overlaid<T: Copy + Default + PartialEq>(
    under: Option<Cow<'static, [T]>>,
    over: Option<&[T]>,
    len: usize,
) -> Option<Cow<'static, [T]>> {
    let Some(over) = over else {
        return under;
    };
    let under = under.as_deref().unwrap_or_default();
    let joint = (0..len).map(|cell| match flag(over, cell) {
        none if none == T::default() => flag(under, cell),
        some => some,
    });
    Some(joint.collect())
}

fn pick<T: Clone + Default>(list: &[T], cells: &[u32]) -> Cow<'static, [T]> {
    pick_or(list, cells, &T::default())
}

fn pick_or<T: Clone>(list: &[T], cells: &[u32], other: &T) -> Cow<'static, [T]> {
    let at = |cell: &u32| {
        usize::try_from(*cell)
            .ok()
            .and_then(|cell| list.get(cell))
            .unwrap_or(other)
    };
    cells.iter().map(at).cloned().collect()
}
