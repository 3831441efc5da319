//! Real connections: what is sent and counted, certificates, proxies and deadlines.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use parley_chain::{Deadline, Endpoint, Http, HttpSettings, ReadFailure, Traffic};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{Acceptor, ServerConfig};
use serde_json::json;

use crate::server::{Server, number, ok, reply};

/// Someone who listens once, and what came of it.
fn listening<T: Send + 'static>(
    scheme: &str,
    then: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("{scheme}://{}", listener.local_addr().unwrap());
    let handle = spawn(move || then(listener.accept().unwrap().0));
    (address, handle)
}

/// A whole request, with its body.
fn request(stream: &mut impl Read) -> String {
    let mut text = String::new();
    let mut octet = [0];
    let mut body = None;
    while body.is_none_or(|end| text.len() < end) {
        stream.read_exact(&mut octet).unwrap();
        text.push(char::from(octet[0]));
        if body.is_none() && text.ends_with("\r\n\r\n") {
            let length = text.lines().find_map(|line| {
                let line = line.to_lowercase();
                line.strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            body = Some(text.len() + length.unwrap());
        }
    }
    text
}

fn answer() -> Vec<u8> {
    ok(&reply(0, &json!("0x7")))
}

fn over(url: &str, settings: &HttpSettings) -> Endpoint {
    Endpoint::over(url, Arc::new(Http::new(settings).unwrap())).unwrap()
}

#[tokio::test]
async fn nothing_is_sent_that_tells_who_asks() {
    let (url, server) = listening("http", |mut stream| {
        let request = request(&mut stream);
        stream.write_all(&answer()).unwrap();
        request
    });
    let endpoint = Endpoint::new(&format!("{url}/v3/key?x=1")).unwrap();
    assert_eq!(number(&endpoint).await, Ok(7));
    let request = server.join().unwrap();
    let mut lines: Vec<_> = request.split("\r\n").collect();
    assert_eq!(lines.remove(0), "POST /v3/key?x=1 HTTP/1.1");
    let mut names: Vec<_> = lines
        .iter()
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .collect();
    names.sort_unstable();
    let wanted = [
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
    ];
    assert_eq!(names, wanted);
    assert!(lines.contains(&"accept-encoding: gzip, br"));
}

#[tokio::test]
async fn every_octet_of_a_question_and_its_answer_is_counted() {
    let (url, server) = listening("http", |mut stream| {
        let request = request(&mut stream);
        stream.write_all(&answer()).unwrap();
        request
    });
    let endpoint = Endpoint::new(&format!("{url}/key?x=1")).unwrap();
    assert_eq!(endpoint.traffic(), Traffic::default());
    assert_eq!(number(&endpoint.clone()).await, Ok(7));
    let traffic = endpoint.traffic();
    assert_eq!(traffic.requests, 1);
    assert_eq!(traffic.sent, server.join().unwrap().len() as u64);
    assert_eq!(traffic.received, answer().len() as u64);
}

#[tokio::test]
async fn what_fails_is_counted_too() {
    let whole = answer();
    let server = Server::saying(vec![whole[..whole.len() - 9].to_vec()]);
    let endpoint = server.endpoint();
    let found = number(&endpoint).await;
    assert_eq!(found, Err(ReadFailure::Unreachable));
    let traffic = endpoint.traffic();
    assert_eq!((traffic.requests, traffic.sent > 150), (1, true));
    assert!(traffic.received > 80, "{traffic:?}");
}

#[tokio::test]
async fn a_question_to_nobody_costs_nothing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let endpoint = Endpoint::new(&url).unwrap();
    let _ = number(&endpoint).await;
    let traffic = endpoint.traffic();
    assert_eq!(
        (traffic.requests, traffic.sent, traffic.received),
        (1, 0, 0)
    );
}

/// Shows this certificate to whoever connects; the protocols that were offered.
fn showing(certificate: &'static [u8]) -> (String, JoinHandle<Vec<Vec<u8>>>) {
    let key = PrivatePkcs8KeyDer::from(include_bytes!("../fixtures/tls/key.der").as_slice());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate)],
            PrivateKeyDer::from(key),
        )
        .unwrap();
    let (url, server) = listening("https", move |mut stream| {
        let mut acceptor = Acceptor::default();
        let accepted = loop {
            acceptor.read_tls(&mut stream).unwrap();
            if let Some(accepted) = acceptor.accept().unwrap() {
                break accepted;
            }
        };
        let offered = accepted.client_hello().alpn().into_iter().flatten();
        let offered = offered.map(<[u8]>::to_vec).collect();
        let mut connection = accepted.into_connection(Arc::new(config)).unwrap();
        // The other side goes away when it has seen the certificate.
        let _ = connection.complete_io(&mut stream);
        offered
    });
    (url.replace("127.0.0.1", "localhost"), server)
}

