//! What each account had at each height: nonce and wei. A chain that is rewound forgets the heights
//! above. It checks nothing.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};

/// An account at some height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) nonce: u64,
    pub(super) balance: U256,
}

/// All accounts, each with the heights at which it changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts(BTreeMap<Address, BTreeMap<u64, Account>>);

impl Accounts {
    /// The account after the newest block.
    pub(super) fn now(&self, address: Address) -> Account {
        self.at(address, u64::MAX)
    }

    /// The account after the block at this height.
    pub(super) fn at(&self, address: Address, height: u64) -> Account {
        let changes = self.0.get(&address);
        let last = changes.and_then(|changes| changes.range(..=height).next_back());
        last.map(|(_, account)| *account).unwrap_or_default()
    }

    /// Changes the account in the block at this height, the newest.
    pub(super) fn change(&mut self, address: Address, height: u64, f: impl FnOnce(&mut Account)) {
        let mut account = self.now(address);
        f(&mut account);
        self.0.entry(address).or_default().insert(height, account);
    }

    /// Gives wei as if the account had had them from the first block on: no reorganisation takes them.
    pub(super) fn endow(&mut self, address: Address, wei: U256) {
        let changes = self.0.entry(address).or_default();
        changes.entry(0).or_default();
        for account in changes.values_mut() {
            account.balance += wei;
        }
    }

    /// Forgets what changed above this height.
    pub(super) fn rewind(&mut self, height: u64) {
        for changes in self.0.values_mut() {
            changes.split_off(&(height + 1));
        }
    }
}
