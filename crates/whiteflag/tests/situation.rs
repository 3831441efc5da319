//! Short stories of what people say about a mine field, and what stands then.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod people;

use people::*;
use whiteflag::situation::{Outcome, Place, Sequence, Situation, Standing, State, Tests};
use whiteflag::{
    Body, Content, DurationDigits, Effect, Finding, LatitudeDigits, LongitudeDigits, Rule, SignKind,
};

fn first(situation: &Situation<&'static str>) -> Sequence<&'static str> {
    situation.sequences().next().unwrap()
}

fn outcomes(sequence: &Sequence<&'static str>) -> Vec<Outcome> {
    sequence.history.iter().map(|event| event.outcome).collect()
}

fn rules(findings: &[Finding]) -> Vec<Rule> {
    findings.iter().map(|finding| finding.rule).collect()
}

fn broken(sequence: &Sequence<&'static str>) -> Vec<Vec<Rule>> {
    let events = sequence.history.iter();
    events.map(|event| rules(&event.findings)).collect()
}

fn confirmed<'a>(sequence: &'a Sequence<&'static str>) -> Vec<&'a str> {
    sequence.whole.confirmed_by().copied().collect()
}

#[test]
fn bob_confirms_the_mine_field_of_alice_and_takes_it_back() {
    let mut situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, BOB, Confirm, 1, mine_field()),
    ]);
    assert_eq!(situation.sequences().count(), 1);
    assert_eq!(confirmed(&first(&situation)), [BOB]);
    situation.insert(entry(3, BOB, Discontinue, 2, mine_field()));
    let sequence = first(&situation);
    assert_eq!(confirmed(&sequence), [""; 0]);
    assert_eq!(sequence.state, State::InForce, "the field is still there");
    assert_eq!(outcomes(&sequence), [Outcome::Past, Outcome::Holds]);
    // And takes the taking back back.
    situation.insert(entry(4, BOB, Recall, 3, mine_field()));
    assert_eq!(confirmed(&first(&situation)), [BOB]);
}

#[test]
fn alice_cannot_confirm_her_own_sign_and_bob_cannot_recall_it() {
    let situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Confirm, 1, mine_field()),
        entry(3, BOB, Recall, 1, mine_field()),
        entry(4, BOB, Discontinue, 1, mine_field()),
        entry(5, BOB, Reject, 1, emergency()),
    ]);
    let sequence = first(&situation);
    assert_eq!(
        (sequence.state, confirmed(&sequence)),
        (State::InForce, vec![])
    );
    assert_eq!(
        outcomes(&sequence),
        [Outcome::Wrong; 4],
        "kept, without effect"
    );
    let wrong = [
        vec![Rule::ReferenceOwn],
        vec![Rule::ReferenceNotOwn],
        vec![Rule::ReferenceNotOwn],
        vec![Rule::ReferenceTypes],
    ];
    assert_eq!(broken(&sequence), wrong);
    let without_effect = |finding: &Finding| finding.effect() == Effect::NoReference;
    let mut findings = sequence.history.iter().flat_map(|event| &event.findings);
    assert!(findings.all(without_effect));
}

#[test]
fn alice_moves_the_sign_recalls_the_move_and_ends_it() {
    let mut situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Update, 1, mine_field()),
    ]);
    assert_eq!(first(&situation).whole.current, hash(2));
    situation.insert(entry(3, ALICE, Update, 1, mine_field()));
    assert_eq!(first(&situation).whole.current, hash(3));
    assert_eq!(
        outcomes(&first(&situation)),
        [Outcome::Past, Outcome::Holds]
    );
    situation.insert(entry(4, ALICE, Recall, 3, mine_field()));
    assert_eq!(first(&situation).whole.current, hash(2));
    situation.insert(entry(5, ALICE, Discontinue, 1, mine_field()));
    assert_eq!(first(&situation).state, State::Discontinued(hash(5)));
    // An update after the end changes nothing about the end.
    situation.insert(entry(6, ALICE, Update, 1, mine_field()));
    assert_eq!(first(&situation).state, State::Discontinued(hash(5)));
    situation.insert(entry(7, ALICE, Recall, 1, mine_field()));
    assert_eq!(first(&situation).state, State::Recalled(hash(7)));
    // A recall can be recalled, and that again.
    situation.insert(entry(8, ALICE, Recall, 7, mine_field()));
    assert_eq!(first(&situation).state, State::Discontinued(hash(5)));
    situation.insert(entry(9, ALICE, Recall, 8, mine_field()));
    assert_eq!(first(&situation).state, State::Recalled(hash(7)));
}

