//! The outline of what a sign covers, on the WGS84 ellipsoid. Draws nothing.

use whiteflag::{Extent, Location, Sign};

/// Half the long axis of the WGS84 ellipsoid, metres.
const AXIS: f64 = 6_378_137.0;
/// Its first eccentricity squared.
const E2: f64 = 0.006_694_379_990_141_33;
/// A circle is drawn with this many corners: at 9,999 m radius the chord lies 12 m inside at most,
/// so the corners are moved out by as much and the drawn area contains the real one.
const CORNERS: u32 = 64;

/// The outline of a sign as a closed ring of degrees east and north, counter-clockwise corners not
/// promised. `None` for what has no place or no extent.
///
/// Longitudes go on past 180 where the ring crosses the antimeridian, so that it stays in one piece.
/// The plane that touches the ellipsoid at the centre is off by less than 2 cm for the longest sizes
/// that a message can say.
#[must_use]
pub fn outline(sign: &Sign) -> Option<Vec<[f64; 2]>> {
    let centre = Location::of(sign)?;
    let corners = corners(&Extent::of(sign)?);
    let mut ring: Vec<[f64; 2]> = corners
        .into_iter()
        .map(|(east, north)| offset(centre, east, north))
        .collect();
    let first = *ring.first()?;
    ring.push(first);
    Some(ring)
}

/// Corners in metres east and north of the centre.
fn corners(extent: &Extent) -> Vec<(f64, f64)> {
    match *extent {
        Extent::Circle { radius } => {
            let step = std::f64::consts::TAU / f64::from(CORNERS);
            let reach = f64::from(radius) / (step / 2.0).cos();
            (0..CORNERS)
                .map(|corner| {
                    let (sin, cos) = (step * f64::from(corner)).sin_cos();
                    (reach * sin, reach * cos)
                })
                .collect()
        }
        Extent::Rectangle {
            along,
            across,
            orientation,
        } => {
            let (forward, side) = (f64::from(along) / 2.0, f64::from(across) / 2.0);
            let corners = [
                (forward, side),
                (forward, -side),
                (-forward, -side),
                (-forward, side),
            ];
            turned(&corners, orientation)
        }
        Extent::Triangle {
            height,
            base,
            orientation,
        } => {
            // The centre of an area is its centroid: two thirds of the height from the tip.
            let (height, side) = (f64::from(height), f64::from(base) / 2.0);
            let corners = [
                (height * 2.0 / 3.0, 0.0),
                (-height / 3.0, -side),
                (-height / 3.0, side),
            ];
            turned(&corners, orientation)
        }
    }
}

/// Corners given as metres forward and to the right, with forward at `degrees` from north over east.
fn turned(corners: &[(f64, f64)], degrees: u16) -> Vec<(f64, f64)> {
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    corners
        .iter()
        .map(|(forward, right)| (forward * sin + right * cos, forward * cos - right * sin))
        .collect()
}

/// The point so many metres east and north in the plane that touches the ellipsoid at `centre`.
fn offset(centre: Location, east: f64, north: f64) -> [f64; 2] {
    let (sin_lat, cos_lat) = centre.latitude().to_radians().sin_cos();
    let (sin_lng, cos_lng) = centre.longitude().to_radians().sin_cos();
    let normal = AXIS / (1.0 - E2 * sin_lat * sin_lat).sqrt();
    let x = normal * cos_lat * cos_lng - east * sin_lng - north * sin_lat * cos_lng;
    let y = normal * cos_lat * sin_lng + east * cos_lng - north * sin_lat * sin_lng;
    let z = normal * (1.0 - E2) * sin_lat + north * cos_lat;
    let longitude = y.atan2(x).to_degrees();
    let turn = ((centre.longitude() - longitude) / 360.0).round() * 360.0;
    [longitude + turn, latitude(x.hypot(y), z)]
}

