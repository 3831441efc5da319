//! The exact gas of a Whiteflag transaction, computed on the device: no node is asked, because a
//! node can lie and some are wrong. The transaction runs no code: it goes from an account to itself.

/// The rules that decide what a transaction costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// EIP-7623 calldata floor, 21,000 base.
    Osaka,
    /// EIP-2780 base for a transaction to oneself, EIP-7976 floor of 64 for every octet.
    Amsterdam,
    /// Not known: the larger of both, since unused gas is given back.
    Unknown,
}

const OSAKA_BASE: u64 = 21_000;
const AMSTERDAM_SELF_BASE: u64 = 12_000;

/// The gas limit of a transaction to oneself with this calldata and value 0.
///
/// ```
/// use parley_core::gas::{Fork, limit};
/// assert_eq!(limit(&[1; 64], Fork::Osaka), 21_000 + 40 * 64); // EIP-7623
/// ```
#[must_use]
pub fn limit(calldata: &[u8], fork: Fork) -> u64 {
    match fork {
        Fork::Osaka => osaka(calldata),
        Fork::Amsterdam => amsterdam(calldata),
        Fork::Unknown => osaka(calldata).max(amsterdam(calldata)),
    }
}

fn osaka(calldata: &[u8]) -> u64 {
    let (zero, nonzero) = octets(calldata);
    let intrinsic = price(zero, 4).saturating_add(price(nonzero, 16));
    let floor = price(zero, 10).saturating_add(price(nonzero, 40));
    OSAKA_BASE.saturating_add(intrinsic.max(floor))
}

fn amsterdam(calldata: &[u8]) -> u64 {
    let (zero, nonzero) = octets(calldata);
    let intrinsic = price(zero, 4).saturating_add(price(nonzero, 16));
    let floor = price(zero.saturating_add(nonzero), 64);
    AMSTERDAM_SELF_BASE.saturating_add(intrinsic.max(floor))
}

fn octets(calldata: &[u8]) -> (u64, u64) {
    let zero = calldata.iter().filter(|octet| **octet == 0).count() as u64;
    (zero, (calldata.len() as u64).saturating_sub(zero))
}

fn price(octets: u64, each: u64) -> u64 {
    octets.saturating_mul(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn osaka_charges_the_floor_for_every_octet() {
        assert_eq!(limit(&[], Fork::Osaka), 21_000);
        assert_eq!(limit(&[7; 63], Fork::Osaka), 21_000 + 63 * 40);
        assert_eq!(limit(&[0; 32], Fork::Osaka), 21_000 + 32 * 10);
    }

    #[test]
    fn amsterdam_does_not_tell_zero_octets_apart() {
        assert_eq!(limit(&[7; 63], Fork::Amsterdam), 16_032);
        assert_eq!(limit(&[0; 63], Fork::Amsterdam), 16_032);
    }

    #[test]
    fn long_texts_cost_more_on_amsterdam_and_the_unknown_fork_pays_for_that() {
        let text = [b'x'; 1000];
        assert_eq!(limit(&text, Fork::Osaka), 61_000);
        assert_eq!(limit(&text, Fork::Unknown), 76_000);
        assert_eq!(limit(&[b'x'; 200], Fork::Unknown), 29_000);
    }
}
