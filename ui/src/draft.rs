//! Turns a form into a message of the standard's JSON form, or says what is wrong with which field.
//! It checks what only the form can know (is it a number?); the protocol's rules are `whiteflag`'s.

use parley_wire::NetworkKind;
use serde_json::{Value, json};
use whiteflag::Rule;

use crate::form::{Form, NO_REFERENCE, Requested, Shape, Sign, field};
use crate::place::Place;
use crate::{clock, protocol};

/// The part of the form that a problem belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// What it is.
    Sign,
    /// Where it is.
    Place,
    /// The object type.
    Object,
    /// The first size.
    Dim1,
    /// The second size.
    Dim2,
    /// The direction.
    Orientation,
    /// The start of validity.
    Start,
    /// How long it is valid.
    Duration,
    /// What is requested.
    Requested,
    /// The text or link.
    Text,
    /// The message as a whole.
    Whole,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Nothing was chosen.
    NoSign,
    /// A place is needed.
    NoPlace,
    /// Not a whole number.
    NotANumber,
    /// A size is needed.
    NoSize,
    /// A size outside 1 to 9999 metres.
    Size,
    /// A direction outside 0 to 359 degrees.
    Orientation,
    /// More than 99 days.
    Days,
    /// More than 23 hours.
    Hours,
    /// More than 59 minutes.
    Minutes,
    /// Neither a duration nor "until I end it".
    NoDuration,
    /// Not a date and time.
    Start,
    /// A quantity outside 0 to 99.
    Quantity,
    /// The text is empty.
    NoText,
    /// Letters that the wire cannot carry, each once, in their order.
    Letters(Vec<char>),
    /// A sign that the standard does not define.
    UnknownSign,
    /// An object that cannot carry the sign.
    Object,
    /// The object of a request must be an area.
    NoArea,
    /// A size that does not fit the object.
    SizeOfObject,
    /// A duration that ends where no date can be written.
    Lasting,
    /// Something that cannot be requested.
    Requested,
    /// What else the protocol's rules say.
    Rule(Rule),
    /// It has not the form of a message, in English.
    Protocol(String),
}

impl Wrong {
    /// Whether something is only not there yet, which is not worth a word before it is asked for.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::NoSign | Self::NoPlace | Self::NoSize | Self::NoText | Self::NoDuration
        )
    }
}

/// One thing that is wrong, at its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where it is shown.
    pub(crate) field: Field,
    /// What it is.
    pub(crate) wrong: Wrong,
}

fn problem(field: Field, wrong: Wrong) -> Problem {
    Problem { field, wrong }
}

/// The message that a form describes as it may be queued on a network of a kind: complete, held to
/// the protocol's own rules, and a test message where only those may leave.
pub(crate) fn complete(form: &Form, now: u64, kind: NetworkKind) -> Result<Value, Vec<Problem>> {
    let message = message(form, now)?;
    let problems = protocol::problems(&message);
    if problems.is_empty() {
        Ok(for_network(message, kind))
    } else {
        Err(problems)
    }
}

/// Whether a form can show all that a message says, so that it can be changed without loss. An
/// answer that repeats what it refers to has nothing to change.
pub(crate) fn can_edit(message: &Value, kind: NetworkKind) -> bool {
    let form = Form::of_message(message);
    let free = form
        .refers
        .as_ref()
        .is_none_or(|refers| matches!(refers.indicator, 2 | 3 | 5));
    free && complete(&form, 0, kind).is_ok_and(|again| again == *message)
}

/// On a test network everything leaves as a test message, elsewhere as what it is.
fn for_network(mut message: Value, kind: NetworkKind) -> Value {
    match kind {
        NetworkKind::Exercise | NetworkKind::Main => {}
        NetworkKind::Test => {
            let code = field(&message["MessageHeader"], "MessageCode");
            let body = message["MessageBody"].take();
            message["MessageHeader"]["MessageCode"] = json!("T");
            message["MessageBody"] =
                json!({ "PseudoMessageCode": code, "PseudoMessageBody": body });
        }
    }
    message
}

/// The message that a form describes; `now` is the start where none was typed.
pub(crate) fn message(form: &Form, now: u64) -> Result<Value, Vec<Problem>> {
    let Some(sign) = &form.sign else {
        return Err(vec![problem(Field::Sign, Wrong::NoSign)]);
    };
    let body = match (&form.repeats, sign.code) {
        (Some(body), _) => body.clone(),
        (None, 'F') => {
            let line = if form.goes_on { "\n" } else { "" };
            json!({ "Text": format!("{line}{}", text(form)?) })
        }
        (None, 'R') => json!({ "ResourceMethod": "1", "ResourceData": text(form)? }),
        (None, 'A') => introduction(text(form)?),
        (None, _) => signal(form, sign, now)?,
    };
    Ok(json!({ "MessageHeader": header(form, sign.code), "MessageBody": body }))
}

fn header(form: &Form, code: char) -> Value {
    let indicator = form.refers.as_ref().map_or(0, |refers| refers.indicator);
    let target = form
        .refers
        .as_ref()
        .map_or(NO_REFERENCE, |refers| refers.target.as_str());
    json!({
        "Prefix": "WF",
        "Version": "1",
        "EncryptionIndicator": "0",
        "DuressIndicator": "0",
        "MessageCode": code.to_string(),
        "ReferenceIndicator": indicator.to_string(),
        "ReferencedMessage": target,
    })
}

/// The address of a page that says who one is, or a token that others were given.
fn introduction(data: String) -> Value {
    let method = if data.contains("://") { "1" } else { "2" };
    json!({ "VerificationMethod": method, "VerificationData": data })
}

