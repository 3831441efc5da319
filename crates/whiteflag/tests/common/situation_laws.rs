//! What holds for a situation after any changes, which arbitrary octets stand for. Each law panics
//! where it is broken. The property tests and the fuzz target call it.

use std::collections::{BTreeMap, BTreeSet};

use whiteflag::reference::WrongReference;
use whiteflag::situation::{Entry, Outcome, Place, Sequence, Situation, Tests};
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits,
    Message, MessageCode, Reference, ReferenceIndicator, RequestObjects, Sign, SignKind, Text,
    TransactionHash,
};

/// Octets of one change, each taken modulo what there is to choose from:
///
/// - how: 0 removes, 1 moves, 2 and 3 insert; plus 4 times the account (of 8), plus 32 for a test
///   message, plus 64 times the index in the block
/// - the number of the message
/// - the number of the message that it refers to
/// - the type, by its place in [`TYPES`]; plus 11 times one of four sayings
/// - the indicator, by its digit
/// - the block (of 16)
const CHANGE: usize = 6;
/// Before the changes: whether only test messages count.
const MODE: usize = 1;
/// So few messages that most of them refer to one that is there.
const NUMBERS: u8 = 32;
/// Every type but T, which each of them may be wrapped in.
const TYPES: [MessageCode; 11] = [
    MessageCode::Authentication,
    MessageCode::Cryptographic,
    MessageCode::Protective,
    MessageCode::Emergency,
    MessageCode::Danger,
    MessageCode::Status,
    MessageCode::Infrastructure,
    MessageCode::Mission,
    MessageCode::Request,
    MessageCode::Resource,
    MessageCode::FreeText,
];

type Said = Entry<u8>;

/// The situation after the changes, and what must be in it, told apart from it.
pub(crate) struct Changed {
    pub(crate) situation: Situation<u8>,
    wanted: BTreeMap<TransactionHash, Said>,
}

/// Any changes end in a situation that hides nothing and depends on nothing but what is in it.
pub(crate) fn of_changes(octets: &[u8]) {
    let changed = changed(octets);
    let sequences: Vec<Sequence<u8>> = changed.situation.sequences().collect();
    only_what_is_in_counts(&changed, &sequences);
    each_is_found_by_its_hash(&changed, &sequences);
    nothing_that_counts_is_hidden(&changed, &sequences);
    what_is_wrong_was_refused(&changed, &sequences);
}

/// Makes the changes that octets stand for; what is left over at their end is ignored.
pub(crate) fn changed(octets: &[u8]) -> Changed {
    let mode = octets.first().map_or(0, |octet| octet % 2);
    let tests = [Tests::Ignored, Tests::Only][usize::from(mode)];
    let mut changed = Changed {
        situation: Situation::new(tests),
        wanted: BTreeMap::new(),
    };
    let (changes, _) = octets.get(MODE..).unwrap_or_default().as_chunks::<CHANGE>();
    changes.iter().for_each(|change| changed.make(*change));
    changed
}

impl Changed {
    fn make(&mut self, change: [u8; CHANGE]) {
        let new = said(change);
        match change[0] % 4 {
            0 => {
                let gone = self.situation.remove(&new.hash);
                assert_eq!(gone, self.wanted.remove(&new.hash));
            }
            1 => {
                if let Some(mut moved) = self.situation.get(&new.hash).cloned() {
                    moved.place = new.place;
                    self.insert(moved);
                }
            }
            _ => self.insert(new),
        }
    }

    fn insert(&mut self, entry: Said) {
        let replaced = self.situation.insert(entry.clone());
        assert_eq!(replaced, self.wanted.insert(entry.hash, entry));
    }
}

fn said([how, number, about, what, indicator, block]: [u8; CHANGE]) -> Said {
    let indicators = ReferenceIndicator::ALL;
    let content = content(what);
    Entry {
        hash: hash(number),
        place: Place {
            block: (block % 16).into(),
            index: (how / 64).into(),
        },
        originator: how / 4 % 8,
        message: Message {
            encryption: b'0',
            duress: false,
            reference: Reference {
                indicator: indicators[usize::from(indicator) % indicators.len()],
                message: hash(about),
            },
            body: if how / 32 % 2 == 0 {
                Body::Plain(content)
            } else {
                Body::Test(content)
            },
        },
    }
}

fn hash(number: u8) -> TransactionHash {
    TransactionHash::new([number % NUMBERS; 32])
}

/// Sayings of one type differ in what the reference rules look at: the words, the subject, and
/// whether it is an area.
fn content(what: u8) -> Content {
    let (place, saying) = (usize::from(what) % TYPES.len(), what / 11 % 4);
    let text = || Text::new(["a", "b", "c", ""][usize::from(saying)]).unwrap();
    let of = |kind| Content::Sign {
        kind,
        sign: sign(saying),
    };
    match TYPES[place] {
        MessageCode::Authentication => Content::Authentication {
            method: 1,
            data: text(),
        },
        MessageCode::Cryptographic => Content::Cryptographic {
            data_type: [0x0A, 0x0B, 0x11, 0x21][usize::from(saying)],
            data: vec![saying],
        },
        MessageCode::Protective => of(SignKind::Protective),
        MessageCode::Emergency => of(SignKind::Emergency),
        MessageCode::Danger => of(SignKind::Danger),
        MessageCode::Status => of(SignKind::Status),
        MessageCode::Infrastructure => of(SignKind::Infrastructure),
        MessageCode::Mission => of(SignKind::Mission),
        MessageCode::Request => Content::Request {
            sign: sign(saying),
            objects: RequestObjects::default(),
        },
        MessageCode::Resource => Content::Resource {
            method: 1,
            data: text(),
        },
        MessageCode::FreeText | MessageCode::Test => Content::FreeText(text()),
    }
}

