//! Where a test can end the program as a power cut would: before and after each kind of commit and of
//! change of a file. Without the feature `failpoints` nothing of it is compiled.

/// The program ends here if `PARLEY_FAIL` is `<side>-<what>`, or `<side>-<what>:<n>` at the n-th pass.
#[cfg(feature = "failpoints")]
pub fn pass(side: &str, what: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    };
    static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let wanted = WANTED.get_or_init(|| Some(parse(&std::env::var("PARLEY_FAIL").ok()?)));
    let Some((point, turn)) = wanted else { return };
    let here = point
        .strip_prefix(side)
        .and_then(|rest| rest.strip_prefix('-'));
    if here == Some(what) && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *turn {
        std::process::abort();
    }
}

#[cfg(feature = "failpoints")]
fn parse(text: &str) -> (String, u64) {
    let numbered = text
        .split_once(':')
        .and_then(|(point, turn)| Some((point.to_owned(), turn.parse().ok()?)));
    numbered.unwrap_or_else(|| (text.to_owned(), 1))
}

#[cfg(not(feature = "failpoints"))]
#[inline]
pub(crate) fn pass(_side: &str, _what: &str) {}

/// Everything that has a point before and a point after it, in the order of the alphabet.
#[cfg(feature = "failpoints")]
pub const FAILPOINTS: &[&str] = &[
    "add-endpoint",
    "advance",
    "attempt",
    "backup",
    "cancel",
    "checked",
    "count-traffic",
    "create",
    "demote",
    "displace",
    "follow",
    "give-up",
    "hurry",
    "keep",
    "leave",
    "look-again",
    "looked",
    "mended",
    "migrate",
    "more",
    "order-endpoints",
    "pardon",
    "pin-genesis",
    "put-back",
    "queue",
    "raise",
    "raise-nonce",
    "remove-endpoint",
    "replace",
    "resume",
    "salvage",
    "seal-burst",
    "set",
    "set-aside",
    "stop",
    "tell",
    "unfollow",
    "unset",
    "untell",
    "witness",
];
