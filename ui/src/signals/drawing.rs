//! What the map has of the signals: which pins each of them has there, and what of that the map was not
//! told so far. Of a pin that the map has only a digest is kept.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::pins::{Difference, Pin};

/// The pins of all signals.
#[derive(Default)]
pub(super) struct Drawing {
    /// Of each signal, by its hash.
    pins: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// Whose each pin is, and its digest. A message may begin a signal and later be a part of another
    /// one: in whichever order the two are told, the pin is of the last one that has it.
    owners: HashMap<Arc<str>, (Arc<str>, u64)>,
    /// New pins, and those that are there no longer.
    untold: HashMap<Arc<str>, Option<Pin>>,
}

impl Drawing {
    /// Draws these pins for a signal, and no longer those that it had.
    pub(super) fn draw(&mut self, signal: &Arc<str>, pins: Vec<Pin>) {
        let before = self.pins.remove(signal).unwrap_or_default();
        let now: Vec<_> = pins.into_iter().map(|pin| self.set(signal, pin)).collect();
        for pin in before.iter().filter(|pin| !now.contains(pin)) {
            self.remove(signal, pin);
        }
        if !now.is_empty() {
            self.pins.insert(Arc::clone(signal), now);
        }
    }

    /// Draws nothing any more.
    pub(super) fn clear(&mut self) {
        let signals: Vec<_> = self.pins.keys().cloned().collect();
        for signal in &signals {
            self.draw(signal, Vec::new());
        }
    }

    /// What the map was not told so far; nothing where it has everything. Whatever a map is told it
    /// draws all anew, so while there is `more` to come it is told only once that is as much again as
    /// it has.
    pub(super) fn take(&mut self, more: bool) -> Option<Difference> {
        if more && self.untold.len() < self.owners.len().saturating_sub(self.untold.len()) {
            return None;
        }
        let untold = std::mem::take(&mut self.untold);
        let mut difference = Difference::default();
        for (id, pin) in untold {
            match pin {
                Some(pin) => difference.add.push(pin),
                None => difference.remove.push(id.to_string()),
            }
        }
        (!difference.is_empty()).then_some(difference)
    }

    fn set(&mut self, signal: &Arc<str>, pin: Pin) -> Arc<str> {
        let id = if *pin.id == **signal {
            Arc::clone(signal)
        } else {
            pin.id.as_str().into()
        };
        let owner = (Arc::clone(signal), digest(&pin));
        let before = self.owners.insert(Arc::clone(&id), owner);
        if before.is_none_or(|(_, digest)| digest != self::digest(&pin)) {
            self.untold.insert(Arc::clone(&id), Some(pin));
        }
        id
    }

    fn remove(&mut self, signal: &Arc<str>, pin: &Arc<str>) {
        if self
            .owners
            .get(pin)
            .is_some_and(|(owner, _)| owner == signal)
        {
            self.owners.remove(pin);
            self.untold.insert(Arc::clone(pin), None);
        }
    }
}

/// Two pins that the map would draw in different ways differ in it.
fn digest(pin: &Pin) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Pins are plain numbers and strings; they always have a JSON form.
    serde_json::to_string(pin)
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins;
    use crate::pins::tests::{signal, viewer};
    use crate::sites;

    fn pin(id: &str, lat: f64) -> Pin {
        let signal = signal("D", "21");
        let sites = sites::of(&signal, &viewer());
        let pin = pins::pins(&signal, &sites, viewer().kind, |_| String::new()).swap_remove(0);
        Pin {
            id: id.to_owned(),
            lat,
            ..pin
        }
    }

    fn told(drawing: &mut Drawing) -> (Vec<String>, Vec<String>) {
        let Difference { add, mut remove } = drawing.take(false).unwrap_or_default();
        let mut add: Vec<_> = add.into_iter().map(|pin| pin.id).collect();
        add.sort();
        remove.sort();
        (add, remove)
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_changed_is_told_and_once() {
        let mut drawing = Drawing::default();
        let (one, other) = ("one".into(), "other".into());
        drawing.draw(&one, vec![pin("one", 1.0), pin("part", 1.0)]);
        drawing.draw(&other, vec![pin("other", 1.0)]);
        assert_eq!(
            told(&mut drawing),
            (names(&["one", "other", "part"]), names(&[]))
        );
        assert_eq!(drawing.take(false), None);
        drawing.draw(&other, vec![pin("other", 1.0)]);
        assert_eq!(drawing.take(false), None, "it is the same");
        drawing.draw(&one, vec![pin("one", 2.0)]);
        assert_eq!(told(&mut drawing), (names(&["one"]), names(&["part"])));
        drawing.clear();
        assert_eq!(told(&mut drawing), (names(&[]), names(&["one", "other"])));
    }

    #[test]
    fn while_more_comes_the_map_is_told_when_it_is_as_much_again() {
        let mut drawing = Drawing::default();
        let mut told = Vec::new();
        for number in 0..40 {
            let name = number.to_string();
            drawing.draw(&name.as_str().into(), vec![pin(&name, 1.0)]);
            told.extend(drawing.take(true).map(|difference| difference.add.len()));
        }
        assert_eq!(told, [1, 1, 2, 4, 8, 16]);
        let rest = drawing.take(false).expect("the end");
        assert_eq!(rest.add.len(), 8);
    }

    #[test]
    fn what_goes_before_the_map_was_told_of_it_leaves_nothing_behind() {
        let mut drawing = Drawing::default();
        drawing.draw(&"one".into(), vec![pin("one", 1.0)]);
        drawing.draw(&"one".into(), vec![]);
        assert_eq!(told(&mut drawing), (names(&[]), names(&["one"])));
        drawing.draw(&"one".into(), vec![pin("one", 1.0)]);
        assert_eq!(told(&mut drawing), (names(&["one"]), names(&[])));
    }

    #[test]
    fn a_pin_that_passes_from_one_signal_to_another_stays_in_either_order() {
        for taken_first in [true, false] {
            let mut drawing = Drawing::default();
            let (whole, part) = ("whole".into(), "part".into());
            drawing.draw(&part, vec![pin("part", 1.0)]);
            let _ = drawing.take(false);
            if taken_first {
                drawing.draw(&whole, vec![pin("part", 1.0)]);
            }
            drawing.draw(&part, vec![]);
            if !taken_first {
                drawing.draw(&whole, vec![pin("part", 1.0)]);
            }
            assert_eq!(told(&mut drawing).1, names(&[]), "{taken_first}");
            drawing.draw(&whole, vec![]);
            assert_eq!(told(&mut drawing).1, names(&["part"]));
        }
    }
}
