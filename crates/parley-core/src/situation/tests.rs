//! Short stories of what people say about a mine field.

use super::*;
use whiteflag::{
    DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits, Reference, SignKind,
    Text,
};

const ALICE: Address = Address::repeat_byte(0xA);
const BOB: Address = Address::repeat_byte(0xB);

fn hash(number: u8) -> TransactionHash {
    TransactionHash::new([number; 32])
}

fn mine_field(duration: u32) -> Content {
    Content::Sign {
        kind: SignKind::Danger,
        sign: Sign {
            subject: 0x21,
            date_time: DateTimeDigits::from_unix(1_000_000).unwrap(),
            duration: DurationDigits::from_packed(duration).unwrap(),
            object_type: 0x21,
            latitude: LatitudeDigits::from_e5(3_620_210).unwrap(),
            longitude: LongitudeDigits::from_e5(3_713_430).unwrap(),
            dim1: Decimals::new(150).unwrap(),
            dim2: Decimals::new(0).unwrap(),
            orientation: Decimals::new(0).unwrap(),
        },
    }
}

fn entry(own: u8, originator: Address, indicator: ReferenceIndicator, about: u8) -> Entry {
    Entry {
        hash: hash(own),
        originator,
        message: Message {
            encryption: b'0',
            duress: false,
            reference: Reference {
                indicator,
                message: hash(about),
            },
            body: Body::Plain(mine_field(0)),
        },
    }
}

fn after(entries: &[Entry]) -> Vec<Sequence> {
    sequences(entries, NetworkKind::Exercise)
}

#[test]
fn bob_confirms_the_mine_field_of_alice() {
    let entries = [
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        entry(2, BOB, ReferenceIndicator::Confirm, 1),
    ];
    let found = after(&entries);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].references, [1]);
    assert_eq!(found[0].current, 0);
}

#[test]
fn alice_cannot_confirm_her_own_sign_and_bob_cannot_recall_it() {
    let entries = [
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        entry(2, ALICE, ReferenceIndicator::Confirm, 1),
        entry(3, BOB, ReferenceIndicator::Recall, 1),
        entry(4, BOB, ReferenceIndicator::Discontinue, 1),
    ];
    let found = after(&entries);
    assert_eq!(found.len(), 1);
    assert!(found[0].references.is_empty() && !found[0].discontinued);
}

#[test]
fn alice_moves_the_sign_recalls_the_move_and_ends_it() {
    let mut entries = vec![
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        entry(2, ALICE, ReferenceIndicator::Update, 1),
    ];
    assert_eq!(after(&entries)[0].current, 1);
    entries.push(entry(3, ALICE, ReferenceIndicator::Recall, 2));
    assert_eq!(after(&entries)[0].current, 0);
    entries.push(entry(4, ALICE, ReferenceIndicator::Discontinue, 1));
    assert!(after(&entries)[0].discontinued);
    entries.push(entry(5, ALICE, ReferenceIndicator::Recall, 1));
    assert!(after(&entries).is_empty());
}

#[test]
fn only_alice_adds_to_her_sign() {
    let note = |originator| {
        let mut note = entry(2, originator, ReferenceIndicator::Add, 1);
        note.message.body = Body::Plain(Content::FreeText(Text::new("behind the wall").unwrap()));
        note
    };
    let original = entry(1, ALICE, ReferenceIndicator::Original, 0);
    let found = |added| after(&[original.clone(), added])[0].references.clone();
    assert_eq!(found(note(ALICE)), [1]);
    assert!(found(note(BOB)).is_empty());
}

#[test]
fn a_part_that_bob_adds_to_the_field_of_alice_is_his_own_field() {
    let entries = [
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        entry(2, ALICE, ReferenceIndicator::Add, 1),
        entry(3, BOB, ReferenceIndicator::Add, 1),
    ];
    let found = after(&entries);
    assert_eq!(found[0].references, [1]);
    assert_eq!((found.len(), found[1].original), (2, 2), "never hidden");
}

#[test]
fn an_update_of_a_part_does_not_replace_the_whole() {
    let mut entries = vec![
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        entry(2, ALICE, ReferenceIndicator::Add, 1),
        entry(3, ALICE, ReferenceIndicator::Update, 2),
    ];
    assert_eq!(after(&entries)[0].current, 0);
    assert_eq!(after(&entries)[0].references, [1, 2]);
    entries.push(entry(4, ALICE, ReferenceIndicator::Update, 1));
    assert_eq!(after(&entries)[0].current, 3);
    entries.push(entry(5, ALICE, ReferenceIndicator::Recall, 4));
    assert_eq!(after(&entries)[0].current, 0);
}

#[test]
fn an_emergency_in_a_danger_area_stands_for_itself_too() {
    let emergency = |own, indicator, about| {
        let mut emergency = entry(own, BOB, indicator, about);
        let Body::Plain(Content::Sign { kind, sign }) = &mut emergency.message.body else {
            panic!("a sign")
        };
        (*kind, sign.subject) = (SignKind::Emergency, 0x11);
        emergency
    };
    let mut entries = vec![
        entry(1, ALICE, ReferenceIndicator::Original, 0),
        emergency(2, ReferenceIndicator::Relate, 1),
    ];
    let found = after(&entries);
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0].references[..], found[1].original), (&[1][..], 1));
    // What ends it ends it and not the danger; what recalls it removes it in both places.
    entries.push(emergency(3, ReferenceIndicator::Discontinue, 2));
    let found = after(&entries);
    assert!(!found[0].discontinued && found[1].discontinued);
    entries.push(emergency(4, ReferenceIndicator::Recall, 2));
    let found = after(&entries);
    assert_eq!((found.len(), found[0].references.len()), (1, 0));
}

#[test]
fn an_update_of_something_unknown_is_not_hidden() {
    let entries = [entry(2, ALICE, ReferenceIndicator::Update, 1)];
    assert_eq!(after(&entries).len(), 1);
}

#[test]
fn a_test_message_counts_only_on_a_test_network() {
    let mut test = entry(1, ALICE, ReferenceIndicator::Original, 0);
    test.message.body = Body::Test(mine_field(0));
    let entries = [test];
    assert_eq!(sequences(&entries, NetworkKind::Exercise).len(), 0);
    assert_eq!(sequences(&entries, NetworkKind::Main).len(), 0);
    assert_eq!(sequences(&entries, NetworkKind::Test).len(), 1);
}

#[test]
fn a_sign_has_its_time() {
    let hour = mine_field(0x0100);
    assert_eq!(standing(&hour, false, 999_999), Standing::Future);
    assert_eq!(standing(&hour, false, 1_000_000), Standing::Current);
    assert_eq!(standing(&hour, false, 1_003_600), Standing::Expired);
    assert_eq!(standing(&hour, true, 1_000_000), Standing::Discontinued);
    assert_eq!(
        standing(&mine_field(0x6100), false, 1_000_000),
        Standing::Unclear
    );
}
