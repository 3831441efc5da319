//! What a form begins with once a sign is chosen, so that it can be sent with few words: an object
//! that the sign may carry, a size where people would expect one, and how long such things last.

use crate::form::{Form, Sign};
use crate::protocol;

/// What is filled in for a sign. Everything can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// Object type.
    pub(crate) object: &'static str,
    /// Radius in metres; empty where a person has to think about it.
    pub(crate) radius: &'static str,
    /// Days of validity.
    pub(crate) days: &'static str,
    /// Hours of validity.
    pub(crate) hours: &'static str,
}

impl Suggestion {
    /// What is suggested for a sign.
    pub(crate) fn of(sign: &Sign) -> Self {
        let (object, radius) = object(sign);
        let (days, hours) = lasting(sign);
        Self {
            object,
            radius,
            days,
            hours,
        }
    }

    /// Whether a form still has the suggested duration.
    pub(crate) fn lasts(&self, form: &Form) -> bool {
        let suggested = (self.days, self.hours, "0");
        (&*form.days, &*form.hours, &*form.minutes) == suggested
    }

    /// Whether a form still has the suggested object and size.
    pub(crate) fn covers(&self, form: &Form) -> bool {
        (&*form.object, &*form.dim1) == (self.object, self.radius)
    }
}

/// The object types that can be chosen in a form, two hexadecimal digits each.
pub(crate) fn objects(form: &Form) -> Vec<String> {
    match &form.sign {
        None => Vec::new(),
        Some(sign) if form.without_position => protocol::objects_anywhere(sign),
        Some(sign) => protocol::objects_for(sign),
    }
}

/// Areas of danger begin as a circle that can be seen on the map and corrected there: small for what
/// was left by a conflict, larger for disasters. What is claimed for oneself or asked of others, a
/// protected zone or access to an area, begins without a size, so that nobody claims one by chance.
fn object(sign: &Sign) -> (&'static str, &'static str) {
    match (sign.code, sign.subject.as_str()) {
        ('D', subject) if subject.starts_with('2') => ("21", "100"),
        ('D', subject) if subject.starts_with(['5', 'A', 'B', 'C', 'D', 'E']) => ("21", "1000"),
        ('P', subject) if subject.starts_with('3') => ("21", ""),
        ('Q', _) => ("21", ""),
        ('S', subject) if subject.starts_with('1') => ("11", ""),
        _ => ("00", ""),
    }
}

/// What was left by a conflict stays for long; what people do and suffer changes within a day.
fn lasting(sign: &Sign) -> (&'static str, &'static str) {
    match (sign.code, sign.subject.as_str()) {
        ('D', subject) if subject.starts_with('2') => ("90", "0"),
        ('D', subject) if subject.starts_with('1') => ("1", "0"),
        ('S', subject) if subject.starts_with('1') => ("1", "0"),
        ('P', subject) if subject.starts_with('0') => ("1", "0"),
        ('E' | 'M' | 'Q', _) => ("1", "0"),
        _ => ("7", "0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{self, Wrong};
    use crate::place::Place;
    use parley_wire::NetworkKind;

    fn begun(sign: Sign) -> Form {
        let mut form = Form::at(Place::parse("36.2021, 37.1343").ok());
        form.choose(sign);
        form
    }

    #[test]
    fn every_sign_is_complete_at_once_or_lacks_only_a_size_on_purpose() {
        for code in "PEDSIMQ".chars() {
            for (subject, _) in protocol::subjects(code) {
                let sign = Sign { code, subject };
                let key = sign.key();
                let made = draft::complete(&begun(sign), 0, NetworkKind::Exercise);
                let deliberate = key.starts_with("P3") || key.starts_with('Q');
                match made {
                    Ok(_) => assert!(!deliberate, "{key}"),
                    Err(problems) => {
                        assert!(deliberate, "{key}: {problems:?}");
                        assert_eq!(problems.len(), 1, "{key}");
                        assert_eq!(problems[0].wrong, Wrong::NoSize, "{key}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_mine_field_begins_as_a_circle_that_lasts() {
        let form = begun(Sign {
            code: 'D',
            subject: "21".to_owned(),
        });
        assert_eq!(
            (&*form.object, &*form.dim1, &*form.days),
            ("21", "100", "90")
        );
    }
}
