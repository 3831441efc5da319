//! Amounts as people read them: octets, shares of a whole, what is left of a time. Pure; the words
//! are elsewhere.

/// Octets in the largest decimal unit that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Octets {
    /// Below a thousand.
    Plain(String),
    /// Thousands.
    Kilo(String),
    /// Millions.
    Mega(String),
    /// Thousands of millions.
    Giga(String),
    /// More.
    Tera(String),
}

impl Octets {
    /// With one digit behind the point where there is only one before it. It never says less than
    /// there is by more than that digit, and never more.
    pub(crate) fn of(octets: u64) -> Self {
        match octets {
            0..1_000 => Self::Plain(octets.to_string()),
            1_000..1_000_000 => Self::Kilo(in_units(octets, 1_000)),
            1_000_000..1_000_000_000 => Self::Mega(in_units(octets, 1_000_000)),
            1_000_000_000..1_000_000_000_000 => Self::Giga(in_units(octets, 1_000_000_000)),
            _ => Self::Tera(in_units(octets, 1_000_000_000_000)),
        }
    }
}

fn in_units(octets: u64, unit: u64) -> String {
    let (whole, tenths) = (octets / unit, octets % unit / (unit / 10));
    if whole < 10 {
        format!("{whole}.{tenths}")
    } else {
        whole.to_string()
    }
}

/// How much of a whole is there, in per cent, rounded down: 100 only where nothing is missing.
pub(crate) fn percent(part: u64, whole: u64) -> u64 {
    let share = u128::from(part) * 100 / u128::from(whole).max(1);
    u64::try_from(share).unwrap_or(100).min(100)
}

/// How many seconds are left; `None` once none is.
pub(crate) fn left(until: u64, now: u64) -> Option<u64> {
    until.checked_sub(now).filter(|left| *left > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_said_in_the_largest_unit_that_fits() {
        let of = Octets::of;
        assert_eq!(of(0), Octets::Plain("0".to_owned()));
        assert_eq!(of(999), Octets::Plain("999".to_owned()));
        assert_eq!(of(1_000), Octets::Kilo("1.0".to_owned()));
        assert_eq!(of(1_590), Octets::Kilo("1.5".to_owned()));
        assert_eq!(of(999_999), Octets::Kilo("999".to_owned()));
        assert_eq!(of(23_400_000), Octets::Mega("23".to_owned()));
        assert_eq!(of(2_400_000_000), Octets::Giga("2.4".to_owned()));
        assert!(matches!(of(u64::MAX), Octets::Tera(_)));
    }

    #[test]
    fn a_whole_is_only_whole_when_nothing_is_missing() {
        assert_eq!(percent(999, 1_000), 99);
        assert_eq!(percent(1_000, 1_000), 100);
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }

    #[test]
    fn nothing_is_left_of_a_time_that_is_over() {
        assert_eq!(left(1_010, 1_000), Some(10));
        assert_eq!(left(1_000, 1_000), None);
        assert_eq!(left(0, 1_000), None);
    }
}