#[test]
fn an_update_of_an_update_stands_alone() {
    let situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Update, 1, mine_field()),
        entry(3, ALICE, Update, 2, mine_field()),
    ]);
    let [whole, apart] = situation
        .sequences()
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert_eq!(whole.whole.current, hash(2));
    assert_eq!(rules(&apart.findings), [Rule::ReferenceCodes]);
    assert_eq!(outcomes(&whole)[1], Outcome::Wrong);
}

#[test]
fn bob_changes_his_mind() {
    let opinion = |number, indicator| entry(number, BOB, indicator, 1, zone());
    let mut situation = after([
        entry(1, ALICE, Original, 0, zone()),
        opinion(2, Confirm),
        opinion(3, Comply),
        opinion(4, Acknowledge),
    ]);
    let who = |situation: &Situation<&'static str>| {
        let whole = first(situation).whole;
        [
            whole.confirmed_by().count(),
            whole.complied_by().count(),
            whole.acknowledged_by().count(),
            whole.rejected_by().count(),
        ]
    };
    assert_eq!(who(&situation), [1, 1, 1, 0]);
    situation.insert(opinion(5, Reject));
    assert_eq!(who(&situation), [0, 0, 1, 1]);
    situation.insert(opinion(6, Comply));
    assert_eq!(who(&situation), [0, 1, 1, 0]);
    situation.insert(opinion(7, Comply));
    assert_eq!(who(&situation), [0, 1, 1, 0], "one party once");
}

#[test]
fn opinions_about_an_older_version_say_which() {
    let situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, BOB, Confirm, 1, mine_field()),
        entry(3, ALICE, Update, 1, mine_field()),
        entry(4, CAROL, Confirm, 3, mine_field()),
    ]);
    let whole = first(&situation).whole;
    let about: Vec<_> = whole.opinions.iter().map(|opinion| opinion.about).collect();
    assert_eq!(about, [hash(1), hash(3)]);
    assert_eq!(
        whole.confirmed_by().copied().collect::<Vec<_>>(),
        [BOB, CAROL]
    );
}

#[test]
fn a_composite_field_has_parts_that_move_and_go_one_by_one() {
    let mut situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Add, 1, mine_field()),
        entry(3, ALICE, Add, 1, mine_field()),
        entry(4, ALICE, Update, 2, mine_field()),
        entry(5, BOB, Confirm, 3, mine_field()),
        entry(6, BOB, Add, 1, mine_field()),
    ]);
    let sequence = first(&situation);
    assert_eq!(
        sequence.whole.current,
        hash(1),
        "a part does not replace the whole"
    );
    let parts: Vec<_> = sequence
        .parts
        .iter()
        .map(|p| (p.original, p.current))
        .collect();
    assert_eq!(parts, [(hash(2), hash(4)), (hash(3), hash(3))]);
    assert_eq!(sequence.parts[1].confirmed_by().collect::<Vec<_>>(), [&BOB]);
    assert_eq!(confirmed(&sequence), [""; 0], "not of the whole");
    let apart = situation.sequence(&hash(6)).unwrap();
    assert_eq!(
        rules(&apart.findings),
        [Rule::ReferenceNotOwn],
        "Bob's part is a field of his own"
    );
    situation.insert(entry(7, ALICE, Recall, 2, mine_field()));
    let sequence = first(&situation);
    assert_eq!(sequence.parts.len(), 1);
    assert_eq!(
        sequence.history[2].outcome,
        Outcome::Recalled,
        "the move of what is gone"
    );
}

#[test]
fn an_emergency_in_a_danger_area_stands_for_itself_too() {
    let mut situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, BOB, Relate, 1, emergency()),
        entry(3, CAROL, Confirm, 2, emergency()),
    ]);
    let [field, call] = situation
        .sequences()
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert_eq!(field.related, [hash(2)]);
    assert_eq!(
        field.history.len(),
        1,
        "the confirmation is not about the field"
    );
    assert_eq!(confirmed(&call), [CAROL]);
    situation.insert(entry(4, BOB, Discontinue, 2, emergency()));
    assert_eq!(first(&situation).state, State::InForce);
    let call = situation.sequence(&hash(2)).unwrap();
    assert_eq!(call.state, State::Discontinued(hash(4)));
    situation.insert(entry(5, BOB, Recall, 2, emergency()));
    assert_eq!(first(&situation).related, []);
}

