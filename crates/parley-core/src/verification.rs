//! How far what a node said was recomputed on this device.

/// The level that was reached; a higher one includes the lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verification {
    /// The transaction's hash and signer were recomputed.
    Signer,
    /// And its block: transactions root, header hash and parent link.
    Block,
}
