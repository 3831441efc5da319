//! The six stories: what stands at the end of each, as a person would tell it.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::situation_laws;
use serde_json::Value;
use whiteflag::situation::{
    Entry, Opinion, Place, Sequence, Situation, Standing, Statement, Tests,
};
use whiteflag::{Content, DateTimeDigits, Message, ReferenceIndicator, TransactionHash, tables};

/// Reads a story into a situation; step n is alone in block n.
fn after(story: &str) -> Situation<String> {
    let story: Value = serde_json::from_str(story).unwrap();
    let mut hashes: BTreeMap<String, TransactionHash> = BTreeMap::new();
    let mut situation = Situation::new(Tests::Ignored);
    for (step, block) in story["steps"].as_array().unwrap().iter().zip(1..) {
        let text = |name: &str| step[name].as_str().unwrap().to_owned();
        let hash = TransactionHash::new([block; 32]);
        hashes.insert(text("step"), hash);
        let mut message = step["message"].clone();
        let target = &mut message["MessageHeader"]["ReferencedMessage"];
        if let Some(name) = target.as_str().unwrap().strip_prefix('@') {
            *target = Value::from(hashes[name].to_string());
        }
        let message = Message::from_value(&message).unwrap();
        let wrong = situation.check(&message, &text("who"), None);
        assert_eq!(wrong, [], "{}: it may be sent", text("step"));
        situation.insert(Entry {
            hash,
            place: Place {
                block: u64::from(block),
                index: 0,
            },
            originator: text("who"),
            message,
        });
    }
    situation
}

fn told(story: &str, now: &str) -> Vec<String> {
    let now = now.parse::<DateTimeDigits>().unwrap().unix().unwrap();
    let situation = after(story);
    let sequences = situation.sequences();
    sequences
        .map(|sequence| tell(&situation, &sequence, now))
        .collect()
}

fn content<'a>(situation: &'a Situation<String>, hash: &TransactionHash) -> &'a Content {
    let message = &situation.get(hash).unwrap().message;
    Tests::Ignored.meant(message).unwrap()
}

fn tell(situation: &Situation<String>, sequence: &Sequence<String>, now: i64) -> String {
    let content_now = content(situation, &sequence.whole.current);
    let mut told = format!("{}: {}", sequence.originator, name(content_now));
    let standing = Standing::of(content_now, sequence.state, now);
    write!(told, ", {}", time(standing)).unwrap();
    if sequence.whole.current != sequence.whole.original {
        told.push_str(", changed since");
    }
    if !sequence.parts.is_empty() {
        write!(told, ", in {} parts", sequence.parts.len() + 1).unwrap();
    }
    for note in &sequence.notes {
        write!(told, ", \"{}\"", note.text).unwrap();
    }
    for related in &sequence.related {
        let entry = situation.get(related).unwrap();
        let what = name(content(situation, related));
        write!(told, ", and {}: {what}", entry.originator).unwrap();
    }
    opinions(&sequence.whole).for_each(|opinion| told.push_str(&opinion));
    told
}

fn opinions(statement: &Statement<String>) -> impl Iterator<Item = String> {
    let verb = |opinion: &Opinion<String>| match opinion.indicator {
        ReferenceIndicator::Confirm => "confirms",
        ReferenceIndicator::Acknowledge => "acknowledges",
        ReferenceIndicator::Comply => "complies",
        _ => "rejects",
    };
    statement.opinions.iter().map(move |opinion| {
        let no_longer = if opinion.holds { "" } else { "no longer " };
        format!("; {} {no_longer}{}", opinion.originator, verb(opinion))
    })
}

fn name(content: &Content) -> &str {
    match content.sign() {
        Some(sign) => tables::subject(content.code(), sign.subject).unwrap().name,
        None => content.code().name(),
    }
}

fn time(standing: Standing) -> &'static str {
    match standing {
        Standing::Future => "not yet",
        Standing::Current => "now",
        Standing::Expired => "over",
        Standing::Discontinued => "ended",
        Standing::Recalled => "recalled",
        Standing::Unclear => "at no known time",
    }
}

macro_rules! story {
    ($file:literal) => {
        include_str!(concat!("../../../tests/stories/", $file))
    };
}

