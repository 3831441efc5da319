//! Every lie changes in the answers what it says, and nothing else.

use std::collections::BTreeSet;

use parley_testkit::{Lie, Proxy};
use serde_json::{Value, json};

use crate::interview::{Interview, UNKNOWN, differences};
use crate::{WRITER, ask, chain};

const MESSAGES: [&str; 4] = ["one", "two", "by-hash", "three"];
const FULL: [&str; 5] = ["one", "two", "by-hash", "three", "six"];
const BLOCKS: [&str; 9] = [
    "one", "two", "thin", "by-hash", "three", "six", "latest", "safe", "final",
];
const BY_NUMBER: [&str; 8] = [
    "one", "two", "thin", "three", "six", "latest", "safe", "final",
];

fn each(names: &[&str], paths: &[&str]) -> Vec<String> {
    let one = |name: &&str| {
        paths
            .iter()
            .map(|path| format!("{name}.{path}"))
            .collect::<Vec<_>>()
    };
    names.iter().flat_map(one).collect()
}

fn all(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What each lie may change, and all of it must be changed. A path stands for all below it.
#[expect(clippy::too_many_lines, reason = "a table")]
fn wanted(lie: Lie) -> Vec<String> {
    match lie {
        Lie::StaleHead(_) => all(&["head", "six", "latest", "safe", "final"]),
        Lie::FutureHead(_) => all(&["head"]),
        Lie::NonceMinus(_) | Lie::NoncePlus(_) => all(&["count"]),
        Lie::FinalNoncePlus(_) => all(&["final-count"]),
        Lie::OmitWhiteflag => each(
            &["one", "two", "thin", "by-hash", "three"],
            &["transactions"],
        ),
        Lie::OmitAndRecount(_) => [
            each(&["one"], &["transactions", "transactionsRoot", "hash"]),
            each(
                &["two", "thin", "three"],
                &["transactions", "transactionsRoot", "hash", "parentHash"],
            ),
            each(
                &["six"],
                &["transactions.*.blockHash", "hash", "parentHash"],
            ),
            each(&["latest", "safe", "final"], &["hash", "parentHash"]),
            all(&[
                "by-hash",
                "message",
                "receipt",
                "history",
                "plain.blockHash",
            ]),
        ]
        .concat(),
        Lie::AlterCalldata => each(&MESSAGES, &["transactions.*.input"]),
        Lie::AlterCalldataAndHash => [
            each(&MESSAGES, &["transactions.*.input", "transactions.*.hash"]),
            all(&["thin.transactions.*"]),
        ]
        .concat(),
        Lie::SwapSender => each(&MESSAGES, &["transactions.*.from"]),
        Lie::SwapHash => [
            each(&MESSAGES, &["transactions.*.hash"]),
            all(&["thin.transactions.*"]),
        ]
        .concat(),
        Lie::InsertForged | Lie::InsertValidElsewhere => each(&BLOCKS, &["transactions"]),
        Lie::ForgeBlock(_) => each(
            &["two", "thin", "by-hash"],
            &["transactions", "transactionsRoot", "hash"],
        ),
        Lie::ForgeWholeBranch(_) => [
            each(
                &["two", "thin"],
                &["transactions", "transactionsRoot", "hash"],
            ),
            each(
                &["three", "six", "latest", "safe", "final"],
                &["transactions", "transactionsRoot", "hash", "parentHash"],
            ),
            all(&["by-hash", "message", "receipt", "plain", "history"]),
        ]
        .concat(),
        Lie::ReplayOldBlock => all(&BY_NUMBER),
        Lie::WrongNumber => each(&BLOCKS, &["number"]),
        Lie::WrongParent => each(&BLOCKS, &["parentHash"]),
        Lie::AlterTime => each(&BLOCKS, &["timestamp"]),
        Lie::AlterTimeConsistently(_) => [
            each(&["two", "thin"], &["timestamp", "hash"]),
            each(
                &["three", "six", "latest", "safe", "final"],
                &["timestamp", "hash", "parentHash"],
            ),
            each(
                &["two", "three", "six"],
                &["transactions.*.blockHash", "transactions.*.blockTimestamp"],
            ),
            each(&["plain", "message"], &["blockHash", "blockTimestamp"]),
            all(&[
                "by-hash",
                "receipt.blockHash",
                "receipt.blockTimestamp",
                "history",
            ]),
        ]
        .concat(),
        Lie::FakeFinalized => all(&["final", "final-count"]),
        Lie::FakeSafe => all(&["safe"]),
        Lie::FinalizedGoesBack => all(&["final"]),
        Lie::FinalizedOtherHash => each(&["final"], &["extraData", "hash"]),
        Lie::ChainIdSwap => all(&["chain"]),
        Lie::GenesisSwap => each(&["genesis"], &["extraData", "hash"]),
        Lie::FeesTimes1000 | Lie::FeesZero => all(&["fees.baseFeePerGas", "fees.reward", "price"]),
        Lie::BalanceZero | Lie::BalanceHuge => all(&["balance"]),
        Lie::CodeNotEmpty => all(&["code"]),
        Lie::KnownButNot | Lie::MinedButNot => all(&["unknown"]),
        Lie::UnknownAlways => all(&["plain", "message", "receipt"]),
        // These are about what is offered, and are looked at there.
        Lie::AcceptThenForget | Lie::AcceptWrongHash | Lie::RefuseAlways(_) => Vec::new(),
        Lie::FalseHistoryContract => all(&["history"]),
        Lie::NullBlocks => all(&BLOCKS),
        Lie::EstimateHuge => all(&["estimate"]),
        Lie::DuplicateTransactions => each(
            &["one", "two", "thin", "by-hash", "three", "six", "latest"],
            &["transactions"],
        ),
        Lie::HashesOnly => each(&FULL, &["transactions.*"]),
        Lie::UnknownTypeEverywhere => each(&FULL, &["transactions.*.type"]),
    }
}

fn covers(wanted: &str, path: &str) -> bool {
    path.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[test]
fn each_lie_changes_what_it_says_and_nothing_else() {
    let node = chain();
    let proxy = Proxy::before(&node.url());
    let interview = Interview::of(&node);
    let honest = interview.with(&node.url());
    for lie in Lie::ALL {
        proxy.script(|script| {
            script.clear();
            script.lie(lie);
        });
        // Some lies begin with the second question.
        let _ = interview.with(&proxy.url());
        let told = interview.with(&proxy.url());
        let mut found = BTreeSet::new();
        differences("", &honest, &told, &mut found);
        let wanted = wanted(lie);
        for path in &found {
            let meant = wanted.iter().any(|wanted| covers(wanted, path));
            assert!(meant, "{lie:?} changes {path} too");
        }
        for wanted in &wanted {
            let done = found.iter().any(|path| covers(wanted, path));
            assert!(done, "{lie:?} does not change {wanted}: {found:?}");
        }
    }
    proxy.script(|script| script.clear());
    assert_eq!(interview.with(&proxy.url()), honest, "honest again");
}

#[test]
fn every_lie_is_in_the_list_once_and_has_its_methods() {
    let names: BTreeSet<String> = Lie::ALL.iter().map(|lie| format!("{lie:?}")).collect();
    assert_eq!(names.len(), Lie::ALL.len());
    assert!(Lie::ALL.iter().all(|lie| !lie.methods().is_empty()));
    assert!(Lie::ALL.len() >= 30);
}

/// What a lie makes of one answer.
fn under(lie: Lie, method: &str, params: &Value) -> Value {
    let node = chain();
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        script.lie(lie);
    });
    ask(&proxy.url(), method, params)
}

