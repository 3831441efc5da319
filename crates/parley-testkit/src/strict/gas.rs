//! What a transaction without code costs, written again from the EIPs: the strict node must not
//! share a mistake with what it tests. It decides nothing about a transaction.

use alloy_eips::eip2930::AccessList;
use alloy_primitives::{Address, U256};

/// EIP-7825: no transaction may ask for more; in Amsterdam only what it must pay is capped.
pub(super) const MOST_GAS: u64 = 1 << 24;

/// What the price of a transaction depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) value: U256,
    pub(super) input: &'a [u8],
    pub(super) access: &'a AccessList,
}

/// The two least amounts of gas that a transaction must offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    /// Before the first instruction runs.
    pub(super) intrinsic: u64,
    /// For its octets, whatever it does (EIP-7623, EIP-7976).
    pub(super) floor: u64,
}

impl Needs {
    /// What it must offer, and, as no code runs here, what it uses.
    pub(super) fn least(self) -> u64 {
        self.intrinsic.max(self.floor)
    }
}

/// The prices that a fork changes.
struct Prices {
    /// Gas for a byte of the floor: zero, not zero.
    floor: [u64; 2],
    /// Gas for an address and a storage key of an access list (EIP-2930, EIP-8038).
    access: [u64; 2],
    /// Gas for each byte of an access list, in both sums (EIP-7981).
    access_byte: u64,
}

const OSAKA: Prices = Prices {
    floor: [10, 40],
    access: [2_400, 1_900],
    access_byte: 0,
};
const AMSTERDAM: Prices = Prices {
    floor: [64, 64],
    access: [2_900, 2_000],
    access_byte: 64,
};

/// What a call costs in Osaka, or in Amsterdam.
pub(super) fn needs(amsterdam: bool, call: Call<'_>) -> Needs {
    let prices = if amsterdam { &AMSTERDAM } else { &OSAKA };
    let base = if amsterdam { resources(call) } else { 21_000 };
    let zeros = call.input.iter().filter(|byte| **byte == 0).count() as u64;
    let others = call.input.len() as u64 - zeros;
    let (list, octets) = access(prices, call.access);
    Needs {
        intrinsic: base + 4 * zeros + 16 * others + list + octets,
        floor: base + prices.floor[0] * zeros + prices.floor[1] * others + octets,
    }
}

/// EIP-2780: the base by what a transaction touches.
fn resources(call: Call<'_>) -> u64 {
    let to_another = call.to != call.from;
    let recipient = if to_another { 3_000 } else { 0 };
    let transfer = if to_another && !call.value.is_zero() {
        6_000
    } else {
        0
    };
    12_000 + recipient + transfer
}

/// What an access list costs, and what its octets cost besides.
fn access(prices: &Prices, list: &AccessList) -> (u64, u64) {
    let addresses = list.0.len() as u64;
    let keys: u64 = list
        .0
        .iter()
        .map(|item| item.storage_keys.len() as u64)
        .sum();
    (
        addresses * prices.access[0] + keys * prices.access[1],
        (20 * addresses + 32 * keys) * prices.access_byte,
    )
}

#[cfg(test)]
mod tests {
    use alloy_eips::eip2930::AccessListItem;
    use alloy_primitives::B256;

    use super::*;

    const SELF: Address = Address::repeat_byte(0x11);

    fn list(keys: &[usize]) -> AccessList {
        let item = |count: &usize| AccessListItem {
            address: SELF,
            storage_keys: vec![B256::ZERO; *count],
        };
        AccessList(keys.iter().map(item).collect())
    }

    fn of(amsterdam: bool, to: Address, value: u64, input: &[u8], keys: &[usize]) -> Needs {
        let access = list(keys);
        let call = Call {
            from: SELF,
            to,
            value: U256::from(value),
            input,
            access: &access,
        };
        needs(amsterdam, call)
    }

    /// The cases of go-ethereum's `TestFloorDataGas` (core/state_transition_test.go, 2026-08-20).
    #[test]
    fn the_floor_is_what_geths_vectors_say() {
        let mixed = [[0_u8; 50], [0xFF; 50]].concat();
        let cases: [(bool, &[u8], &[usize], u64); 11] = [
            (false, &[], &[], 21_000),
            (false, &[0; 100], &[], 22_000),
            (false, &[0xFF; 100], &[], 25_000),
            (false, &mixed, &[], 23_500),
            (false, &[0xFF; 10], &[2], 21_400),
            (true, &[], &[], 12_000),
            (true, &[0; 1_024], &[], 12_000 + 65_536),
            (true, &[0xFF; 1_024], &[], 12_000 + 65_536),
            (true, &[], &[0, 0], 12_000 + 2_560),
            (true, &[], &[2], 12_000 + 5_376),
            (true, &[0xFF; 100], &[1, 2], 12_000 + 944 * 16),
        ];
        for (amsterdam, input, keys, want) in cases {
            let case = format!("{amsterdam} {} {keys:?}", input.len());
            assert_eq!(of(amsterdam, SELF, 0, input, keys).floor, want, "{case}");
        }
    }

    /// EIP-2780, and go-ethereum's `TestEIP2780Intrinsic`.
    #[test]
    fn in_amsterdam_the_base_depends_on_what_is_touched() {
        let other = Address::repeat_byte(0x22);
        for (to, value, want) in [
            (SELF, 0, 12_000),
            (SELF, 1, 12_000),
            (other, 0, 15_000),
            (other, 1, 21_000),
        ] {
            assert_eq!(of(true, to, value, &[], &[]).intrinsic, want);
            assert_eq!(of(false, to, value, &[], &[]).intrinsic, 21_000);
        }
    }

    #[test]
    fn the_intrinsic_gas_counts_bytes_and_access_lists() {
        assert_eq!(of(false, SELF, 0, &[0, 1, 2], &[]).intrinsic, 21_036);
        assert_eq!(
            of(false, SELF, 0, &[], &[2]).intrinsic,
            21_000 + 2_400 + 3_800
        );
        let amsterdam = 12_000 + 2_900 + 4_000 + 84 * 64;
        assert_eq!(of(true, SELF, 0, &[], &[2]).intrinsic, amsterdam);
    }

    /// Measured on a node: 64 octets, none of them zero, to oneself.
    #[test]
    fn a_message_costs_its_floor() {
        assert_eq!(of(false, SELF, 0, &[7; 64], &[]).least(), 23_560);
        assert_eq!(of(true, SELF, 0, &[7; 64], &[]).least(), 16_096);
    }
}
