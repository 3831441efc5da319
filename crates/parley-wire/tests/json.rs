//! The JSON of every type that crosses the border, written out: page, scripts and engine are built
//! together, but black-box tests and bridges are not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use parley_wire::{
    Action, Attempt, Changed, Code, Coverage, Draft, Endpoint, Failure, Health, Link, Mended,
    Network, NetworkChoice, NetworkKind, NetworkView, Next, Note, Offered, OfflineReason, Opinions,
    Outcome, OwnMessage, Part, Reason, Receive, Received, ReceivedTo, Reference, Settings, Signal,
    SignalsSince, Standing, Start, State, Status, Stretch, Tried, Validity, Verification, View,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// It is written as this, and read back from it.
fn is<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, written: Value) {
    assert_eq!(serde_json::to_value(&value).unwrap(), written);
    assert_eq!(serde_json::from_value::<T>(written).unwrap(), value);
}

#[test]
fn an_own_message() {
    is(
        OwnMessage {
            id: 3,
            state: State::InBlock,
            reason: Reason::InBlock { block: 7 },
            next: Next::AwaitFinality,
            transaction_hash: Some("ab".repeat(32)),
            block_number: Some(7),
            queued_at: 1,
            editable: false,
            urgent: true,
            undo_until: Some(11),
            repaired_by: Some(5),
            actions: vec![Action::OfferMore, Action::GiveUp],
            dependents: vec![4],
            message: json!({}),
        },
        json!({
            "id": 3, "state": "in-block", "reason": {"kind": "in-block", "block": 7},
            "next": "await-finality", "transactionHash": "ab".repeat(32), "blockNumber": 7,
            "queuedAt": 1, "editable": false, "urgent": true, "undoUntil": 11, "repairedBy": 5,
            "actions": ["offer-more", "give-up"], "dependents": [4], "message": {},
        }),
    );
    is(State::Cancelled, json!("cancelled"));
    is(Reason::NoConnection, json!({"kind": "no-connection"}));
    is(
        Reason::ForMessage { id: 2 },
        json!({"kind": "for-message", "id": 2}),
    );
}

#[test]
fn a_received_transaction() {
    let received = Received {
        transaction_hash: "ab".repeat(32),
        block_number: 7,
        block_hash: "cd".repeat(32),
        block_time: 9,
        originator: "0xA".to_owned(),
        state: Standing::Safe,
        verification: Verification::Block,
        raw: "5746".to_owned(),
        message: None,
        error: Some("cut short".to_owned()),
        shown: None,
        findings: vec!["date-time".to_owned()],
    };
    is(
        received,
        json!({
            "transactionHash": "ab".repeat(32), "blockNumber": 7, "blockHash": "cd".repeat(32),
            "blockTime": 9, "originator": "0xA", "state": "safe", "verification": "block",
            "raw": "5746", "message": null, "error": "cut short",
            "findings": ["date-time"],
        }),
    );
}

#[test]
fn every_reason_and_every_next_step() {
    for (reason, kind) in [
        (Reason::NoConnection, "no-connection"),
        (Reason::ItsTurn, "its-turn"),
        (Reason::ForFunds, "for-funds"),
        (Reason::UsedElsewhere, "used-elsewhere"),
        (Reason::NoAnswer, "no-answer"),
        (Reason::BlockReplaced, "block-replaced"),
        (Reason::Refused, "refused"),
        (Reason::NotOnThisNetwork, "not-on-this-network"),
        (Reason::Withdrawn, "withdrawn"),
        (Reason::UndoTime, "undo-time"),
        (Reason::Over, "over"),
        (Reason::HasCode, "has-code"),
        (Reason::PriceTooHigh, "price-too-high"),
        (Reason::PlaceTaken, "place-taken"),
        (Reason::ReferenceReplaced, "reference-replaced"),
    ] {
        is(reason, json!({"kind": kind}));
    }
    is(
        Reason::GivingUp { nodes: 2 },
        json!({"kind": "giving-up", "nodes": 2}),
    );
    is(
        Reason::GivenUp { block: 7 },
        json!({"kind": "given-up", "block": 7}),
    );
    for (next, written) in [
        (Next::WhenConnected, "when-connected"),
        (Next::Soon, "soon"),
        (Next::AfterMessage, "after-message"),
        (Next::AddFunds, "add-funds"),
        (Next::WhenSettled, "when-settled"),
        (Next::AwaitBlock, "await-block"),
        (Next::OfferedAgain, "offered-again"),
        (Next::MoreOffered, "more-offered"),
        (Next::Nothing, "nothing"),
        (Next::Decide, "decide"),
        (Next::AfterUndo, "after-undo"),
        (Next::SendChangeOrDrop, "send-change-or-drop"),
        (Next::ClearAccount, "clear-account"),
        (Next::WhenCheaper, "when-cheaper"),
        (Next::SealedAfresh, "sealed-afresh"),
        (Next::WhicheverFirst, "whichever-first"),
        (Next::SentAsAnother, "sent-as-another"),
    ] {
        is(next, json!(written));
    }
}

