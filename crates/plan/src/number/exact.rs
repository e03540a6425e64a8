//! The exact fraction and its arithmetic.

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroI128;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::NumberError;
use super::wide::Wide;

/// Holds an exact rational number.
///
/// Amounts, rates and attainments stay fractions until a rounding that the plan wrote down, so that 100.00 in three
/// parts is three times 33⅓ and not 99.99. A numerator and denominator of up to 128 bits are kept inline; wider ones
/// are boxed and return inline when they fit again. Equality, order, hash and text depend on the value alone.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::Exact;
///
/// let quota = Exact::parse_decimal("1200000.00")?;
/// let sales = Exact::from_i64(1_000_000);
/// let attainment = sales.div(&quota)?;
/// assert_eq!(attainment, Exact::new(5, 6)?);
/// assert_eq!(attainment.to_string(), "5/6");
/// assert_eq!(attainment.mul(&quota)?, sales);
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

// INVARIANT: lowest terms, a positive denominator, and `Wide` only where `Small` cannot hold the value; so the derived
// equality and hash are those of the number.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small { num: i128, den: NonZeroI128 },
    Wide(Box<Wide>),
}

impl Exact {
    /// Is zero.
    pub const ZERO: Exact = Exact::whole(0);
    /// Is one.
    pub const ONE: Exact = Exact::whole(1);

    /// Makes the fraction `numerator / denominator`.
    ///
    /// # Errors
    ///
    /// [`NumberError::DivisionByZero`] if the denominator is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::{Exact, NumberError};
    ///
    /// assert_eq!(Exact::new(6, -4)?, Exact::new(-3, 2)?);
    /// assert_eq!(Exact::new(1, 0), Err(NumberError::DivisionByZero));
    /// # Ok::<(), NumberError>(())
    /// ```
    pub fn new(numerator: i128, denominator: i128) -> Result<Exact, NumberError> {
        match NonZeroI128::new(denominator) {
            None => Err(NumberError::DivisionByZero),
            Some(den) if den.is_positive() => Ok(Exact::reduced(numerator, den)),
            Some(den) => match (numerator.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Ok(Exact::reduced(num, den)),
                (_, _) => Exact::from_parts(BigInt::from(numerator), BigInt::from(denominator)),
            },
        }
    }

    /// Makes a whole number.
    #[must_use]
    pub fn from_i64(number: i64) -> Exact {
        Exact::whole(i128::from(number))
    }

    /// Makes a whole number.
    #[must_use]
    pub const fn from_i128(number: i128) -> Exact {
        Exact::whole(number)
    }

    /// Makes a fraction from integers of any width.
    ///
    /// # Errors
    ///
    /// [`NumberError::DivisionByZero`], or [`NumberError::TooWide`] past 4,096 bits.
    pub fn from_parts(numerator: BigInt, denominator: BigInt) -> Result<Exact, NumberError> {
        Wide::reduced(numerator, denominator).map(Exact::from_wide)
    }

    /// Makes the same number from the library's ratio.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`] past 4,096 bits.
    pub fn from_big_rational(ratio: &BigRational) -> Result<Exact, NumberError> {
        Exact::from_parts(ratio.numer().clone(), ratio.denom().clone())
    }

    /// Gives the same number as a ratio of the library, for a second opinion in tests.
    #[must_use]
    pub fn to_big_rational(&self) -> BigRational {
        let wide = self.to_wide();
        BigRational::new_raw(wide.num, wide.den)
    }

