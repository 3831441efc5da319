//! What the map is told: one plain feature for each signal that has a place, and the difference
//! between two such sets. Knows nothing of the map library.

use parley_wire::{NetworkKind, Signal, Standing, Validity};
use serde::Serialize;
use serde_json::Value;

use crate::form::{Sign, field};
use crate::place::Place;
use crate::protocol;

/// Longitude and latitude of each corner, closed.
type Ring = Vec<[f64; 2]>;

/// A signal as the map draws it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Pin {
    pub(crate) id: String,
    pub(crate) lng: f64,
    pub(crate) lat: f64,
    pub(crate) code: String,
    pub(crate) subject: String,
    /// 0 to 3: how much it matters to see it.
    pub(crate) severity: u8,
    pub(crate) state: &'static str,
    pub(crate) own: bool,
    pub(crate) label: String,
    pub(crate) rings: Option<Vec<Ring>>,
}

/// What turns one set of pins into another.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Difference {
    pub(crate) add: Vec<Pin>,
    pub(crate) update: Vec<Pin>,
    pub(crate) remove: Vec<String>,
}

impl Difference {
    /// Whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.update.is_empty() && self.remove.is_empty()
    }
}

/// The header letter and the body that count: a test message stands for the one inside it.
pub(crate) fn meant(message: &Value) -> (Option<Sign>, &Value) {
    let code = field(&message["MessageHeader"], "MessageCode");
    let body = &message["MessageBody"];
    let (code, body) = match code.as_str() {
        "T" => (field(body, "PseudoMessageCode"), &body["PseudoMessageBody"]),
        _ => (code, body),
    };
    let subject = field(body, "SubjectCode").to_uppercase();
    let letter = code.chars().next().filter(char::is_ascii_uppercase);
    (letter.map(|code| Sign { code, subject }), body)
}

/// Where a message is, if it says so.
pub(crate) fn place(message: &Value) -> Option<Place> {
    let (_, body) = meant(message);
    Place::from_fields(&field(body, "ObjectLatitude"), &field(body, "ObjectLongitude"))
}

/// How much it matters to see a signal: 3 threatens life now, 2 is dangerous, 1 protects or
/// warns, 0 informs. What is over no longer threatens.
pub(crate) fn severity(signal: &Signal) -> u8 {
    if matches!(signal.validity, Validity::Expired | Validity::Discontinued) {
        return 0;
    }
    meant(&signal.message).0.map_or(0, |sign| severity_of(&sign))
}

fn severity_of(sign: &Sign) -> u8 {
    match (sign.code, sign.subject.as_str()) {
        ('E', _) | ('S', "13") => 3,
        ('D', subject) if subject.starts_with(['1', '2']) => 3,
        ('D', _) => 2,
        ('P' | 'Q', _) | ('S', "24" | "25" | "28") => 1,
        _ => 0,
    }
}

/// How many other originators say that a signal is true.
pub(crate) fn confirmations(signal: &Signal) -> usize {
    let mut by: Vec<&str> = signal
        .references
        .iter()
        .filter(|reference| reference.indicator == "6" && reference.originator != signal.originator)
        .map(|reference| reference.originator.as_str())
        .collect();
    by.sort_unstable();
    by.dedup();
    by.len()
}

/// The map's word for how a signal stands.
pub(crate) fn state(signal: &Signal, kind: NetworkKind) -> &'static str {
    let dangerous = meant(&signal.message).0.is_some_and(|sign| sign.code == 'D');
    match (signal.validity, signal.state) {
        (Validity::Expired, _) => "expired",
        (Validity::Discontinued, _) => "discontinued",
        (_, Standing::Unsent) => "queued",
        _ if kind == NetworkKind::Test => "test",
        _ if confirmations(signal) > 0 => "confirmed",
        _ if dangerous => "unconfirmed",
        _ => "current",
    }
}

/// The pin of a signal; `None` without a place.
pub(crate) fn pin(signal: &Signal, kind: NetworkKind, label: String) -> Option<Pin> {
    let Place { lat, lng } = place(&signal.message)?;
    let sign = meant(&signal.message).0?;
    Some(Pin {
        id: signal.transaction_hash.clone(),
        lng,
        lat,
        code: sign.code.to_string(),
        subject: sign.subject,
        severity: severity(signal),
        state: state(signal, kind),
        own: signal.own,
        label,
        rings: protocol::ring(&signal.message).map(|ring| vec![ring]),
    })
}

/// The pin of what is being composed; `None` without a place.
pub(crate) fn preview(sign: &Sign, place: Place, message: Option<&Value>, label: String) -> Pin {
    Pin {
        id: "preview".to_owned(),
        lng: place.lng,
        lat: place.lat,
        code: sign.code.to_string(),
        subject: sign.subject.clone(),
        severity: 0,
        state: "queued",
        own: true,
        label,
        rings: message.and_then(protocol::ring).map(|ring| vec![ring]),
    }
}

/// What has to change on a map that shows `before` so that it shows `after`.
pub(crate) fn difference(before: &[Pin], after: &[Pin]) -> Difference {
    let known: std::collections::HashMap<&str, &Pin> =
        before.iter().map(|pin| (pin.id.as_str(), pin)).collect();
    let kept: std::collections::HashSet<&str> = after.iter().map(|pin| pin.id.as_str()).collect();
    let mut difference = Difference::default();
    for pin in after {
        match known.get(pin.id.as_str()) {
            None => difference.add.push(pin.clone()),
            Some(same) if *same == pin => {}
            Some(_) => difference.update.push(pin.clone()),
        }
    }
    let gone = before.iter().filter(|pin| !kept.contains(pin.id.as_str()));
    difference.remove = gone.map(|pin| pin.id.clone()).collect();
    difference
}

#[cfg(test)]
pub(crate) mod tests;
