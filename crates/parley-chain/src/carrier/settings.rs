//! What may be set about connections: the proxy, and how long an answer may take.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use reqwest::Url;

/// Where a SOCKS proxy listens when no port is named (RFC 1928).
const SOCKS_PORT: u16 = 1080;

/// How connections are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpSettings {
    /// The proxy that every connection goes through; without one, connections are direct whatever
    /// the system says.
    pub proxy: Option<SocksUrl>,
    /// When an answer is given up.
    pub deadline: Deadline,
}

/// When an answer is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// From the first octet sent to the last octet read, however steadily they come.
    pub total: Duration,
}

impl Default for Deadline {
    /// 10 s and 30 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// The address of a SOCKS5 proxy (RFC 1928). The proxy resolves the names of endpoints, so that no
/// resolver nearby learns them.
#[derive(Clone, PartialEq, Eq)]
pub struct SocksUrl(Url);

/// An address that cannot be a SOCKS proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is not the address of a SOCKS proxy. Nothing was changed. Give one like socks5h://127.0.0.1:9050."
)]
pub struct BadProxy;

impl SocksUrl {
    /// The address as it is stored. It may hold a password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl FromStr for SocksUrl {
    type Err = BadProxy;

    /// `socks5://` is taken as `socks5h://`.
    fn from_str(text: &str) -> Result<Self, BadProxy> {
        let mut url = Url::parse(text).map_err(|_| BadProxy)?;
        let bare = matches!(url.path(), "" | "/") && url.query().is_none();
        if !matches!(url.scheme(), "socks5" | "socks5h") || url.host().is_none() || !bare {
            return Err(BadProxy);
        }
        url.set_scheme("socks5h").map_err(|()| BadProxy)?;
        let port = url.port().unwrap_or(SOCKS_PORT);
        url.set_port(Some(port)).map_err(|()| BadProxy)?;
        url.set_path("");
        url.set_fragment(None);
        Ok(Self(url))
    }
}

/// Never the password.
impl fmt::Debug for SocksUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SocksUrl")
            .field(&self.0.host_str())
            .field(&self.0.port())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_resolves_names_whichever_way_it_is_written() {
        for (text, stored) in [
            ("socks5://127.0.0.1:9050", "socks5h://127.0.0.1:9050"),
            ("socks5h://[::1]:9050/", "socks5h://[::1]:9050"),
            ("socks5h://me:word@orbot", "socks5h://me:word@orbot:1080"),
        ] {
            let proxy: SocksUrl = text.parse().unwrap();
            assert_eq!(proxy.as_str(), stored);
            assert_eq!(stored.parse(), Ok(proxy), "what is stored is read back");
        }
    }

    #[test]
    fn what_is_no_socks_proxy_is_refused() {
        for text in [
            "",
            "127.0.0.1:9050",
            "http://127.0.0.1:8080",
            "socks4://127.0.0.1:9050",
            "socks5://",
            "socks5://host/path",
        ] {
            assert_eq!(text.parse::<SocksUrl>(), Err(BadProxy), "{text}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let proxy: SocksUrl = "socks5://me:word@orbot".parse().unwrap();
        assert!(!format!("{proxy:?}").contains("word"));
    }
}
