//! Currency codes and the decimals of their smallest units.

use std::fmt;

use thiserror::Error;

/// Names a currency by its three-letter code.
///
/// Any three capital letters are accepted, because a plan may declare `currency XBT decimals 8`; whether the code is
/// an active one of ISO 4217 is told by [`Currency::minor_unit_decimals`].
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::Currency;
///
/// let yuan = Currency::parse("CNY")?;
/// assert_eq!(yuan.to_string(), "CNY");
/// assert_eq!(yuan.minor_unit_decimals(), Some(2));
/// assert_eq!(Currency::parse("KWD")?.minor_unit_decimals(), Some(3));
/// assert_eq!(Currency::parse("XBT")?.minor_unit_decimals(), None);
/// # Ok::<(), guerdon_plan::number::CurrencyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Reports a currency code that is not three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a currency code is three capital letters, such as CNY")]
pub struct CurrencyError;

impl Currency {
    /// Is the renminbi, which `元` stands for.
    pub const CNY: Currency = Currency(*b"CNY");

    /// Reads a code of three capital letters.
    ///
    /// # Errors
    ///
    /// [`CurrencyError`] for anything else.
    pub fn parse(code: &str) -> Result<Currency, CurrencyError> {
        let letters = <[u8; 3]>::try_from(code.as_bytes()).map_err(|_| CurrencyError)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Currency(letters))
        } else {
            Err(CurrencyError)
        }
    }

    /// Gives the code.
    #[must_use]
    pub fn code(&self) -> &str {
        // The letters are ASCII by construction.
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Gives the decimals of the minor unit by ISO 4217, or `None` if the code is not an active currency there.
    #[must_use]
    pub fn minor_unit_decimals(self) -> Option<u8> {
        MINOR_UNITS
            .iter()
            .find(|(_, codes)| codes.split(' ').any(|code| code == self.code()))
            .map(|(d, _)| *d)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Lists the active currencies and fund codes of ISO 4217 by the decimals of their minor unit.
///
/// Codes without one (metals, bond units, testing) are left out.
const MINOR_UNITS: [(u8, &str); 4] = [
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
         CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
         HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU \
         MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR \
         SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
         VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];
