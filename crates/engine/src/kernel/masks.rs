//! Missing values and errors of a result.
#![expect(
    clippy::indexing_slicing,
    reason = "masks have the length of the result, or 1"
)]

use std::borrow::Cow;

use crate::vector::{Data, Vector, flag};

/// Which cells of a result are missing or errors.
pub(super) struct Masks<'a> {
    missing: Option<Cow<'a, [u8]>>,
    errors: Option<Cow<'a, [u32]>>,
    len: usize,
}

/// Gives the length of the result for inputs of one length, some of which may serve all cells with one value.
pub(super) fn length(inputs: &[Vector<'_>]) -> usize {
    inputs.iter().map(Vector::len).find(|len| *len != 1).unwrap_or(1)
}

impl<'a> Masks<'a> {
    /// Begins with all cells there and sound.
    pub(super) fn none(len: usize) -> Masks<'a> {
        Masks {
            missing: None,
            errors: None,
            len,
        }
    }

    /// Makes a cell an error where an input is one (the first counts), and missing where an input is.
    pub(super) fn strict(inputs: &[Vector<'a>]) -> Masks<'a> {
        let mut masks = Masks::none(length(inputs));
        for input in inputs {
            masks.missing = Self::joined(masks.missing, missing_of(input), masks.len);
            masks.errors = Self::joined(masks.errors, input.errors.clone(), masks.len);
        }
        masks
    }

    /// Adds the errors and missing values of a further input.
    pub(super) fn join(&mut self, input: &Vector<'a>) {
        self.missing = Self::joined(self.missing.take(), missing_of(input), self.len);
        self.errors = Self::joined(self.errors.take(), input.errors.clone(), self.len);
    }

    /// Adds the errors of a further input.
    pub(super) fn join_errors(&mut self, input: &Vector<'a>) {
        self.errors = Self::joined(self.errors.take(), input.errors.clone(), self.len);
    }

    /// Spreads masks of one cell over so many, if they are of one.
    pub(super) fn widened(self, len: usize) -> Masks<'a> {
        if self.len != 1 || len == 1 {
            return self;
        }
        Masks {
            missing: self.missing.map(|mask| Cow::Owned(vec![mask[0]; len])),
            errors: self.errors.map(|errors| Cow::Owned(vec![errors[0]; len])),
            len,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Says whether a cell needs no value.
    pub(super) fn is_out(&self, cell: usize) -> bool {
        self.missing.as_ref().is_some_and(|mask| mask[cell] != 0)
            || self.errors.as_ref().is_some_and(|errors| errors[cell] != 0)
    }

    /// Makes a cell an error, unless it is one or missing.
    pub(super) fn fail(&mut self, cell: usize, number: u32) {
        if !self.is_out(cell) {
            self.set_error(cell, number);
        }
    }

    /// Makes a cell an error, even a missing one, unless it is one.
    pub(super) fn set_error(&mut self, cell: usize, number: u32) {
        let len = self.len;
        let errors = self.errors.get_or_insert_with(|| Cow::Owned(vec![0; len]));
        if errors[cell] == 0 {
            errors.to_mut()[cell] = number;
        }
    }

    /// Makes a cell an error, whatever it is.
    pub(super) fn replace_error(&mut self, cell: usize, number: u32) {
        let len = self.len;
        let errors = self.errors.get_or_insert_with(|| Cow::Owned(vec![0; len]));
        errors.to_mut()[cell] = number;
    }

    /// Makes a cell missing.
    pub(super) fn set_missing(&mut self, cell: usize) {
        let len = self.len;
        let missing = self.missing.get_or_insert_with(|| Cow::Owned(vec![0; len]));
        missing.to_mut()[cell] = 1;
    }

    pub(super) fn fail_all(&mut self, number: u32) {
        for cell in 0..self.len {
            self.fail(cell, number);
        }
    }

    /// Says whether every cell is there and sound.
    pub(super) fn is_plain(&self) -> bool {
        self.missing.is_none() && self.errors.is_none()
    }

    /// Puts the masks over values; a single value is repeated where the masks are of more cells.
    pub(super) fn over(self, data: Data<'a>) -> Vector<'a> {
        let mut vector = Vector::new(data);
        if vector.len() == 1 && self.len != 1 && !self.is_plain() {
            vector = vector.spread(self.len);
        }
        vector.missing = self.missing;
        vector.errors = self.errors;
        vector
    }

    /// Gives a result without values, where all cells are missing or errors.
    pub(super) fn alone(mut self) -> Vector<'a> {
        if self.missing.as_ref().is_none_or(|mask| mask.contains(&0)) {
            self.missing = Some(Cow::Owned(vec![1; self.len]));
        }
        let len = self.len;
        self.over(Data::Nothing(len))
    }

    fn joined<T: Copy + Default + PartialEq>(
        mine: Option<Cow<'a, [T]>>,
        other: Option<Cow<'a, [T]>>,
        len: usize,
    ) -> Option<Cow<'a, [T]>> {
        let Some(other) = other.filter(|mask| mask.iter().any(|flag| *flag != T::default())) else {
            return mine;
        };
        let Some(mut mine) = mine else {
            return Some(if other.len() == len {
                other
            } else {
                Cow::Owned(vec![other[0]; len])
            });
        };
        for (cell, slot) in mine.to_mut().iter_mut().enumerate() {
            if *slot == T::default() {
                *slot = flag(&other, cell);
            }
        }
        Some(mine)
    }
}

/// Gives the missing values of an input; one of no kind has nothing else.
fn missing_of<'a>(input: &Vector<'a>) -> Option<Cow<'a, [u8]>> {
    match (&input.missing, &input.data) {
        (None, Data::Nothing(len)) => Some(Cow::Owned(vec![1; *len])),
        (missing, _) => missing.clone(),
    }
}
