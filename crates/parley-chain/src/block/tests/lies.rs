//! A block that contradicts itself is refused; nothing false is ever called verified.

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use super::super::*;
use super::forge::{CHAIN, block, changed, genuine_with, look, modern, rehash, transactions};

/// Asserts that a lie is refused, and that a liar who hides it behind a header of an unknown form
/// reaches the lower level at most.
fn refused(name: &str, lie: impl Fn(&mut Value)) {
    let told = changed(name, &lie);
    let found = look(&told);
    // What is missing is no answer; what is there and false is a lie.
    assert!(
        matches!(found, Err(ReadFailure::Lie(_) | ReadFailure::BadAnswer)),
        "{told}: {found:?}"
    );
    let hidden = changed(name, |block| {
        lie(block);
        block["laterFork"] = json!("0x1");
    });
    if let Ok(Some(found)) = look(&hidden) {
        assert_eq!(found.level, Verification::Signer, "{hidden}");
    }
}

/// Asserts that an answer is refused, or believed only to say what the genuine block says.
fn never_believed(text: &str, genuine: &Block) {
    if let Ok(Some(found)) = verified(text, genuine.header.number, CHAIN, None)
        && found.level == Verification::Block
    {
        assert_eq!(&found, genuine, "{text}");
    }
}

#[test]
fn which_part_is_false_is_said() {
    let header = changed("mixed", |block| block["gasUsed"] = json!("0x1"));
    let lie = Err(ReadFailure::Lie(Lie::FalseHeader));
    assert_eq!(look(&header), lie);
    let transactions = changed("mixed", |block| {
        transactions(block).remove(0);
    });
    let lie = Err(ReadFailure::Lie(Lie::FalseTransactions));
    assert_eq!(look(&transactions), lie);
}

#[test]
fn calldata_that_was_altered_beside_the_signature() {
    let other = json!(Bytes::from_static(b"WF1 something else"));
    for input in [other, json!("0x")] {
        refused("mixed", |block| {
            transactions(block)[0]["input"] = input.clone()
        });
        refused("single", |block| {
            transactions(block)[0]["input"] = input.clone()
        });
    }
}

#[test]
fn altered_calldata_is_never_laid_into_the_mouth_of_its_originator() {
    let genuine = look(&block("single")).unwrap().unwrap();
    let lie = changed("single", |block| {
        transactions(block)[0]["input"] = json!(Bytes::from_static(b"WF1 altered"));
        block["laterFork"] = json!("0x1");
        block["hash"] = json!(B256::ZERO);
    });
    let found = look(&lie).unwrap().unwrap();
    assert_eq!(found.level, Verification::Signer);
    for message in found.messages {
        assert_ne!(message.originator, genuine.messages[0].originator);
    }
}

#[test]
fn a_sender_or_a_hash_that_was_swapped_is_not_looked_at() {
    let genuine = look(&block("mixed")).unwrap();
    for key in ["from", "hash"] {
        let lie = changed("mixed", |block| {
            let other = transactions(block)[2][key].take();
            transactions(block)[0][key] = other;
            transactions(block)[2][key] = json!(B256::ZERO);
        });
        assert_eq!(look(&lie).unwrap(), genuine, "{key}");
    }
}

#[test]
fn a_signature_of_another_transaction() {
    refused("mixed", |block| {
        for key in ["r", "s", "v", "yParity"] {
            transactions(block)[0][key] = transactions(block)[5][key].clone();
        }
    });
}

#[test]
fn a_transaction_that_was_left_out() {
    for index in 0..6 {
        refused("mixed", |block| drop(transactions(block).remove(index)));
    }
    refused("single", |block| transactions(block).clear());
}

#[test]
fn a_transaction_that_was_slipped_in() {
    let other = transactions(&mut block("single"))[0].clone();
    for index in [0, 3, 6] {
        refused("mixed", |block| {
            transactions(block).insert(index, other.clone());
        });
    }
    refused("empty", |block| transactions(block).push(other.clone()));
    refused("single", |block| transactions(block).push(other.clone()));
}

#[test]
fn transactions_in_another_order() {
    refused("mixed", |block| transactions(block).swap(0, 5));
    refused("mixed", |block| transactions(block).reverse());
}

#[test]
fn any_field_of_the_header_that_was_changed_taken_away_or_added() {
    for key in &BLOCK_KEYS[..23] {
        if block("mixed").get(key).is_none() {
            refused("mixed", |block| block[key] = json!("0x1"));
            continue;
        }
        refused("mixed", |block| {
            let text = block[key].as_str().unwrap();
            let last = if text.ends_with('1') { "2" } else { "1" };
            block[key] = json!([&text[..text.len() - 1], last].concat());
        });
        refused("mixed", |block| {
            block.as_object_mut().unwrap().remove(*key);
        });
    }
}