    /// Gives numerator and denominator, in lowest terms with a positive denominator, if both fit 128 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::new(10, 4)?.parts(), Some((5, 2)));
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { num, den } => Some((*num, den.get())),
            Repr::Wide(_) => None,
        }
    }

    /// Adds.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`] past 4,096 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::new(1, 6)?.add(&Exact::new(1, 10)?)?, Exact::new(4, 15)?);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    pub fn add(&self, other: &Exact) -> Result<Exact, NumberError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some(sum) = add_small(*a, *b, *c, *d)
        {
            return Ok(sum);
        }
        self.to_wide().add(&other.to_wide()).map(Exact::from_wide)
    }

    /// Subtracts.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`] past 4,096 bits.
    pub fn sub(&self, other: &Exact) -> Result<Exact, NumberError> {
        self.add(&other.neg())
    }

    /// Multiplies.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`] past 4,096 bits.
    pub fn mul(&self, other: &Exact) -> Result<Exact, NumberError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some(product) = mul_small(*a, *b, *c, *d)
        {
            return Ok(product);
        }
        self.to_wide().mul(&other.to_wide()).map(Exact::from_wide)
    }

    /// Divides.
    ///
    /// # Errors
    ///
    /// [`NumberError::DivisionByZero`], or [`NumberError::TooWide`] past 4,096 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::{Exact, NumberError};
    ///
    /// let third = Exact::from_i64(100).div(&Exact::from_i64(3))?;
    /// assert_eq!(third.to_string(), "100/3");
    /// assert_eq!(third.div(&Exact::ZERO), Err(NumberError::DivisionByZero));
    /// # Ok::<(), NumberError>(())
    /// ```
    pub fn div(&self, other: &Exact) -> Result<Exact, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some((num, den)) = reciprocal(*c, *d)
            && let Some(quotient) = mul_small(*a, *b, num, den)
        {
            return Ok(quotient);
        }
        self.to_wide().div(&other.to_wide()).map(Exact::from_wide)
    }

    /// Turns the sign.
    #[must_use]
    pub fn neg(&self) -> Exact {
        if let Repr::Small { num, den } = &self.0
            && let Some(num) = num.checked_neg()
        {
            return Exact(Repr::Small { num, den: *den });
        }
        Exact::from_wide(self.to_wide().neg())
    }

    /// Drops the sign.
    #[must_use]
    pub fn abs(&self) -> Exact {
        if self.is_negative() {
            self.neg()
        } else {
            self.clone()
        }
    }

    /// Gives −1, 0 or 1.
    #[must_use]
    pub fn sign(&self) -> i8 {
        match self.cmp_zero() {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Says whether the value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.cmp_zero() == Ordering::Equal
    }

    /// Says whether the value is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.cmp_zero() == Ordering::Less
    }

    /// Says whether the value is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.cmp_zero() == Ordering::Greater
    }

    /// Says whether the value is a whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { den, .. } => den.get() == 1,
            Repr::Wide(wide) => wide.den == BigInt::from(1_u8),
        }
    }

    /// Counts the bits of the wider one of numerator and denominator.
    #[must_use]
    pub fn width_bits(&self) -> u64 {
        self.to_wide().width_bits()
    }

    pub(super) fn from_wide(wide: Wide) -> Exact {
        match (wide.num.to_i128(), wide.den.to_i128().and_then(NonZeroI128::new)) {
            (Some(num), Some(den)) => Exact(Repr::Small { num, den }),
            (_, _) => Exact(Repr::Wide(Box::new(wide))),
        }
    }

    pub(super) fn to_wide(&self) -> Wide {
        match &self.0 {
            Repr::Small { num, den } => Wide {
                num: BigInt::from(*num),
                den: BigInt::from(den.get()),
            },
            Repr::Wide(wide) => Wide::clone(wide),
        }
    }

    const fn whole(num: i128) -> Exact {
        Exact(Repr::Small { num, den: DEN_ONE })
    }

    /// Reduces to lowest terms; the denominator is positive.
    fn reduced(num: i128, den: NonZeroI128) -> Exact {
        let common = gcd(num, den);
        small(quotient(num, common), quotient(den.get(), common)).unwrap_or(Exact(Repr::Small { num, den }))
    }

    fn cmp_zero(&self) -> Ordering {
        match &self.0 {
            Repr::Small { num, .. } => num.cmp(&0),
            Repr::Wide(wide) => wide.num.cmp(&BigInt::ZERO),
        }
    }
}

impl Default for Exact {
    fn default() -> Exact {
        Exact::ZERO
    }
}

impl From<i64> for Exact {
    fn from(number: i64) -> Exact {
        Exact::from_i64(number)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(d.get()), c.checked_mul(b.get())) {
                return left.cmp(&right);
            }
        }
        self.to_wide().compare(&other.to_wide())
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.display_text(0))
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const DEN_ONE: NonZeroI128 = match NonZeroI128::new(1) {
    Some(one) => one,
    None => NonZeroI128::MAX,
};

fn small(num: i128, den: i128) -> Option<Exact> {
    NonZeroI128::new(den).map(|den| Exact(Repr::Small { num, den }))
}

/// Adds `a/b` and `c/d`, or gives `None` where 128 bits do not do.
fn add_small(a: i128, b: NonZeroI128, c: i128, d: NonZeroI128) -> Option<Exact> {
    if b == d {
        let num = a.checked_add(c)?;
        return Some(if b == DEN_ONE {
            Exact::whole(num)
        } else {
            Exact::reduced(num, b)
        });
    }
    let common = gcd(b.get(), d);
    if common == 1 {
        // Both fractions are in lowest terms with coprime denominators, hence so is the sum.
        let num = a.checked_mul(d.get())?.checked_add(c.checked_mul(b.get())?)?;
        return small(num, b.get().checked_mul(d.get())?);
    }
    let (b, d_part) = (b.get(), quotient(d.get(), common));
    let num = a
        .checked_mul(d_part)?
        .checked_add(c.checked_mul(quotient(b, common))?)?;
    NonZeroI128::new(b.checked_mul(d_part)?).map(|den| Exact::reduced(num, den))
}

/// Multiplies `a/b` and `c/d`, or gives `None` where 128 bits do not do.
fn mul_small(a: i128, b: NonZeroI128, c: i128, d: NonZeroI128) -> Option<Exact> {
    if b == DEN_ONE && d == DEN_ONE {
        return a.checked_mul(c).map(Exact::whole);
    }
    // Crosswise reduction first: the product is then in lowest terms, and overflows only if it must.
    let (left, right) = (gcd(a, d), gcd(c, b));
    let num = quotient(a, left).checked_mul(quotient(c, right))?;
    small(
        num,
        quotient(b.get(), right).checked_mul(quotient(d.get(), left))?,
    )
}

fn reciprocal(num: i128, den: NonZeroI128) -> Option<(i128, NonZeroI128)> {
    let turned = if num < 0 {
        den.get().checked_neg()?
    } else {
        den.get()
    };
    Some((turned, NonZeroI128::new(num.checked_abs()?)?))
}

/// Finds the greatest common divisor, which the positive denominator bounds.
fn gcd(num: i128, den: NonZeroI128) -> i128 {
    if den == DEN_ONE {
        return 1;
    }
    let (num, den) = (num.unsigned_abs(), den.get().unsigned_abs());
    match (u64::try_from(num), u64::try_from(den)) {
        (Ok(num), Ok(den)) => i128::from(num_integer::gcd(num, den)),
        (_, _) => i128::try_from(num_integer::gcd(num, den)).unwrap_or(1),
    }
}

/// Divides by a positive divisor that is known to divide evenly.
fn quotient(number: i128, divisor: i128) -> i128 {
    if divisor == 1 {
        number
    } else {
        number.checked_div(divisor).unwrap_or(number)
    }
}
