//! Every refusal that is written down in `fixtures/dialects.txt`, with its source, is taken for what it
//! says; nothing else is ever taken for a yes.

use std::sync::Arc;

use parley_chain::{Carried, Carrier, Carrying, Endpoint, ReadFailure, Refusal, SendFailure, Url};
use serde_json::json;

const DIALECTS: &str = include_str!("../fixtures/dialects.txt");

/// Answers every question with one body.
struct Parrot(Vec<u8>);

impl Carrier for Parrot {
    fn carry<'a>(&'a self, _: &'a Url, body: Vec<u8>) -> Carrying<'a> {
        let carried = Carried {
            body: Ok(self.0.clone()),
            sent: body.len() as u64,
            received: self.0.len() as u64,
            ms: 0,
        };
        Box::pin(async { carried })
    }
}

/// What comes of offering a transaction and hearing this.
async fn heard(body: Vec<u8>) -> Result<Vec<Result<(), SendFailure>>, ReadFailure> {
    let parrot = Arc::new(Parrot(body));
    let endpoint = Endpoint::over("https://node.invalid/", parrot).unwrap();
    endpoint.broadcast(&[vec![2, 1]]).await
}

/// The word for what an answer was taken for.
fn word(failure: SendFailure) -> &'static str {
    match failure {
        SendFailure::Known => "known",
        SendFailure::Refused(refusal) => refusal.word(),
        SendFailure::Offline(_) => "offline",
    }
}

#[tokio::test]
async fn every_dialect_is_understood() {
    let rows = DIALECTS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let mut parts = row.splitn(3, ' ');
        let code: i64 = parts.next().unwrap().parse().unwrap();
        let wanted = parts.next().unwrap();
        let error = json!({ "code": code, "message": parts.next().unwrap_or_default() });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "error": error });
        let answers = heard(body.to_string().into_bytes()).await.unwrap();
        assert_eq!(word(answers[0].unwrap_err()), wanted, "{row}");
        count += 1;
    }
    assert!(count >= 130, "{count} rows");
}

#[tokio::test]
async fn a_refusal_in_other_forms_is_no_yes() {
    for body in [
        json!({ "id": 0, "error": {} }),
        json!({ "id": 0, "error": { "message": "already", "data": "known" } }),
    ] {
        let found = heard(body.to_string().into_bytes()).await;
        let refused = SendFailure::Refused(Refusal::Other);
        assert_eq!(found, Ok(vec![Err(refused)]), "{body}");
    }
}

#[tokio::test]
async fn a_page_for_people_is_no_refusal() {
    let found = heard(b"\n <!DOCTYPE html><html>already known</html>".to_vec()).await;
    assert_eq!(found, Err(ReadFailure::NotAnEndpoint));
}
