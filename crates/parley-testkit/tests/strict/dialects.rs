//! The same refusals in the words and codes of five clients. What is written here was read in their
//! sources; a change of the table must be a change there first.

use alloy_primitives::hex;
use parley_testkit::strict::{Dialect, Rules, Signer, Strict};
use serde_json::json;

use crate::asking::{GWEI, ask, message, node_with};

/// Code and words of the refusal of a transaction.
fn refused(
    node: &mut Strict,
    signer: &Signer,
    transaction: alloy_consensus::TxEip1559,
) -> (i64, String) {
    let raw = hex::encode_prefixed(signer.sign(transaction));
    ask(node, "eth_sendRawTransaction", json!([raw])).unwrap_err()
}

/// A node with one message mined and one waiting.
fn busy(dialect: Dialect) -> (Strict, Signer) {
    let (mut node, signer) = node_with(Rules {
        dialect,
        ..Rules::default()
    });
    for nonce in 0..2 {
        let raw = signer.sign(message(&signer, nonce, (10 * GWEI, GWEI)));
        let params = json!([hex::encode_prefixed(raw)]);
        ask(&mut node, "eth_sendRawTransaction", params).unwrap();
        if nonce == 0 {
            node.mine();
        }
    }
    (node, signer)
}

#[test]
fn known_used_taken_poor_and_short_of_gas() {
    let table = [
        (
            Dialect::Geth,
            -32_000,
            "already known",
            "nonce too low: next nonce 1, tx nonce 0",
            "replacement transaction underpriced",
            "insufficient gas for floor data gas cost: gas 21199, minimum needed 21200",
        ),
        (
            Dialect::Erigon,
            -32_000,
            "ALREADY_EXISTS: already known",
            "INTERNAL_ERROR: nonce too low",
            "INTERNAL_ERROR: could not replace existing tx",
            "INTERNAL_ERROR: IntrinsicGas",
        ),
        (
            Dialect::Nethermind,
            -32_010,
            "already known",
            "nonce too low",
            "replacement transaction underpriced",
            "transaction invalid, intrinsic gas too low",
        ),
        (
            Dialect::Reth,
            -32_000,
            "already known",
            "nonce too low: next nonce 1, tx nonce 0",
            "replacement transaction underpriced",
            "intrinsic gas too low",
        ),
        (
            Dialect::Anvil,
            -32_003,
            "transaction already imported",
            "nonce too low",
            "replacement transaction underpriced",
            "intrinsic gas too low",
        ),
    ];
    for (dialect, code, known, used, taken, gas) in table {
        let (mut node, signer) = busy(dialect);
        let plain = |nonce| message(&signer, nonce, (10 * GWEI, GWEI));
        let mut other = plain(1);
        other.max_fee_per_gas += GWEI;
        let mut short = plain(2);
        short.gas_limit = 21_199;
        for (transaction, want) in [
            (plain(1), known),
            (plain(0), used),
            (other, taken),
            (short, gas),
        ] {
            let said = refused(&mut node, &signer, transaction);
            assert_eq!(said, (code, want.to_owned()), "{dialect:?}");
        }
    }
}

#[test]
fn money_and_chain() {
    let funds = "nsufficient funds";
    let table = [
        (
            Dialect::Geth,
            -32_000,
            "invalid sender: invalid chain id for signer: have 5 want 31337",
        ),
        (
            Dialect::Erigon,
            -32_000,
            "invalid chain id, expected: 31337 got: 5",
        ),
        (
            Dialect::Nethermind,
            -32_010,
            "transaction invalid, invalid chain id",
        ),
        (Dialect::Reth, -32_003, "invalid chain ID"),
        (Dialect::Anvil, -32_003, "invalid chain id for signer"),
    ];
    for (dialect, code, chain) in table {
        let (mut node, signer) = busy(dialect);
        let mut poor = message(&signer, 2, (10 * GWEI, GWEI));
        poor.value = alloy_primitives::U256::from(u128::MAX);
        let said = refused(&mut node, &signer, poor);
        assert!(
            said.0 == code && said.1.contains(funds),
            "{dialect:?}: {said:?}"
        );
        let mut elsewhere = message(&signer, 2, (10 * GWEI, GWEI));
        elsewhere.chain_id = 5;
        assert_eq!(refused(&mut node, &signer, elsewhere).1, chain);
    }
}

#[test]
fn anvil_alone_refuses_what_cannot_pay_the_next_base_fee() {
    for dialect in Dialect::ALL {
        let (mut node, signer) = busy(dialect);
        node.set_base_fee(20_000_000_000);
        let raw = hex::encode_prefixed(signer.sign(message(&signer, 2, (10 * GWEI, GWEI))));
        let said = ask(&mut node, "eth_sendRawTransaction", json!([raw]));
        assert_eq!(said.is_err(), dialect == Dialect::Anvil, "{dialect:?}");
    }
}

#[test]
fn a_missing_final_block_is_an_error_or_null() {
    for (dialect, want) in [
        (Dialect::Geth, Some(-32_000)),
        (Dialect::Erigon, Some(-32_000)),
        (Dialect::Nethermind, Some(-39_001)),
        (Dialect::Reth, Some(-39_001)),
        (Dialect::Anvil, None),
    ] {
        let (mut node, _) = busy(dialect);
        let said = ask(
            &mut node,
            "eth_getBlockByNumber",
            json!(["finalized", false]),
        );
        assert_eq!(said.err().map(|(code, _)| code), want, "{dialect:?}");
        let version = ask(&mut node, "web3_clientVersion", json!([])).unwrap();
        let name = format!("{dialect:?}").to_lowercase();
        assert!(version.as_str().unwrap().to_lowercase().starts_with(&name));
    }
}

#[test]
fn rubbish_is_no_transaction() {
    for dialect in Dialect::ALL {
        let (mut node, _) = busy(dialect);
        for raw in ["0x", "0x02c0", "0x00", "0xff", "0x04c0"] {
            assert!(
                ask(&mut node, "eth_sendRawTransaction", json!([raw])).is_err(),
                "{raw}"
            );
        }
        let (code, _) = ask(&mut node, "eth_sendRawTransaction", json!(["WF"])).unwrap_err();
        assert_eq!(code, -32_602);
    }
}
