//! Hexadecimal digits as the uncompressed and JSON forms and people write them: read in either
//! case. Knows nothing of messages.

/// The octet of two hexadecimal digits, either case.
pub(crate) fn parse_byte(text: &str) -> Option<u8> {
    let mut octet = [0];
    parse_into(text, &mut octet)?;
    let [octet] = octet;
    Some(octet)
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
    let mut octets = vec![0; text.len() / 2];
    parse_into(text, &mut octets)?;
    Some(octets)
}

/// As [`parse_bytes`], for a known number of octets; nothing else fits.
pub(crate) fn parse_into(text: &str, octets: &mut [u8]) -> Option<()> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if pairs.len() != octets.len() {
        return None;
    }
    // All values together show whether one of them is none: no jump for each digit.
    let mut all = 0;
    for ([high, low], octet) in pairs.iter().zip(octets) {
        let (high, low) = (value(*high), value(*low));
        *octet = (high << 4) | (low & 0xF);
        all |= high | low;
    }
    (all <= 0xF).then_some(())
}

/// Appends lower-case digits, as hashes, cryptographic data and whole messages are written.
pub(crate) fn append_lower(octets: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start.saturating_add(octets.len().saturating_mul(2)), 0);
    let space = out.get_mut(start..).unwrap_or_default();
    for (octet, pair) in octets.iter().zip(space.as_chunks_mut::<2>().0) {
        *pair = lower_pair(*octet);
    }
}

/// Lower-case digits.
pub(crate) fn lower(octets: &[u8]) -> String {
    let mut out = Vec::with_capacity(octets.len().saturating_mul(2));
    append_lower(octets, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Lower-case digits of a hash.
pub(crate) fn lower_hash(octets: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    for (octet, pair) in octets.iter().zip(digits.as_chunks_mut::<2>().0) {
        *pair = lower_pair(*octet);
    }
    digits
}

/// One digit, upper case, as methods are written.
pub(crate) const fn upper_digit(nibble: u8) -> u8 {
    digit(nibble, b'A')
}

/// Two digits, upper case, as codes are written.
pub(crate) const fn upper_pair(octet: u8) -> [u8; 2] {
    [digit(octet >> 4, b'A'), digit(octet & 0xF, b'A')]
}

const fn lower_pair(octet: u8) -> [u8; 2] {
    [digit(octet >> 4, b'a'), digit(octet & 0xF, b'a')]
}

const fn digit(nibble: u8, ten: u8) -> u8 {
    let low = nibble & 0xF;
    if low < 10 {
        low.wrapping_add(b'0')
    } else {
        low.wrapping_add(ten.wrapping_sub(10))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    Some(value(digit)).filter(|value| *value <= 0xF)
}

/// The value of a digit, either case; more than 15 for what is none.
const fn value(digit: u8) -> u8 {
    let decimal = digit.wrapping_sub(b'0');
    let letter = (digit | 0x20).wrapping_sub(b'a');
    if decimal < 10 {
        decimal
    } else if letter < 6 {
        letter.wrapping_add(10)
    } else {
        0xFF
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library_and_nothing_else() {
        for digit in 0..=u8::MAX {
            let wanted = char::from(digit).to_digit(16).map(|value| value as u8);
            let text = char::from(digit).to_string();
            assert_eq!(parse_nibble(&text), wanted, "{digit}");
        }
        assert_eq!(parse_byte("aF"), Some(0xAF));
        assert_eq!(parse_byte("a"), None);
        assert_eq!(parse_bytes("0g"), None);
        assert_eq!(parse_bytes("001"), None);
        assert_eq!(lower(&[0x0F, 0xA9]), "0fa9");
        assert_eq!(upper_pair(0x9F), *b"9F");
    }
}
