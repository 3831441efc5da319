//! The object types (specification 4.3.1.5) under short names of ours. A test compares the codes
//! with the published table.

use super::ObjectType;

const fn object(code: u8, name: &'static str) -> ObjectType {
    ObjectType { code, name }
}

/// All that are defined, in the order of their codes.
pub(super) const ALL: &[ObjectType] = &[
    object(0x00, "Not given"),
    object(0x10, "People, number not given"),
    object(0x11, "One person"),
    object(0x12, "2 to 10 people"),
    object(0x13, "10 to 100 people"),
    object(0x14, "100 to 1000 people"),
    object(0x15, "1000 to 10000 people"),
    object(0x20, "Area without a given shape"),
    object(0x21, "Circular area"),
    object(0x22, "Rectangular area"),
    object(0x23, "Triangular area"),
    object(0x30, "Structure without a given shape"),
    object(0x31, "Circular structure"),
    object(0x32, "Rectangular structure"),
    object(0x33, "Triangular structure"),
    object(0x40, "Land vehicle"),
    object(0x50, "Vessel"),
    object(0x60, "Aircraft"),
    object(0x70, "Spacecraft"),
    object(0x80, "Goods"),
];
