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
        let ahead = self.bytes.get(self.position >> 3..).unwrap_or_default();
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

    /// The next 64 bits, zeros after the end: all that a field can have. They lie in nine octets, or
    /// near the end in the last eight.
    #[inline(always)]
    fn window(&self) -> u64 {
        let ahead = self.bytes.get(self.position >> 3..).unwrap_or_default();
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
    pending: u128,
    held: u32,
}

impl BitWriter {
    /// A bit string after `bytes`, which are kept as they are, on whole octets.
    #[must_use]
    pub const fn after(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            pending: 0,
            held: 0,
        }
    }

    /// Appends the low `count` bits of `value`; at most 64.
    #[inline]
    pub fn put(&mut self, value: u64, count: u32) {
        let count = count.min(64);
        let kept = u128::from(value) & (1_u128.wrapping_shl(count)).wrapping_sub(1);
        self.pending = (self.pending << count) | kept;
        self.held = self.held.wrapping_add(count);
        if self.held >= 64 {
            self.held = self.held.wrapping_sub(64);
            let word = (self.pending >> self.held) as u64;
            self.bytes.extend_from_slice(&word.to_be_bytes());
        }
    }

    /// Appends whole octets.
    pub fn put_bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.put(u64::from_be_bytes(*word), 64);
        }
        for byte in rest {
            self.put(u64::from(*byte), 8);
        }
    }

    /// The octets, the last one padded with zero bits.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let word = (self.pending << 64_u32.wrapping_sub(self.held)) as u64;
        let octets = self.held.div_ceil(8) as usize;
        self.bytes.extend(word.to_be_bytes().iter().take(octets));
        self.bytes
    }
}
