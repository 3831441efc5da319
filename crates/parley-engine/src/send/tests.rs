//! Which seals a restart takes back, and which transactions it offers again.

use parley_store::Kind;

use super::*;

fn variant(nonce: u64, exposed: bool) -> Variant {
    Variant {
        kind: Kind::Message,
        displaced: false,
        hash: B256::with_last_byte(u8::try_from(nonce).unwrap()),
        nonce,
        raw: Vec::new(),
        max_fee: 1,
        priority_fee: 1,
        gas_limit: 21_000,
        sealed_at: 0,
        exposed_at: exposed.then_some(0),
        accepted_by: 0,
        refused: false,
        sighted: false,
        position: None,
    }
}

/// A message for each transaction; the numbers of the messages run against those of the nonces.
fn rows(variants: Vec<Variant>) -> Vec<OutgoingRow> {
    let count = variants.len() as u64;
    let row = |(at, variant): (u64, Variant)| OutgoingRow {
        id: MessageId(count - at),
        wire: Vec::new(),
        parent: None,
        revision: 0,
        queued_at: 0,
        cancelled: false,
        stopped: None,
        urgent: false,
        undo_until: None,
        insists: true,
        giving_up_at: None,
        repairs: None,
        refers: None,
        sealed: true,
        settled: None,
        changed: 0,
        variants: vec![variant],
    };
    (0_u64..).zip(variants).map(row).collect()
}

#[test]
fn a_seal_that_was_never_exposed_is_taken_back_from_the_first_on() {
    let rows = rows(vec![variant(4, true), variant(5, false), variant(6, false)]);
    assert_eq!(never_exposed(&rows), Some(MessageId(2)));
}

#[test]
fn a_nonce_that_a_later_one_needs_stays() {
    let left = rows(vec![variant(4, false), variant(5, true)]);
    assert_eq!(never_exposed(&left), None);
    assert_eq!(never_exposed(&rows(vec![variant(4, true)])), None);
    assert_eq!(never_exposed(&[]), None);
}

#[test]
fn what_is_on_its_way_is_offered_in_the_order_of_the_nonces() {
    let rows = rows(vec![variant(6, true), variant(4, true), variant(5, true)]);
    let nonces: Vec<u64> = pending(&rows).iter().map(|(_, v)| v.nonce).collect();
    assert_eq!(nonces, [4, 5, 6]);
}

#[test]
fn only_what_a_person_did_meanwhile_is_no_fault() {
    let changed = Err(StoreError::Conflict(Conflict::Edited(MessageId(1))));
    assert!(matches!(unless_changed(changed), Ok(None)));
    let fault = Err(StoreError::Conflict(Conflict::WrongNonce { due: 1 }));
    assert!(unless_changed(fault).is_err());
    assert!(matches!(unless_changed(Ok(())), Ok(Some(()))));
}
