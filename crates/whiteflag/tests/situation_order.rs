//! The situation depends on which messages are in it and on nothing else: any order of arrival, and
//! any coming, going and moving in between, ends the same. And it is what a plain reading of the
//! specification finds by looking at every message for every question.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod people;

use std::collections::BTreeSet;

use people::*;
use proptest::prelude::*;
use proptest::sample::select;
use whiteflag::reference::{self, Referring};
use whiteflag::situation::{Entry, Place, Sequence, Situation, State, Tests};
use whiteflag::{Body, Content, ReferenceIndicator, SignKind};

type Said = Entry<&'static str>;

/// So many messages that most refer to one that is there.
const MOST: u8 = 24;

fn content() -> impl Strategy<Value = Content> {
    let introduction = Content::Authentication {
        method: 1,
        data: "https://aid.example/".try_into().unwrap(),
    };
    select(vec![
        mine_field(),
        mine_field(),
        mine_field(),
        zone(),
        emergency(),
        sign(SignKind::Mission, 0x25),
        text("more"),
        link("https://aid.example/"),
        introduction,
    ])
}

fn said(number: u8) -> impl Strategy<Value = Said> {
    let who = select(vec![ALICE, ALICE, BOB, CAROL]);
    let how = prop_oneof![Just(Original), select(ReferenceIndicator::ALL.to_vec())];
    let place = prop_oneof![Just(u64::from(number)), 0..u64::from(MOST)];
    (
        who,
        how,
        1..=MOST,
        content(),
        place,
        0..3_u64,
        prop::bool::weighted(0.05),
    )
        .prop_map(
            move |(originator, indicator, about, content, block, index, test)| {
                let mut said = entry(number, originator, indicator, about, content);
                said.place = Place { block, index };
                if let (true, Body::Plain(content)) = (test, said.message.body.clone()) {
                    said.message.body = Body::Test(content);
                }
                said
            },
        )
}

fn all() -> impl Strategy<Value = Vec<Said>> {
    let numbers = prop::collection::btree_set(1..=MOST, 0..usize::from(MOST));
    numbers.prop_flat_map(|numbers| numbers.into_iter().map(said).collect::<Vec<_>>())
}

