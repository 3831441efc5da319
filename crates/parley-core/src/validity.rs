//! What time says about a message that is to be sent, and whether this device's clock can be
//! believed. Reads no clock.

use whiteflag::{Body, Message, Sign, Validity};

/// Whether what a message says is over: its sign has a start and a duration, and both have passed.
/// What has no end, or no time that exists, is never over.
///
/// `now` is in seconds since 1970 UTC.
#[must_use]
pub fn ended(message: &Message, now: u64) -> bool {
    let until = sign(message)
        .and_then(Validity::of)
        .and_then(|time| time.until);
    until.is_some_and(|until| i128::from(until) <= i128::from(now))
}

fn sign(message: &Message) -> Option<&Sign> {
    match &message.body {
        Body::Plain(content) | Body::Test(content) => content.sign(),
    }
}

/// What the newest block says about this device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Nothing against it.
    Agrees,
    /// It is wrong, so that what is said of validity may be wrong too.
    Off {
        /// How far it is ahead of the newest block; negative when it is behind.
        seconds: i64,
    },
    /// No block is known to compare with.
    Unknown,
}

/// A clock may be this far from the newest block, in seconds.
const TOLERANCE_S: u64 = 300;
/// Blocks that may be missing without anything being wrong: slots stay empty now and then.
const MISSED_BLOCKS: u64 = 10;

/// Compares the device's clock with the time of the newest block, as of the moment at which an
/// endpoint named that block; both in seconds since 1970 UTC.
///
/// No block is from the future, so a clock more than 5 min behind it is wrong. One that is ahead is
/// wrong only where blocks come by themselves, every `block_seconds`: on a network that makes them
/// on demand (0) the newest may be of any age.
#[must_use]
pub fn clock(device: u64, newest_block: Option<u64>, block_seconds: u64) -> Clock {
    let Some(block) = newest_block else {
        return Clock::Unknown;
    };
    let late = TOLERANCE_S.saturating_add(block_seconds.saturating_mul(MISSED_BLOCKS));
    let behind = block.saturating_sub(device);
    let ahead = device.saturating_sub(block);
    if behind > TOLERANCE_S {
        Clock::Off {
            seconds: i64::try_from(behind).map_or(i64::MIN, i64::saturating_neg),
        }
    } else if block_seconds > 0 && ahead > late {
        Clock::Off {
            seconds: i64::try_from(ahead).unwrap_or(i64::MAX),
        }
    } else {
        Clock::Agrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whiteflag::{Content, Text};

    /// 2026-11-22T09:00:00Z.
    const START: u64 = 1_795_338_000;
    const HOUR: u64 = 3_600;

    fn message(code: &str, duration: &str) -> Message {
        let (pseudo, code) = match code {
            "T" => (r#""PseudoMessageCode": "D","#, "T"),
            code => ("", code),
        };
        let json = format!(
            r#"{{"MessageHeader": {{"Prefix": "WF", "Version": "1", "EncryptionIndicator": "0",
            "DuressIndicator": "0", "MessageCode": "{code}", "ReferenceIndicator": "0",
            "ReferencedMessage": "{:064}"}}, "MessageBody": {{{pseudo} "SubjectCode": "21",
            "DateTime": "2026-11-22T09:00:00Z", "Duration": "{duration}", "ObjectType": "21",
            "ObjectLatitude": "+36.20210", "ObjectLongitude": "+037.13430",
            "ObjectSizeDim1": "0500", "ObjectSizeDim2": "0000", "ObjectOrientation": "000"}}}}"#,
            0
        );
        Message::from_json(&json).unwrap()
    }

    #[test]
    fn a_message_is_over_when_its_duration_has_passed() {
        let hour = message("D", "P00D01H00M");
        assert!(!ended(&hour, 0));
        assert!(!ended(&hour, START + HOUR - 1));
        assert!(ended(&hour, START + HOUR));
        assert!(ended(&message("T", "P00D01H00M"), u64::MAX));
    }

    #[test]
    fn what_has_no_end_or_no_time_is_never_over() {
        assert!(!ended(&message("D", "P00D00H00M"), u64::MAX));
        assert!(!ended(&message("D", "P00D99H00M"), u64::MAX));
        let mut text = message("D", "P00D01H00M");
        text.body = Body::Plain(Content::FreeText(Text::new("x").unwrap()));
        assert!(!ended(&text, u64::MAX));
    }

    #[test]
    fn a_clock_is_compared_with_the_newest_block() {
        assert_eq!(clock(1_000, None, 12), Clock::Unknown);
        assert_eq!(clock(1_000, Some(1_300), 12), Clock::Agrees);
        assert_eq!(clock(1_000, Some(1_301), 12), Clock::Off { seconds: -301 });
        assert_eq!(clock(1_420, Some(1_000), 12), Clock::Agrees);
        assert_eq!(clock(1_421, Some(1_000), 12), Clock::Off { seconds: 421 });
    }

    #[test]
    fn where_blocks_come_on_demand_an_old_one_says_nothing() {
        assert_eq!(clock(u64::MAX, Some(0), 0), Clock::Agrees);
        assert_eq!(
            clock(0, Some(u64::MAX), 0),
            Clock::Off { seconds: i64::MIN }
        );
    }
}
