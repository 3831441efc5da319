//! A message as it was read: the fields of the generic header and of every body (specification 4.2
//! and 4.3). Any value that the bits can say has a place here; what is legal is decided elsewhere.

use std::fmt;
use std::str::FromStr;

use crate::{
    DateTimeDigits, DurationDigits, FormError, LatitudeDigits, LongitudeDigits, MessageCode,
    ReferenceIndicator, RequestObjects, Text, TransactionHash, bcd,
};

/// One Whiteflag message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// The EncryptionIndicator, a character; `b'0'` is not encrypted.
    pub encryption: u8,
    /// Sent under threat or force. Everyone can read it in a message that is not encrypted.
    pub duress: bool,
    /// What the message refers to.
    pub reference: Reference,
    /// What it says.
    pub body: Body,
}

/// The message that another one refers to, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// How.
    pub indicator: ReferenceIndicator,
    /// Which; without meaning under [`ReferenceIndicator::Original`].
    pub message: TransactionHash,
}

/// The body of a message. A test message wraps anything but another test message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Meant as it stands.
    Plain(Content),
    /// T: without effect.
    Test(Content),
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// A: who the originator is.
    Authentication {
        /// VerificationMethod, one hexadecimal digit.
        method: u8,
        /// VerificationData.
        data: Text,
    },
    /// K: keys and initialisation vectors.
    Cryptographic {
        /// CryptoDataType.
        data_type: u8,
        /// CryptoData.
        data: Vec<u8>,
    },
    /// P, E, D, S, I, M.
    Sign {
        /// Which of them.
        kind: SignKind,
        /// Its fields.
        sign: Sign,
    },
    /// Q: a request.
    Request {
        /// The fields it shares with signs.
        sign: Sign,
        /// For whom and what, at most eight.
        objects: RequestObjects,
    },
    /// R: a link.
    Resource {
        /// ResourceMethod, one hexadecimal digit.
        method: u8,
        /// ResourceData.
        data: Text,
    },
    /// F: free text.
    FreeText(Text),
}

/// The types of signs and signals that have the same fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignKind {
    /// P.
    Protective,
    /// E.
    Emergency,
    /// D.
    Danger,
    /// S.
    Status,
    /// I.
    Infrastructure,
    /// M.
    Mission,
}

/// The fields of signs and signals (specification 4.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sign {
    /// SubjectCode.
    pub subject: u8,
    /// DateTime: from when it is valid.
    pub date_time: DateTimeDigits,
    /// Duration: for how long.
    pub duration: DurationDigits,
    /// ObjectType.
    pub object_type: u8,
    /// ObjectLatitude.
    pub latitude: LatitudeDigits,
    /// ObjectLongitude.
    pub longitude: LongitudeDigits,
    /// ObjectSizeDim1, metres; 0 is omitted.
    pub dim1: Decimals<4>,
    /// ObjectSizeDim2, metres; 0 is omitted.
    pub dim2: Decimals<4>,
    /// ObjectOrientation, degrees from north; 999 is omitted.
    pub orientation: Decimals<3>,
}

/// A number of exactly `N` decimal digits, at most four.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimals<const N: u32>(
    /// Packed, four bits each: as they are on the wire.
    u16,
);

impl<const N: u32> Decimals<N> {
    const MODULUS: u16 = 10_u16.pow(N);

    /// How its text looks.
    pub(crate) const FORM: FormError = FormError(match N {
        2 => "two digits such as 06",
        3 => "three digits such as 090",
        _ => "four digits such as 0150",
    });

    /// All zeros.
    pub const ZERO: Self = Self(0);

