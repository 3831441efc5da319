//! The message codes and reference indicators of the generic header
//! (specification 4.2.1). Holds only what is defined; never a reserved value.

use std::fmt;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageCode {
    /// A: who the originator is.
    Authentication,
    /// K: keys and initialisation vectors.
    Cryptographic,
    /// T: another message, wrapped so that it has no effect.
    Test,
    /// P: protective sign.
    Protective,
    /// E: emergency signal.
    Emergency,
    /// D: danger or disaster sign.
    Danger,
    /// S: status signal.
    Status,
    /// I: infrastructure sign.
    Infrastructure,
    /// M: mission signal.
    Mission,
    /// Q: request signal.
    Request,
    /// R: a link to more information.
    Resource,
    /// F: free text.
    FreeText,
}

impl MessageCode {
    /// Every defined code, in the order of the enumeration.
    pub const ALL: [Self; 12] = [
        Self::Authentication,
        Self::Cryptographic,
        Self::Test,
        Self::Protective,
        Self::Emergency,
        Self::Danger,
        Self::Status,
        Self::Infrastructure,
        Self::Mission,
        Self::Request,
        Self::Resource,
        Self::FreeText,
    ];

    /// The letter that stands for it on the wire.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Authentication => 'A',
            Self::Cryptographic => 'K',
            Self::Test => 'T',
            Self::Protective => 'P',
            Self::Emergency => 'E',
            Self::Danger => 'D',
            Self::Status => 'S',
            Self::Infrastructure => 'I',
            Self::Mission => 'M',
            Self::Request => 'Q',
            Self::Resource => 'R',
            Self::FreeText => 'F',
        }
    }

    /// The code of a letter; `None` for letters that are not defined.
    #[must_use]
    pub const fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'A' => Self::Authentication,
            'K' => Self::Cryptographic,
            'T' => Self::Test,
            'P' => Self::Protective,
            'E' => Self::Emergency,
            'D' => Self::Danger,
            'S' => Self::Status,
            'I' => Self::Infrastructure,
            'M' => Self::Mission,
            'Q' => Self::Request,
            'R' => Self::Resource,
            'F' => Self::FreeText,
            _ => return None,
        })
    }

    /// The name in plain English, as in "a protective sign".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication message",
            Self::Cryptographic => "cryptographic message",
            Self::Test => "test message",
            Self::Protective => "protective sign",
            Self::Emergency => "emergency signal",
            Self::Danger => "danger sign",
            Self::Status => "status signal",
            Self::Infrastructure => "infrastructure sign",
            Self::Mission => "mission signal",
            Self::Request => "request signal",
            Self::Resource => "resource message",
            Self::FreeText => "free text message",
        }
    }
}

impl fmt::Display for MessageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

/// How a message relates to the one it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceIndicator {
    /// 0: refers to nothing.
    Original,
    /// 1: the message referred to must be ignored from now on.
    Recall,
    /// 2: replaces the message referred to.
    Update,
    /// 3: adds information.
    Add,
    /// 4: the message referred to is no longer valid.
    Discontinue,
    /// 5: has to do with the message referred to.
    Relate,
    /// 6: says that the message referred to is true.
    Confirm,
    /// 7: says that the message referred to was received.
    Acknowledge,
    /// 8: says that the sender will act accordingly.
    Comply,
    /// 9: says that the sender does not agree.
    Reject,
}

impl ReferenceIndicator {
    /// Every defined indicator, 0 to 9.
    pub const ALL: [Self; 10] = [
        Self::Original,
        Self::Recall,
        Self::Update,
        Self::Add,
        Self::Discontinue,
        Self::Relate,
        Self::Confirm,
        Self::Acknowledge,
        Self::Comply,
        Self::Reject,
    ];

    /// The digit that stands for it on the wire.
    #[must_use]
    pub const fn digit(self) -> u8 {
        match self {
            Self::Original => 0,
            Self::Recall => 1,
            Self::Update => 2,
            Self::Add => 3,
            Self::Discontinue => 4,
            Self::Relate => 5,
            Self::Confirm => 6,
            Self::Acknowledge => 7,
            Self::Comply => 8,
            Self::Reject => 9,
        }
    }

    /// Whether only the account that sent the message referred to may use it (specification
    /// 4.2.1.7).
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(
            self,
            Self::Recall | Self::Update | Self::Add | Self::Discontinue
        )
    }

    /// The indicator of a digit; `None` above 9.
    #[must_use]
    pub const fn from_digit(digit: u8) -> Option<Self> {
        Some(match digit {
            0 => Self::Original,
            1 => Self::Recall,
            2 => Self::Update,
            3 => Self::Add,
            4 => Self::Discontinue,
            5 => Self::Relate,
            6 => Self::Confirm,
            7 => Self::Acknowledge,
            8 => Self::Comply,
            9 => Self::Reject,
            _ => return None,
        })
    }

    /// The name in plain English.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Recall => "recall",
            Self::Update => "update",
            Self::Add => "add",
            Self::Discontinue => "discontinue",
            Self::Relate => "relate",
            Self::Confirm => "confirm",
            Self::Acknowledge => "acknowledge",
            Self::Comply => "comply",
            Self::Reject => "reject",
        }
    }
}
