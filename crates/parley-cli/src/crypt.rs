//! `crypt`: keys, shared secrets, encryption and decryption of single messages. Touches no data
//! folder and no network; secrets are read from files and written to files.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use whiteflag::Message;
use whiteflag::crypto::ecdh::{PrivateKey, PublicKey};
use whiteflag::crypto::{
    Address, DecryptError, EncryptionKey, EncryptionMethod, InitialisationVector, Secret, decrypt,
    encrypt,
};
use zeroize::Zeroizing;

use crate::output::{self, Trouble};
use crate::secret_file;

#[derive(Subcommand)]
pub(crate) enum Crypt {
    /// Make a pair of keys for key agreement: the private one goes to a new file, the public one
    /// to standard output.
    Key {
        /// Where the private key goes; nobody else may read it.
        #[arg(long)]
        key_file: PathBuf,
    },
    /// Agree on a secret: one's own private key and the other's public key give both the same.
    Agree {
        /// One's own private key; - for standard input.
        #[arg(long)]
        key_file: PathBuf,
        /// The other's public key: 66 hexadecimal digits.
        #[arg(long)]
        peer: String,
        /// Where the secret goes; nobody else may read it.
        #[arg(long)]
        secret_file: PathBuf,
    },
    /// Encrypt a message on standard input, JSON or octets in hexadecimal digits.
    Encrypt {
        #[command(flatten)]
        with: With,
        /// The initialisation vector: 32 hexadecimal digits. Without it a random one is used; one
        /// that was used before gives both messages away.
        #[arg(long)]
        iv: Option<String>,
    },
    /// Decrypt octets in hexadecimal digits on standard input; write the message as JSON.
    Decrypt {
        #[command(flatten)]
        with: With,
        /// The initialisation vector that came with it: 32 hexadecimal digits.
        #[arg(long)]
        iv: String,
    },
}

/// What a key is derived from.
#[derive(Args)]
pub(crate) struct With {
    /// 1 (secret by key agreement) or 2 (secret shared beforehand). Without it, what the message
    /// says.
    #[arg(long, value_parser = method)]
    method: Option<EncryptionMethod>,
    /// The address of the account that sends the message.
    #[arg(long)]
    address: Address,
    /// The secret, in hexadecimal digits.
    #[arg(long)]
    secret_file: PathBuf,
}

fn method(text: &str) -> Result<EncryptionMethod, String> {
    let indicator = match text.as_bytes() {
        [indicator] => EncryptionMethod::from_indicator(*indicator),
        _ => None,
    };
    indicator.ok_or_else(|| "give 1 or 2; other methods are not known".to_owned())
}

pub(crate) fn run(command: &Crypt) -> Result<(), Trouble> {
    match command {
        Crypt::Key { key_file } => new_key(key_file),
        Crypt::Agree {
            key_file,
            peer,
            secret_file,
        } => agree(key_file, peer, secret_file),
        Crypt::Encrypt { with, iv } => encrypt_one(with, iv.as_deref()),
        Crypt::Decrypt { with, iv } => decrypt_one(with, iv),
    }
}

fn new_key(file: &Path) -> Result<(), Trouble> {
    let key = loop {
        // One in three random numbers is no key of this curve.
        if let Ok(key) = PrivateKey::from_octets(&*random()?) {
            break key;
        }
    };
    secret_file::write_new(file, &digits(key.expose().as_slice()))?;
    output::line(&hex::encode(key.public_key().to_octets()))
}

fn agree(key_file: &Path, peer: &str, secret_file: &Path) -> Result<(), Trouble> {
    let refused = |error: &dyn std::fmt::Display| {
        Trouble::BadInput(format!("No secret was agreed on: {error}."))
    };
    let peer = PublicKey::from_hex(peer).map_err(|error| refused(&error))?;
    let own = secret_file::read(key_file)?;
    let own = PrivateKey::from_hex(&own).map_err(|error| refused(&error))?;
    secret_file::write_new(secret_file, &own.agree(&peer).expose_hex())
}

