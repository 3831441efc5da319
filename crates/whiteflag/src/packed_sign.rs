//! The fields of a sign on the wire (specification 4.3.1): 202 bits that begin five bits into an
//! octet, in a test message too. Owns where they lie; knows nothing of the rest of a message.

use crate::{DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits, Sign, bcd};

/// The octets that a sign lies in, the first five bits and the last one not its own.
pub(crate) const OCTETS: usize = 26;
/// How many bits of the last one are used.
pub(crate) const LAST: u32 = 7;
/// How many bits it has.
pub(crate) const BITS: u32 = 202;

/// The octets are seen as two words that overlap: the first 16 of them and the last 16.
impl Sign {
    /// Reads a sign; `None` where a decimal digit is above 9.
    #[inline]
    pub(crate) fn from_octets(octets: &[u8; OCTETS]) -> Option<Self> {
        let first = u128::from_be_bytes(*octets.first_chunk()?);
        let last = u128::from_be_bytes(*octets.last_chunk()?);
        let date_time = bits(first, 59, 56);
        let duration = bits(first, 35, 24);
        let latitude = bits(last, 78, 29);
        let longitude = bits(last, 45, 33);
        // All 46 digits in three words: without the signs of the coordinates.
        let middle = (duration << 40) | (bits(last, 78, 28) << 12) | bits(last, 65, 12);
        let end = bits(last, 1, 64);
        if !bcd::are_decimal([date_time, middle, end]) {
            return None;
        }
        Some(Self {
            subject: bits(first, 115, 8) as u8,
            date_time: DateTimeDigits::known(date_time),
            duration: DurationDigits::known(duration as u32),
            object_type: bits(first, 27, 8) as u8,
            latitude: LatitudeDigits::known(latitude as u32),
            longitude: LongitudeDigits::known(longitude),
            dim1: Decimals::known(bits(last, 29, 16) as u16),
            dim2: Decimals::known(bits(last, 13, 16) as u16),
            orientation: Decimals::known(bits(last, 1, 12) as u16),
        })
    }

    /// Writes it; the bits that are not its own are zero.
    #[inline]
    pub(crate) fn to_octets(self) -> [u8; OCTETS] {
        let first = (u128::from(self.subject) << 115)
            | (u128::from(self.date_time.packed()) << 59)
            | (u128::from(self.duration.packed()) << 35)
            | (u128::from(self.object_type) << 27);
        let last = (u128::from(self.latitude.packed()) << 78)
            | (u128::from(self.longitude.packed()) << 45)
            | (u128::from(self.dim1.packed()) << 29)
            | (u128::from(self.dim2.packed()) << 13)
            | (u128::from(self.orientation.packed()) << 1);
        // The latitude begins in the last octets of the first word, which the second one repeats.
        let first = first | (last >> 80);
        let mut octets = [0; OCTETS];
        if let Some(place) = octets.first_chunk_mut() {
            *place = first.to_be_bytes();
        }
        if let Some(place) = octets.last_chunk_mut() {
            *place = (last | (first << 80)).to_be_bytes();
        }
        octets
    }
}

/// `count` bits of a word, which lie above `below` others.
#[inline]
const fn bits(word: u128, below: u32, count: u32) -> u64 {
    let unwanted = 64_u32.wrapping_sub(count);
    (word.wrapping_shr(below) as u64)
        .wrapping_shl(unwanted)
        .wrapping_shr(unwanted)
}
