//! What a person has typed so far, as typed. It becomes a message in `draft.rs`; here it may be
//! incomplete and wrong.

use serde_json::Value;

use crate::pins;
use crate::place::Place;
use crate::suggest::{self, Suggestion};

/// Sixty-four zeros: refers to nothing.
pub(crate) const NO_REFERENCE: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// The type and subject of a message: `D` and `21`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    /// The letter of the message type.
    pub(crate) code: char,
    /// Two hexadecimal digits; empty for texts and links.
    pub(crate) subject: String,
}

impl Sign {
    /// `D21`, or the letter alone.
    pub(crate) fn key(&self) -> String {
        format!("{}{}", self.code, self.subject)
    }

    /// Reads `D21`; `None` where it is not a letter and two digits.
    #[cfg(test)]
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        let code = key.chars().next().filter(char::is_ascii_uppercase)?;
        let subject = key.get(1..)?.to_owned();
        let digits = subject.chars().all(|digit| digit.is_ascii_hexdigit());
        (digits && subject.len() == 2).then_some(Self { code, subject })
    }
}

/// One kind of thing that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requested {
    /// Object type, two hexadecimal digits.
    pub(crate) object: String,
    /// How many, as typed.
    pub(crate) quantity: String,
}

/// What a message refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refers {
    /// Reference indicator, 1 to 9.
    pub(crate) indicator: u8,
    /// 64 hexadecimal digits or `@ID`.
    pub(crate) target: String,
}

/// Everything that is typed about one message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    /// The own message that is being changed; `None` for a new one.
    pub(crate) editing: Option<u64>,
    /// What it refers to.
    pub(crate) refers: Option<Refers>,
    /// The body of the message referred to, where the reference has to repeat it.
    pub(crate) repeats: Option<Value>,
    /// What it is.
    pub(crate) sign: Option<Sign>,
    /// Where it is.
    pub(crate) place: Option<Place>,
    /// Whether it is sent without a position, where the type allows that.
    pub(crate) without_position: bool,
    /// Object type, two hexadecimal digits.
    pub(crate) object: String,
    /// Metres, as typed.
    pub(crate) dim1: String,
    /// Metres, as typed.
    pub(crate) dim2: String,
    /// Degrees from north, as typed.
    pub(crate) orientation: String,
    /// Start of validity in UTC as typed; empty for now.
    pub(crate) start: String,
    /// Days of validity, as typed.
    pub(crate) days: String,
    /// Hours of validity, as typed.
    pub(crate) hours: String,
    /// Minutes of validity, as typed.
    pub(crate) minutes: String,
    /// Valid until its originator ends it.
    pub(crate) until_ended: bool,
    /// What a request asks for.
    pub(crate) requested: Vec<Requested>,
    /// A text, or the address of a link.
    pub(crate) text: String,
    /// Whether the text goes on where another one ends; then it begins a line.
    pub(crate) goes_on: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            editing: None,
            refers: None,
            repeats: None,
            sign: None,
            place: None,
            without_position: false,
            object: "00".to_owned(),
            dim1: String::new(),
            dim2: String::new(),
            orientation: String::new(),
            start: String::new(),
            days: "7".to_owned(),
            hours: "0".to_owned(),
            minutes: "0".to_owned(),
            until_ended: false,
            requested: Vec::new(),
            text: String::new(),
            goes_on: false,
        }
    }
}

/// How a size is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// No size may be given.
    Point,
    /// A group of people: the area they are in, optional.
    People,
    /// A radius.
    Circle,
    /// Two sides and a direction.
    Rectangle,
    /// Height, base and the direction of the height.
    Triangle,
}

impl Shape {
    /// The shape that an object type has (specification 4.3.1.6).
    pub(crate) fn of(object: &str) -> Self {
        match object {
            "21" | "31" => Self::Circle,
            "22" | "32" => Self::Rectangle,
            "23" | "33" => Self::Triangle,
            _ if object.starts_with('1') => Self::People,
            _ => Self::Point,
        }
    }

    /// Whether a second size and a direction belong to it.
    pub(crate) fn has_direction(self) -> bool {
        matches!(self, Self::Rectangle | Self::Triangle)
    }
}

impl Form {
    /// An empty form at a place.
    pub(crate) fn at(place: Option<Place>) -> Self {
        Self {
            place,
            ..Self::default()
        }
    }

    /// The type letter, `None` before it is chosen.
    pub(crate) fn code(&self) -> Option<char> {
        self.sign.as_ref().map(|sign| sign.code)
    }

    /// Whether the type may go without a position: emergencies and status signals.
    pub(crate) fn may_omit_position(&self) -> bool {
        matches!(self.code(), Some('E' | 'S'))
    }

