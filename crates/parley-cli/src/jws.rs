//! `jws`: the signed text that the owner of an account puts at a URL (authentication method 1), and
//! its checks. Fetches nothing.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;
use whiteflag::crypto::Address;
use whiteflag::crypto::jws::{AccountKey, Claims, Domains, Jws, PrivateKey, verify};

use crate::output::{self, Trouble};
use crate::secret_file;

#[derive(Subcommand)]
pub(crate) enum Signature {
    /// Sign for an account of Ethereum or a compatible chain; write what belongs at the URL.
    Sign {
        /// The account's private key, 64 hexadecimal digits; - for standard input.
        #[arg(long)]
        key_file: PathBuf,
        /// Where it will be found: exactly what the authentication message says.
        #[arg(long)]
        url: String,
        /// The originator's name.
        #[arg(long)]
        orgname: String,
        /// An extended public key, for accounts that are derived from one.
        #[arg(long)]
        extpubkey: Option<String>,
        /// When it is signed, in seconds since 1970.
        #[arg(long)]
        iat: Option<u64>,
    },
    /// Check what was found at a URL, on standard input; write what it says.
    Verify {
        /// The account that sent the authentication message.
        #[arg(long)]
        address: Address,
        /// The URL of the authentication message.
        #[arg(long)]
        url: String,
        /// The public key of the message's transaction. Without it the address proves the key.
        #[arg(long)]
        public_key: Option<String>,
        /// A domain that is trusted; may be given several times. Without it every domain is.
        #[arg(long)]
        domain: Vec<String>,
    },
}

pub(crate) fn run(command: &Signature) -> Result<(), Trouble> {
    match command {
        Signature::Sign {
            key_file,
            url,
            orgname,
            extpubkey,
            iat,
        } => sign(key_file, |address| Claims {
            extpubkey: extpubkey.clone(),
            iat: iat.map(Into::into),
            ..Claims::new(address, orgname, url)
        }),
        Signature::Verify {
            address,
            url,
            public_key,
            domain,
        } => check(address, url, public_key.as_deref(), domain),
    }
}

fn sign(key_file: &Path, claims: impl Fn(&Address) -> Claims) -> Result<(), Trouble> {
    let key = PrivateKey::from_hex(&secret_file::read(key_file)?)
        .map_err(|error| Trouble::BadInput(format!("Nothing was signed: {error}.")))?;
    let claims = claims(&key.public_key().ethereum_address());
    output::line(&Jws::sign(&key, &claims).to_flattened())
}

fn check(
    address: &Address,
    url: &str,
    public_key: Option<&str>,
    domains: &[String],
) -> Result<(), Trouble> {
    let refused = |error: &dyn std::fmt::Display| {
        Trouble::BadInput(format!(
            "This does not authenticate {address}: {error}. Do not trust the message for it."
        ))
    };
    let public_key = public_key.map(AccountKey::from_hex).transpose();
    let public_key = public_key.map_err(|error| {
        Trouble::BadInput(format!(
            "Nothing was checked: {error}. Correct --public-key."
        ))
    })?;
    let domains = (!domains.is_empty()).then(|| Domains::new(domains.iter().map(String::as_str)));
    let found = output::input()?;
    let jws = match found.trim() {
        json if json.starts_with('{') => Jws::from_flattened(json),
        compact => Jws::from_compact(compact),
    };
    let jws = jws.map_err(|error| refused(&error))?;
    let claims = verify(&jws, address, url, public_key.as_ref(), domains.as_ref());
    let claims = claims.map_err(|error| refused(&error))?;
    output::line(&json!(claims).to_string())
}