#[test]
fn numbers_are_as_wrong_as_they_are_told_to_be() {
    let count = json!([WRITER, "latest"]);
    for (lie, method, params, wanted) in [
        (Lie::StaleHead(4), "eth_blockNumber", json!([]), "0x2"),
        (Lie::StaleHead(40), "eth_blockNumber", json!([]), "0x0"),
        (Lie::FutureHead(5), "eth_blockNumber", json!([]), "0xb"),
        (
            Lie::NonceMinus(2),
            "eth_getTransactionCount",
            count.clone(),
            "0x3",
        ),
        (
            Lie::NoncePlus(2),
            "eth_getTransactionCount",
            count.clone(),
            "0x7",
        ),
        (Lie::ChainIdSwap, "eth_chainId", json!([]), "0x7a6a"),
        (Lie::BalanceZero, "eth_getBalance", count, "0x0"),
        (Lie::FeesZero, "eth_gasPrice", json!([]), "0x0"),
    ] {
        assert_eq!(under(lie, method, &params), wanted, "{lie:?}");
    }
}

#[test]
fn a_stale_node_has_no_block_above_its_head_and_its_latest_is_that() {
    let block = |at: &str| {
        under(
            Lie::StaleHead(4),
            "eth_getBlockByNumber",
            &json!([at, false]),
        )
    };
    assert_eq!(block("0x3"), Value::Null);
    assert_eq!(block("0x2")["number"], "0x2");
    assert_eq!(block("latest")["number"], "0x2");
}

#[test]
fn what_is_said_to_wait_is_in_no_block_and_what_is_said_to_be_mined_is() {
    let place = |lie| under(lie, "eth_getTransactionByHash", &json!([UNKNOWN]));
    let waits = place(Lie::KnownButNot);
    assert_eq!(
        (&waits["hash"], &waits["blockNumber"]),
        (&json!(UNKNOWN), &Value::Null)
    );
    let mined = place(Lie::MinedButNot);
    assert_eq!(
        (&mined["hash"], &mined["blockNumber"]),
        (&json!(UNKNOWN), &json!("0x6"))
    );
}

#[test]
fn the_final_block_goes_back_by_one_each_time_and_not_below_the_first() {
    let node = chain();
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        script.lie(Lie::FinalizedGoesBack);
    });
    let heights: Vec<Value> = (0..6)
        .map(|_| {
            ask(
                &proxy.url(),
                "eth_getBlockByNumber",
                &json!(["finalized", false]),
            )["number"]
                .clone()
        })
        .collect();
    assert_eq!(heights, ["0x4", "0x3", "0x2", "0x1", "0x0", "0x0"]);
}

#[test]
fn several_lies_are_told_at_once_and_limits_hold() {
    let node = chain();
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        script.lie(Lie::NoncePlus(1)).at_most(2);
        script.lie(Lie::NoncePlus(10)).every(2);
    });
    let counts: Vec<Value> = (0..4)
        .map(|_| {
            ask(
                &proxy.url(),
                "eth_getTransactionCount",
                &json!([WRITER, "latest"]),
            )
        })
        .collect();
    assert_eq!(counts, ["0x6", "0x10", "0x5", "0xf"]);
    assert_eq!(proxy.seen().lies, 3);
}