#[test]
fn a_text_that_did_not_fit_is_one_text() {
    let mut situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Add, 1, text("Behind the wall, ")),
        entry(3, ALICE, Add, 1, link("https://mines.example/")),
        entry(4, ALICE, Add, 2, text("left of the ")),
        entry(5, ALICE, Add, 4, text("gate.")),
        entry(6, ALICE, Add, 3, link("3417")),
        entry(7, BOB, Add, 2, text("No.")),
    ]);
    let notes = |situation: &Situation<&'static str>| {
        let notes = first(situation).notes;
        notes.into_iter().map(|note| note.text).collect::<Vec<_>>()
    };
    let told = [
        "Behind the wall, left of the gate.",
        "https://mines.example/3417",
    ];
    assert_eq!(notes(&situation), told);
    situation.insert(entry(8, ALICE, Update, 4, text("right of the ")));
    assert_eq!(notes(&situation)[0], "Behind the wall, right of the gate.");
    situation.insert(entry(9, ALICE, Recall, 4, text("left of the ")));
    assert_eq!(
        notes(&situation)[0],
        "Behind the wall, ",
        "and what it went on with"
    );
}

#[test]
fn of_two_that_go_on_with_one_text_the_first_on_the_chain_comes_first() {
    let situation = after([
        entry(1, ALICE, Original, 0, text("one, ")),
        entry(4, ALICE, Add, 1, text("four.")),
        entry(2, ALICE, Add, 1, text("two, ")),
        entry(3, ALICE, Add, 2, text("three, ")),
    ]);
    assert_eq!(first(&situation).notes[0].text, "one, two, three, four.");
}

#[test]
fn an_introduction_is_joined_and_ended() {
    let introduction = |data: &str| Content::Authentication {
        method: 1,
        data: data.try_into().unwrap(),
    };
    let situation = after([
        entry(1, ALICE, Original, 0, introduction("https://aid.example/")),
        entry(2, ALICE, Add, 1, introduction("whiteflag")),
        entry(3, ALICE, Add, 2, introduction(".json")),
        entry(4, BOB, Confirm, 1, introduction("https://aid.example/")),
        entry(
            5,
            ALICE,
            Discontinue,
            1,
            introduction("https://aid.example/"),
        ),
    ]);
    let sequence = first(&situation);
    assert_eq!(sequence.notes[0].text, "https://aid.example/whiteflag.json");
    assert_eq!(confirmed(&sequence), [BOB]);
    assert_eq!(sequence.state, State::Discontinued(hash(5)));
}

#[test]
fn what_refers_to_nothing_known_is_not_hidden_until_that_arrives() {
    let mut situation = after([
        entry(2, ALICE, Update, 1, mine_field()),
        entry(3, BOB, Confirm, 1, mine_field()),
        entry(4, BOB, Acknowledge, 1, mine_field()),
        entry(5, ALICE, Add, 1, text("Behind the wall")),
    ]);
    let alone: Vec<_> = situation
        .sequences()
        .map(|s| (s.whole.original, s.awaits))
        .collect();
    assert_eq!(alone, [(hash(2), true), (hash(3), true)]);
    situation.insert(entry(1, ALICE, Original, 0, mine_field()));
    assert_eq!(situation.sequences().count(), 1);
    assert_eq!(first(&situation).history.len(), 4);
    situation.remove(&hash(1));
    assert_eq!(
        situation.sequences().count(),
        2,
        "a replaced block takes it away again"
    );
}

#[test]
fn only_what_others_say_may_lie_before_its_target() {
    let at = |number, block, originator, indicator| {
        let mut entry = entry(number, originator, indicator, 9, mine_field());
        entry.place = Place { block, index: 0 };
        entry
    };
    let mut original = entry(9, ALICE, Original, 0, mine_field());
    original.place.block = 5;
    let situation = after([original, at(2, 3, BOB, Confirm), at(3, 3, ALICE, Recall)]);
    let sequence = first(&situation);
    assert_eq!(sequence.state, State::InForce);
    assert_eq!(confirmed(&sequence), [BOB]);
    assert_eq!(outcomes(&sequence)[1], Outcome::Wrong);
}

#[test]
fn a_test_message_counts_only_on_a_test_network() {
    let mut test = entry(1, ALICE, Original, 0, mine_field());
    test.message.body = Body::Test(mine_field());
    for (tests, count) in [(Tests::Ignored, 0), (Tests::Only, 1)] {
        let mut situation = Situation::new(tests);
        situation.insert(test.clone());
        situation.insert(entry(2, BOB, Confirm, 1, mine_field()));
        assert_eq!(situation.sequences().count(), count);
        assert!(situation.sequences().all(|s| s.whole.opinions.is_empty()));
    }
}

#[test]
fn what_counts_may_not_refer_to_a_test_message() {
    let mut test = entry(1, ALICE, Original, 0, mine_field());
    test.message.body = Body::Test(mine_field());
    let update = message(Update, 1, mine_field());
    let situation = after([test.clone()]);
    let told = situation.check(&update, &ALICE, None);
    assert_eq!(rules(&told), [Rule::ReferenceTest]);
    test.message.reference = update.reference;
    assert_eq!(situation.check(&test.message, &ALICE, None), []);
}

