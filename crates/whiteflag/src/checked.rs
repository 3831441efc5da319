//! A message that breaks no rule about values: the only thing that can be queued. And what the
//! fields of a sign mean: its time, its place, its extent. Reads no clock.

use crate::{EncodeError, Finding, LatitudeDigits, LongitudeDigits, Message, PrivateUse, Sign};

/// A message that may be sent as far as its own values go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked(Message);

impl Checked {
    /// Checks a message. Codes for private use are refused.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub fn new(message: Message) -> Result<Self, Vec<Finding>> {
        Self::with(message, PrivateUse::Refused)
    }

    /// Checks a message.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub fn with(message: Message, private: PrivateUse) -> Result<Self, Vec<Finding>> {
        let findings = message.check_to_send(private);
        if findings.is_empty() {
            Ok(Self(message))
        } else {
            Err(findings)
        }
    }

    /// The message.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.0
    }

    /// The message again, free to be changed.
    #[must_use]
    pub fn into_message(self) -> Message {
        self.0
    }

    /// The compressed form.
    ///
    /// # Errors
    /// As [`Message::encode`]; a checked message is never said to be encrypted.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        self.0.encode()
    }
}

/// From when and until when a sign is valid, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub from: i64,
    /// The first second after it; `None` until something says otherwise.
    pub until: Option<i64>,
}

impl Validity {
    /// The time of a sign; `None` when its fields say none that exists (specification 4.3.1.3,
    /// 4.3.1.4).
    #[must_use]
    pub fn of(sign: &Sign) -> Option<Self> {
        let from = sign.date_time.unix()?;
        let (days, hours, minutes) = sign.duration.parts();
        if hours > 23 || minutes > 59 {
            return None;
        }
        let hours = u32::from(days)
            .checked_mul(24)?
            .checked_add(u32::from(hours))?;
        let minutes = hours.checked_mul(60)?.checked_add(u32::from(minutes))?;
        if minutes == 0 {
            return Some(Self { from, until: None });
        }
        let until = from.checked_add(i64::from(minutes).checked_mul(60)?)?;
        // The end must be writable as a DateTime too.
        crate::DateTimeDigits::from_unix(until)?;
        Some(Self {
            from,
            until: Some(until),
        })
    }
}

/// A place on the WGS84 ellipsoid, in units of 0.00001 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// North is positive; at most 9,000,000.
    pub latitude_e5: i32,
    /// East is positive; at most 18,000,000.
    pub longitude_e5: i32,
}

impl Location {
    /// The place of a sign; `None` when it is omitted or is none on earth (specification 4.3.1.6).
    #[must_use]
    pub fn of(sign: &Sign) -> Option<Self> {
        let omitted =
            sign.latitude == LatitudeDigits::OMITTED || sign.longitude == LongitudeDigits::OMITTED;
        let place = Self {
            latitude_e5: sign.latitude.e5(),
            longitude_e5: sign.longitude.e5(),
        };
        let on_earth = place.latitude_e5.unsigned_abs() <= 9_000_000
            && place.longitude_e5.unsigned_abs() <= 18_000_000;
        (on_earth && !omitted).then_some(place)
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_e5) / 1e5
    }

    /// Degrees east.
    #[must_use]
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_e5) / 1e5
    }
}

/// How far an object reaches from its centre; lengths in metres, directions in degrees from north
/// over east (specification 4.3.1.7, 4.3.1.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A circle.
    Circle {
        /// Its radius.
        radius: u16,
    },
    /// A rectangle.
    Rectangle {
        /// The side along the orientation.
        along: u16,
        /// The other side.
        across: u16,
        /// 0 to 359.
        orientation: u16,
    },
    /// A triangle with two equal sides.
    Triangle {
        /// From the base to the tip, along the orientation.
        height: u16,
        /// The base.
        base: u16,
        /// 0 to 359.
        orientation: u16,
    },
}

impl Extent {
    /// The extent of a sign; `None` when its object has no shape or its fields give none.
    #[must_use]
    pub fn of(sign: &Sign) -> Option<Self> {
        let (dim1, dim2) = (sign.dim1.get(), sign.dim2.get());
        let orientation = sign.orientation.get();
        let oriented = dim1 > 0 && dim2 > 0 && orientation <= 359;
        match sign.object_type {
            0x21 | 0x31 if dim1 > 0 => Some(Self::Circle { radius: dim1 }),
            0x22 | 0x32 if oriented => Some(Self::Rectangle {
                along: dim1,
                across: dim2,
                orientation,
            }),
            0x23 | 0x33 if oriented => Some(Self::Triangle {
                height: dim1,
                base: dim2,
                orientation,
            }),
            _ => None,
        }
    }

    /// Whether objects of a type must have a size.
    #[must_use]
    pub const fn is_shape(object_type: u8) -> bool {
        matches!(object_type, 0x21..=0x23 | 0x31..=0x33)
    }
}
