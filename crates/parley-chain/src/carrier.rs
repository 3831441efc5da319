//! How one JSON-RPC body comes to one address and the answer back, and what that cost. Knows no
//! method, keeps nothing, retries nothing.

mod http;
mod settings;
mod unpack;

use std::pin::Pin;

use reqwest::Url;

use crate::failure::ReadFailure;

pub use http::{Http, NoHttp};
pub use settings::{BadProxy, Deadline, HttpSettings, SocksUrl};

/// What came of carrying one question. What fails costs too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The answer's body, unpacked.
    pub body: Result<Vec<u8>, ReadFailure>,
    /// Octets sent: the head of the request, estimated from its lines, and its body.
    pub sent: u64,
    /// Octets received: the head of the response, estimated from its lines, and its body as it came,
    /// still packed.
    pub received: u64,
    /// Milliseconds from the first octet to the last.
    pub ms: u64,
}

/// A question on its way.
pub type Carrying<'a> = Pin<Box<dyn Future<Output = Carried> + Send + 'a>>;

/// Carries questions to endpoints. There is one for HTTP; simulations bring their own.
pub trait Carrier: Send + Sync {
    /// Carries one JSON-RPC body. It must come to an end by itself, and an answer must be bounded.
    fn carry<'a>(&'a self, url: &'a Url, body: Vec<u8>) -> Carrying<'a>;
}
