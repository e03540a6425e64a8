//! The types of values: what a cell or an expression may hold.

use std::fmt;

use crate::calendar::Unit;
use crate::number::Currency;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Gives the position of the thing in the list that owns it.
            pub fn index(self) -> usize {
                usize::try_from(self.0).unwrap_or(usize::MAX)
            }

            /// Names the thing at a position of the list that owns it.
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    };
}

id!(/** Names an enum of the schema: a position in `Program::enums`. */ EnumId);
id!(/** Names a data block or a table read from a file: a position in `Program::tables`. */ TableId);
id!(/** Names a field of a table: a position in `Table::fields`. */ FieldId);
id!(/** Names a dated constant: a position in `Program::constants`. */ ConstantId);
id!(/** Names a tier table: a position in `Program::tiers`. */ TiersId);
id!(/** Names a decision table or matrix: a position in `Program::decisions`. */ DecisionId);
id!(/** Names a table of exchange rates: a position in `Program::rates`. */ RatesId);
id!(/** Names a calendar: a position in `Program::calendars`; 0 is the civil one. */ CalendarId);
id!(/** Names a list of holidays: a position in `Program::holidays`. */ HolidaysId);
id!(/** Names a bound variable (payee, period, a row of a source): a position in `Program::binders`. */ BinderId);
id!(/** Names a `let`, `measure`, `carry`, `pay` or streak: a position in `Program::definitions`. */ DefinitionId);
id!(/** Names an `earn` statement: a position in `Program::earns`. */ EarnId);
id!(/** Names a plan: a position in `Program::plans`. */ PlanId);

/// Says what kind of value an expression has, and whether it may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ty {
    /// The kind of the value when there is one.
    pub scalar: Scalar,
    /// Whether there may be none; a type with `?` in the schema.
    pub presence: Presence,
}

/// Says whether a value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// There is always a value.
    Always,
    /// There may be none.
    Optional,
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// yes or no.
    Bool,
    /// A whole number: counts, days, ranks.
    Int,
    /// An exact number.
    Number,
    /// An exact number that is shown times one hundred.
    Percent,
    /// An amount in one currency.
    Money(Currency),
    /// An amount whose currency stands in another column of the row; it can be converted, tested and grouped.
    MoneyInColumn,
    /// Points of a contest or plan that pays no money.
    Points,
    /// A civil day.
    Date,
    /// A period of one length, such as 2026-03.
    Period(Unit),
    /// A range of days.
    Days,
    /// Text.
    Text,
    /// One of the values of an enum.
    Enum(EnumId),
    /// A record of a table.
    Row(TableId),
    /// What a faulty expression has: it fits everything, so that one fault gives one message.
    Faulty,
}

impl Ty {
    /// Makes the type of a value that is always there.
    pub const fn always(scalar: Scalar) -> Self {
        Self {
            scalar,
            presence: Presence::Always,
        }
    }

    /// Makes the type of a value that may be missing.
    pub const fn optional(scalar: Scalar) -> Self {
        Self {
            scalar,
            presence: Presence::Optional,
        }
    }

    /// Says whether the value may be missing.
    pub const fn is_optional(self) -> bool {
        matches!(self.presence, Presence::Optional)
    }
}

impl Scalar {
    /// Says whether values are exact numbers of any kind (money and points included).
    pub const fn is_numeric(self) -> bool {
        match self {
            Self::Int | Self::Number | Self::Percent | Self::Money(_) | Self::Points => true,
            Self::Bool
            | Self::MoneyInColumn
            | Self::Date
            | Self::Period(_)
            | Self::Days
            | Self::Text
            | Self::Enum(_)
            | Self::Row(_)
            | Self::Faulty => false,
        }
    }
}

impl fmt::Display for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => Ok(()),
            Self::Optional => f.write_str("?"),
        }
    }
}
