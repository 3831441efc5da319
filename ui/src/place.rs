//! Coordinates as people type them and as Whiteflag writes them: decimal degrees, WGS84.

/// A place that Whiteflag can say: five decimals, about a metre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Degrees north, -90 to 90.
    pub(crate) lat: f64,
    /// Degrees east, -180 to 180.
    pub(crate) lng: f64,
}

/// Why typed coordinates are no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceError {
    /// Nothing was typed.
    Empty,
    /// There are not exactly two parts.
    NotAPair,
    /// A part is no number.
    NotANumber,
    /// The first number is beyond the poles.
    Latitude,
    /// The second number is beyond the date line.
    Longitude,
    /// A letter stands where it means nothing.
    Letter,
}

impl Place {
    /// A place on the map; the map may have been turned round the world, so the longitude wraps.
    pub(crate) fn on_map(lat: f64, lng: f64) -> Self {
        Self {
            lat: rounded(lat.clamp(-90.0, 90.0)),
            lng: rounded((lng + 180.0).rem_euclid(360.0) - 180.0),
        }
    }

    /// Reads `36.2021, 37.1343`, `36.2021 37.1343` or `36.2021N 37.1343E`.
    pub(crate) fn parse(text: &str) -> Result<Self, PlaceError> {
        let parts: Vec<&str> = text
            .split([',', ';', ' ', '\t'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let [first, second] = joined_letters(&parts)?;
        let (lat, lat_letter) = number(&first)?;
        let (lng, lng_letter) = number(&second)?;
        let lat = signed(lat, lat_letter, 'N', 'S')?;
        let lng = signed(lng, lng_letter, 'E', 'W')?;
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::Latitude);
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(PlaceError::Longitude);
        }
        Ok(Self {
            lat: rounded(lat),
            lng: rounded(lng),
        })
    }

    /// The fields of a message; `None` where they are omitted or unreadable.
    pub(crate) fn from_fields(latitude: &str, longitude: &str) -> Option<Self> {
        let lat: f64 = latitude.parse().ok()?;
        let lng: f64 = longitude.parse().ok()?;
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng))
            .then_some(Self { lat, lng })
    }

    /// The latitude field, `+36.20210`.
    pub(crate) fn latitude_field(self) -> String {
        format!("{:+09.5}", positive_zero(self.lat))
    }

    /// The longitude field, `+037.13430`.
    pub(crate) fn longitude_field(self) -> String {
        format!("{:+010.5}", positive_zero(self.lng))
    }

    /// The zoom of the map (a world of 512 pixels at 0) at which what reaches so many metres from
    /// here is a hundred pixels wide to each side; without a reach one that shows the next towns.
    pub(crate) fn zoom(self, reach: Option<f64>) -> f64 {
        const AROUND_THE_EQUATOR: f64 = 40_075_017.0;
        let Some(metres) = reach.filter(|metres| *metres >= 1.0) else {
            return 11.0;
        };
        let around_here = AROUND_THE_EQUATOR * self.lat.to_radians().cos();
        (around_here / 512.0 * 100.0 / metres)
            .log2()
            .clamp(2.0, 17.0)
    }

    /// `36.20210, 37.13430`, as it can be typed again.
    pub(crate) fn text(self) -> String {
        format!(
            "{:.5}, {:.5}",
            positive_zero(self.lat),
            positive_zero(self.lng)
        )
    }
}

/// Two parts, a letter that stands apart joined to the number before it.
fn joined_letters(parts: &[&str]) -> Result<[String; 2], PlaceError> {
    let mut numbers: Vec<String> = Vec::new();
    for part in parts {
        let alone = part.len() == 1 && part.chars().all(char::is_alphabetic);
        match numbers.last_mut() {
            Some(last) if alone => last.push_str(part),
            _ => numbers.push((*part).to_owned()),
        }
    }
    if numbers.is_empty() {
        return Err(PlaceError::Empty);
    }
    numbers.try_into().map_err(|_| PlaceError::NotAPair)
}

