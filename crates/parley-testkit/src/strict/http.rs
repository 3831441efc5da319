//! The strict node behind a port of this machine: HTTP/1.1 with connections that stay, as much of it as
//! JSON-RPC needs. The test drives the same node meanwhile; between two answers it has it to itself.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::Strict;

/// Octets of one question, at most (geth's `defaultBodyLimit`).
const MOST_BODY: usize = 5 * 1024 * 1024;
/// Octets of the lines before it, at most.
const MOST_HEAD: u64 = 64 * 1024;

/// A node that programs can ask. It ends with this value; the node itself does not.
pub struct StrictServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    node: Arc<Mutex<Strict>>,
    ended: AtomicBool,
    /// Those that are open, by the port at their other end.
    connections: Mutex<BTreeMap<u16, TcpStream>>,
}

impl StrictServer {
    /// Serves a new node at a port that nothing else has.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn of(node: Strict) -> Self {
        Self::start(Arc::new(Mutex::new(node))).unwrap()
    }

    /// Serves the node at a port that nothing else has.
    ///
    /// # Errors
    /// There is none.
    pub fn start(node: Arc<Mutex<Strict>>) -> io::Result<Self> {
        Self::start_at(0, node)
    }

    /// Serves the node at this port, as after a restart.
    ///
    /// # Errors
    /// Something else has it.
    pub fn start_at(port: u16, node: Arc<Mutex<Strict>>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            node,
            ended: AtomicBool::new(false),
            connections: Mutex::default(),
        });
        let theirs = Arc::clone(&shared);
        let listening = std::thread::spawn(move || theirs.listen(&listener));
        Ok(Self {
            shared,
            address,
            listening: Some(listening),
        })
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The node, to drive it. Nobody is answered while this is held.
    pub fn node(&self) -> MutexGuard<'_, Strict> {
        held(&self.shared.node)
    }
}

impl Drop for StrictServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it has ended.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
        for connection in held(&self.shared.connections).values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn listen(self: Arc<Self>, listener: &TcpListener) {
        for connection in listener.incoming() {
            if self.ended.load(Ordering::SeqCst) {
                return;
            }
            if let Ok(connection) = connection {
                // Whoever hangs up at once is not served.
                let _ = self.welcome(connection);
            }
        }
    }

    fn welcome(self: &Arc<Self>, connection: TcpStream) -> io::Result<()> {
        let port = connection.peer_addr()?.port();
        held(&self.connections).insert(port, connection.try_clone()?);
        let shared = Arc::clone(self);
        std::thread::spawn(move || {
            // Whoever hangs up ends only this connection.
            let _ = shared.serve(connection);
            held(&shared.connections).remove(&port);
        });
        Ok(())
    }

    fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut reader = BufReader::new(connection.try_clone()?);
        loop {
            match read_question(&mut reader)? {
                Question::Whole(body) => {
                    let answer = held(&self.node).answer(&body);
                    reply(&mut connection, "200 OK", &answer)?;
                }
                Question::Bad(status) => return reply(&mut connection, status, b""),
                Question::End => return Ok(()),
            }
        }
    }
}

/// A test that failed while it held the node does not stop the others.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

enum Question {
    Whole(Vec<u8>),
    Bad(&'static str),
    End,
}

fn read_question(reader: &mut impl BufRead) -> io::Result<Question> {
    let mut lines = reader.by_ref().take(MOST_HEAD);
    let mut first = String::new();
    if lines.read_line(&mut first)? == 0 {
        return Ok(Question::End);
    }
    let mut length = None;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(Question::Bad("431 Request Header Fields Too Large"));
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    if !first.starts_with("POST ") {
        return Ok(Question::Bad("405 Method Not Allowed"));
    }
    body(reader, length)
}

fn body(reader: &mut impl BufRead, length: Option<usize>) -> io::Result<Question> {
    let Some(length) = length else {
        return Ok(Question::Bad("411 Length Required"));
    };
    if length > MOST_BODY {
        return Ok(Question::Bad("413 Content Too Large"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Question::Whole(body))
}

fn reply(connection: &mut TcpStream, status: &str, body: &[u8]) -> io::Result<()> {
    let stays = if status.starts_with("200") {
        "keep-alive"
    } else {
        "close"
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: {stays}\r\n\r\n",
        body.len()
    );
    connection.write_all(&[head.as_bytes(), body].concat())
}
