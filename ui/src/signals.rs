//! The signals as they were told last, each as the text that came and with the little that is shown of
//! all of them: its row in the list and, while a map is drawn, its pins. Both are made once for each
//! change. Nothing is read from the texts again but the signal that somebody looks at.

mod drawing;

use std::collections::HashMap;
use std::sync::Arc;

use parley_wire::{Signal, SignalsSince};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use self::drawing::Drawing;
use crate::i18n::Locale;
use crate::listing::{self, Row};
use crate::pins::{self, Difference};
use crate::session::Taken;
use crate::sites::{self, Site, Viewer};
use crate::{protocol, words};

/// A signal as it was told, with its text.
#[derive(Debug)]
pub(crate) struct Told {
    signal: Signal,
    text: Box<RawValue>,
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let signal = read(&text).map_err(D::Error::custom)?;
        Ok(Self { signal, text })
    }
}

/// A signal whole: what an original says is told once where it is still valid.
fn read(text: &RawValue) -> serde_json::Result<Signal> {
    let mut signal: Signal = serde_json::from_str(text.get())?;
    let fill = |original: &mut Value, message: &Value| {
        if original.is_null() {
            original.clone_from(message);
        }
    };
    fill(&mut signal.original, &signal.message);
    for part in &mut signal.parts {
        fill(&mut part.original, &part.message);
    }
    Ok(signal)
}

/// What is kept of a signal.
pub(crate) struct Kept {
    text: Box<RawValue>,
    /// Where it is on the chain; what is in no block comes last.
    pub(crate) place: (bool, u64, u64),
    pub(crate) row: Row,
    /// The message that it relates to.
    target: Option<String>,
    /// The messages that refer to it.
    references: Vec<String>,
    /// When its row and pins are others next, without a word from the engine; seconds since 1970 UTC.
    turns: Option<u64>,
}

/// All signals.
pub(crate) struct Signals {
    token: Option<u64>,
    more: bool,
    viewer: Viewer,
    locale: Locale,
    by_hash: HashMap<Arc<str>, Kept>,
    /// The signals that a message refers to, by its hash.
    by_reference: HashMap<String, Vec<Arc<str>>>,
    /// What the map has, while there is one.
    drawing: Option<Drawing>,
}

impl Signals {
    /// Nothing told so far.
    pub(crate) fn new(viewer: Viewer, locale: Locale) -> Self {
        Self {
            token: None,
            more: false,
            viewer,
            locale,
            by_hash: HashMap::new(),
            by_reference: HashMap::new(),
            drawing: None,
        }
    }

    /// To ask with for what changed since.
    pub(crate) fn token(&self) -> Option<u64> {
        self.token
    }

    /// Whether the last answer was not all there is.
    pub(crate) fn is_halfway(&self) -> bool {
        self.more
    }

    /// No more is told for now, although there is more. Whether anything waits for it to be drawn: what
    /// is there must not wait for what may not come.
    pub(crate) fn cut_short(&mut self) -> bool {
        std::mem::take(&mut self.more)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_hash.len()
    }

