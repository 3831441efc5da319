//! The subject codes of every message type (specification 4.3.1.2) and which categories of objects
//! each may carry (specification 4.3.1.5, annex). A test compares them with the published tables.

use super::Subject;

/// `objects` lists the first hexadecimal digits of the object types that are allowed.
const fn subject(code: u8, name: &'static str, objects: &str) -> Subject {
    let mut categories = 0_u16;
    let mut digits = objects.as_bytes();
    while let [digit, rest @ ..] = digits {
        categories |= 1 << (*digit & 0x0F);
        digits = rest;
    }
    Subject {
        code,
        name,
        categories,
    }
}

/// P.
pub(super) const PROTECTIVE: &[Subject] = &[
    subject(0x00, "Unspecified Protective Sign", "012345678"),
    subject(0x01, "White flag - Unspecified intent", "01234567"),
    subject(0x02, "White flag - Request for negotiation", "01234567"),
    subject(0x03, "White flag - Surrender", "01234567"),
    subject(0x10, "Unspecified Red Cross/Crescent/Crystal", "012345678"),
    subject(0x11, "Red Cross", "012345678"),
    subject(0x12, "Red Crescent", "012345678"),
    subject(0x13, "Red Crystal", "012345678"),
    subject(0x20, "United Nations", "012345678"),
    subject(0x30, "Unspecified Protected Zone", "023"),
    subject(0x31, "Hospital and Safety Zone", "023"),
    subject(0x32, "Prisoner of War Camp", "023"),
    subject(0x33, "Internment Camp", "023"),
    subject(0x40, "Civil Defence", "012345678"),
    subject(0x50, "Unspecified Cultural Property", "02345678"),
    subject(0x51, "Monuments and Cultural Institutions", "02345678"),
    subject(0x52, "Cultural Property", "02345678"),
    subject(
        0x53,
        "Cultural Property under Special Protection",
        "02345678",
    ),
    subject(
        0x60,
        "Works and Installations containing Dangerous Forces",
        "0238",
    ),
];

/// E.
pub(super) const EMERGENCY: &[Subject] = &[
    subject(0x00, "Unspecified Emergency", "0134567"),
    subject(0x01, "General Distress signal", "0134567"),
    subject(0x02, "General Urgency signal", "0134567"),
    subject(0x10, "Urgent Unspecified Assistance Required", "0134567"),
    subject(0x11, "Urgent Medical Assistance Required", "0134567"),
    subject(0x12, "Urgent Fire & Rescue Assistance Required", "0134567"),
    subject(
        0x13,
        "Urgent Law Enforcement Assistance Required",
        "0134567",
    ),
    subject(0x14, "Urgent Disaster Response Required", "0134567"),
];

