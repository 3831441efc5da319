//! The fields of every message in their order, as texts: for any form that writes them. Owns no
//! syntax around the fields; `fields` is the other way.

use crate::fields::{self, Field};
use crate::{Content, Message, RequestObject, Sign, hex};

/// Where texts of fields go, in the order of the specification.
pub(crate) trait FieldSink {
    /// A text of digits and signs that mean themselves in every form.
    fn plain(&mut self, field: Field, text: &[u8]);
    /// A text of any characters up to U+007F.
    fn text(&mut self, field: Field, text: &str);
}

/// The seven fields of the generic header.
pub(crate) fn header(message: &Message, sink: &mut impl FieldSink) {
    let indicator = message.reference.indicator.digit();
    let code = message.code().letter();
    sink.plain(fields::PREFIX, b"WF");
    sink.plain(fields::VERSION, b"1");
    sink.plain(fields::ENCRYPTION, &[message.encryption]);
    sink.plain(fields::DURESS, if message.duress { b"1" } else { b"0" });
    sink.plain(fields::CODE, &[code as u8]);
    sink.plain(fields::INDICATOR, &[hex::upper_digit(indicator)]);
    let hash = hex::lower_hash(message.reference.message.as_bytes());
    sink.plain(fields::REFERENCED_MESSAGE, &hash);
}

/// The field that a test message has before what it wraps.
pub(crate) fn pseudo_code(wrapped: &Content, sink: &mut impl FieldSink) {
    sink.plain(fields::PSEUDO_CODE, &[wrapped.code().letter() as u8]);
}

/// The fields of what a message says, without request objects.
pub(crate) fn content(content: &Content, sink: &mut impl FieldSink) {
    match content {
        Content::Authentication { method, data } => {
            sink.plain(fields::VERIFICATION_METHOD, &[hex::upper_digit(*method)]);
            sink.text(fields::VERIFICATION_DATA, data);
        }
        Content::Cryptographic { data_type, data } => {
            sink.plain(fields::CRYPTO_DATA_TYPE, &hex::upper_pair(*data_type));
            sink.plain(fields::CRYPTO_DATA, hex::lower(data).as_bytes());
        }
        Content::Sign { sign, .. } | Content::Request { sign, .. } => self::sign(sign, sink),
        Content::Resource { method, data } => {
            sink.plain(fields::RESOURCE_METHOD, &[hex::upper_digit(*method)]);
            sink.text(fields::RESOURCE_DATA, data);
        }
        Content::FreeText(text) => sink.text(fields::TEXT, text),
    }
}

fn sign(sign: &Sign, sink: &mut impl FieldSink) {
    sink.plain(fields::SUBJECT, &hex::upper_pair(sign.subject));
    sink.plain(fields::DATE_TIME, sign.date_time.write(&mut [0; 20]));
    sink.plain(fields::DURATION, sign.duration.write(&mut [0; 10]));
    sink.plain(fields::OBJECT_TYPE, &hex::upper_pair(sign.object_type));
    sink.plain(fields::LATITUDE, sign.latitude.write(&mut [0; 9]));
    sink.plain(fields::LONGITUDE, sign.longitude.write(&mut [0; 10]));
    sink.plain(fields::DIM1, sign.dim1.write(&mut [0; 4]));
    sink.plain(fields::DIM2, sign.dim2.write(&mut [0; 4]));
    sink.plain(fields::ORIENTATION, sign.orientation.write(&mut [0; 4]));
}

/// The two fields of a request object.
pub(crate) fn object(object: &RequestObject, sink: &mut impl FieldSink) {
    sink.plain(fields::OBJECT_TYPE, &hex::upper_pair(object.object_type));
    sink.plain(fields::QUANTITY, object.quantity.write(&mut [0; 4]));
}
