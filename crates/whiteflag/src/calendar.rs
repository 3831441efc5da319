//! The proleptic Gregorian calendar in UTC, years 0 to 9999. Never reads a clock.

/// A date and time of day as numbers; may be one that does not exist.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Civil {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
}

const DAY: i64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days in 400 years.
const ERA: i64 = 146_097;

/// Seconds since 1970, or `None` when there is no such moment. Second 60 exists:
/// the specification allows it (4.3.1.3).
pub(crate) fn unix(c: Civil) -> Option<i64> {
    let exists = (1..=12).contains(&c.month)
        && (1..=days_in_month(c.year, c.month)).contains(&c.day)
        && c.hour <= 23
        && c.minute <= 59
        && c.second <= 60;
    if !exists {
        return None;
    }
    let (month, day) = (i64::from(c.month), i64::from(c.day));
    // The year starts in March, so that the leap day is its last.
    let (year, month) = if month > 2 {
        (i64::from(c.year), month.wrapping_sub(3))
    } else {
        (i64::from(c.year).wrapping_sub(1), month.wrapping_add(9))
    };
    let days = year
        .wrapping_mul(365)
        .wrapping_add(year.div_euclid(4))
        .wrapping_sub(year.div_euclid(100))
        .wrapping_add(year.div_euclid(400))
        .wrapping_add(march_days(month))
        .wrapping_add(day)
        .wrapping_sub(1)
        .wrapping_sub(EPOCH);
    let minutes = i64::from(c.hour)
        .wrapping_mul(60)
        .wrapping_add(i64::from(c.minute));
    let in_day = minutes.wrapping_mul(60).wrapping_add(i64::from(c.second));
    Some(days.wrapping_mul(DAY).wrapping_add(in_day))
}

/// The date and time of a moment; `None` outside the years 0 to 9999.
pub(crate) fn civil(seconds: i64) -> Option<Civil> {
    let days = seconds.div_euclid(DAY).checked_add(EPOCH)?;
    let era_day = days.rem_euclid(ERA);
    let leaps = (era_day / 1_460)
        .wrapping_sub(era_day / 36_524)
        .wrapping_add(era_day / 146_096);
    let era_year = era_day.wrapping_sub(leaps) / 365;
    let year_start = era_year
        .wrapping_mul(365)
        .wrapping_add(era_year / 4)
        .wrapping_sub(era_year / 100);
    let year_day = era_day.wrapping_sub(year_start);
    let march_month = year_day.wrapping_mul(5).wrapping_add(2) / 153;
    let day = year_day
        .wrapping_sub(march_days(march_month))
        .wrapping_add(1);
    let (month, carry) = if march_month < 10 {
        (march_month.wrapping_add(3), 0)
    } else {
        (march_month.wrapping_sub(9), 1)
    };
    let year = days
        .div_euclid(ERA)
        .checked_mul(400)?
        .checked_add(era_year)?
        .checked_add(carry)?;
    let second = seconds.rem_euclid(DAY);
    Some(Civil {
        year: u16::try_from(year).ok().filter(|year| *year <= 9_999)?,
        month: month as u8,
        day: day as u8,
        hour: (second / 3_600) as u8,
        minute: (second / 60 % 60) as u8,
        second: (second % 60) as u8,
    })
}

/// Days from 1 March to the first of a month counted from March (0).
const fn march_days(month: i64) -> i64 {
    month.wrapping_mul(153).wrapping_add(2) / 5
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