fn sign(saying: u8) -> Sign {
    Sign {
        subject: 0x10 + saying % 2,
        date_time: DateTimeDigits::from_unix(0).unwrap(),
        duration: DurationDigits::NO_END,
        object_type: [0x21, 0x40][usize::from(saying / 2)],
        latitude: LatitudeDigits::OMITTED,
        longitude: LongitudeDigits::OMITTED,
        dim1: Decimals::ZERO,
        dim2: Decimals::ZERO,
        orientation: Decimals::ZERO,
    }
}

/// It is the same as if the messages had come in the order of the chain, each once.
fn only_what_is_in_counts(changed: &Changed, sequences: &[Sequence<u8>]) {
    let mut entries: Vec<&Said> = changed.wanted.values().collect();
    entries.sort_by_key(|entry| (entry.place, entry.hash));
    let mut anew = Situation::new(changed.situation.tests());
    for entry in &entries {
        assert_eq!(anew.insert((*entry).clone()), None);
        assert_eq!(changed.situation.get(&entry.hash), Some(*entry));
    }
    assert_eq!(changed.situation.entries().count(), entries.len());
    assert_eq!(anew.sequences().collect::<Vec<_>>(), sequences);
    for Entry {
        message,
        originator,
        ..
    } in entries
    {
        let both = [&changed.situation, &anew].map(|s| s.check(message, originator, None));
        assert_eq!(both[0], both[1]);
    }
}

/// A sequence by itself is the one that is listed, and is there for no other message.
fn each_is_found_by_its_hash(changed: &Changed, sequences: &[Sequence<u8>]) {
    let places = sequences.iter().map(|s| (s.place, s.whole.original));
    assert!(places.is_sorted_by(|one, next| one < next));
    let listed: BTreeMap<_, _> = sequences.iter().map(|s| (s.whole.original, s)).collect();
    for number in 0..NUMBERS {
        let found = changed.situation.sequence(&hash(number));
        assert_eq!(found.as_ref(), listed.get(&hash(number)).copied());
    }
}

/// What says something here is told of if it is news, and else wherever the message that it refers to
/// is and counts.
fn nothing_that_counts_is_hidden(changed: &Changed, sequences: &[Sequence<u8>]) {
    let begin = || sequences.iter().map(|s| s.whole.original);
    let events = || sequences.iter().flat_map(|s| &s.history);
    let shown: BTreeSet<_> = begin().chain(events().map(|event| event.hash)).collect();
    let wrong = |outcome| matches!(outcome, Outcome::Wrong(_));
    let right = events().filter(|event| !wrong(event.outcome));
    let counts: BTreeSet<_> = begin().chain(right.map(|event| event.hash)).collect();
    for (hash, entry) in &changed.wanted {
        let meant = changed.situation.meant(entry).is_some();
        let about = entry.message.reference.message;
        let refers = about != *hash && counts.contains(&about);
        let must = meant && (is_news(changed, entry) || refers);
        assert!(!must || shown.contains(hash), "{entry:?} is hidden");
        assert!(meant || !shown.contains(hash), "{entry:?} counts");
    }
}

/// An original says something by itself, and so does a sign, unless it repeats or takes away.
fn is_news(changed: &Changed, entry: &Said) -> bool {
    use ReferenceIndicator as R;
    let Reference { indicator, message } = entry.message.reference;
    let content = changed.situation.meant(entry);
    let is_sign = content.is_some_and(|content| content.sign().is_some());
    match indicator {
        R::Original => true,
        R::Update | R::Add | R::Relate => is_sign,
        R::Confirm => is_sign && !changed.wanted.contains_key(&message),
        R::Recall | R::Discontinue | R::Acknowledge | R::Comply | R::Reject => false,
    }
}

/// Who had asked before sending it would have been told; but for what only the chain decides.
fn what_is_wrong_was_refused(changed: &Changed, sequences: &[Sequence<u8>]) {
    let begin = sequences
        .iter()
        .filter_map(|s| Some((s.whole.original, s.wrong?)));
    let events = sequences.iter().flat_map(|s| &s.history);
    let events = events.filter_map(|event| match event.outcome {
        Outcome::Wrong(wrong) => Some((event.hash, wrong)),
        Outcome::Holds | Outcome::Past | Outcome::Recalled => None,
    });
    for (hash, wrong) in begin.chain(events) {
        let entry = &changed.wanted[&hash];
        let told = changed
            .situation
            .check(&entry.message, &entry.originator, Some(&hash));
        let early = wrong == WrongReference::Early;
        assert!(early || told.contains(&wrong), "{wrong:?} was not told");
    }
}
