//! A server that gives the answers it was made with, one per connection, and is gone afterwards.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use alloy_primitives::Address;
use parley_chain::{Endpoint, ReadFailure};
use serde_json::{Value, json};

pub(crate) struct Server {
    url: String,
    asked: Receiver<Value>,
}

impl Server {
    /// Answers with these octets, whole HTTP responses.
    pub(crate) fn saying(responses: Vec<Vec<u8>>) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (heard, asked) = channel();
        std::thread::spawn(move || {
            for response in responses {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = heard.send(question(&mut stream));
                // The other side may have enough before all is said.
                let _ = stream.write_all(&response);
            }
        });
        Server { url, asked }
    }

    /// Answers every question with these results, in JSON-RPC.
    pub(crate) fn answering(results: &[Value]) -> Server {
        let replies = results.iter().map(|result| ok(&reply(0, result)));
        Server::saying(replies.collect())
    }

    /// Answers a batch of as many questions with these results.
    pub(crate) fn answering_at_once(results: &[Value]) -> Server {
        let replies = results.iter().enumerate();
        let replies: Vec<_> = replies.map(|(id, result)| reply(id, result)).collect();
        Server::saying(vec![ok(&json!(replies))])
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::new(&self.url).unwrap()
    }

    /// What was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.try_iter().collect()
    }
}

/// A server with one answer, and the endpoint that it is.
pub(crate) fn answering(result: Value) -> (Server, Endpoint) {
    let server = Server::answering(&[result]);
    let endpoint = server.endpoint();
    (server, endpoint)
}

pub(crate) fn refusing() -> (Server, Endpoint) {
    let server = Server::saying(vec![ok(&refusal(0, -32_602, "no such block"))]);
    let endpoint = server.endpoint();
    (server, endpoint)
}

/// Method and parameters of a question.
pub(crate) fn asked(question: &Value) -> (&str, &Value) {
    (question["method"].as_str().unwrap(), &question["params"])
}

/// Methods and parameters of what was asked at once, the first time.
pub(crate) fn asked_at_once(server: &Server) -> Vec<(&'static str, Value)> {
    let batch = server.asked().remove(0);
    let each = batch.as_array().unwrap().iter().map(|question| {
        let (method, params) = asked(question);
        (method.to_owned().leak() as &str, params.clone())
    });
    each.collect()
}

/// The reply to a question.
pub(crate) fn reply(id: usize, result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// A refusal of a question.
pub(crate) fn refusal(id: usize, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// A response with this body and nothing wrong with it.
pub(crate) fn ok(body: &Value) -> Vec<u8> {
    http(
        "200 OK",
        "Content-Type: application/json",
        body.to_string().as_bytes(),
    )
}

/// A response.
pub(crate) fn http(status: &str, header: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Reads one request; its body.
fn question(stream: &mut TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap_or_default()
}

/// What comes of one small question; its answer is a number.
pub(crate) async fn number(endpoint: &Endpoint) -> Result<u64, ReadFailure> {
    let gas = endpoint.estimate(Address::ZERO, b"").await?;
    gas.ok_or(ReadFailure::Refused)
}
