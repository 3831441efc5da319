//! Random numbers that a seed repeats. Never asks the system for any.

/// A sequence of numbers, always the same for the same seed.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// Any seed will do; neighbours give unlike sequences.
    pub(super) fn new(seed: u64) -> Self {
        // The generator stands still at zero, and begins alike for small seeds.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(super) fn hits(&mut self, percent: u8) -> bool {
        percent >= 100 || self.next() % 100 < u64::from(percent)
    }

    /// Xorshift with a final multiplication (Marsaglia 2003, Vigna 2016).
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    }
}
