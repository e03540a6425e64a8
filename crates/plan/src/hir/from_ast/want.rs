//! What the place of an expression asks of it.

use crate::types::Scalar;

/// Says what the place of an expression asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Want {
    /// The kind that would fit, to give bare words a meaning: values of an enum, keys of a record.
    pub(crate) scalar: Option<Scalar>,
    /// What a look-up that finds nothing does.
    pub(crate) miss: Miss,
}

/// Says what a look-up that finds nothing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    /// It is an error: the normal case.
    Fails,
    /// It gives no value: directly before `otherwise` and `is missing`.
    GivesNothing,
}

impl Want {
    /// Takes any kind of value.
    pub(crate) const ANY: Want = Want {
        scalar: None,
        miss: Miss::Fails,
    };

    /// Would like a kind.
    pub(crate) fn of(scalar: Scalar) -> Want {
        Want {
            scalar: Some(scalar),
            ..Want::ANY
        }
    }

    /// Would like the kind of another value.
    pub(crate) fn like(scalar: Scalar) -> Want {
        if scalar == Scalar::Faulty {
            Want::ANY
        } else {
            Want::of(scalar)
        }
    }

    /// Lets look-ups find nothing.
    pub(crate) fn or_nothing(self) -> Want {
        Want {
            miss: Miss::GivesNothing,
            ..self
        }
    }
}
