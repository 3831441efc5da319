//! What the person chose about the network: kept as one setting, so that it changes whole.

use parley_core::fees::Cap;
use parley_store::{Store, StoreError};
use parley_wire::{Changed, Failure, Settings};

use crate::failure;
use crate::parley::Parley;

const KEY: &str = "network";
/// The resolved first block of receiving; forgotten when the person chooses another start.
const FIRST: &str = "first-block";
/// Longer than this nobody should wait for help.
const MOST_UNDO: u32 = 120;
const GWEI: u128 = 1_000_000_000;

/// What was chosen; what was never chosen is the usual.
pub(crate) fn read(store: &Store) -> Result<Settings, StoreError> {
    let text = store.setting(KEY)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// The first block that is received, once that is known.
pub(crate) fn first_block(store: &Store) -> Result<Option<u64>, StoreError> {
    let text = store.setting(FIRST)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Keeps the first block that is received.
pub(crate) fn keep_first_block(store: &mut Store, number: u64) -> Result<(), StoreError> {
    store.set(FIRST, &number.to_string())
}

/// What may be offered for gas at most.
pub(crate) fn cap(settings: &Settings) -> Cap {
    let usual = Cap::default();
    match settings.most_gwei {
        None => usual,
        Some(gwei) => {
            let max_fee = u128::from(gwei).saturating_mul(GWEI).max(1);
            Cap {
                max_fee,
                priority_fee: usual.priority_fee.min(max_fee),
            }
        }
    }
}

impl Parley {
    /// What the person chose about the network.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn settings(&self) -> Result<Settings, Failure> {
        self.with_store(|store| read(store)).await
    }

    /// Chooses anew.
    ///
    /// # Errors
    /// The proxy is none, or a time is too long. Then nothing changed.
    pub async fn choose(&self, settings: Settings) -> Result<(), Failure> {
        if settings.undo_seconds > MOST_UNDO {
            return Err(failure::bad_input(format!(
                "The time for undoing was not changed: it can be {MOST_UNDO} seconds at most, so that \
                 no message waits for long."
            )));
        }
        if settings.most_gwei == Some(0) {
            return Err(failure::bad_input(
                "The highest fee was not changed: with a limit of 0 nothing could be sent.",
            ));
        }
        let proxy = settings.proxy.as_deref();
        if proxy.is_some() && self.inner.outside.carrier(proxy).is_none() {
            return Err(failure::bad_input(
                "The proxy was not changed: this is not the address of a SOCKS proxy. It looks like \
                 socks5h://127.0.0.1:9050.",
            ));
        }
        let text = serde_json::to_string(&settings).map_err(|_| {
            failure::bad_input("These settings cannot be kept. Nothing was changed.")
        })?;
        self.with_store(move |store| {
            let another_start = read(store)?.start != settings.start;
            store.set(KEY, &text)?;
            if another_start {
                store.unset(FIRST)?;
            }
            Ok(())
        })
        .await?;
        self.say(Changed::Network);
        self.say(Changed::Status);
        self.inner.wake.notify_one();
        Ok(())
    }
}
