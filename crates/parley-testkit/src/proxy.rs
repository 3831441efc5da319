//! A proxy in front of a node that misbehaves as it is told: it loses, cuts and delays answers
//! ([`Fault`]), says what is not so ([`Lie`]), and can be slow and mostly away ([`Link`]). It is the
//! node's bad day for whole-system tests; it never does anything that its script does not say, and
//! with an empty script hands everything on octet by octet.
//!
//! ```no_run
//! use parley_testkit::{Anvil, Fault, Lie, Proxy};
//!
//! let node = Anvil::start();
//! let proxy = Proxy::before(&node.url());
//! proxy.script(|script| {
//!     // The next transaction is taken, and its answer lost.
//!     script.fault(Fault::DropAfter).on("eth_sendRawTransaction").at_most(1);
//!     // Every third question of a balance is answered with nothing.
//!     script.lie(Lie::BalanceZero).every(3);
//! });
//! // … a client works with proxy.url() …
//! proxy.script(|script| script.clear());
//! assert_eq!(proxy.seen().offered(), 1);
//! ```
//!
//! What chance decides, a seed repeats ([`Proxy::seeded`]), for the same requests in the same order.
//! Two proxies with the same seed invent the same messages and the same chains: two censoring
//! endpoints of three are two proxies with `Lie::OmitAndRecount(1)`. The proxy ends with its value:
//! its port is free then, and its threads are gone.

mod branch;
mod chance;
mod fault;
mod forge;
mod http;
mod lie;
mod link;
mod node;
mod script;
mod seen;
mod serve;
mod tell;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

pub use fault::{Fault, HUGE};
pub use lie::Lie;
pub use link::{Conditions, Link, Outcome};
pub use script::{Rule, Script};
pub use seen::Seen;

use serve::Shared;

/// A running proxy.
pub struct Proxy {
    shared: Arc<Shared>,
    port: u16,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A proxy before a node, which need not be there yet.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn before(node_url: &str) -> Self {
        Self::seeded(node_url, 1)
    }

    /// A proxy whose chances and inventions are those of a seed.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn seeded(node_url: &str, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its port").port();
        let shared = Arc::new(Shared::new(node_url, seed, port));
        let thread = serve::start(Arc::clone(&shared), listener);
        Self {
            shared,
            port,
            thread: Some(thread),
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Changes what it does from now on. Requests that are under way end as they began.
    pub fn script(&self, write: impl FnOnce(&mut Script)) {
        self.shared.script(write);
    }

    /// Everything from now on goes through a bad connection, or no longer does. Times are real ones
    /// here, and what is lost is closed at once: a simulation asks [`Link::carry`] itself.
    pub fn link(&self, link: Option<Link>) {
        self.shared.link(link);
    }

    /// What it has seen so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.shared.seen()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.end();
        // A thread that panicked has said so; the test that looks at its answers fails.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
