//! Hexadecimal digits as the uncompressed and JSON forms write them.
//! Never allocates for a single octet more than its two digits.

use std::fmt::Write as _;

/// The octet of two hexadecimal digits, either case.
pub(crate) fn parse_byte(text: &str) -> Option<u8> {
    match parse_bytes(text)?.as_slice() {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// The nibble of one hexadecimal digit, either case.
pub(crate) fn parse_nibble(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [digit] => nibble(*digit),
        _ => None,
    }
}

/// The octets of an even number of hexadecimal digits, either case.
pub(crate) fn parse_bytes(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| Some((nibble(*high)? << 4) | nibble(*low)?))
        .collect()
}

/// Lower-case digits, as hashes and cryptographic data are written.
pub(crate) fn lower(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}
