//! As much HTTP/1.1 (RFC 9112) as a JSON-RPC client needs, and the ways of doing it badly. Knows no
//! method and no script.

use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::fault::fill;

/// How often an octet drips.
const DRIP: Duration = Duration::from_millis(20);

/// A request of a client.
pub(super) struct Request {
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    /// All of it, its head included.
    pub(super) octets: u64,
}

/// An answer.
pub(super) struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// How an answer goes out.
pub(super) enum Way {
    Whole(Response),
    /// After this.
    Late(Response, Duration),
    /// Only so many octets of its body.
    Cut(Response, usize),
    /// One JSON string of so many octets, of a length that is not told before.
    Filled(usize),
    /// An octet now and then, without end.
    Drip,
    /// No answer; the connection is closed.
    Close,
    /// No answer; the connection is torn down.
    Reset,
}

/// Waits; `false` when the proxy is to end meanwhile.
pub(super) type Pause<'a> = &'a dyn Fn(Duration) -> bool;

/// Told of octets before they go out, so that who has them finds them counted.
pub(super) type Count<'a> = &'a dyn Fn(u64);

impl Request {
    /// The next request; `None` where the client has closed.
    pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        let mut octets = from.read_line(&mut line)?;
        if octets == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            line.clear();
            octets += from.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        let octets = (octets + length) as u64;
        Ok(Some(Self { path, body, octets }))
    }
}

impl Response {
    pub(super) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body: body.into(),
        }
    }

    pub(super) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} -\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("content-length: {}\r\n\r\n", self.body.len())
    }

    /// How many octets it has, its head included.
    fn octets(&self) -> u64 {
        (self.head().len() + self.body.len()) as u64
    }
}

const UNBOUNDED: &[u8] =
    b"HTTP/1.1 200 -\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";

impl Way {
    /// How many octets it will be, where that is known.
    pub(super) fn octets(&self) -> u64 {
        match self {
            Self::Whole(response) | Self::Late(response, _) | Self::Cut(response, _) => {
                response.octets()
            }
            Self::Filled(octets) => *octets as u64,
            Self::Drip | Self::Close | Self::Reset => 0,
        }
    }

    /// Goes out, and says whether the connection can carry another request. An error means that the
    /// client has gone, which is no fault.
    pub(super) fn go(
        self,
        stream: &TcpStream,
        pause: Pause<'_>,
        count: Count<'_>,
    ) -> io::Result<bool> {
        let mut out = Counted { stream, count };
        match self {
            Self::Whole(response) => out.whole(&response).map(|()| true),
            Self::Late(response, by) if pause(by) => out.whole(&response).map(|()| true),
            Self::Late(..) | Self::Close => Ok(false),
            Self::Cut(response, at) => out.cut(&response, at).map(|()| false),
            Self::Filled(octets) => out.filled(octets).map(|()| false),
            Self::Drip => out.drip(pause).map(|()| false),
            Self::Reset => Ok(set_socket_linger(stream, Some(Duration::ZERO)).map(|()| false)?),
        }
    }
}

/// A stream that counts.
struct Counted<'a> {
    stream: &'a TcpStream,
    count: Count<'a>,
}

impl Counted<'_> {
    fn whole(&mut self, response: &Response) -> io::Result<()> {
        self.cut(response, response.body.len())
    }

    fn cut(&mut self, response: &Response, at: usize) -> io::Result<()> {
        let mut all = response.head().into_bytes();
        all.extend(response.body.iter().take(at));
        self.write_all(&all)
    }

    fn filled(&mut self, octets: usize) -> io::Result<()> {
        self.write_all(UNBOUNDED)?;
        fill(self, octets)
    }

    fn drip(&mut self, pause: Pause<'_>) -> io::Result<()> {
        self.write_all(UNBOUNDED)?;
        while pause(DRIP) {
            self.write_all(b" ")?;
        }
        Ok(())
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        (self.count)(octets.len() as u64);
        self.stream.write_all(octets).map(|()| octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_follow_each_other_on_one_connection() {
        let mut octets: &[u8] =
            b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /b HTTP/1.1\r\n\r\n";
        let first = Request::read(&mut octets).unwrap().unwrap();
        assert_eq!((first.path.as_str(), &first.body[..]), ("/a", &b"{}"[..]));
        assert_eq!(first.octets, 41);
        let second = Request::read(&mut octets).unwrap().unwrap();
        assert_eq!((second.path.as_str(), second.body.len()), ("/b", 0));
        assert!(Request::read(&mut octets).unwrap().is_none());
    }

    #[test]
    fn half_a_request_is_none() {
        let mut octets: &[u8] = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n{}";
        assert!(Request::read(&mut octets).is_err());
    }
}
