//! The rules for authentication, cryptographic support and resources (specification 4.3.2, 4.3.4,
//! 4.3.5). They look at the form of what is carried; whether a page exists or a point is on its curve
//! is for others to say.

use super::{Code, Findings, Rule, header};
use crate::ReferenceIndicator as Indicator;

const PUBLIC_KEY: usize = 33;
const VECTOR: usize = 16;
/// Hexadecimal digits of a token of 32 octets.
const TOKEN: usize = 64;

/// Judges A.
pub(super) fn authentication(method: u8, data: &str, indicator: Indicator, found: &mut Findings) {
    const DATA: &str = "VerificationData";
    let code = Code::of(matches!(method, 1 | 2), method >= 0xA);
    found.code(code, Rule::VerificationMethod, "VerificationMethod");
    match method {
        1 => found.require(is_link(data, indicator), Rule::VerificationUrl, DATA),
        2 => found.require(is_token(data, indicator), Rule::VerificationToken, DATA),
        _ => found.require(!data.is_empty(), Rule::Empty, DATA),
    }
}

/// Judges R.
pub(super) fn resource(method: u8, data: &str, indicator: Indicator, found: &mut Findings) {
    const DATA: &str = "ResourceData";
    let code = Code::of(method == 1, method >= 0xA);
    found.code(code, Rule::ResourceMethod, "ResourceMethod");
    if method == 1 {
        found.require(is_link(data, indicator), Rule::ResourceUrl, DATA);
    } else {
        found.require(!data.is_empty(), Rule::Empty, DATA);
    }
}

/// Judges K.
pub(super) fn cryptographic(data_type: u8, data: &[u8], found: &mut Findings) {
    const DATA: &str = "CryptoData";
    let (vector, key) = (
        header::is_vector(data_type),
        header::is_public_key(data_type),
    );
    let code = Code::of(vector || key || data_type == 0x01, data_type >= 0xA0);
    found.code(code, Rule::CryptoDataType, "CryptoDataType");
    // An extended public key may go on in further messages, so it can have any length.
    if !vector && !key {
        return found.require(!data.is_empty(), Rule::Empty, DATA);
    }
    let length = data.len() == if vector { VECTOR } else { PUBLIC_KEY };
    found.require(length, Rule::CryptoDataLength, DATA);
    let compressed = matches!(data.first(), Some(0x02 | 0x03));
    found.require(!(key && length) || compressed, Rule::PublicKeyForm, DATA);
}

/// A URL, or with indicator 3 something that can be the rest of one: a longer URL goes on in a
/// further message that adds to the first, which looks like one that adds a link to a sign.
fn is_link(text: &str, indicator: Indicator) -> bool {
    let legal = !text.is_empty() && text.bytes().all(is_url_octet);
    legal && (indicator == Indicator::Add || has_scheme_and_rest(text))
}

/// The characters of RFC 3986; percent signs stand for all others.
fn is_url_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&octet)
}

/// `scheme:rest` (RFC 3986 3.1); with `//` there is a host, and web addresses always have one.
fn has_scheme_and_rest(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
    let web = ["http", "https"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web));
    let host = rest.strip_prefix("//");
    named
        && match host {
            Some(host) => !host.is_empty() && !host.starts_with(['/', '?', '#']),
            None => !web && !rest.is_empty(),
        }
}

/// A token as everyone writes it, or with indicator 3 the rest of one.
fn is_token(text: &str, indicator: Indicator) -> bool {
    let length = if indicator == Indicator::Add {
        (1..=TOKEN).contains(&text.len())
    } else {
        text.len() == TOKEN
    };
    length && text.bytes().all(|octet| octet.is_ascii_hexdigit())
}
