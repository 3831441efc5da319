//! Times as Whiteflag and people write them. Pure: the present is always an argument.

const DAY: u64 = 86_400;

/// How long ago something was, in the largest unit that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// Later than the present.
    Future,
    /// Less than a minute.
    Now,
    /// Whole minutes, below an hour.
    Minutes(u64),
    /// Whole hours, below two days.
    Hours(u64),
    /// Whole days.
    Days(u64),
}

impl Age {
    /// The age of `then` at `now`; clocks that differ by two minutes are no future.
    pub(crate) fn of(then: u64, now: u64) -> Self {
        if then > now + 120 {
            return Self::Future;
        }
        let seconds = now.saturating_sub(then);
        match seconds {
            0..60 => Self::Now,
            60..3600 => Self::Minutes(seconds / 60),
            3600..172_800 => Self::Hours(seconds / 3600),
            _ => Self::Days(seconds / DAY),
        }
    }
}

/// `2026-11-24T06:00:00Z`, the form of the Whiteflag field.
pub(crate) fn iso(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / DAY);
    let rest = seconds % DAY;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// `2026-11-24 06:00 UTC`, for people.
pub(crate) fn utc(seconds: u64) -> String {
    let text = iso(seconds);
    format!("{} {} UTC", &text[..10], &text[11..16])
}

/// Seconds since 1970 of `2026-11-24 06:00`, with `T`, seconds, `Z` or `UTC` where written;
/// `None` for what is no such date.
pub(crate) fn parse_utc(text: &str) -> Option<u64> {
    let text = text
        .trim()
        .trim_end_matches("UTC")
        .trim_end()
        .trim_end_matches('Z');
    let (date, time) = text.split_once(['T', ' '])?;
    let date: Vec<u64> = numbers(date, '-')?;
    let time: Vec<u64> = numbers(time.trim(), ':')?;
    let (&[year, month, day], [hour, minute, rest @ ..]) = (&date[..], &time[..]) else {
        return None;
    };
    let second = match rest {
        [] => 0,
        [second] => *second,
        _ => return None,
    };
    if !(1970..=9999).contains(&year) || *hour > 23 || *minute > 59 || second > 59 {
        return None;
    }
    let days = days_since_1970(year, month, day)?;
    Some(days * DAY + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char) -> Option<Vec<u64>> {
    text.split(separator)
        .map(|part| part.parse().ok())
        .collect()
}

/// Days before a date of the Gregorian calendar; `None` for 30 February and its like.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    // Counted from March, a leap day is the last of its year.
    let shifted = if month > 2 { year } else { year - 1 };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day.checked_sub(1)?;
    let leap_days = shifted / 4 - shifted / 100 + shifted / 400;
    let days = (shifted * 365 + leap_days + day_of_year).checked_sub(719_468)?;
    (civil(days) == (year, month, day)).then_some(days)
}

fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_as_it_was_written() {
        for seconds in [0, 951_782_400, 1_709_164_799, 1_795_500_000, 4_107_542_400] {
            assert_eq!(parse_utc(&iso(seconds)), Some(seconds), "{}", iso(seconds));
        }
        assert_eq!(iso(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(1_795_500_000), "2026-11-24 06:00 UTC");
    }

    #[test]
    fn a_time_typed_without_seconds_is_understood() {
        assert_eq!(parse_utc(" 2026-11-24 06:00 "), Some(1_795_500_000));
        assert_eq!(parse_utc("2026-11-24 06:00 UTC"), Some(1_795_500_000));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-30 00:00",
            "2026-13-01 00:00",
            "2026-00-01 00:00",
            "2026-01-00 00:00",
        ] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "2026-11-24",
            "2026-11-24 24:00",
            "2026-11-24 06:00:00:00",
        ] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
    }

    #[test]
    fn ages_use_the_largest_unit_that_fits() {
        assert_eq!(Age::of(1000, 1030), Age::Now);
        assert_eq!(Age::of(1000, 1000 + 3599), Age::Minutes(59));
        assert_eq!(Age::of(1000, 1000 + 3 * 3600), Age::Hours(3));
        assert_eq!(Age::of(1000, 1000 + 3 * DAY), Age::Days(3));
        assert_eq!(Age::of(2000, 1000), Age::Future);
    }
}