#[test]
fn the_convoy_asked_was_let_through_and_then_no_longer() {
    let story = story!("1-area-access.json");
    assert_eq!(
        told(story, "2026-11-24T09:00:00Z"),
        [
            "aid: authentication message, now, \"https://aid.example/whiteflag.json\"",
            "aid: Request for Area Access, now; party acknowledges; party no longer complies; \
             party rejects",
            "aid: Red Cross, now, changed since",
            "aid: Humanitarian Law - Aid for Civilian Population - Food Distribution, not yet",
        ]
    );
    let late = told(story, "2026-11-24T16:30:00Z");
    assert_eq!(late[2], "aid: Red Cross, over, changed since");
    assert!(late[3].ends_with("Food Distribution, over"), "{}", late[3]);
}

#[test]
fn the_hospital_is_protected_confirmed_and_hit() {
    assert_eq!(
        told(story!("2-protected-site.json"), "2026-11-23T16:00:00Z"),
        [
            "hospital: Hospital and Safety Zone, now, and hospital: Object functional but damaged; \
             party complies; un confirms",
            "witness: War/Conflict/Terrorism - Mortar/Artillery Attack, now",
            "witness: Urgent Medical Assistance Required, now",
            "hospital: Object functional but damaged, now",
            "museum: Cultural Property, now",
        ]
    );
}

#[test]
fn the_mine_field_in_three_parts_was_confirmed_and_is_cleared() {
    assert_eq!(
        told(story!("3-mine-field.json"), "2026-11-24T09:00:00Z"),
        [
            "local: Hazardous Conflict Area - Mine Field, ended, in 3 parts, \
             \"https://mines.example/field/3417\"; un confirms"
        ]
    );
}

#[test]
fn the_journalist_was_alive_until_yesterday_and_asks_for_contact_today() {
    let story = story!("4-proof-of-life.json");
    assert_eq!(
        told(story, "2026-11-23T21:00:00Z"),
        [
            "journalist: Proof of Life and Situation Normal, over",
            "journalist: Proof of Life and Situation Normal, now",
            "journalist: Proof of Life and Contact Requested, not yet",
        ]
    );
    assert_eq!(
        told(story, "2026-11-24T18:00:00Z")[2],
        "journalist: Proof of Life and Contact Requested, over",
        "an end is the first second after it"
    );
}

#[test]
fn one_party_will_cease_fire_and_one_no_longer() {
    assert_eq!(
        told(story!("5-cease-fire.json"), "2026-11-25T05:00:00Z"),
        [
            "partyA: Request for Cease Fire, now, \"Evacuation of wounded by the north road; no \
             vehicles south of the bridge.\"; partyB complies; partyC no longer complies; partyC \
             rejects"
        ]
    );
}

#[test]
fn the_surrender_was_seen_by_the_attacker() {
    assert_eq!(
        told(story!("6-surrender.json"), "2026-11-24T00:00:00Z"),
        [
            "group: War/Conflict/Terrorism - Air Attack, over",
            "group: White flag - Surrender, now; attacker acknowledges",
        ]
    );
}

/// What a sequence is, but for names and words, which a seed does not hold.
fn bare<A: Eq + std::hash::Hash>(sequence: &Sequence<A>) -> String {
    let statements = std::iter::once(&sequence.whole).chain(&sequence.parts);
    let opinion = |o: &Opinion<A>| (o.hash, o.indicator, o.about, o.holds);
    let statements = statements.map(|s| {
        let opinions: Vec<_> = s.opinions.iter().map(opinion).collect();
        (s.original, s.current, opinions)
    });
    let notes = sequence.notes.iter().map(|n| (n.code, n.pieces.clone()));
    let history = sequence.history.iter();
    let bare = (
        (sequence.place, sequence.state, sequence.wrong),
        statements.collect::<Vec<_>>(),
        &sequence.related,
        notes.collect::<Vec<_>>(),
        history.map(|e| (e.hash, e.outcome)).collect::<Vec<_>>(),
    );
    format!("{bare:?}")
}

#[test]
fn the_seed_that_fuzzing_starts_with_is_the_story() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stories = fs::read_dir(package.join("../../tests/stories")).unwrap();
    let stories: Vec<_> = stories.map(|file| file.unwrap().path()).collect();
    assert_eq!(stories.len(), 6);
    for story in stories {
        let seed = package.join("fuzz/corpus/situation");
        let seed = fs::read(seed.join(story.file_stem().unwrap())).unwrap();
        let seed = situation_laws::changed(&seed).situation;
        let seed: Vec<_> = seed.sequences().map(|s| bare(&s)).collect();
        let told = after(&fs::read_to_string(&story).unwrap());
        let told: Vec<_> = told.sequences().map(|s| bare(&s)).collect();
        assert_eq!(seed, told, "{}", story.display());
    }
}