/// Geodetic latitude of a point near the surface, in degrees, by fixed-point iteration: the error
/// shrinks by the factor E2 each time.
fn latitude(from_axis: f64, z: f64) -> f64 {
    let mut latitude = z.atan2(from_axis * (1.0 - E2));
    for _ in 0..6 {
        let sin = latitude.sin();
        let normal = AXIS / (1.0 - E2 * sin * sin).sqrt();
        latitude = (z + E2 * normal * sin).atan2(from_axis);
    }
    latitude.to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use whiteflag::{Body, Content, Message};

    fn sign(object: &str, place: (&str, &str), size: (&str, &str, &str)) -> Sign {
        let json = format!(
            r#"{{"MessageHeader": {{"Prefix": "WF", "Version": "1", "EncryptionIndicator": "0",
            "DuressIndicator": "0", "MessageCode": "D", "ReferenceIndicator": "0",
            "ReferencedMessage": "{:064}"}}, "MessageBody": {{"SubjectCode": "21",
            "DateTime": "2026-11-22T09:00:00Z", "Duration": "P00D00H00M", "ObjectType": "{object}",
            "ObjectLatitude": "{}", "ObjectLongitude": "{}", "ObjectSizeDim1": "{}",
            "ObjectSizeDim2": "{}", "ObjectOrientation": "{}"}}}}"#,
            0, place.0, place.1, size.0, size.1, size.2
        );
        let message = Message::from_json(&json).unwrap();
        let Body::Plain(Content::Sign { sign, .. }) = message.body else {
            panic!("not a sign")
        };
        sign
    }

    /// Metres between two points close together near 36 degrees north.
    fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
        let metres_per_degree_north = 110_960.0;
        let metres_per_degree_east = 90_140.0;
        ((a[0] - b[0]) * metres_per_degree_east).hypot((a[1] - b[1]) * metres_per_degree_north)
    }

    const ALEPPO: (&str, &str) = ("+36.20210", "+037.13430");

    #[test]
    fn a_circle_contains_every_point_within_its_radius() {
        let ring = outline(&sign("21", ALEPPO, ("0500", "0000", "000"))).unwrap();
        assert_eq!(ring.len(), 65);
        assert_eq!(ring.first(), ring.last());
        for pair in ring.windows(2) {
            let middle = [
                (pair[0][0] + pair[1][0]) / 2.0,
                (pair[0][1] + pair[1][1]) / 2.0,
            ];
            let distance = apart(middle, [37.1343, 36.2021]);
            assert!((499.0..502.0).contains(&distance), "{distance}");
        }
    }

    #[test]
    fn the_first_side_of_a_rectangle_points_along_the_orientation() {
        let east = outline(&sign("22", ALEPPO, ("1000", "0200", "090"))).unwrap();
        let width = east.iter().map(|p| p[0]).fold(f64::MIN, f64::max)
            - east.iter().map(|p| p[0]).fold(f64::MAX, f64::min);
        assert!((width * 90_140.0 - 1000.0).abs() < 5.0, "{width}");
    }

    #[test]
    fn the_tip_of_a_triangle_points_along_the_orientation() {
        let ring = outline(&sign("23", ALEPPO, ("0900", "0300", "180"))).unwrap();
        let tip = ring[0];
        assert!((apart(tip, [37.1343, 36.2021]) - 600.0).abs() < 3.0);
        assert!(tip[1] < 36.2021 && (tip[0] - 37.1343).abs() < 1e-9);
    }

    #[test]
    fn a_ring_over_the_antimeridian_stays_in_one_piece() {
        let ring = outline(&sign(
            "21",
            ("-17.00000", "+179.99990"),
            ("5000", "0000", "000"),
        ))
        .unwrap();
        assert!(ring.iter().all(|p| p[0] > 179.0 && p[0] < 181.0));
        assert!(ring.iter().any(|p| p[0] > 180.0));
    }

    #[test]
    fn the_pole_has_a_ring_too() {
        let ring = outline(&sign(
            "21",
            ("+90.00000", "+000.00000"),
            ("5000", "0000", "000"),
        ))
        .unwrap();
        assert!(ring.iter().all(|p| (p[1] - 89.955).abs() < 0.01));
    }

    #[test]
    fn what_has_no_extent_or_no_place_has_no_outline() {
        assert_eq!(outline(&sign("11", ALEPPO, ("0000", "0000", "999"))), None);
        let nowhere = ("+99.99999", "+999.99999");
        assert_eq!(outline(&sign("21", nowhere, ("0500", "0000", "000"))), None);
    }
}