#[test]
fn a_hash_that_is_another_or_none() {
    let parent = block("mixed")["parentHash"].clone();
    for hash in [parent, Value::Null, json!("0x"), json!("0x12"), json!(7)] {
        refused("mixed", |block| block["hash"] = hash.clone());
    }
    refused("mixed", |block| {
        block.as_object_mut().unwrap().remove("hash");
    });
}

#[test]
fn a_genuine_block_of_another_height() {
    let text = block("mixed").to_string();
    for number in [0, 2, u64::MAX] {
        assert_eq!(
            verified(&text, number, CHAIN, None),
            Err(ReadFailure::Lie(Lie::FalseHeader))
        );
    }
}

#[test]
fn transactions_that_are_only_hashes_would_hide_everything() {
    refused("mixed", |block| {
        for transaction in transactions(block) {
            *transaction = transaction["hash"].clone();
        }
    });
    for other in [Value::Null, json!([]), json!(1)] {
        refused("single", |block| transactions(block)[0] = other.clone());
    }
}

#[test]
fn a_time_or_a_height_that_cannot_be() {
    for (key, value) in [
        ("timestamp", "0x3afff44180"),
        ("timestamp", "0xffffffffffffffff"),
        ("number", "0x3afff44180"),
        ("number", "0xffffffffffffffff"),
    ] {
        let absurd = changed("empty", |block| {
            block[key] = json!(value);
            rehash(block);
        });
        let found = header(&absurd.to_string());
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{key} {value}");
    }
    let last = changed("empty", |block| {
        block["timestamp"] = json!("0x3afff4417f");
        rehash(block);
    });
    assert_eq!(look(&last).unwrap().unwrap().header.time, MOST);
}

#[test]
fn no_changed_character_makes_a_block_say_something_else() {
    let genuine = look(&block("single")).unwrap().unwrap();
    let text = block("single").to_string();
    for (at, character) in text.char_indices() {
        for other in ["0", "9", "f", "\"", "{", "]", ","] {
            if character.to_string() != other {
                let lie = [&text[..at], other, &text[at + 1..]].concat();
                never_believed(&lie, &genuine);
            }
        }
    }
}

#[test]
fn no_value_makes_a_block_say_something_else() {
    let genuine = look(&block("mixed")).unwrap().unwrap();
    let huge = format!("\"0x{}\"", "f".repeat(65));
    let values = [
        "null",
        "true",
        "-1",
        "1e300",
        "\"\"",
        "\"0x\"",
        "\"0xzz\"",
        "\"0x0\"",
        "\"0x1b\"",
        "\"0xffffffffffffffffffff\"",
        &huge,
        "[]",
        "[[]]",
        "{}",
        "\"\\u202e\"",
    ];
    for value in values.map(|text| serde_json::from_str::<Value>(text).unwrap()) {
        for key in BLOCK_KEYS {
            let lie = changed("mixed", |block| block[key] = value.clone());
            never_believed(&lie.to_string(), &genuine);
        }
        for key in TRANSACTION_KEYS {
            let lie = changed("mixed", |block| {
                transactions(block)[3][key] = value.clone();
            });
            never_believed(&lie.to_string(), &genuine);
        }
    }
}

#[test]
fn an_answer_that_was_cut_short_or_is_something_else() {
    let text = block("mixed").to_string();
    for at in 0..text.len() {
        let found = verified(&text[..at], 1, CHAIN, None);
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{at}");
    }
    let deep = "[".repeat(100_000);
    for other in ["{}", "[]", "0", "\"WF\"", "true", "<html>", &deep] {
        assert_eq!(verified(other, 1, CHAIN, None), Err(ReadFailure::BadAnswer));
    }
}

#[test]
fn a_key_that_is_there_twice() {
    let single = block("single");
    let text = single.to_string();
    for key in ["hash", "number", "transactions", "transactionsRoot"] {
        let twice = text.replacen('{', &format!("{{\"{key}\":{},", single[key]), 1);
        let found = verified(&twice, 3, CHAIN, None);
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{key}");
    }
}

/// Nothing here can tell that no chain has such a block: for that there are the link to the block
/// before and the word of others.
#[test]
fn a_block_that_was_made_up_whole_is_consistent_in_itself() {
    let made_up = genuine_with(&[modern(CHAIN, b"WF1").into()]);
    assert_eq!(look(&made_up).unwrap().unwrap().level, Verification::Block);
}

#[test]
fn an_answer_full_of_nothing_is_refused_before_it_fills_the_memory() {
    let stuffed = changed("mixed", |block| {
        block["transactions"] = json!(vec![json!({}); MOST_TRANSACTIONS + 1]);
    });
    assert_eq!(look(&stuffed), Err(ReadFailure::BadAnswer));
}
