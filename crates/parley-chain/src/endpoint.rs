//! One endpoint of a network: the questions that Parley asks of it, with typed answers. What the
//! answers mean for a message is decided elsewhere.

mod account;
mod blocks;
mod meeting;
mod thin;
mod whereabouts;
mod witness;

use std::fmt;
use std::sync::Arc;

use crate::carrier::{Carrier, Http, HttpSettings};
use crate::failure::BadUrl;
use crate::transport::{Traffic, Transport};

pub use account::AccountFacts;
pub use blocks::{Fetched, Given, Settled};
pub use meeting::{CheckIn, Hello};
pub use thin::{Means, Told, Wanted};
pub use whereabouts::Whereabouts;

/// One endpoint of a network. Clones are the same endpoint.
#[derive(Clone)]
pub struct Endpoint {
    /// As the person wrote it.
    named: Arc<str>,
    pub(crate) transport: Transport,
}

impl Endpoint {
    /// An endpoint by its address, over connections of its own with the usual settings. Asks nothing.
    ///
    /// # Errors
    /// The address is not one of the web.
    pub fn new(url: &str) -> Result<Self, BadUrl> {
        let http = Http::new(&HttpSettings::default()).map_err(|_| BadUrl)?;
        Self::over(url, Arc::new(http))
    }

    /// An endpoint by its address, over a carrier that may serve others too. Asks nothing.
    ///
    /// # Errors
    /// The address is not one of the web.
    pub fn over(url: &str, carrier: Arc<dyn Carrier>) -> Result<Self, BadUrl> {
        Transport::over(url, carrier).map(|transport| Self {
            named: Arc::from(url),
            transport,
        })
    }

    /// Its address as it was given, octet for octet: whoever keeps something about an endpoint finds it
    /// by this.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.named
    }

    /// What was carried to and from it since it was made.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.transport.traffic()
    }
}

/// Its host only: the rest of an address may be a key.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint")
            .field(&self.transport.url().host_str())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_endpoints() {
        assert!(Endpoint::new("http://127.0.0.1:8545").is_ok());
        assert!(Endpoint::new("https://example.org/key").is_ok());
        for url in [
            "",
            "127.0.0.1:8545",
            "file:///etc/passwd",
            "ws://127.0.0.1:8545",
            "http://",
        ] {
            assert_eq!(Endpoint::new(url).err(), Some(BadUrl), "{url}");
        }
    }

    #[test]
    fn an_address_is_told_as_it_was_given() {
        for url in [
            "http://127.0.0.1:8545",
            "http://127.0.0.1:8545/",
            "HTTP://Example.org",
        ] {
            assert_eq!(Endpoint::new(url).unwrap().url(), url);
        }
    }

    #[test]
    fn a_key_in_an_address_is_not_shown() {
        let endpoint = Endpoint::new("https://example.org/v3/0123abc").unwrap();
        assert_eq!(endpoint.url(), "https://example.org/v3/0123abc");
        assert!(!format!("{endpoint:?}").contains("0123abc"));
    }
}
