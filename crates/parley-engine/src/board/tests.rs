//! However the chain grows and is replaced, what is held in memory is what the store alone says.

use proptest::prelude::*;

use parley_core::chain::Header;
use parley_store::{ChainChange, NewMessage, Profile, ScannedBlock, Seen};
use whiteflag::{Body, Content, Reference, ReferenceIndicator, Text};

use super::*;

pub(crate) const OWN: Address = Address::repeat_byte(7);

/// Blocks that replace those from `from` on: the messages in each, by number.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    from: u64,
    blocks: Vec<Vec<u8>>,
    finalize: bool,
    looked_at: bool,
}

pub(crate) fn branch() -> impl Strategy<Value = Branch> {
    let blocks = prop::collection::vec(prop::collection::vec(0..12_u8, 0..3), 1..4);
    (0..6_u64, blocks, prop::bool::weighted(0.2), any::<bool>()).prop_map(
        |(back, blocks, finalize, looked_at)| Branch {
            from: back,
            blocks,
            finalize,
            looked_at,
        },
    )
}

/// Message `number` updates or adds to the one before it, or begins anew.
pub(crate) fn text(number: u8) -> Vec<u8> {
    let indicator = match number % 3 {
        0 => ReferenceIndicator::Original,
        1 => ReferenceIndicator::Update,
        _ => ReferenceIndicator::Add,
    };
    let message = Message {
        encryption: b'0',
        duress: false,
        reference: Reference {
            indicator,
            message: TransactionHash::new([number / 3 * 3; 32]),
        },
        body: Body::Plain(Content::FreeText(Text::new(format!("{number}")).unwrap())),
    };
    message.encode().unwrap()
}

/// `salt` tells blocks of different branches apart.
pub(crate) fn change(store: &Store, branch: &Branch, salt: u8) -> ChainChange {
    let tip = store.tip().unwrap();
    let finalized = store.finality().unwrap().finalized;
    let newest = tip.map_or(0, |tip| tip.number.saturating_sub(branch.from));
    let from = newest.max(finalized.map_or(0, |height| height + 1));
    let mut parent = from
        .checked_sub(1)
        .and_then(|below| store.header(below).unwrap());
    let mut append = Vec::new();
    for (numbers, height) in branch.blocks.iter().zip(from..) {
        let mut hash = [salt; 32];
        hash[0] = u8::try_from(height).unwrap();
        let header = Header {
            number: height,
            hash: B256::from(hash),
            parent: parent.map_or(B256::ZERO, |parent| parent.hash),
            time: 1_000 + height,
        };
        let mut numbers = numbers.clone();
        numbers.dedup();
        let seen = numbers.iter().enumerate().map(|(index, number)| Seen {
            hash: B256::repeat_byte(*number),
            index: index as u64,
            originator: Address::repeat_byte(number / 6),
            input: text(*number),
        });
        append.push(ScannedBlock {
            header,
            level: Verification::Block,
            messages: seen.collect(),
            own: Vec::new(),
            unreadable: 0,
        });
        parent = Some(header);
    }
    let finalized = branch.finalize.then(|| parent.unwrap().number);
    ChainChange {
        drop_from: tip.map(|_| from),
        apart: true,
        blocks: append,
        safe: None,
        finalized,
    }
}

pub(crate) fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let profile = Profile {
        network: "local".to_owned(),
        chain_id: 31_337,
        kind: "exercise".to_owned(),
        name: String::new(),
        rpc: Vec::new(),
        address: OWN,
        genesis: None,
    };
    let store = Store::create(dir.path(), &[7; 32], &profile).unwrap();
    (dir, store)
}

fn told(board: &Board) -> Vec<String> {
    let sequences = board.situation.sequences();
    let mut told: Vec<String> = sequences
        .map(|sequence| {
            let names = sequence.history.iter().map(|event| event.hash);
            let names = names.chain([sequence.whole.original]);
            let shown: Vec<_> = names
                .map(|hash| {
                    let item = board.item(&hash).unwrap();
                    (shown_name(&hash), item.time, item.block, board.json(&hash))
                })
                .collect();
            format!("{sequence:?} {shown:?}")
        })
        .collect();
    told.push(format!("{:?}", board.finality));
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_keeps_in_step_through_any_replacement(branches in prop::collection::vec(branch(), 1..8)) {
        let (_dir, mut store) = open();
        let mut board = Board::new(OWN, Tests::Ignored);
        for (branch, salt) in branches.iter().zip(1..) {
            let change = change(&store, branch, salt);
            store.advance(&change).unwrap();
            if branch.looked_at {
                board.follow(&store).unwrap();
            }
        }
        board.follow(&store).unwrap();
        let mut anew = Board::new(OWN, Tests::Ignored);
        anew.follow(&store).unwrap();
        prop_assert_eq!(told(&board), told(&anew));
    }
}

/// To be queued, at any time.
pub(crate) fn new_message(wire: Vec<u8>, parent: Option<MessageId>) -> NewMessage {
    NewMessage {
        wire,
        parent,
        at: 5,
        urgent: false,
        undo_until: None,
        insists: true,
        repairs: None,
    }
}

fn queue(store: &mut Store, number: u8, parent: Option<MessageId>) -> MessageId {
    store.queue(&[new_message(text(number), parent)]).unwrap()[0]
}

#[test]
fn own_messages_stand_while_they_are_on_their_way_and_no_longer_when_withdrawn() {
    let (_dir, mut store) = open();
    let mut board = Board::new(OWN, Tests::Ignored);
    let first = queue(&mut store, 0, None);
    board.follow(&store).unwrap();
    let second = queue(&mut store, 1, Some(first));
    board.follow(&store).unwrap();
    let [sequence] = board
        .situation
        .sequences()
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert_eq!(Some(sequence.whole.original), board.name(first));
    assert_eq!(Some(sequence.whole.current), board.name(second));
    assert_eq!(
        shown_name(&sequence.whole.original),
        format!("@{}", first.0)
    );
    let update = board.json(&sequence.whole.current);
    assert_eq!(
        update["MessageHeader"]["ReferencedMessage"],
        format!("@{}", first.0)
    );
    store.cancel(&[second], 6).unwrap();
    store.cancel(&[first], 6).unwrap();
    board.follow(&store).unwrap();
    assert_eq!(board.situation.sequences().count(), 0);
}

#[test]
fn what_refers_to_a_message_that_changed_later_is_there_also_when_all_is_read_anew() {
    let (_dir, mut store) = open();
    let first = queue(&mut store, 0, None);
    let second = queue(&mut store, 1, Some(first));
    store.replace(first, &text(0), None, true).unwrap();
    let mut board = Board::new(OWN, Tests::Ignored);
    board.follow(&store).unwrap();
    let [sequence] = board
        .situation
        .sequences()
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert_eq!(Some(sequence.whole.current), board.name(second));
}