    /// Every one, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.by_hash.values()
    }

    /// Takes an answer in.
    pub(crate) fn take(&mut self, answer: SignalsSince<Told>) -> Taken {
        let told = !answer.changed.is_empty() || !answer.gone.is_empty();
        // Where it was the last of several, what waited for it is drawn.
        let changed = told || answer.anew || self.more != answer.more;
        if answer.anew {
            self.forget();
        }
        for hash in &answer.gone {
            self.remove(hash);
        }
        for told in answer.changed {
            self.put(told);
        }
        self.token = Some(answer.token);
        self.more = answer.more;
        Taken {
            changed,
            more: answer.more,
        }
    }

    /// Forgets what was told. The map is told so.
    pub(crate) fn forget(&mut self) {
        self.token = None;
        self.more = false;
        self.by_hash.clear();
        self.by_reference.clear();
        if let Some(drawing) = &mut self.drawing {
            drawing.clear();
        }
    }

    /// Shows it to this viewer in this language from now on. Whether anything is another by that.
    pub(crate) fn look(&mut self, viewer: &Viewer, locale: Locale) -> bool {
        // What passes with time is made anew when its time comes; a clock may also be set back.
        let passed = viewer.now >= self.viewer.now;
        let same_viewer = Viewer {
            now: viewer.now,
            ..self.viewer.clone()
        };
        let all = same_viewer != *viewer || locale != self.locale || !passed;
        self.viewer = viewer.clone();
        self.locale = locale;
        let due = |kept: &Kept| all || kept.turns.is_some_and(|turns| turns <= viewer.now);
        let due = self.by_hash.iter().filter(|(_, kept)| due(kept));
        let due: Vec<_> = due.map(|(hash, _)| Arc::clone(hash)).collect();
        for hash in &due {
            self.show_again(hash);
        }
        !due.is_empty()
    }

    /// The signal with a hash: its own, or that of a message that refers to it, such as a part.
    pub(crate) fn find(&self, hash: &str, viewer: &Viewer) -> Option<(Signal, Site)> {
        let signal = read(&self.named(hash)?.text).ok()?;
        let site = sites::of(&signal, viewer).into_iter().next()?;
        Some((signal, site))
    }

    /// The signal that one relates to, in words.
    pub(crate) fn about(&self, kept: &Kept) -> Option<String> {
        let target = self.named(kept.target.as_deref()?)?;
        Some(target.row.words.clone())
    }

    fn named(&self, hash: &str) -> Option<&Kept> {
        let itself = self.by_hash.get(hash);
        itself.or_else(|| {
            let referred = self.by_reference.get(hash)?.iter();
            let referred = referred.filter_map(|signal| self.by_hash.get(signal));
            referred.min_by(|one, other| one.order().cmp(&other.order()))
        })
    }

    /// A map is there, with nothing on it.
    pub(crate) fn begin_drawing(&mut self) {
        self.drawing = Some(Drawing::default());
        let all: Vec<_> = self.by_hash.keys().cloned().collect();
        for hash in &all {
            self.show_again(hash);
        }
    }

    /// The map is gone.
    pub(crate) fn end_drawing(&mut self) {
        self.drawing = None;
    }

    /// What the map has to be told, once.
    pub(crate) fn take_untold(&mut self) -> Option<Difference> {
        self.drawing.as_mut()?.take(self.more)
    }

    fn put(&mut self, Told { signal, text }: Told) {
        let known = self
            .by_hash
            .get_key_value(signal.transaction_hash.as_str())
            .map(|(hash, _)| Arc::clone(hash));
        let hash = known.unwrap_or_else(|| signal.transaction_hash.as_str().into());
        self.refer_no_longer(&hash);
        let references = signal.references.iter();
        let references: Vec<_> = references.map(|one| one.transaction_hash.clone()).collect();
        for reference in &references {
            let signals = self.by_reference.entry(reference.clone()).or_default();
            signals.push(Arc::clone(&hash));
        }
        let (row, turns) = self.show(&hash, &signal);
        let kept = Kept {
            text,
            place: (
                signal.block_number.is_none(),
                signal.block_number.unwrap_or_default(),
                signal.index,
            ),
            row,
            target: sites::related_to(&signal),
            references,
            turns,
        };
        self.by_hash.insert(hash, kept);
    }

    fn remove(&mut self, hash: &str) {
        self.refer_no_longer(hash);
        self.by_hash.remove(hash);
        if let Some(drawing) = &mut self.drawing {
            drawing.draw(&hash.into(), Vec::new());
        }
    }

    fn refer_no_longer(&mut self, hash: &str) {
        let Some(kept) = self.by_hash.get(hash) else {
            return;
        };
        for reference in &kept.references {
            if let Some(signals) = self.by_reference.get_mut(reference) {
                signals.retain(|signal| &**signal != hash);
                if signals.is_empty() {
                    self.by_reference.remove(reference);
                }
            }
        }
    }

    fn show_again(&mut self, hash: &Arc<str>) {
        let text = self.by_hash.get(hash).map(|kept| read(&kept.text));
        // It was read before.
        if let Some(Ok(signal)) = text {
            let (row, turns) = self.show(hash, &signal);
            if let Some(kept) = self.by_hash.get_mut(hash) {
                (kept.row, kept.turns) = (row, turns);
            }
        }
    }

    /// What is shown of a signal: its row, until when, and its pins to the map.
    fn show(&mut self, hash: &Arc<str>, signal: &Signal) -> (Row, Option<u64>) {
        let (viewer, locale) = (&self.viewer, self.locale);
        let sites = sites::of(signal, viewer);
        if let Some(drawing) = &mut self.drawing {
            let label = |message: &Value| words::message(locale, message);
            drawing.draw(hash, pins::pins(signal, &sites, viewer.kind, label));
        }
        let turns = sites.iter();
        let turns = turns.filter_map(|site| protocol::turns(&site.message, viewer.now));
        let turns = turns.min();
        (listing::row(signal, &sites, viewer, locale), turns)
    }
}

impl Kept {
    /// The order of the chain.
    pub(crate) fn order(&self) -> ((bool, u64, u64), &str) {
        (self.place, &self.row.hash)
    }
}

#[cfg(test)]
pub(crate) mod tests;