#[test]
fn how_far_it_was_verified() {
    is(Verification::Own, json!("own"));
    is(Verification::Signer, json!("signer"));
    is(Verification::Block, json!("block"));
    is(Verification::Witnessed, json!("witnessed"));
}

#[test]
fn a_received_text_that_is_only_shown() {
    let shown = json!({"MessageBody": {"Text": "caf\\xe9"}});
    let row = json!({
        "transactionHash": "ab".repeat(32), "blockNumber": 7, "blockHash": "cd".repeat(32),
        "blockTime": 9, "originator": "0xA", "state": "safe", "verification": "block",
        "raw": "5746", "message": null, "error": "a character", "shown": shown,
        "findings": [],
    });
    let received: Received = serde_json::from_value(row.clone()).unwrap();
    assert_eq!(received.shown, Some(shown));
    is(received, row);
}

#[test]
fn a_signal_with_all_that_was_said_about_it() {
    let reference = |outcome| Reference {
        transaction_hash: "@2".to_owned(),
        indicator: "6".to_owned(),
        outcome,
        findings: vec!["reference-not-own".to_owned()],
        originator: "0xB".to_owned(),
        time: 2,
        message: json!({}),
        escaped: false,
    };
    let opinions = Opinions {
        confirmed_by: vec!["0xB".to_owned()],
        ..Opinions::default()
    };
    let part = Part {
        transaction_hash: "cd".repeat(32),
        newest: "@3".to_owned(),
        original: json!({}),
        message: json!({}),
        time: 4,
        opinions: Opinions::default(),
    };
    let note = Note {
        code: "F".to_owned(),
        pieces: vec!["@4".to_owned()],
        text: "more".to_owned(),
    };
    let signal = Signal {
        transaction_hash: "ab".repeat(32),
        validity: Validity::Recalled,
        message: json!({}),
        newest: "@1".to_owned(),
        original: json!({}),
        references: vec![reference(Outcome::Past)],
        without_effect: vec![reference(Outcome::Wrong)],
        opinions,
        parts: vec![part],
        notes: vec![note],
        related: vec!["@5".to_owned()],
        awaits: true,
        findings: Vec::new(),
        originator: "0xA".to_owned(),
        own: true,
        time: 1,
        block_number: None,
        index: 3,
        state: Standing::Unsent,
        verification: Verification::Own,
        escaped: true,
        raw: "5746".to_owned(),
    };
    let nobody = json!({
        "confirmedBy": [], "acknowledgedBy": [], "compliedBy": [], "rejectedBy": [],
    });
    let said = |outcome: &str| {
        json!({
            "transactionHash": "@2", "indicator": "6", "outcome": outcome,
            "findings": ["reference-not-own"], "originator": "0xB", "time": 2, "message": {},
            "escaped": false,
        })
    };
    is(
        signal,
        json!({
            "transactionHash": "ab".repeat(32), "validity": "recalled", "message": {},
            "newest": "@1", "original": {},
            "references": [said("past")], "withoutEffect": [said("wrong")],
            "opinions": {
                "confirmedBy": ["0xB"], "acknowledgedBy": [], "compliedBy": [], "rejectedBy": [],
            },
            "parts": [{
                "transactionHash": "cd".repeat(32), "newest": "@3", "original": {}, "message": {},
                "time": 4, "opinions": nobody,
            }],
            "notes": [{"code": "F", "pieces": ["@4"], "text": "more"}],
            "related": ["@5"], "awaits": true, "findings": [],
            "originator": "0xA", "own": true, "time": 1, "blockNumber": null, "index": 3,
            "state": "unsent", "verification": "own", "escaped": true, "raw": "5746",
        }),
    );
}

#[test]
fn what_changed_among_the_signals() {
    is(
        SignalsSince::<Signal> {
            token: 7,
            anew: true,
            changed: Vec::new(),
            gone: vec!["@1".to_owned()],
            more: false,
        },
        json!({ "token": 7, "anew": true, "changed": [], "gone": ["@1"], "more": false }),
    );
}