    /// Takes a number; `None` when it has more digits.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number < Self::MODULUS {
            Some(Self(bcd::from_number(number as u64, N) as u16))
        } else {
            None
        }
    }

    /// Takes packed digits, four bits each; `None` when a nibble is above 9.
    #[must_use]
    #[inline]
    pub const fn from_packed(packed: u64) -> Option<Self> {
        if packed < 1_u64.wrapping_shl(N.wrapping_mul(4)) && bcd::is_decimal(packed) {
            Some(Self(packed as u16))
        } else {
            None
        }
    }

    /// Takes what is known to be `N` packed digits.
    pub(crate) const fn known(packed: u16) -> Self {
        Self(packed)
    }

    /// The digits, four bits each.
    #[must_use]
    #[inline]
    pub const fn packed(self) -> u64 {
        self.0 as u64
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        bcd::to_number(self.0 as u64) as u16
    }

    const fn pattern() -> &'static str {
        match N {
            2 => "99",
            3 => "999",
            _ => "9999",
        }
    }

    /// The digits as characters.
    pub(crate) fn write(self, out: &mut [u8; 4]) -> &[u8] {
        bcd::write(self.packed(), Self::pattern(), out)
    }
}

impl<const N: u32> fmt::Debug for Decimals<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimals({self})")
    }
}

impl<const N: u32> fmt::Display for Decimals<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bcd::show(self.write(&mut [0; 4]), f)
    }
}

impl<const N: u32> FromStr for Decimals<N> {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        bcd::parse(text, Self::pattern())
            .map(|packed| Self(packed as u16))
            .ok_or(Self::FORM)
    }
}

impl SignKind {
    /// The message code of this type.
    #[must_use]
    pub const fn code(self) -> MessageCode {
        match self {
            Self::Protective => MessageCode::Protective,
            Self::Emergency => MessageCode::Emergency,
            Self::Danger => MessageCode::Danger,
            Self::Status => MessageCode::Status,
            Self::Infrastructure => MessageCode::Infrastructure,
            Self::Mission => MessageCode::Mission,
        }
    }
}

impl Content {
    /// The message code that stands for this content.
    #[must_use]
    pub const fn code(&self) -> MessageCode {
        match self {
            Self::Authentication { .. } => MessageCode::Authentication,
            Self::Cryptographic { .. } => MessageCode::Cryptographic,
            Self::Sign { kind, .. } => kind.code(),
            Self::Request { .. } => MessageCode::Request,
            Self::Resource { .. } => MessageCode::Resource,
            Self::FreeText(_) => MessageCode::FreeText,
        }
    }

    /// The fields of a sign or signal, where it is one.
    #[must_use]
    pub const fn sign(&self) -> Option<&Sign> {
        match self {
            Self::Sign { sign, .. } | Self::Request { sign, .. } => Some(sign),
            Self::Authentication { .. }
            | Self::Cryptographic { .. }
            | Self::Resource { .. }
            | Self::FreeText(_) => None,
        }
    }
}

impl Message {
    /// The message's own code: T for a test message, whatever it wraps.
    #[must_use]
    pub const fn code(&self) -> MessageCode {
        match &self.body {
            Body::Plain(content) => content.code(),
            Body::Test(_) => MessageCode::Test,
        }
    }

    /// The message as people write it: type, subject or method, and how it refers, such as `P11(2)`
    /// or `K0A(0)`; in brackets what is encrypted, and a test message after its own letter
    /// (specification 2.7).
    #[must_use]
    pub fn notation(&self) -> String {
        let (test, content) = match &self.body {
            Body::Plain(content) => ("", content),
            Body::Test(content) => ("T:", content),
        };
        let subject = match content {
            Content::Sign { sign, .. } | Content::Request { sign, .. } => {
                format!("{:02X}", sign.subject)
            }
            Content::Cryptographic { data_type, .. } => format!("{data_type:02X}"),
            Content::Authentication { method, .. } | Content::Resource { method, .. } => {
                format!("{method:X}")
            }
            Content::FreeText(_) => String::new(),
        };
        let letter = content.code().letter();
        let indicator = self.reference.indicator.digit();
        let plain = format!("{test}{letter}{subject}({indicator})");
        if self.encryption == b'0' {
            plain
        } else {
            format!("[{plain}]")
        }
    }
}
