//! What the map is told: one plain feature for each place that a signal has. Knows nothing of the map
//! library.

use parley_wire::{NetworkKind, Signal, Validity};
use serde::Serialize;
use serde_json::Value;

use crate::form::{Sign, field};
use crate::place::Place;
use crate::protocol;
use crate::sites::{Role, Site};

/// One closed outline: longitude and latitude of each corner, the first one again as the last.
type Ring = Vec<[f64; 2]>;

/// A place of a signal as the map draws it: a symbol, and the area around it if there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Pin {
    /// The hash of the message that it stands for.
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
    /// `null`, or every area of the signal: its own and one for each further part that has an
    /// extent. Each is one closed outline, that is one polygon of a MultiPolygon without holes; they
    /// may overlap.
    pub(crate) rings: Option<Vec<Ring>>,
}

/// What turns one set of pins into another.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Difference {
    /// New ones and changed ones.
    pub(crate) add: Vec<Pin>,
    /// The ids of those that go.
    pub(crate) remove: Vec<String>,
}

impl Difference {
    /// Whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
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
    Place::from_fields(
        &field(body, "ObjectLatitude"),
        &field(body, "ObjectLongitude"),
    )
}

/// The coordinates of a message as they are, where they are no place on earth; `None` where none are
/// given.
pub(crate) fn no_place_on_earth(message: &Value) -> Option<String> {
    let (_, body) = meant(message);
    let (latitude, longitude) = (
        field(body, "ObjectLatitude"),
        field(body, "ObjectLongitude"),
    );
    let omitted = latitude == "+99.99999" && longitude == "+999.99999";
    let given = !latitude.is_empty() && !omitted && place(message).is_none();
    given.then(|| format!("{latitude} {longitude}"))
}

/// How much it matters to see a site: 3 threatens life now, 2 is dangerous, 1 protects or warns, 0
/// informs. What is over no longer threatens.
pub(crate) fn severity(site: &Site) -> u8 {
    if site.is_over() {
        return 0;
    }
    site.sign().map_or(0, |sign| severity_of(&sign))
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

/// The map's word for how a site stands; the symbols know the same words.
pub(crate) fn state(site: &Site, kind: NetworkKind) -> &'static str {
    let dangerous = site.sign().is_some_and(|sign| sign.code == 'D');
    match site.validity {
        Validity::Expired => "expired",
        Validity::Discontinued | Validity::Recalled => "discontinued",
        Validity::Future | Validity::Current | Validity::Unclear => match kind {
            _ if site.unsent => "queued",
            NetworkKind::Test => "test",
            NetworkKind::Exercise | NetworkKind::Main if site.is_confirmed() => "confirmed",
            NetworkKind::Exercise | NetworkKind::Main if dangerous => "unconfirmed",
            NetworkKind::Exercise | NetworkKind::Main => "current",
        },
    }
}

/// The pins of a signal with these sites: one for itself, with the areas of all its parts, and one for each part that
/// would not be seen otherwise. None without a place, and none of what was taken back.
pub(crate) fn pins(
    signal: &Signal,
    sites: &[Site],
    kind: NetworkKind,
    label: impl Fn(&Value) -> String,
) -> Vec<Pin> {
    if signal.validity == Validity::Recalled {
        return Vec::new();
    }
    let located = sites.first().is_some_and(|itself| itself.place().is_some());
    let parts = sites.iter().filter(|site| site.role == Role::Part);
    let areas: Vec<Ring> = parts
        .filter_map(|part| protocol::ring(&part.message))
        .collect();
    let drawn = |site: &&Site| match site.role {
        Role::Itself => true,
        Role::Part => !located || protocol::ring(&site.message).is_none(),
    };
    let pin = |site: &Site| {
        let further = if site.role == Role::Itself {
            areas.as_slice()
        } else {
            &[]
        };
        pin(site, further, kind, label(&site.message))
    };
    sites.iter().filter(drawn).filter_map(pin).collect()
}

fn pin(site: &Site, further: &[Ring], kind: NetworkKind, label: String) -> Option<Pin> {
    let Place { lat, lng } = site.place()?;
    let sign = site.sign()?;
    let own_area = protocol::ring(&site.message).into_iter();
    let rings: Vec<Ring> = own_area.chain(further.iter().cloned()).collect();
    Some(Pin {
        id: site.hash.clone(),
        lng,
        lat,
        code: sign.code.to_string(),
        subject: sign.subject,
        severity: severity(site),
        state: state(site, kind),
        own: site.own,
        label,
        rings: (!rings.is_empty()).then_some(rings),
    })
}

/// The pin of what is being composed.
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

#[cfg(test)]
pub(crate) mod tests;