#[tokio::test]
async fn a_certificate_that_is_over_or_not_yet_valid_hints_at_a_wrong_clock() {
    let bad_clock = ReadFailure::BadClock;
    let stranger = ReadFailure::Unreachable;
    for (certificate, wanted) in [
        (
            include_bytes!("../fixtures/tls/over.der").as_slice(),
            bad_clock,
        ),
        (include_bytes!("../fixtures/tls/early.der"), bad_clock),
        (include_bytes!("../fixtures/tls/stranger.der"), stranger),
    ] {
        let (url, server) = showing(certificate);
        let found = number(&Endpoint::new(&url).unwrap()).await;
        assert_eq!(found, Err(wanted));
        assert_eq!(
            server.join().unwrap(),
            [b"h2".to_vec(), b"http/1.1".to_vec()]
        );
    }
}

/// A SOCKS5 proxy (RFC 1928) that answers itself; the name and port that it was asked for.
fn socks(mut stream: TcpStream) -> (String, u16) {
    let mut greeting = [0; 3];
    stream.read_exact(&mut greeting).unwrap();
    assert_eq!(greeting, [5, 1, 0], "no authentication");
    stream.write_all(&[5, 0]).unwrap();
    let mut head = [0; 5];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head[..4], [5, 1, 0, 3], "connect, to a name");
    let mut name = vec![0; usize::from(head[4])];
    stream.read_exact(&mut name).unwrap();
    let mut port = [0; 2];
    stream.read_exact(&mut port).unwrap();
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
    request(&mut stream);
    stream.write_all(&answer()).unwrap();
    (String::from_utf8(name).unwrap(), u16::from_be_bytes(port))
}

#[tokio::test]
async fn through_a_proxy_names_are_resolved_there() {
    let (proxy, server) = listening("socks5", socks);
    let settings = HttpSettings {
        proxy: Some(proxy.parse().unwrap()),
        ..HttpSettings::default()
    };
    let endpoint = over("http://endpoint.invalid:8545", &settings);
    assert_eq!(number(&endpoint).await, Ok(7));
    assert_eq!(
        server.join().unwrap(),
        ("endpoint.invalid".to_owned(), 8545)
    );
}

#[tokio::test]
async fn without_the_proxy_nobody_is_asked() {
    let (proxy, server) = listening("socks5", drop);
    let settings = HttpSettings {
        proxy: Some(proxy.parse().unwrap()),
        ..HttpSettings::default()
    };
    let real = Server::answering(&[json!("0x7")]);
    let found = number(&over(real.url(), &settings)).await;
    assert_eq!(found, Err(ReadFailure::Unreachable));
    server.join().unwrap();
    assert!(real.asked().is_empty());
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up() {
    let (url, server) = listening("http", |mut stream| {
        request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        // One octet after another, for as long as anybody listens.
        while stream.write_all(b" ").is_ok() {
            std::thread::yield_now();
        }
    });
    let deadline = Deadline {
        total: Duration::from_millis(200),
        ..Deadline::default()
    };
    let settings = HttpSettings {
        deadline,
        ..HttpSettings::default()
    };
    let found = number(&over(&url, &settings)).await;
    assert_eq!(found, Err(ReadFailure::Unreachable));
    // The connection is closed by the runtime, which must not be blocked meanwhile.
    let ended = tokio::task::spawn_blocking(|| server.join());
    ended.await.unwrap().unwrap();
}