fn number(part: &str) -> Result<(f64, Option<char>), PlaceError> {
    let letter = part.chars().last().filter(|last| last.is_alphabetic());
    let digits = part
        .trim_end_matches(char::is_alphabetic)
        .trim_end_matches('°');
    // Only what people type as decimal degrees: no exponent, no "inf".
    if digits.is_empty()
        || !digits
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.".contains(c))
    {
        return Err(PlaceError::NotANumber);
    }
    let value = digits.parse().map_err(|_| PlaceError::NotANumber)?;
    Ok((value, letter.map(|letter| letter.to_ascii_uppercase())))
}

fn signed(value: f64, letter: Option<char>, plus: char, minus: char) -> Result<f64, PlaceError> {
    match letter {
        None => Ok(value),
        Some(letter) if letter == plus && value >= 0.0 => Ok(value),
        Some(letter) if letter == minus && value >= 0.0 => Ok(-value),
        Some(_) => Err(PlaceError::Letter),
    }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// Minus zero would be another message than zero.
fn positive_zero(degrees: f64) -> f64 {
    if rounded(degrees) == 0.0 {
        0.0
    } else {
        degrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_degrees_are_read_in_the_ways_people_write_them() {
        let aleppo = Ok(Place {
            lat: 36.2021,
            lng: 37.1343,
        });
        for text in [
            "36.2021, 37.1343",
            "36.2021 37.1343",
            "36.2021N 37.1343E",
            "36.2021° N, 37.1343° e",
        ] {
            assert_eq!(Place::parse(text), aleppo, "{text}");
        }
        assert_eq!(
            Place::parse("33.5S, 70.6W"),
            Ok(Place {
                lat: -33.5,
                lng: -70.6
            })
        );
        assert_eq!(
            Place::parse("-33.5,-70.6"),
            Ok(Place {
                lat: -33.5,
                lng: -70.6
            })
        );
    }

    #[test]
    fn each_mistake_has_its_own_name() {
        assert_eq!(Place::parse("  "), Err(PlaceError::Empty));
        assert_eq!(Place::parse("36.2"), Err(PlaceError::NotAPair));
        assert_eq!(Place::parse("1, 2, 3"), Err(PlaceError::NotAPair));
        assert_eq!(Place::parse("north, 2"), Err(PlaceError::NotANumber));
        assert_eq!(Place::parse("1e1, 2"), Err(PlaceError::NotANumber));
        assert_eq!(Place::parse("91, 2"), Err(PlaceError::Latitude));
        assert_eq!(Place::parse("9, 181"), Err(PlaceError::Longitude));
        assert_eq!(Place::parse("9E, 18N"), Err(PlaceError::Letter));
        assert_eq!(Place::parse("-9S, 18E"), Err(PlaceError::Letter));
    }

    #[test]
    fn fields_have_the_width_and_sign_of_the_standard() {
        let place = Place {
            lat: -0.000_001,
            lng: -7.5,
        };
        assert_eq!(place.latitude_field(), "+00.00000");
        assert_eq!(place.longitude_field(), "-007.50000");
        assert_eq!(
            Place {
                lat: 36.2021,
                lng: 180.0
            }
            .longitude_field(),
            "+180.00000"
        );
    }

    #[test]
    fn an_omitted_position_is_no_place() {
        assert_eq!(Place::from_fields("+99.99999", "+999.99999"), None);
        assert_eq!(
            Place::from_fields("+36.20210", "+037.13430"),
            Some(Place {
                lat: 36.2021,
                lng: 37.1343
            })
        );
    }

    #[test]
    fn the_map_comes_as_near_as_the_extent_allows() {
        let aleppo = Place {
            lat: 36.2021,
            lng: 37.1343,
        };
        let small = aleppo.zoom(Some(100.0));
        assert!((15.0..17.0).contains(&small), "{small}");
        assert!(aleppo.zoom(Some(9999.0)) < 11.0);
        assert_eq!(aleppo.zoom(None), 11.0);
        let pole = Place {
            lat: 90.0,
            lng: 0.0,
        };
        assert_eq!(pole.zoom(Some(100.0)), 2.0);
    }

    #[test]
    fn a_map_turned_round_the_world_gives_a_longitude_on_it() {
        assert_eq!(
            Place::on_map(10.0, 190.0),
            Place {
                lat: 10.0,
                lng: -170.0
            }
        );
    }
}
