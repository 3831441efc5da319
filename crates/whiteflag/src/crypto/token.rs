//! The token of authentication method 2 (specification 5.1.2.2, 5.2.3). Secret until it is sent.

use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Address, Secret, key, secret};

/// Salt of tokens (specification 5.2.3).
const SALT: [u8; 32] = *b"\x42\x0a\xbc\x48\xf5\xd6\x93\x28\xc4\x57\xd6\x17\x25\xd3\xfd\x7a\
    \xf2\x88\x3c\xad\x84\x60\x97\x61\x67\xe3\x75\xb9\xf2\xc1\x40\x81";

/// What the account at an address shows to whoever shares a secret with its owner.
///
/// It is no `Clone`, `Debug` or `Display`, and is overwritten when it is dropped.
pub struct Token(
    /// Wipes itself. In a box, so that moving the token leaves no copy behind.
    Box<Zeroizing<[u8; 32]>>,
);

impl ZeroizeOnDrop for Token {}

impl Token {
    /// Derives the token that `sender` shows.
    #[must_use]
    pub fn derive(secret: &Secret, sender: &Address) -> Self {
        Self(Box::new(key::derive(secret, &SALT, sender)))
    }

    /// The VerificationData: 64 lower-case hexadecimal digits. Once sent, everybody knows it.
    #[must_use]
    pub fn to_hex(&self) -> String {
        base16ct::lower::encode_string(self.0.as_slice())
    }

    /// Whether a VerificationData is this token; digits of either case. No octet is looked at
    /// apart from the others: all are compared, wherever the first difference is.
    #[must_use]
    pub fn matches(&self, verification_data: &str) -> bool {
        let shown = secret::decode_hex_32(verification_data);
        shown.is_some_and(|shown| shown.as_slice().ct_eq(self.0.as_slice()).into())
    }
}
