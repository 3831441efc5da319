//! A SOCKS5 proxy (RFC 1928) as tests need one: without a password, for connections out only. It
//! resolves names itself, by the list that it was given and no other, so that whoever reaches such a
//! name came through it.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A running SOCKS5 proxy. It ends with this value.
pub struct Socks {
    shared: Arc<Shared>,
    port: u16,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    names: BTreeMap<String, SocketAddr>,
    opened: AtomicU64,
    ended: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
}

impl Socks {
    /// A proxy that knows these names, whatever port is asked for.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn knowing(names: &[(&str, SocketAddr)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its port").port();
        let names = names.iter().map(|(name, at)| ((*name).to_owned(), *at));
        let shared = Arc::new(Shared {
            names: names.collect(),
            opened: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            streams: Mutex::default(),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::spawn(move || theirs.listen(&listener));
        Self {
            shared,
            port,
            thread: Some(thread),
        }
    }

    /// Its address, as a setting.
    #[must_use]
    pub fn url(&self) -> String {
        format!("socks5h://127.0.0.1:{}", self.port)
    }

    /// How many connections it has opened for clients.
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.shared.opened.load(SeqCst)
    }
}

impl Drop for Socks {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        let _ = self.thread.take().map(JoinHandle::join);
        for stream in self.shared.streams.lock().unwrap().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn listen(self: Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming().flatten() {
            if self.ended.load(SeqCst) {
                return;
            }
            let shared = Arc::clone(&self);
            std::thread::spawn(move || shared.serve(client));
        }
    }

    /// A client that hangs up is no fault.
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        let Some(target) = self.asked(&mut client)? else {
            // Host unreachable.
            return client.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]);
        };
        let mut target = TcpStream::connect(target)?;
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
        self.opened.fetch_add(1, SeqCst);
        let kept = [client.try_clone()?, target.try_clone()?];
        self.streams.lock().unwrap().extend(kept);
        let (mut from, mut to) = (target.try_clone()?, client.try_clone()?);
        std::thread::spawn(move || io::copy(&mut from, &mut to));
        io::copy(&mut client, &mut target).map(drop)
    }

    /// Where the client wants to; `None` where that is no known name.
    fn asked(&self, client: &mut TcpStream) -> io::Result<Option<SocketAddr>> {
        let methods = octets(client, 2)?;
        octets(client, usize::from(methods[1]))?;
        client.write_all(&[5, 0])?;
        let head = octets(client, 4)?;
        // 1: an IPv4 address, 3: a name, 4: an IPv6 address.
        let name = match head[3] {
            1 => octets(client, 4)?,
            4 => octets(client, 16)?,
            _ => {
                let length = octets(client, 1)?;
                octets(client, usize::from(length[0]))?
            }
        };
        octets(client, 2)?;
        let known = String::from_utf8(name).ok();
        Ok(known.and_then(|name| self.names.get(&name).copied()))
    }
}

fn octets(stream: &mut TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let mut octets = vec![0; count];
    stream.read_exact(&mut octets)?;
    Ok(octets)
}