/// D.
pub(super) const DANGER: &[Subject] = &[
    subject(0x00, "Unspecified Danger Area", "02345678"),
    subject(
        0x10,
        "War/Conflict/Terrorism - Unspecified Attack",
        "02345678",
    ),
    subject(
        0x11,
        "War/Conflict/Terrorism - Direct Ground Attack",
        "02345678",
    ),
    subject(
        0x12,
        "War/Conflict/Terrorism - Mortar/Artillery Attack",
        "02345678",
    ),
    subject(
        0x13,
        "War/Conflict/Terrorism - Ground Bomb Attack",
        "02345678",
    ),
    subject(0x14, "War/Conflict/Terrorism - Air Attack", "02345678"),
    subject(0x15, "War/Conflict/Terrorism - Complex Attack", "02345678"),
    subject(0x1A, "War/Conflict/Terrorism - Chemical Attack", "02345678"),
    subject(
        0x1B,
        "War/Conflict/Terrorism - Biological Attack",
        "02345678",
    ),
    subject(0x1C, "War/Conflict/Terrorism - Nuclear Attack", "02345678"),
    subject(0x20, "Unspecified Hazardous Conflict Area", "02"),
    subject(0x21, "Hazardous Conflict Area - Mine Field", "02"),
    subject(0x22, "Hazardous Conflict Area - UXOs", "02"),
    subject(
        0x23,
        "Hazardous Conflict Area - Chemical Contamination",
        "02",
    ),
    subject(
        0x24,
        "Hazardous Conflict Area - Biological Contamination",
        "02",
    ),
    subject(
        0x25,
        "Hazardous Conflict Area - Radiological Contamination",
        "02",
    ),
    subject(
        0x26,
        "Hazardous Conflict Area - Nuclear Contamination",
        "02",
    ),
    subject(
        0x27,
        "Hazardous Conflict Area - Surface-to-Air Threat",
        "02",
    ),
    subject(0x30, "Unspecified Transport Accident", "0234567"),
    subject(0x31, "Transport Accident - Air", "0234567"),
    subject(0x32, "Transport Accident - Rail", "0234567"),
    subject(0x33, "Transport Accident - Road", "0234567"),
    subject(0x34, "Transport Accident - Boat", "0234567"),
    subject(0x40, "Unspecified Industrial Accident", "0234567"),
    subject(
        0x41,
        "Industrial Accident - Accident release (other than attack)",
        "0234567",
    ),
    subject(
        0x42,
        "Industrial Accident - Explosion (other than attack)",
        "0234567",
    ),
    subject(
        0x43,
        "Industrial Accident - Chemical explosion (other than attack)",
        "0234567",
    ),
    subject(
        0x44,
        "Industrial Accident - Nuclear explosion/Radiation (other than attack)",
        "0234567",
    ),
    subject(0x45, "Industrial Accident - Mine explosion", "0234567"),
    subject(0x46, "Industrial Accident - Pollution", "0234567"),
    subject(0x47, "Industrial Accident - Acid rain", "0234567"),
    subject(
        0x48,
        "Industrial Accident - Atmosphere pollution",
        "0234567",
    ),
    subject(0x50, "Complex/Man-made Hazard - Complex Emergency", "02"),
    subject(
        0x51,
        "Complex/Man-made Hazard - Uncontrolled Banditry",
        "02",
    ),
    subject(
        0x52,
        "Complex/Man-made Hazard - Uncontrolled Uprising",
        "02",
    ),
    subject(0x53, "Complex/Man-made Hazard - Displaced Population", "02"),
    subject(
        0x54,
        "Complex/Man-made Hazard - Famine and Food Insecurity",
        "02",
    ),
    subject(0xA0, "Unspecified Geophysical Disaster Area", "02"),
    subject(0xA1, "Geophysical Disaster Area - Earthquake", "02"),
    subject(
        0xA2,
        "Geophysical Disaster Area - Earthquake w/ Tsunami",
        "02",
    ),
    subject(0xA3, "Geophysical Disaster Area - Volcano", "02"),
    subject(
        0xA4,
        "Geophysical Disaster Area - Dry Mass Movement - Rockfall",
        "02",
    ),
    subject(
        0xA5,
        "Geophysical Disaster Area - Dry Mass Movement - Landslide",
        "02",
    ),
    subject(
        0xA6,
        "Geophysical Disaster Area - Dry Mass Movement - Avalanche",
        "02",
    ),
    subject(
        0xA7,
        "Geophysical Disaster Area - Dry Mass Movement - Subsidence",
        "02",
    ),
    subject(0xB0, "Unspecified Meteorological Disaster Area", "02"),
    subject(
        0xB1,
        "Meteorological Disaster Area - Unspecified Storm",
        "02",
    ),
    subject(
        0xB2,
        "Meteorological Disaster Area - Storm - Tropical Cyclone",
        "02",
    ),
    subject(
        0xB3,
        "Meteorological Disaster Area - Storm - Extra Tropical Cyclone",
        "02",
    ),
    subject(0xB4, "Meteorological Disaster Area - Local Storm", "02"),
    subject(0xC0, "Unspecified Hydrological Disaster Area", "02"),
    subject(0xC1, "Hydrological Disaster Area - General Flood", "02"),
    subject(0xC2, "Hydrological Disaster Area - Flash Flood", "02"),
    subject(0xC3, "Hydrological Disaster Area - Storm Surge", "02"),
    subject(
        0xC4,
        "Hydrological Disaster Area - Wet Mass Movement - Rockfall",
        "02",
    ),
    subject(
        0xC5,
        "Hydrological Disaster Area - Wet Mass Movement - Landslide",
        "02",
    ),
    subject(
        0xC6,
        "Hydrological Disaster Area - Wet Mass Movement - Avalanche",
        "02",
    ),
    subject(
        0xC7,
        "Hydrological Disaster Area - Wet Mass Movement - Subsidence",
        "02",
    ),
    subject(0xD0, "Unspecified Climatological Disaster Area", "02"),
    subject(
        0xD1,
        "Climatological Disaster Area - Extreme Temp - Heat Wave",
        "02",
    ),
    subject(
        0xD2,
        "Climatological Disaster Area - Extreme Temp - Cold Wave",
        "02",
    ),
    subject(
        0xD3,
        "Climatological Disaster Area - Extreme Winter Condition",
        "02",
    ),
    subject(0xD4, "Climatological Disaster Area - Drought", "02"),
    subject(
        0xD5,
        "Climatological Disaster Area - Wildfire - Forest Fire",
        "02",
    ),
    subject(
        0xD6,
        "Climatological Disaster Area - Wildfire - Land Fire",
        "02",
    ),
    subject(0xE0, "Unspecified Biological Disaster Area", "02"),
    subject(
        0xE1,
        "Biological Disaster Area - Unspecified Epidemic",
        "02",
    ),
    subject(
        0xE2,
        "Biological Disaster Area - Viral Infectious Disease Epidemic",
        "02",
    ),
    subject(
        0xE3,
        "Biological Disaster Area - Bacterial Infectious Disease Epidemic",
        "02",
    ),
    subject(
        0xE4,
        "Biological Disaster Area - Parasitic Infectious Disease Epidemic",
        "02",
    ),
    subject(
        0xE5,
        "Biological Disaster Area - Fungal Infectious Disease Epidemic",
        "02",
    ),
    subject(
        0xE6,
        "Biological Disaster Area - Prion Infectious Disease Epidemic",
        "02",
    ),
    subject(0xE7, "Biological Disaster Area - Insect Infestation", "02"),
    subject(0xE8, "Biological Disaster Area - Animal Stampede", "02"),
];

