//! The exact gas of a Whiteflag transaction, computed on the device: no node is asked, because a
//! node can lie and some are wrong. The transaction runs no code: it goes from an account to itself.

/// The rules that decide what a transaction costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// EIP-7623 calldata floor, 21,000 base; since Prague.
    Osaka,
    /// EIP-2780 base for a transaction to oneself, EIP-7976 floor of 64 for every octet.
    Amsterdam,
    /// Not known: the larger of both, since unused gas is given back.
    Unknown,
}

/// After this many seconds without a new fork in the table, a public network may have had one that
/// this program does not know: forks came every six to nine months lately.
const STALE_S: u64 = 180 * 86_400;
/// A transaction that is signed this many seconds before a fork may be mined after it.
const SOON_S: u64 = 86_400;

impl Fork {
    /// The rules for a transaction that is signed now, by a network's `forks` (the times of their
    /// activation in seconds since 1970 UTC, oldest first), the time of its newest header, and
    /// whether that carries the fields that Amsterdam added (`blockAccessListHash`, `slotNumber`).
    ///
    /// What the header shows counts more than the table: a fork can be moved after this program was
    /// made. Where the two disagree, where a fork is a day away, and where the newest known one is
    /// older than 180 days, the rules are [`Fork::Unknown`]: a limit that is too high is given back,
    /// one that is too low is refused by every node. A fork at time 0 is in force for ever: a
    /// private network has the rules it was started with.
    #[must_use]
    pub fn at(forks: &[(u64, Self)], header_time: u64, looks_amsterdam: bool) -> Self {
        if looks_amsterdam {
            return Self::Amsterdam;
        }
        let is_soon = |at: u64| at > header_time && at.saturating_sub(header_time) <= SOON_S;
        let newest = forks.iter().rfind(|(at, _)| *at <= header_time);
        match newest {
            Some((_, Self::Amsterdam)) | None => Self::Unknown,
            Some(_) if forks.iter().any(|(at, _)| is_soon(*at)) => Self::Unknown,
            Some((since, _)) if *since > 0 && header_time.saturating_sub(*since) > STALE_S => {
                Self::Unknown
            }
            Some((_, fork)) => *fork,
        }
    }
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

/// The gas limit where a network may have rules of its own, as rollups have: for a `custom` network
/// what its node estimates counts too, up to four times what is computed here, so that a lie about
/// it cannot empty the account.
#[must_use]
pub fn limit_checked(calldata: &[u8], fork: Fork, custom: bool, estimate: Option<u64>) -> u64 {
    let local = limit(calldata, fork);
    match estimate.filter(|_| custom) {
        Some(estimate) => estimate.clamp(local, local.saturating_mul(4)),
        None => local,
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
mod tests;
