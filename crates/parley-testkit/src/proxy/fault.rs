//! What can go wrong between a client and a node: an answer that is lost, cut, late, or none. A fault
//! never makes a well-formed answer say something else; that is what lies are for.

use std::time::Duration;

use flate2::{Compression, Crc, FlushCompress};
use serde_json::{Value, json};

use super::http::{Response, Way};
use super::node::Questions;

/// Something that goes wrong with a whole HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing listens at the address, as long as this is in the script; what is connected is cut off.
    Off,
    /// The connection is closed; the node is not asked.
    DropBefore,
    /// The node does what was asked, and the connection is closed instead of an answer.
    DropAfter,
    /// The answer comes later by this.
    Delay(Duration),
    /// The answer ends after so many octets, although its head names the whole length.
    Truncate(usize),
    /// An HTTP status without JSON-RPC; the node is not asked.
    Status {
        /// Such as 429, 500 or 503.
        code: u16,
        /// `Retry-After`, in seconds (RFC 9110, 10.2.3).
        retry_after: Option<u32>,
    },
    /// A web page, as of a network that wants one to log in; the node is not asked.
    Html,
    /// To another place of this proxy, which counts who goes there; the node is not asked.
    Redirect,
    /// The node's answer, to questions with other ids.
    WrongId,
    /// Text that says it is JSON and is not; the node is not asked.
    NotJson,
    /// Status 200 and nothing; the node is not asked.
    EmptyBody,
    /// [`HUGE`] octets of one JSON string; the node is not asked.
    HugeBody,
    /// [`HUGE`] octets of one JSON string, packed into a thousandth of it; the node is not asked.
    GzipBomb,
    /// An octet now and then, for ever; the node is not asked.
    SlowDrip,
    /// TCP reset instead of an answer; the node is not asked.
    ResetConnection,
    /// A batch is refused as a whole, with one error; the node is not asked. One question alone is
    /// answered.
    BatchRefused,
    /// The answers of a batch in the opposite order, which JSON-RPC 2.0 (6) allows.
    BatchShuffled,
}

/// How much [`Fault::HugeBody`] and [`Fault::GzipBomb`] give: more than the 32 MiB of any client that
/// minds its memory.
pub const HUGE: usize = 40 * MIB;
const MIB: usize = 1 << 20;

impl Fault {
    /// Each fault, with typical values.
    pub const ALL: [Self; 19] = [
        Self::Off,
        Self::DropBefore,
        Self::DropAfter,
        Self::Delay(Duration::from_millis(300)),
        Self::Truncate(20),
        Self::Status {
            code: 429,
            retry_after: Some(7),
        },
        Self::Status {
            code: 500,
            retry_after: None,
        },
        Self::Status {
            code: 503,
            retry_after: None,
        },
        Self::Html,
        Self::Redirect,
        Self::WrongId,
        Self::NotJson,
        Self::EmptyBody,
        Self::HugeBody,
        Self::GzipBomb,
        Self::SlowDrip,
        Self::ResetConnection,
        Self::BatchRefused,
        Self::BatchShuffled,
    ];

    /// Whether the node is asked all the same.
    #[must_use]
    pub fn reaches_node(self) -> bool {
        matches!(
            self,
            Self::DropAfter
                | Self::Delay(_)
                | Self::Truncate(_)
                | Self::WrongId
                | Self::BatchShuffled
        )
    }

    /// Whether it can be done to this request.
    pub(super) fn concerns(self, questions: &Questions) -> bool {
        match self {
            Self::BatchRefused | Self::BatchShuffled => questions.batch,
            // It is done to the address, not to requests.
            Self::Off => false,
            Self::DropBefore
            | Self::DropAfter
            | Self::Delay(_)
            | Self::Truncate(_)
            | Self::Status { .. }
            | Self::Html
            | Self::Redirect
            | Self::WrongId
            | Self::NotJson
            | Self::EmptyBody
            | Self::HugeBody
            | Self::GzipBomb
            | Self::SlowDrip
            | Self::ResetConnection => true,
        }
    }