/// S.
pub(super) const STATUS: &[Subject] = &[
    subject(0x00, "Unspecified positive status", "012345678"),
    subject(0x10, "Proof of Life without further details", "01"),
    subject(0x11, "Proof of Life and Situation Normal", "01"),
    subject(0x12, "Proof of Life and Contact Requested", "01"),
    subject(0x13, "Proof of Life but Assistance Required", "01"),
    subject(0x20, "Object status unknown", "0345678"),
    subject(0x21, "Object functional without further details", "0345678"),
    subject(0x22, "Object functional and in good order", "0345678"),
    subject(0x23, "Object functional but damaged", "0345678"),
    subject(
        0x24,
        "Object not functional without further details",
        "0345678",
    ),
    subject(0x25, "Object not functional and damaged", "0345678"),
    subject(0x26, "Object damaged without further details", "0345678"),
    subject(0x28, "Object destroyed", "0345678"),
];

/// I.
pub(super) const INFRASTRUCTURE: &[Subject] = &[
    subject(0x00, "Unspecified infrastructure", "023"),
    subject(
        0x10,
        "Transportation - Unspecified transportation infrastructure",
        "023",
    ),
    subject(0x11, "Transportation - Road or Highway", "023"),
    subject(0x12, "Transportation - Mass Transit System", "023"),
    subject(0x13, "Transportation - Railway", "023"),
    subject(0x14, "Transportation - Canal or Navigable Waterway", "023"),
    subject(0x15, "Transportation - Seaport", "023"),
    subject(0x16, "Transportation - Lighthouse", "023"),
    subject(0x17, "Transportation - Airport", "023"),
    subject(0x20, "Energy - Unspecified energy infrastructure", "023"),
    subject(0x21, "Energy - Electrical transmission/distribution", "023"),
    subject(0x22, "Energy - Natural gas pipeline", "023"),
    subject(0x23, "Energy - Petroleum pipeline", "023"),
    subject(0x24, "Energy - Oil-fired power plant", "023"),
    subject(0x25, "Energy - Gas-fired power plant", "023"),
    subject(0x26, "Energy - Coal-fired power plant", "023"),
    subject(0x27, "Energy - Nuclear power plant", "023"),
    subject(0x28, "Energy - Hydro-electric power plant", "023"),
    subject(0x29, "Energy - Geothermal energy installation", "023"),
    subject(0x2A, "Energy - Solar energy installation", "023"),
    subject(0x2B, "Energy - Wind energy installation", "023"),
    subject(0x2C, "Energy - Ocean power installation", "023"),
    subject(0x2D, "Energy - Biomass installation", "023"),
    subject(0x30, "Water management - Unspecified water facility", "023"),
    subject(
        0x31,
        "Water management - Drinking water distribution pipeline",
        "023",
    ),
    subject(
        0x32,
        "Water management - Drinking water storage reservoir",
        "023",
    ),
    subject(
        0x33,
        "Water management - Drinking water treatment facility",
        "023",
    ),
    subject(
        0x34,
        "Water management - Waste water collection/disposal facility",
        "023",
    ),
    subject(0x35, "Water management - Drainage system", "023"),
    subject(0x36, "Water management - Major irrigation system", "023"),
    subject(0x37, "Water management - Major flood control system", "023"),
    subject(
        0x38,
        "Water management - Coastal water management facility",
        "023",
    ),
    subject(
        0x40,
        "Communication - Unspecified communication infrastructure",
        "023",
    ),
    subject(0x41, "Communication - Postal service", "023"),
    subject(0x42, "Communication - Telephone land line", "023"),
    subject(0x43, "Communication - Telephone exchange system", "023"),
    subject(0x44, "Communication - Mobile phone network system", "023"),
    subject(
        0x45,
        "Communication - Television transmission station",
        "023",
    ),
    subject(0x46, "Communication - Radio transmission station", "023"),
    subject(0x47, "Communication - Internet backbone", "023"),
    subject(0x48, "Communication - Internet core router", "023"),
    subject(0x49, "Communication - Undersea cable", "023"),
    subject(0x50, "Public service - Unspecified public service", "023"),
    subject(0x51, "Public service - Hospital", "023"),
    subject(0x52, "Public service - School", "023"),
    subject(0x53, "Public service - Police station", "023"),
    subject(0x54, "Public service - Fire station", "023"),
    subject(
        0x60,
        "Solid waste management - Unspecified solid waste management facility",
        "023",
    ),
    subject(
        0x61,
        "Solid waste management - Municipal garbage and recyclables collection",
        "023",
    ),
    subject(0x62, "Solid waste management - Solid waste landfill", "023"),
    subject(
        0x63,
        "Solid waste management - Solid waste incinerator",
        "023",
    ),
    subject(
        0x64,
        "Solid waste management - Materials recovery facility",
        "023",
    ),
    subject(
        0x65,
        "Solid waste management - Hazardous waste disposal facility",
        "023",
    ),
];

