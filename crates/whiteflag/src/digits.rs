//! Times, durations and coordinates as the digits that were read: month 13,
//! latitude 95 and minus zero stay what they are. Holds no digit above 9.

use std::fmt;
use std::str::FromStr;

use crate::{FormError, bcd, calendar};

const DATE_TIME: &str = "9999-99-99T99:99:99Z";
const DURATION: &str = "P99D99H99M";
/// The first character is the sign.
const LATITUDE: &str = "+99.99999";
const LONGITUDE: &str = "+999.99999";

/// The 14 digits of a DateTime, packed four bits each (specification 4.3.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTimeDigits(u64);

impl DateTimeDigits {
    /// How its text looks.
    pub(crate) const FORM: FormError = FormError("a time in UTC such as 2026-01-31T23:59:59Z");

    /// Takes 14 packed digits; `None` when a nibble is above 9 or there are more.
    #[must_use]
    pub const fn from_packed(packed: u64) -> Option<Self> {
        if packed < 1 << 56 && bcd::is_decimal(packed) {
            Some(Self(packed))
        } else {
            None
        }
    }

    /// Takes what is known to be 14 packed digits.
    pub(crate) const fn known(packed: u64) -> Self {
        Self(packed)
    }

    /// The digits of a moment; `None` before the year 0 and after the year 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let c = calendar::civil(seconds)?;
        let fields = [c.month, c.day, c.hour, c.minute, c.second];
        let start = bcd::from_number(u64::from(c.year), 4);
        let join = |packed, field: u8| (packed << 8) | bcd::from_number(u64::from(field), 2);
        Some(Self(fields.into_iter().fold(start, join)))
    }

    /// The 14 digits in the low 56 bits.
    #[must_use]
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// The fields as numbers, whatever they are.
    pub(crate) const fn civil(self) -> calendar::Civil {
        calendar::Civil {
            year: bcd::part(self.0, 10, 4) as u16,
            month: bcd::part(self.0, 8, 2) as u8,
            day: bcd::part(self.0, 6, 2) as u8,
            hour: bcd::part(self.0, 4, 2) as u8,
            minute: bcd::part(self.0, 2, 2) as u8,
            second: bcd::part(self.0, 0, 2) as u8,
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z; `None` when the calendar has no such
    /// moment. Second 60 is the moment after second 59.
    #[must_use]
    pub fn unix(self) -> Option<i64> {
        calendar::unix(self.civil())
    }

    /// The text.
    pub(crate) fn write(self, out: &mut [u8; DATE_TIME.len()]) -> &[u8] {
        bcd::write(self.0, DATE_TIME, out)
    }
}

impl fmt::Display for DateTimeDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bcd::show(self.write(&mut [0; DATE_TIME.len()]), f)
    }
}

impl FromStr for DateTimeDigits {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        bcd::parse(text, DATE_TIME).map(Self).ok_or(Self::FORM)
    }
}

/// The 6 digits of a Duration, packed four bits each (specification 4.3.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DurationDigits(u32);

impl DurationDigits {
    /// How its text looks.
    pub(crate) const FORM: FormError = FormError("days, hours and minutes such as P01D12H00M");

    /// Valid until something says otherwise.
    pub const NO_END: Self = Self(0);

    /// Takes 6 packed digits; `None` when a nibble is above 9 or there are more.
    #[must_use]
    pub const fn from_packed(packed: u32) -> Option<Self> {
        if packed < 1 << 24 && bcd::is_decimal(packed as u64) {
            Some(Self(packed))
        } else {
            None
        }
    }

    /// Takes what is known to be 6 packed digits.
    pub(crate) const fn known(packed: u32) -> Self {
        Self(packed)
    }

    /// The 6 digits in the low 24 bits.
    #[must_use]
    pub const fn packed(self) -> u32 {
        self.0
    }

    /// Days, hours and minutes, whatever they are.
    #[must_use]
    pub const fn parts(self) -> (u8, u8, u8) {
        let packed = self.0 as u64;
        (
            bcd::part(packed, 4, 2) as u8,
            bcd::part(packed, 2, 2) as u8,
            bcd::part(packed, 0, 2) as u8,
        )
    }

