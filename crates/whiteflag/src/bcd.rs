//! Binary coded decimals: four bits per digit, most significant digit first.
//! Works on packed words; never allocates.

use std::fmt;

/// Whether every nibble is a decimal digit.
#[inline]
pub(crate) const fn is_decimal(packed: u64) -> bool {
    above_nine(packed) == 0
}

/// As [`is_decimal`], for the digits of several fields at once.
#[inline]
pub(crate) const fn are_decimal([one, two, three]: [u64; 3]) -> bool {
    above_nine(one) | above_nine(two) | above_nine(three) == 0
}

/// The highest bit of each nibble that is above 9: it is set together with that of weight 4 or 2.
#[inline]
const fn above_nine(packed: u64) -> u64 {
    packed & ((packed << 1) | (packed << 2)) & 0x8888_8888_8888_8888
}

/// The number that up to 16 packed digits stand for, adding neighbours pairwise.
#[inline]
pub(crate) const fn to_number(packed: u64) -> u64 {
    const fn join(value: u64, mask: u64, bits: u32, weight: u64) -> u64 {
        (value & mask).wrapping_add((value.wrapping_shr(bits) & mask).wrapping_mul(weight))
    }
    let pairs = join(packed, 0x0F0F_0F0F_0F0F_0F0F, 4, 10);
    let fours = join(pairs, 0x00FF_00FF_00FF_00FF, 8, 100);
    let eights = join(fours, 0x0000_FFFF_0000_FFFF, 16, 10_000);
    join(eights, 0xFFFF_FFFF, 32, 100_000_000)
}

/// The lowest `digits` (at most 16) decimal digits of a number, packed.
#[inline]
pub(crate) const fn from_number(mut number: u64, digits: u32) -> u64 {
    let mut packed = 0_u64;
    let mut digit = 0;
    while digit < digits {
        packed |= (number % 10).wrapping_shl(digit.wrapping_mul(4));
        number /= 10;
        digit = digit.wrapping_add(1);
    }
    packed
}

/// `count` digits starting `from` digits above the lowest, as a number.
#[inline]
pub(crate) const fn part(packed: u64, from: u32, count: u32) -> u64 {
    let mask = 1_u64.wrapping_shl(count.wrapping_mul(4)).wrapping_sub(1);
    to_number(packed.wrapping_shr(from.wrapping_mul(4)) & mask)
}

/// Packs the digits of `text`, which must have the form of `pattern`: a `9` in
/// the pattern stands for any digit, everything else for itself.
#[inline]
pub(crate) fn parse(text: &str, pattern: &str) -> Option<u64> {
    if text.len() != pattern.len() {
        return None;
    }
    let mut packed = 0_u64;
    let mut wrong = false;
    for (found, wanted) in text.bytes().zip(pattern.bytes()) {
        if wanted == b'9' {
            let digit = found.wrapping_sub(b'0');
            packed = (packed << 4) | u64::from(digit & 0xF);
            wrong |= digit > 9;
        } else {
            wrong |= wanted != found;
        }
    }
    (!wrong).then_some(packed)
}

/// Writes packed digits in the form of `pattern`, which must fit into `out`; the reverse of
/// [`parse`].
#[inline]
pub(crate) fn write<'a>(packed: u64, pattern: &str, out: &'a mut [u8]) -> &'a [u8] {
    let mut rest = packed;
    for (place, wanted) in out.iter_mut().zip(pattern.bytes()).rev() {
        if wanted == b'9' {
            *place = b'0'.wrapping_add((rest & 0xF) as u8);
            rest >>= 4;
        } else {
            *place = wanted;
        }
    }
    out.get(..pattern.len()).unwrap_or_default()
}

/// Shows characters that were written here.
pub(crate) fn show(written: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(str::from_utf8(written).unwrap_or_default())
}
