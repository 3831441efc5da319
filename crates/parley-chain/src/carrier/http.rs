//! JSON-RPC over HTTP: sizes and times are capped, nothing is retried, followed or cached, and no
//! setting of the system is asked: neither its proxies nor its certificate authorities.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Proxy, Request, StatusCode, Url, redirect::Policy};
use rustls::{CertificateError, ClientConfig, RootCertStore};

use super::settings::HttpSettings;
use super::unpack::{UNDERSTOOD, Unpacking};
use super::{Carried, Carrier, Carrying};
use crate::failure::ReadFailure;

/// The largest answer that is read, unpacked. A block has at most 10 MiB (EIP-7934), which is a
/// little more than twice as much in JSON.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// A connection on which an answer is awaited is asked for a sign of life this often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Connections over HTTPS cannot be prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This device cannot make secure connections. Nothing was changed. Install the app anew.")]
pub struct NoHttp;

/// Carries over HTTP, and keeps connections open between questions.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
}

#[derive(Default)]
struct Cost {
    sent: u64,
    received: u64,
}

impl Http {
    /// With these settings. Connects to nobody yet.
    ///
    /// # Errors
    /// The cryptography or the proxy cannot be set up.
    pub fn new(settings: &HttpSettings) -> Result<Self, NoHttp> {
        let builder = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .redirect(Policy::none())
            .tcp_keepalive(SIGN_OF_LIFE)
            .http2_keep_alive_interval(SIGN_OF_LIFE)
            .connect_timeout(settings.deadline.connect)
            .timeout(settings.deadline.total);
        let builder = match &settings.proxy {
            Some(proxy) => builder.proxy(Proxy::all(proxy.url()).map_err(|_| NoHttp)?),
            None => builder,
        };
        let client = builder.build().map_err(|_| NoHttp)?;
        Ok(Self { client })
    }

    async fn exchange(
        &self,
        url: &Url,
        body: Vec<u8>,
        cost: &mut Cost,
    ) -> Result<Vec<u8>, ReadFailure> {
        let request = self.request(url, body)?;
        let sent = request_octets(&request);
        let mut response = self.client.execute(request).await.map_err(|error| {
            cost.sent = if error.is_connect() { 0 } else { sent };
            failure(&error)
        })?;
        cost.sent = sent;
        cost.received = head_octets(response.headers());
        judge(response.status(), response.headers())?;
        let encoding = response.headers().get(CONTENT_ENCODING);
        let encoding = encoding.and_then(|value| value.to_str().ok());
        let mut unpacking = Unpacking::new(encoding, MOST_BYTES)?;
        while let Some(part) = response.chunk().await.map_err(|error| failure(&error))? {
            cost.received = cost.received.saturating_add(part.len() as u64);
            unpacking.take(&part)?;
        }
        unpacking.whole()
    }

    fn request(&self, url: &Url, body: Vec<u8>) -> Result<Request, ReadFailure> {
        self.client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT_ENCODING, UNDERSTOOD)
            .body(body)
            .build()
            .map_err(|_| ReadFailure::Unreachable)
    }
}

impl Carrier for Http {
    fn carry<'a>(&'a self, url: &'a Url, body: Vec<u8>) -> Carrying<'a> {
        Box::pin(async move {
            let clock = Clock::started();
            let mut cost = Cost::default();
            let body = self.exchange(url, body, &mut cost).await;
            Carried {
                body,
                sent: cost.sent,
                received: cost.received,
                ms: clock.ms(),
            }
        })
    }
}

/// How long an answer took; nothing is decided by it here.
struct Clock(std::time::Instant);

impl Clock {
    fn started() -> Self {
        #[allow(
            clippy::disallowed_methods,
            reason = "the delay of a real connection is measured"
        )]
        Self(std::time::Instant::now())
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Own roots and own TLS provider: the system's store may hold a state's certificate authority, and
/// the platform verifier does not work on every phone.
fn tls() -> Result<ClientConfig, NoHttp> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| NoHttp)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What a status says before any body is read. Some nodes send a refusal in JSON-RPC with a 4xx
/// status, so those are read.
fn judge(status: StatusCode, headers: &HeaderMap) -> Result<(), ReadFailure> {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Err(ReadFailure::Busy {
            retry_after_ms: retry_after(headers),
        }),
        StatusCode::PAYLOAD_TOO_LARGE => Err(ReadFailure::TooLarge),
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED => Err(ReadFailure::NotAnEndpoint),
        status if status.is_redirection() => Err(ReadFailure::NotAnEndpoint),
        status if status.is_server_error() => Err(ReadFailure::Unreachable),
        _ => Ok(()),
    }
}

/// The form in seconds; that with a date would need a clock that is right.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(seconds.saturating_mul(1000))
}

fn failure(error: &reqwest::Error) -> ReadFailure {
    if is_bad_time(error) {
        ReadFailure::BadClock
    } else {
        ReadFailure::Unreachable
    }
}

/// Whether a certificate's time is at the bottom of an error. An I/O error hides what it was made of
/// from `source`.
fn is_bad_time(error: &(dyn Error + 'static)) -> bool {
    if let Some(rustls::Error::InvalidCertificate(why)) = error.downcast_ref() {
        return is_about_time(why);
    }
    let inner = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    inner.is_some_and(|inner| is_bad_time(inner)) || error.source().is_some_and(is_bad_time)
}

fn is_about_time(why: &CertificateError) -> bool {
    matches!(
        why,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    )
}

/// The request as HTTP/1.1 would write it: its line, `host`, `content-length`, `accept`, the headers
/// that were set, and the body.
fn request_octets(request: &Request) -> u64 {
    let url = request.url();
    let body = request.body().and_then(|body| body.as_bytes());
    let body = body.map_or(0, <[u8]>::len);
    let line = "POST  HTTP/1.1\r\n".len()
        + url.path().len()
        + url.query().map_or(0, |query| query.len() + 1);
    let host = "host: \r\n".len() + url.authority().len();
    let added = "accept: */*\r\n".len() + "content-length: \r\n".len() + body.to_string().len();
    (line + host + added + body) as u64 + lines_octets(request.headers())
}

/// The response's head as HTTP/1.1 writes it.
fn head_octets(headers: &HeaderMap) -> u64 {
    "HTTP/1.1 200 OK\r\n".len() as u64 + lines_octets(headers)
}

/// Header lines, and the empty one that ends them.
fn lines_octets(headers: &HeaderMap) -> u64 {
    let lines = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + ": \r\n".len() + value.len());
    (lines.sum::<usize>() + "\r\n".len()) as u64
}