fn encrypt_one(with: &With, iv: Option<&str>) -> Result<(), Trouble> {
    let refused = |error: &dyn std::fmt::Display| {
        Trouble::BadInput(format!("Nothing was encrypted: {error}."))
    };
    let vector = match iv {
        Some(digits) => vector(digits).ok_or_else(|| refused(&VECTOR))?,
        None => InitialisationVector::new(*random()?),
    };
    let secret = secret(&with.secret_file)?;
    let message = message(output::input()?.trim()).map_err(|error| refused(&error))?;
    let said = EncryptionMethod::from_indicator(message.encryption);
    let method = with
        .method
        .or(said)
        .ok_or_else(|| refused(&"the message does not say how; give --method 1 or --method 2"))?;
    let key = EncryptionKey::derive(method, &secret, &with.address);
    let octets = encrypt(&message, &key, vector).map_err(|error| refused(&error))?;
    let row = json!({
        "hex": hex::encode(octets),
        "iv": hex::encode(vector.as_bytes()),
        "method": char::from(method.indicator()).to_string(),
    });
    output::line(&row.to_string())
}

fn decrypt_one(with: &With, iv: &str) -> Result<(), Trouble> {
    let refused = |error: &dyn std::fmt::Display| {
        Trouble::BadInput(format!("Nothing was decrypted: {error}."))
    };
    let vector = vector(iv).ok_or_else(|| refused(&VECTOR))?;
    let secret = secret(&with.secret_file)?;
    let octets = octets(output::input()?.trim()).ok_or_else(|| refused(&DIGITS))?;
    let said = octets.get(3);
    let said = said.and_then(|&indicator| EncryptionMethod::from_indicator(indicator));
    // Where the octets name no method, the attempt says so with its reason.
    let method = with.method.or(said).unwrap_or(EncryptionMethod::PreShared);
    let key = EncryptionKey::derive(method, &secret, &with.address);
    let message = match decrypt(&octets, &key, vector) {
        Ok(message) => message,
        Err(DecryptError::InTheClear) => in_the_clear(&octets)?,
        Err(error) => return Err(refused(&error)),
    };
    output::line(&message.to_value().to_string())
}

/// Shown all the same: it may be somebody's call.
fn in_the_clear(octets: &[u8]) -> Result<Message, Trouble> {
    output::warn(
        "this message was said to be encrypted and is not: everybody could read it. This is what \
         it says as it stands.",
    );
    Message::from_plaintext(octets)
        .map_err(|error| Trouble::BadInput(format!("Nothing was decrypted: {error}.")))
}

const VECTOR: &str = "the initialisation vector is not 32 hexadecimal digits";
const DIGITS: &str = "give an even number of hexadecimal digits (0 to 9, a to f)";

/// The secret of a file; a short one is used, with a warning.
fn secret(file: &Path) -> Result<Secret, Trouble> {
    import(&secret_file::read_beside_input(file)?)
}

/// A secret of digits; a short one is used, with a warning.
pub(crate) fn import(digits: &str) -> Result<Secret, Trouble> {
    let (secret, weakness) = Secret::import_hex(digits)
        .map_err(|error| Trouble::BadInput(format!("The secret cannot be used: {error}.")))?;
    if let Some(weakness) = weakness {
        output::warn(&format!("{weakness}."));
    }
    Ok(secret)
}

fn message(text: &str) -> Result<Message, String> {
    if text.starts_with('{') {
        return Message::from_json(text).map_err(|error| error.to_string());
    }
    let octets = octets(text).ok_or("give a JSON message, or its octets in hexadecimal digits")?;
    Message::from_plaintext(&octets).map_err(|error| error.to_string())
}

fn octets(digits: &str) -> Option<Vec<u8>> {
    hex::decode(digits.strip_prefix("0x").unwrap_or(digits)).ok()
}

fn vector(digits: &str) -> Option<InitialisationVector> {
    let octets = octets(digits)?.try_into().ok()?;
    Some(InitialisationVector::new(octets))
}

fn digits(octets: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(hex::encode(octets))
}

/// Octets from the system's source of randomness for keys.
fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Trouble> {
    let mut octets = Zeroizing::new([0; N]);
    getrandom::fill(octets.as_mut_slice()).map_err(|_| {
        Trouble::Other("The system gives no random numbers. Nothing was done.".to_owned())
    })?;
    Ok(octets)
}