fn text(form: &Form) -> Result<String, Vec<Problem>> {
    let text = form.text.trim();
    if text.is_empty() {
        return Err(vec![problem(Field::Text, Wrong::NoText)]);
    }
    let foreign = foreign_letters(text);
    if foreign.is_empty() {
        Ok(text.to_owned())
    } else {
        Err(vec![problem(Field::Text, Wrong::Letters(foreign))])
    }
}

/// The letters that a Whiteflag text cannot carry (specification 4.1.2), each once.
fn foreign_letters(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    for letter in text.chars().filter(|letter| !letter.is_ascii()) {
        if !found.contains(&letter) {
            found.push(letter);
        }
    }
    found
}

fn signal(form: &Form, sign: &Sign, now: u64) -> Result<Value, Vec<Problem>> {
    let mut problems = Vec::new();
    let place = keep(&mut problems, place(form));
    let start = keep(&mut problems, start(form, now));
    let duration = keep(&mut problems, duration(form));
    let sizes = keep(&mut problems, sizes(form));
    let requested = keep(&mut problems, requested(&form.requested));
    let (Some(place), Some(start), Some(duration), Some(sizes), Some(requested)) =
        (place, start, duration, sizes, requested)
    else {
        return Err(problems);
    };
    let mut body = json!({
        "SubjectCode": sign.subject,
        "DateTime": clock::iso(start),
        "Duration": duration,
        "ObjectType": form.object,
        "ObjectLatitude": place.map_or_else(|| "+99.99999".to_owned(), Place::latitude_field),
        "ObjectLongitude": place.map_or_else(|| "+999.99999".to_owned(), Place::longitude_field),
        "ObjectSizeDim1": format!("{:04}", sizes[0]),
        "ObjectSizeDim2": format!("{:04}", sizes[1]),
        "ObjectOrientation": format!("{:03}", sizes[2]),
    });
    if sign.code == 'Q' {
        body["requestObjects"] = Value::Array(requested);
    }
    Ok(body)
}

/// Keeps a value, or its problem for the list of all of them.
fn keep<T>(problems: &mut Vec<Problem>, result: Result<T, Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn place(form: &Form) -> Result<Option<Place>, Problem> {
    if form.without_position && form.may_omit_position() {
        return Ok(None);
    }
    form.place
        .map(Some)
        .ok_or_else(|| problem(Field::Place, Wrong::NoPlace))
}

fn start(form: &Form, now: u64) -> Result<u64, Problem> {
    if form.start.trim().is_empty() {
        return Ok(now);
    }
    clock::parse_utc(&form.start).ok_or_else(|| problem(Field::Start, Wrong::Start))
}

fn duration(form: &Form) -> Result<String, Problem> {
    if form.until_ended {
        return Ok("P00D00H00M".to_owned());
    }
    let part = |typed: &str, most: u32, wrong: Wrong| {
        whole(typed, Field::Duration).and_then(|number| {
            if number <= most {
                Ok(number)
            } else {
                Err(problem(Field::Duration, wrong))
            }
        })
    };
    let days = part(&form.days, 99, Wrong::Days)?;
    let hours = part(&form.hours, 23, Wrong::Hours)?;
    let minutes = part(&form.minutes, 59, Wrong::Minutes)?;
    // All zeros means "no end" on the wire: nobody may choose that by leaving fields empty.
    if days + hours + minutes == 0 {
        return Err(problem(Field::Duration, Wrong::NoDuration));
    }
    Ok(format!("P{days:02}D{hours:02}H{minutes:02}M"))
}

/// Both sizes and the direction, as numbers of the message (999: no direction).
fn sizes(form: &Form) -> Result<[u32; 3], Problem> {
    let shape = Shape::of(&form.object);
    match shape {
        Shape::Point => Ok([0, 0, 999]),
        Shape::People if form.dim1.trim().is_empty() => Ok([0, 0, 999]),
        Shape::People | Shape::Circle => Ok([metres(&form.dim1, Field::Dim1)?, 0, 0]),
        Shape::Rectangle | Shape::Triangle => {
            let orientation = whole(&form.orientation, Field::Orientation)?;
            if orientation > 359 {
                return Err(problem(Field::Orientation, Wrong::Orientation));
            }
            Ok([
                metres(&form.dim1, Field::Dim1)?,
                metres(&form.dim2, Field::Dim2)?,
                orientation,
            ])
        }
    }
}

fn metres(typed: &str, field: Field) -> Result<u32, Problem> {
    if typed.trim().is_empty() {
        return Err(problem(field, Wrong::NoSize));
    }
    let metres = whole(typed, field)?;
    if (1..=9999).contains(&metres) {
        Ok(metres)
    } else {
        Err(problem(field, Wrong::Size))
    }
}

/// A whole number; nothing typed is zero.
fn whole(typed: &str, field: Field) -> Result<u32, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(0);
    }
    let digits = typed.len() <= 6 && typed.chars().all(|digit| digit.is_ascii_digit());
    if !digits {
        return Err(problem(field, Wrong::NotANumber));
    }
    typed.parse().map_err(|_| problem(field, Wrong::NotANumber))
}

fn requested(rows: &[Requested]) -> Result<Vec<Value>, Problem> {
    rows.iter()
        .map(|row| {
            let quantity = whole(&row.quantity, Field::Requested)?;
            if quantity > 99 {
                return Err(problem(Field::Requested, Wrong::Quantity));
            }
            Ok(json!({ "ObjectType": row.object, "ObjectTypeQuant": format!("{quantity:02}") }))
        })
        .collect()
}

#[cfg(test)]
mod tests;
