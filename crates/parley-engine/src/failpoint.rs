//! Where a test can end the program between two steps of sending that are no commits: what was sealed
//! and not offered, what was answered and not kept. Without the feature `failpoints` nothing of it is
//! compiled.

/// The program ends here if `PARLEY_FAIL` says so, as at the points of the store.
#[cfg(feature = "failpoints")]
pub(crate) fn pass(side: &str, what: &str) {
    parley_store::end_if_asked(side, what);
}

#[cfg(not(feature = "failpoints"))]
#[inline]
pub(crate) fn pass(_side: &str, _what: &str) {}

/// Everything between whose beginning and end the program may be lost, with a point before and a
/// point after it.
#[cfg(feature = "failpoints")]
pub const FAILPOINTS: &[&str] = &[
    "look",
    "offer",
    "offer-second",
    "round",
    "sign",
    "sign-another",
];