/// M.
pub(super) const MISSION: &[Subject] = &[
    subject(0x00, "Unspecified Mission", "012345678"),
    subject(0x10, "Unspecified Humanitarian Mission", "012345678"),
    subject(
        0x20,
        "Unspecified Mission under Humanitarian Law",
        "012345678",
    ),
    subject(0x21, "Humanitarian Law - Monitoring", "012345678"),
    subject(
        0x22,
        "Humanitarian Law - Visiting Prisoners of War and Detained Persons",
        "012345678",
    ),
    subject(
        0x23,
        "Humanitarian Law - Aid for Military Personnel - Health Care for wounded, sick or shipwrecked personnel",
        "012345678",
    ),
    subject(
        0x24,
        "Humanitarian Law - Aid for Civilian Population - General Aid",
        "012345678",
    ),
    subject(
        0x25,
        "Humanitarian Law - Aid for Civilian Population - Food Distribution",
        "012345678",
    ),
    subject(
        0x26,
        "Humanitarian Law - Aid for Civilian Population - Health Care",
        "012345678",
    ),
    subject(
        0x27,
        "Humanitarian Law - Aid for Civilian Population - Shelter",
        "012345678",
    ),
    subject(
        0x28,
        "Humanitarian Law - Aid for Civilian Population - Restoring Family Links",
        "012345678",
    ),
    subject(
        0x29,
        "Humanitarian Law - Aid for Civilian Population - Infrastructure Restoration",
        "012345678",
    ),
    subject(
        0x2A,
        "Humanitarian Law - Support to Local Government - Advisory",
        "012345678",
    ),
    subject(
        0x2B,
        "Humanitarian Law - Support Mission - Administrative",
        "012345678",
    ),
    subject(
        0x2C,
        "Humanitarian Law - Support Mission - Logistics",
        "012345678",
    ),
    subject(
        0x30,
        "Unspecified Disaster / Emergency Response Operation",
        "012345678",
    ),
    subject(0x40, "Unspecified Special Political Mission", "012345678"),
    subject(0x41, "Special Political Mission - Envoy", "012345678"),
    subject(
        0x42,
        "Special Political Mission - Sanction panel",
        "012345678",
    ),
    subject(
        0x43,
        "Special Political Mission - Monitoring group",
        "012345678",
    ),
    subject(
        0x44,
        "Special Political Mission - Field-based mission",
        "012345678",
    ),
    subject(0x50, "Unspecified Diplomatic Mission", "012345678"),
    subject(0x60, "Unspecified Law Enforcement Operation", "012345678"),
    subject(0x70, "Unspecified Peace Operation", "012345678"),
    subject(0x71, "Peace Operation - Conflict prevention", "012345678"),
    subject(0x72, "Peace Operation - Peacemaking", "012345678"),
    subject(0x73, "Peace Operation - Peacekeeping", "012345678"),
    subject(0x74, "Peace Operation - Peacebuilding", "012345678"),
    subject(0x75, "Peace Operation - Peace enforcement", "012345678"),
    subject(0x80, "Unspecified Military Operation", "012345678"),
];

/// Q.
pub(super) const REQUEST: &[Subject] = &[
    subject(0x10, "Request for Cease Fire", "02"),
    subject(0x20, "Request for Area Access", "02"),
];