    /// The text.
    pub(crate) fn write(self, out: &mut [u8; DURATION.len()]) -> &[u8] {
        bcd::write(u64::from(self.0), DURATION, out)
    }
}

impl fmt::Display for DurationDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bcd::show(self.write(&mut [0; DURATION.len()]), f)
    }
}

impl FromStr for DurationDigits {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        bcd::parse(text, DURATION)
            .map(|packed| Self(packed as u32))
            .ok_or(Self::FORM)
    }
}

/// The digits and the sign bit (1 is plus) shared by both coordinates.
macro_rules! coordinate_digits {
    ($name:ident, $word:ty, $digits:literal, $pattern:expr, $omitted:expr, $form:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name($word);

        impl $name {
            const SIGN: $word = 1 << ($digits * 4);

            /// How its text looks.
            pub(crate) const FORM: FormError = FormError($form);

            /// The value that says that no location is given.
            pub const OMITTED: Self = Self(Self::SIGN | $omitted);

            /// Takes the sign bit and the packed digits below it; `None` when a
            /// nibble is above 9 or higher bits are set.
            #[must_use]
            #[inline]
            pub const fn from_packed(packed: $word) -> Option<Self> {
                let digits = packed & (Self::SIGN - 1);
                if packed < Self::SIGN << 1 && bcd::is_decimal(digits as u64) {
                    Some(Self(packed))
                } else {
                    None
                }
            }

            /// Takes what is known to be a sign bit and packed digits.
            pub(crate) const fn known(packed: $word) -> Self {
                Self(packed)
            }

            /// The sign bit and the packed digits below it.
            #[must_use]
            pub const fn packed(self) -> $word {
                self.0
            }

            /// Takes 0.00001 degrees; `None` when there are not enough digits.
            #[must_use]
            pub fn from_e5(value: i32) -> Option<Self> {
                let packed = bcd::from_number(u64::from(value.unsigned_abs()), 10);
                let sign = if value < 0 { 0 } else { Self::SIGN };
                let digits = <$word>::try_from(packed).ok()?;
                (digits < Self::SIGN).then_some(Self(sign | digits))
            }

            /// The value in 0.00001 degrees, whatever it is.
            #[must_use]
            pub const fn e5(self) -> i32 {
                let size = bcd::to_number((self.0 & (Self::SIGN - 1)) as u64) as i32;
                if self.0 & Self::SIGN == 0 {
                    size.wrapping_neg()
                } else {
                    size
                }
            }

            /// The text.
            pub(crate) fn write(self, out: &mut [u8; $pattern.len()]) -> &[u8] {
                bcd::write(u64::from(self.0), $pattern, out);
                if self.0 & Self::SIGN == 0 {
                    let [sign, ..] = out;
                    *sign = b'-';
                }
                out
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                bcd::show(self.write(&mut [0; $pattern.len()]), f)
            }
        }

        impl FromStr for $name {
            type Err = FormError;

            fn from_str(text: &str) -> Result<Self, FormError> {
                let (sign, digits) = match text.split_at_checked(1) {
                    Some(("+", digits)) => (Self::SIGN, digits),
                    Some(("-", digits)) => (0, digits),
                    _ => return Err(Self::FORM),
                };
                let packed = bcd::parse(digits, $pattern.split_at(1).1).ok_or(Self::FORM)?;
                Ok(Self(sign | packed as $word))
            }
        }
    };
}

coordinate_digits!(
    LatitudeDigits,
    u32,
    7,
    LATITUDE,
    0x999_9999,
    "degrees north (+) or south (-) such as +51.50000",
    "The sign and 7 digits of an ObjectLatitude, in 0.00001 degrees (specification 4.3.1.6)."
);
coordinate_digits!(
    LongitudeDigits,
    u64,
    8,
    LONGITUDE,
    0x9999_9999,
    "degrees east (+) or west (-) such as -000.12000",
    "The sign and 8 digits of an ObjectLongitude, in 0.00001 degrees (specification 4.3.1.6)."
);
