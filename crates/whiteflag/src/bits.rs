//! Bit strings, most significant bit first, without gaps: what the compressed
//! form of a message is made of (specification 4.1). Knows nothing of fields.

/// Reads a bit string from its first bit to its last.
#[derive(Clone, Debug)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> BitReader<'a> {
    /// Starts at the first bit of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// How many bits are left.
    #[must_use]
    #[inline]
    pub const fn remaining(&self) -> usize {
        // The position is never behind the end.
        self.bytes
            .len()
            .saturating_mul(8)
            .wrapping_sub(self.position)
    }

    /// The next `count` bits as a number, or `None` (and nothing is consumed)
    /// when fewer are left or `count` is more than 64.
    #[inline(always)]
    pub fn take(&mut self, count: u32) -> Option<u64> {
        if count > 64 || self.remaining() < count as usize {
            return None;
        }
        let unwanted = 64_u32.wrapping_sub(count);
        let value = self.window().checked_shr(unwanted).unwrap_or_default();
        self.position = self.position.wrapping_add(count as usize);
        Some(value)
    }

    /// Fills `octets` with the next ones, or gives `None` (and nothing is consumed) when fewer are
    /// left.
    #[inline]
    pub fn take_octets(&mut self, octets: &mut [u8]) -> Option<()> {
        let count = octets.len().checked_mul(8)?;
        if self.remaining() < count {
            return None;
        }
        let ahead = self.ahead();
        let into = (self.position & 7) as u32;
        for (octet, high) in octets.iter_mut().zip(ahead) {
            *octet = high << into;
        }
        // Without a next octet nothing of it is wanted: then the position is between two octets.
        let next = ahead.get(1..).unwrap_or_default();
        for (octet, low) in octets.iter_mut().zip(next) {
            *octet |= (u16::from(*low) >> 8_u32.wrapping_sub(into)) as u8;
        }
        self.position = self.position.wrapping_add(count);
        Some(())
    }

    /// The octets from that on in which the next bit lies.
    #[inline]
    pub(crate) fn ahead(&self) -> &'a [u8] {
        self.bytes.get(self.position >> 3..).unwrap_or_default()
    }

    /// Passes over bits that were read from [`BitReader::ahead`].
    #[inline]
    pub(crate) const fn skip(&mut self, count: u32) {
        self.position = self.position.wrapping_add(count as usize);
    }

    /// The next 64 bits, zeros after the end: all that a field can have. They lie in nine octets, or
    /// near the end in the last eight.
    #[inline(always)]
    fn window(&self) -> u64 {
        let ahead = self.ahead();
        let into = (self.position & 7) as u32;
        if let Some([word @ .., next]) = ahead.first_chunk::<9>() {
            let next = u64::from(*next) >> 8_u32.wrapping_sub(into);
            return (u64::from_be_bytes(*word) << into) | next;
        }
        if let Some(word) = self.bytes.last_chunk::<8>() {
            let used = 64_usize.wrapping_sub(self.remaining()) as u32;
            return u64::from_be_bytes(*word).wrapping_shl(used);
        }
        let mut word = [0; 8];
        for (place, octet) in word.iter_mut().zip(ahead) {
            *place = *octet;
        }
        u64::from_be_bytes(word) << into
    }
}

/// Builds a bit string; the last octet is filled up with zero bits.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// How many bits of the last octet are used; 0 when all are.
    used: u32,
}

impl BitWriter {
    /// A bit string after `bytes`, which are kept as they are, on whole octets.
    #[must_use]
    pub const fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, used: 0 }
    }

    /// Appends the low `count` bits of `value`; at most 64.
    #[inline]
    pub fn put(&mut self, value: u64, count: u32) {
        let count = count.min(64);
        let unwanted = 128_u32.wrapping_sub(count);
        let first = u128::from(value).checked_shl(unwanted).unwrap_or_default();
        let placed = (first >> self.used).to_be_bytes();
        let bits = self.used.wrapping_add(count);
        let octets = placed.get(..bits.div_ceil(8) as usize);
        self.join(octets.unwrap_or_default(), bits & 7);
    }

    /// Appends whole octets.
    pub fn put_bytes(&mut self, bytes: &[u8]) {
        self.bytes.reserve(bytes.len().saturating_add(1));
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.put(u64::from_be_bytes(*word), 64);
        }
        for byte in rest {
            self.put(u64::from(*byte), 8);
        }
    }

    /// Appends octets of which the first lies over the last one so far, where that is not full, and
    /// is zero in the bits used of it. Of the last one `used` bits are used, or all for 0.
    #[inline]
    pub(crate) fn join(&mut self, octets: &[u8], used: u32) {
        let mut further = octets;
        if self.used > 0
            && let (Some(last), [first, rest @ ..]) = (self.bytes.last_mut(), octets)
        {
            *last |= first;
            further = rest;
        }
        self.bytes.extend_from_slice(further);
        self.used = used;
    }

    /// The octets, the last one padded with zero bits.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
