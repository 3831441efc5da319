//! What the engine is given from outside: the time, chance, and a way to endpoints. In a test all of
//! it is made from one seed, so that whatever went wrong goes wrong again.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use parley_chain::{Carrier, Http, HttpSettings};

/// Time, chance and network.
pub trait Outside: Send + Sync {
    /// Seconds since 1970 UTC, by the device's clock, which may be wrong.
    fn now(&self) -> u64;

    /// A random number. Used for pauses only, never for keys.
    fn roll(&self) -> u64;

    /// A way to endpoints, through a SOCKS proxy where one is named; `None` where that is no proxy.
    fn carrier(&self, proxy: Option<&str>) -> Option<Arc<dyn Carrier>>;

    /// How many octets are left on the storage that holds `dir`; `None` where the system does not
    /// say.
    fn room(&self, dir: &std::path::Path) -> Option<u64>;
}

/// The device itself.
pub(crate) struct Device;

impl Outside for Device {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> u64 {
        // A clock before 1970 reads as 1970.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs())
    }

    fn roll(&self) -> u64 {
        // Without chance every pause is the longest, which is safe.
        getrandom::u64().unwrap_or(u64::MAX)
    }

    fn carrier(&self, proxy: Option<&str>) -> Option<Arc<dyn Carrier>> {
        let proxy = match proxy {
            Some(proxy) => Some(proxy.parse().ok()?),
            None => None,
        };
        let settings = HttpSettings {
            proxy,
            ..HttpSettings::default()
        };
        let http = Http::new(&settings).ok()?;
        Some(Arc::new(http))
    }

    fn room(&self, dir: &std::path::Path) -> Option<u64> {
        parley_store::free_room(dir)
    }
}