    /// What goes out. `answer` is the node's, and empty where it was not asked.
    pub(super) fn done_to(self, answer: Response) -> Way {
        match self {
            Self::Off | Self::DropBefore | Self::DropAfter => Way::Close,
            Self::Delay(by) => Way::Late(answer, by),
            Self::Truncate(at) => Way::Cut(answer, at),
            Self::Status { code, retry_after } => Way::Whole(status(code, retry_after)),
            Self::Html => Way::Whole(Response::new(200, "text/html", PORTAL)),
            Self::Redirect => Way::Whole(redirect()),
            Self::WrongId => Way::Whole(edited(answer, other_ids)),
            Self::NotJson => Way::Whole(Response::json("it works")),
            Self::EmptyBody => Way::Whole(Response::json("")),
            Self::HugeBody => Way::Filled(HUGE),
            Self::GzipBomb => Way::Whole(bomb()),
            Self::SlowDrip => Way::Drip,
            Self::ResetConnection => Way::Reset,
            Self::BatchRefused => Way::Whole(Response::json(NO_BATCHES)),
            Self::BatchShuffled => Way::Whole(edited(answer, turned)),
        }
    }
}

const PORTAL: &str = "<!doctype html><title>Welcome</title><p>Accept the conditions to go on.";
const NO_BATCHES: &str = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch requests are not supported"}}"#;
/// Where a redirection leads.
pub(super) const ELSEWHERE: &str = "/elsewhere";

fn status(code: u16, retry_after: Option<u32>) -> Response {
    let response = Response::new(code, "text/plain", "not now");
    match retry_after {
        Some(seconds) => response.with("retry-after", seconds.to_string()),
        None => response,
    }
}

fn redirect() -> Response {
    // 307: a client that follows sends the same again (RFC 9110, 15.4.8).
    Response::new(307, "text/plain", "").with("location", ELSEWHERE.to_owned())
}

/// The answer with its JSON changed; as it is where it holds none.
fn edited(mut answer: Response, edit: impl FnOnce(&mut Value)) -> Response {
    if let Ok(mut json) = serde_json::from_slice(&answer.body) {
        edit(&mut json);
        answer.body = json.to_string().into_bytes();
    }
    answer
}

fn turned(body: &mut Value) {
    if let Some(answers) = body.as_array_mut() {
        answers.reverse();
    }
}

fn other_ids(body: &mut Value) {
    match body.as_array_mut() {
        Some(answers) => answers.iter_mut().for_each(other_id),
        None => other_id(body),
    }
}

fn other_id(answer: &mut Value) {
    answer["id"] = match answer["id"].as_u64() {
        Some(id) => json!(id + 1_000_000),
        None => json!(1_000_000),
    };
}

/// One JSON answer whose result is a string of zeros, packed. The same piece again and again, each
/// ended so that the next does not look back (RFC 1951, 2.3), so that it costs the packing of one.
fn bomb() -> Response {
    let (head, tail) = (br#"{"jsonrpc":"2.0","id":0,"result":""#, br#""}"#);
    let piece = vec![b'0'; MIB];
    let packed = packed(&piece, FlushCompress::Full);
    let mut sum = Crc::new();
    let mut body = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut piece_sum = Crc::new();
    piece_sum.update(&piece);
    sum.update(head);
    body.extend(self::packed(head, FlushCompress::Full));
    for _ in 0..HUGE / MIB {
        sum.combine(&piece_sum);
        body.extend_from_slice(&packed);
    }
    sum.update(tail);
    body.extend(self::packed(tail, FlushCompress::Finish));
    body.extend(sum.sum().to_le_bytes());
    body.extend(sum.amount().to_le_bytes());
    Response::json(body).with("content-encoding", "gzip".to_owned())
}

fn packed(octets: &[u8], end: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + 64);
    let mut packing = flate2::Compress::new(Compression::best(), false);
    packing
        .compress_vec(octets, &mut out, end)
        .expect("octets can be packed");
    out
}

/// The beginning and the end of a JSON answer that is filled up between them.
pub(super) fn fill(out: &mut impl std::io::Write, octets: usize) -> std::io::Result<()> {
    out.write_all(br#"{"jsonrpc":"2.0","id":0,"result":""#)?;
    let piece = vec![b'0'; MIB];
    for _ in 0..octets / MIB {
        out.write_all(&piece)?;
    }
    out.write_all(br#""}"#)
}
