//! The rules for the generic header (specification 4.2): encryption, duress and reference, as far as
//! they can be judged without the message referred to.

use super::{Findings, Rule};
use crate::{
    Body, Content, Message, MessageCode, ReferenceIndicator as Indicator, TransactionHash, tables,
};

/// Judges the header of a message.
pub(super) fn check(message: &Message, found: &mut Findings) {
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    let vector =
        matches!(content, Content::Cryptographic { data_type, .. } if is_vector(*data_type));
    let encrypted = if vector {
        Rule::InitVectorEncrypted
    } else {
        Rule::Encrypted
    };
    found.require(message.encryption == b'0', encrypted, "EncryptionIndicator");
    found.require(
        !(vector && message.duress),
        Rule::InitVectorDuress,
        "DuressIndicator",
    );
    let Message { reference, .. } = message;
    found.require(
        reference.indicator == Indicator::Original || reference.message != TransactionHash::ZERO,
        Rule::ReferenceMissing,
        "ReferencedMessage",
    );
    // A test message may make any reference (5.4.1.1).
    if let Body::Plain(content) = &message.body {
        found.0.extend(
            indicator(content, reference.indicator).map(|rule| super::Finding {
                rule,
                field: "ReferenceIndicator",
            }),
        );
    }
}

/// An initialisation vector for encryption method 1 or 2.
pub(super) const fn is_vector(data_type: u8) -> bool {
    matches!(data_type, 0x11 | 0x21)
}

/// A public key for encryption or for tokens.
pub(super) const fn is_public_key(data_type: u8) -> bool {
    matches!(data_type, 0x0A | 0x0B)
}

/// What is wrong with an indicator whatever the message referred to is.
fn indicator(content: &Content, indicator: Indicator) -> Option<Rule> {
    match content {
        Content::Cryptographic { data_type, .. } if is_vector(*data_type) => {
            (indicator != Indicator::Add).then_some(Rule::InitVectorReference)
        }
        Content::Cryptographic { data_type, .. } if is_public_key(*data_type) => {
            (!keeps_keys(indicator)).then_some(Rule::PublicKeyReference)
        }
        Content::Authentication { .. }
        | Content::Cryptographic { .. }
        | Content::Resource { .. }
        | Content::FreeText(_)
        | Content::Sign { .. }
        | Content::Request { .. } => {
            let refers = indicator != Indicator::Original;
            let may = |to: &MessageCode| tables::may_refer(content.code(), *to, indicator);
            (refers && !MessageCode::ALL.iter().any(may)).then_some(Rule::ReferenceTypes)
        }
    }
}

/// What may be said with a key: it is valid, replaces another, or is no longer valid.
const fn keeps_keys(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::Original | Indicator::Recall | Indicator::Update | Indicator::Discontinue
    )
}