fn stands(situation: &Situation<&'static str>) -> Vec<Sequence<&'static str>> {
    situation.sequences().collect()
}

proptest! {
    #[test]
    fn any_order_of_arrival_ends_the_same(
        entries in all(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        passing in all(),
    ) {
        let wanted = after(entries.clone());
        let mut situation = Situation::new(Tests::Ignored);
        // What comes and goes, or lay in another block before.
        for index in &order {
            let pool = if index.index(3) == 0 { &entries } else { &passing };
            if pool.is_empty() {
                continue;
            }
            let mut one = index.get(pool).clone();
            match index.index(4) {
                0 => drop(situation.remove(&one.hash)),
                1 => {
                    one.place.block += 3;
                    situation.insert(one);
                }
                _ => drop(situation.insert(one)),
            }
        }
        for gone in &passing {
            situation.remove(&gone.hash);
        }
        let mut left = entries.clone();
        for index in &order {
            if !left.is_empty() {
                let one = left.swap_remove(index.index(left.len()));
                situation.insert(one);
            }
        }
        situation.extend(left);
        prop_assert_eq!(stands(&situation), stands(&wanted));
        prop_assert_eq!(situation.entries().count(), entries.len());
    }

    #[test]
    fn nothing_is_left_of_what_was_taken_out(entries in all()) {
        let mut situation = after(entries.clone());
        for entry in &entries {
            prop_assert_eq!(situation.remove(&entry.hash), Some(entry.clone()));
            prop_assert_eq!(situation.get(&entry.hash), None);
        }
        prop_assert_eq!(stands(&situation), vec![]);
    }

    #[test]
    fn it_is_what_a_plain_reading_finds(entries in all()) {
        let reading = Reading(&entries);
        let situation = after(entries.clone());
        for sequence in situation.sequences() {
            let original = reading.find(sequence.whole.original);
            prop_assert_eq!(sequence.state, reading.state(original));
            prop_assert_eq!(sequence.whole.current, reading.newest(original).hash);
            let confirmed: BTreeSet<_> = sequence.whole.confirmed_by().copied().collect();
            prop_assert_eq!(confirmed, reading.confirmed(original));
        }
    }

    #[test]
    fn no_sign_that_is_news_is_hidden(entries in all()) {
        let situation = after(entries.clone());
        let shown: BTreeSet<_> = stands(&situation)
            .into_iter()
            .flat_map(|s| {
                let history = s.history.into_iter().map(|event| event.hash);
                [s.whole.original].into_iter().chain(history).collect::<Vec<_>>()
            })
            .collect();
        let news = [Original, Update, Add, Relate];
        for entry in &entries {
            let Body::Plain(content) = &entry.message.body else { continue };
            if content.sign().is_some() && news.contains(&entry.message.reference.indicator) {
                prop_assert!(shown.contains(&entry.hash), "{:?}", entry);
            }
        }
    }
}

/// The specification, read message by message without any index.
struct Reading<'a>(&'a [Said]);

impl<'a> Reading<'a> {
    fn find(&self, hash: whiteflag::TransactionHash) -> &'a Said {
        self.0.iter().find(|said| said.hash == hash).unwrap()
    }

    /// Those that may say this of a message, in the order of the chain, unless recalled.
    fn saying(&self, indicator: ReferenceIndicator, about: &Said) -> Vec<&'a Said> {
        let mut found: Vec<&Said> = self
            .0
            .iter()
            .filter(|said| said.message.reference.indicator == indicator)
            .filter(|said| said.message.reference.message == about.hash && said.hash != about.hash)
            .filter(|said| self.may(said, about))
            .filter(|said| !self.recalled(said))
            .collect();
        found.sort_by_key(|said| (said.place, said.hash));
        found
    }

    fn may(&self, said: &Said, about: &Said) -> bool {
        let (Body::Plain(content), Body::Plain(target)) = (&said.message.body, &about.message.body)
        else {
            return false;
        };
        let from = Referring {
            code: content.code(),
            indicator: said.message.reference.indicator,
        };
        let to = Referring {
            code: target.code(),
            indicator: about.message.reference.indicator,
        };
        let later = (said.place, said.hash) > (about.place, about.hash);
        let own = matches!(from.indicator, Recall | Update | Add | Discontinue);
        reference::broken(from, to, said.originator == about.originator)
            .next()
            .is_none()
            && (later || !own)
    }

    fn recalled(&self, said: &Said) -> bool {
        !self.saying(Recall, said).is_empty()
    }

    fn state(&self, original: &Said) -> State {
        if let Some(recall) = self.saying(Recall, original).first() {
            return State::Recalled(recall.hash);
        }
        let end = self.saying(Discontinue, original);
        end.first()
            .map_or(State::InForce, |end| State::Discontinued(end.hash))
    }

    fn newest(&self, original: &'a Said) -> &'a Said {
        self.saying(Update, original)
            .last()
            .copied()
            .unwrap_or(original)
    }

    /// Everyone whose newest opinion, of those not taken back, is not a rejection and who confirms.
    fn confirmed(&self, original: &'a Said) -> BTreeSet<&'static str> {
        let mut about = vec![original];
        about.extend(self.saying(Update, original));
        let opinions = |indicator| {
            let all = about
                .iter()
                .flat_map(move |version| self.saying(indicator, version));
            all.filter(|said| self.saying(Discontinue, said).is_empty())
        };
        let order = |said: &Said| (said.place, said.hash);
        let last_rejection = |who: &str| {
            opinions(Reject)
                .filter(|said| said.originator == who)
                .map(order)
                .max()
        };
        opinions(Confirm)
            .filter(|said| last_rejection(said.originator) < Some(order(said)))
            .map(|said| said.originator)
            .collect()
    }
}
