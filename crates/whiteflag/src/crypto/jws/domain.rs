//! The domains that a person trusts for authentication by URL. Reads the host of a URL and nothing
//! else of it; what it does not fully understand has no host.

/// A list of domains; each stands for itself and for every name below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domains(Vec<String>);

impl Domains {
    /// Takes names such as `example.org`; case does not matter.
    #[must_use]
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(str::to_ascii_lowercase);
        Self(names.filter(|name| !name.is_empty()).collect())
    }

    /// Whether the host of a URL is one of them.
    #[must_use]
    pub fn hold(&self, url: &str) -> bool {
        let host = host(url).map(|host| host.to_ascii_lowercase());
        host.is_some_and(|host| self.0.iter().any(|domain| is_below(&host, domain)))
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let before = host.strip_suffix(domain);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The host of an http or https URL: letters, digits, hyphens and full stops, before a port or not.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.');
    let whole = host.bytes().all(plain) && port.bytes().all(|digit| digit.is_ascii_digit());
    (known && whole && !host.is_empty()).then_some(host)
}