    /// How many metres what is typed reaches from its place, at most; `None` where it says none.
    pub(crate) fn reach(&self) -> Option<f64> {
        let message = crate::draft::message(self, 0).ok()?;
        crate::protocol::reach(&message)
    }

    /// Whether it is a text, a link or an introduction, which have no place and no time.
    pub(crate) fn is_note(&self) -> bool {
        matches!(self.code(), Some('A' | 'F' | 'R'))
    }

    /// Whether it is a new message that somebody began to write.
    pub(crate) fn is_begun(&self) -> bool {
        self.editing.is_none() && self.refers.is_none() && self.sign.is_some()
    }

    /// Whether somebody would miss what is typed here.
    pub(crate) fn holds_work(&self) -> bool {
        self.editing.is_some() || self.refers.is_some() || self.sign.is_some()
    }

    /// Takes a sign. What was suggested for the one before it and not changed by the person follows
    /// the new one, and nothing stays that the new one cannot carry.
    pub(crate) fn choose(&mut self, sign: Sign) {
        let before = self.sign.as_ref().map(Suggestion::of);
        let new = Suggestion::of(&sign);
        let fits = before.as_ref().is_none_or(|before| before.lasts(self));
        if fits && !self.until_ended {
            (self.days, self.hours) = (new.days.to_owned(), new.hours.to_owned());
            self.minutes = "0".to_owned();
        }
        self.sign = Some(sign);
        self.without_position &= self.may_omit_position();
        let kept = before.is_some_and(|before| !before.covers(self));
        if !kept || !suggest::objects(self).contains(&self.object) {
            self.object = new.object.to_owned();
            self.dim1 = new.radius.to_owned();
        }
        if self.code() != Some('Q') {
            self.requested.clear();
        }
    }

    /// Gives or withholds the position; what has a shape must have one.
    pub(crate) fn withhold_position(&mut self, withheld: bool) {
        self.without_position = withheld;
        if !suggest::objects(self).contains(&self.object) {
            self.object = "00".to_owned();
        }
    }

    /// A form that shows an existing message, for changing it.
    pub(crate) fn of_message(message: &Value) -> Self {
        let (sign, body) = pins::meant(message);
        let mut form = Self {
            sign,
            refers: refers(&message["MessageHeader"]),
            ..Self::default()
        };
        match form.code() {
            Some('A') => form.text = field(body, "VerificationData"),
            Some('F') => {
                let text = field(body, "Text");
                form.goes_on = text.starts_with('\n');
                form.text = text.trim_start_matches('\n').to_owned();
            }
            Some('R') => form.text = field(body, "ResourceData"),
            _ => form.read_signal(body),
        }
        form
    }

    fn read_signal(&mut self, body: &Value) {
        self.place = Place::from_fields(
            &field(body, "ObjectLatitude"),
            &field(body, "ObjectLongitude"),
        );
        self.without_position = self.place.is_none();
        self.object = field(body, "ObjectType");
        let shape = Shape::of(&self.object);
        self.dim1 = size(&field(body, "ObjectSizeDim1"));
        self.dim2 = size(&field(body, "ObjectSizeDim2"));
        let orientation = field(body, "ObjectOrientation");
        if shape.has_direction() && orientation != "999" {
            self.orientation = plain(&orientation);
        }
        self.start = field(body, "DateTime")
            .replace('T', " ")
            .trim_end_matches('Z')
            .to_owned();
        let duration = field(body, "Duration");
        self.until_ended = duration == "P00D00H00M";
        self.days = plain(duration.get(1..3).unwrap_or_default());
        self.hours = plain(duration.get(4..6).unwrap_or_default());
        self.minutes = plain(duration.get(7..9).unwrap_or_default());
        let requested = body["requestObjects"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        self.requested = requested
            .iter()
            .map(|one| Requested {
                object: field(one, "ObjectType"),
                quantity: plain(&field(one, "ObjectTypeQuant")),
            })
            .collect();
    }
}

/// A string field of a message; empty where there is none.
pub(crate) fn field(part: &Value, name: &str) -> String {
    part[name].as_str().unwrap_or_default().to_owned()
}

fn refers(header: &Value) -> Option<Refers> {
    let indicator = field(header, "ReferenceIndicator").parse().ok()?;
    (indicator != 0).then(|| Refers {
        indicator,
        target: field(header, "ReferencedMessage"),
    })
}

/// Digits without leading zeros.
fn plain(digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest => rest.to_owned(),
    }
}

/// A size as typed: nothing where it is omitted.
fn size(digits: &str) -> String {
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests;