#[test]
fn where_the_device_stands() {
    let status = Status {
        network: Network {
            name: "local".to_owned(),
            chain_id: 31_337,
            kind: NetworkKind::Exercise,
        },
        name: "convoy 2".to_owned(),
        address: "0xA".to_owned(),
        link: Link::Offline {
            reason: OfflineReason::WrongChain { found: 5 },
        },
        received_to: Some(ReceivedTo { block: 7, time: 9 }),
        head: Some(8),
        unsent: 2,
        balance: None,
        protected: false,
        affordable: Some(4),
        clock_off: Some(-400),
        disputed: true,
        missing: 12,
        receive: Receive::Followed,
        undecided: 1,
        low_room: false,
        mended: Some(Mended {
            at: 6,
            messages: 3,
            whole: false,
        }),
    };
    is(
        status,
        json!({
            "network": {"name": "local", "chainId": 31337, "kind": "exercise"},
            "name": "convoy 2", "address": "0xA",
            "link": {"is": "offline", "reason": {"kind": "wrong-chain", "found": 5}},
            "receivedTo": {"block": 7, "time": 9}, "head": 8, "unsent": 2, "balance": null,
            "protected": false, "affordable": 4, "clockOff": -400, "disputed": true, "missing": 12,
            "receive": "followed", "undecided": 1, "lowRoom": false,
            "mended": {"at": 6, "messages": 3, "whole": false},
        }),
    );
    is(Link::Online, json!({"is": "online"}));
}

#[test]
fn what_the_page_sends_and_hears() {
    is(Draft { message: json!({}) }, json!({"message": {}}));
    let view = View {
        lng: 1.5,
        lat: -2.0,
        zoom: 3.0,
    };
    is(view, json!({"lng": 1.5, "lat": -2.0, "zoom": 3.0}));
    is(Changed::Signals, json!("signals"));
    let failure = Failure {
        code: Code::HasDependents,
        message: "Others refer to it.".to_owned(),
    };
    is(
        failure,
        json!({"code": "has-dependents", "message": "Others refer to it."}),
    );
}

#[test]
fn how_a_network_is_reached() {
    let view = NetworkView {
        settings: Settings {
            receive: Receive::Nothing,
            start: Start::Time { since: 9 },
            proxy: Some("socks5h://127.0.0.1:9050".to_owned()),
            undo_seconds: 20,
            most_gwei: Some(300),
        },
        endpoints: vec![Endpoint {
            url: "http://a".to_owned(),
            health: Health::Demoted {
                lie: "false-header".to_owned(),
            },
            latency_ms: Some(7),
            head: Some(8),
            sent: 1,
            received: 2,
            answered_at: None,
        }],
        coverage: Coverage {
            start: Some(3),
            head: Some(8),
            stretches: vec![Stretch {
                first: 5,
                last: 8,
                level: Verification::Block,
                unreadable: 1,
            }],
            missing: 2,
            expected_octets: Some(600),
        },
        followed: vec!["0xA".to_owned()],
    };
    is(
        view,
        json!({
            "settings": {
                "receive": "nothing", "start": {"at": "time", "since": 9},
                "proxy": "socks5h://127.0.0.1:9050", "undoSeconds": 20, "mostGwei": 300,
            },
            "endpoints": [{
                "url": "http://a", "health": {"is": "demoted", "lie": "false-header"},
                "latencyMs": 7, "head": 8, "sent": 1, "received": 2, "answeredAt": null,
            }],
            "coverage": {
                "start": 3, "head": 8, "missing": 2, "expectedOctets": 600,
                "stretches": [{"first": 5, "last": 8, "level": "block", "unreadable": 1}],
            },
            "followed": ["0xA"],
        }),
    );
    is(Start::Usual, json!({"at": "usual"}));
    is(Start::Now, json!({"at": "now"}));
    is(
        Start::Block { number: 4 },
        json!({"at": "block", "number": 4}),
    );
    is(Health::NotTried, json!({"is": "not-tried"}));
    is(Health::Good, json!({"is": "good"}));
    is(
        Health::Failing { times: 2 },
        json!({"is": "failing", "times": 2}),
    );
    is(Changed::Network, json!("network"));
}

#[test]
fn what_was_never_chosen_is_the_usual() {
    let settings: Settings = serde_json::from_value(json!({"receive": "followed"})).unwrap();
    assert_eq!(settings.receive, Receive::Followed);
    assert_eq!(settings.undo_seconds, Settings::default().undo_seconds);
}

#[test]
fn what_was_tried() {
    is(
        Tried::Fits {
            head: 4,
            latency_ms: 9,
        },
        json!({"is": "fits", "head": 4, "latencyMs": 9}),
    );
    is(
        Tried::Unfit {
            reason: OfflineReason::NotAnEndpoint,
        },
        json!({"is": "unfit", "reason": {"kind": "not-an-endpoint"}}),
    );
    is(
        Attempt {
            at: 1,
            endpoint: "http://a".to_owned(),
            outcome: Offered::Refused,
            class: Some("funds".to_owned()),
        },
        json!({"at": 1, "endpoint": "http://a", "outcome": "refused", "class": "funds"}),
    );
    is(
        NetworkChoice {
            name: "sepolia".to_owned(),
            kind: NetworkKind::Test,
            current: false,
            set_up: true,
        },
        json!({"name": "sepolia", "kind": "test", "current": false, "setUp": true}),
    );
}