#[test]
fn a_sign_has_its_time() {
    let lasting = |packed| {
        let Content::Sign { kind, mut sign } = mine_field() else {
            panic!("a sign")
        };
        sign.duration = DurationDigits::from_packed(packed).unwrap();
        Content::Sign { kind, sign }
    };
    let hour = lasting(0x0100);
    let at = |now| Standing::of(&hour, State::InForce, now);
    assert_eq!(at(999_999), Standing::Future);
    assert_eq!(at(1_000_000), Standing::Current);
    assert_eq!(at(1_003_599), Standing::Current);
    assert_eq!(at(1_003_600), Standing::Expired);
    let ended = State::Discontinued(hash(1));
    assert_eq!(Standing::of(&hour, ended, 0), Standing::Discontinued);
    let recalled = State::Recalled(hash(1));
    assert_eq!(Standing::of(&hour, recalled, 0), Standing::Recalled);
    let unclear = Standing::of(&lasting(0x6100), State::InForce, 0);
    assert_eq!(unclear, Standing::Unclear);
}

#[test]
fn what_is_to_be_sent_is_held_against_what_stands() {
    let situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, ALICE, Add, 1, mine_field()),
        entry(3, ALICE, Add, 1, text("Behind the wall")),
        entry(4, BOB, Confirm, 1, mine_field()),
    ]);
    let check = |who, indicator, about, content| {
        rules(&situation.check(&message(indicator, about, content), &who, None))
    };
    let other = || sign(SignKind::Danger, 0x22);
    assert_eq!(check(BOB, Confirm, 1, mine_field()), []);
    assert_eq!(check(ALICE, Add, 1, mine_field()), [], "a third part");
    assert_eq!(check(ALICE, Add, 1, other()), [Rule::ReferencePart]);
    assert_eq!(check(ALICE, Add, 1, text("More")), [Rule::ReferenceOnce]);
    assert_eq!(check(ALICE, Add, 3, text("More")), [], "it goes on");
    assert_eq!(check(ALICE, Add, 2, mine_field()), [Rule::ReferenceCodes]);
    assert_eq!(check(CAROL, Reject, 1, other()), [Rule::ReferenceRepeats]);
    assert_eq!(
        check(ALICE, Confirm, 1, other()),
        [Rule::ReferenceOwn, Rule::ReferenceRepeats],
        "all of them"
    );
    assert_eq!(check(CAROL, Confirm, 8, other()), [], "not known yet");
    let mut recalled = after(situation.entries().cloned());
    recalled.insert(entry(5, ALICE, Recall, 3, text("Behind the wall")));
    let again = message(Add, 1, text("Left of the gate"));
    assert_eq!(
        recalled.check(&again, &ALICE, None),
        [],
        "the first was taken back"
    );
    let instead = message(Add, 1, text("In front of the wall"));
    assert_eq!(
        situation.check(&instead, &ALICE, Some(&hash(3))),
        [],
        "in its place"
    );
}

#[test]
fn what_was_received_is_held_against_the_rules_and_counts_all_the_same() {
    let moved = || sign(SignKind::Danger, 0x22);
    let mut nowhere = sign(SignKind::Status, 0x23);
    if let Content::Sign { sign, .. } = &mut nowhere {
        sign.latitude = LatitudeDigits::OMITTED;
        sign.longitude = LongitudeDigits::OMITTED;
    }
    let situation = after([
        entry(1, ALICE, Original, 0, mine_field()),
        entry(2, BOB, Confirm, 1, moved()),
        entry(3, ALICE, Add, 1, text("Behind the wall")),
        entry(4, ALICE, Add, 1, text("Left of the gate")),
        entry(5, ALICE, Add, 1, moved()),
        entry(6, ALICE, Original, 0, zone()),
        entry(7, BOB, Relate, 6, nowhere),
    ]);
    let sequence = first(&situation);
    let wrong = [
        vec![Rule::ReferenceRepeats],
        vec![],
        vec![Rule::ReferenceOnce],
        vec![Rule::ReferencePart],
    ];
    assert_eq!(broken(&sequence), wrong);
    assert_eq!(outcomes(&sequence), [Outcome::Holds; 4]);
    assert_eq!((confirmed(&sequence), sequence.parts.len()), (vec![BOB], 1));
    let status = situation.sequence(&hash(7)).unwrap();
    assert_eq!(rules(&status.findings), [Rule::ReferenceLocation]);
}
