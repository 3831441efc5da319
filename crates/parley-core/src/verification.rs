//! How far what a node said was recomputed on this device, and whether another one says the same.

/// The level that was reached; a higher one includes the lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verification {
    /// The transaction's hash and signer were recomputed.
    Signer,
    /// And its block: transactions root, header hash and parent link.
    Block,
    /// And a second endpoint named the same block, or one that follows it. That is found out anew
    /// from the blocks that were named; it is no property of a transaction that could be stored
    /// with it.
    Witnessed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_adds_to_what_was_recomputed() {
        assert!(Verification::Signer < Verification::Block);
        assert!(Verification::Block < Verification::Witnessed);
    }
}
