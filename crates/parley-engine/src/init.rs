//! Setting up a data folder: one network for ever, one account, two random secrets. Needs no network.

use std::path::Path;

use alloy_primitives::B256;
use parley_chain::{Account, Endpoint};
use parley_core::network::{Preset, preset};
use parley_store::{OpenError, Profile, Secrets, SecretsError, Store};
use parley_wire::Failure;
use zeroize::Zeroizing;

use crate::{failure, parley::Parley};

/// What a person asks for when a data folder is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Init {
    /// The name of a network that Parley knows.
    pub network: String,
    /// Endpoints; empty for the network's own default.
    pub rpc: Vec<String>,
    /// What this device is called; may be empty.
    pub name: String,
}

impl Parley {
    /// Sets a data folder up, or finds it set up in the same way.
    ///
    /// # Errors
    /// In words: the network or an endpoint is not known, or the folder belongs to something else.
    /// Then nothing changed.
    pub fn init(dir: &Path, request: &Init) -> Result<(), Failure> {
        let preset = known(&request.network)?;
        let rpc = endpoints(preset, &request.rpc)?;
        if is_finished(dir)? {
            return same(dir, request, &rpc);
        }
        create(dir, request, preset, rpc)
    }

    /// Whether a folder waits to be set up: nothing was ever kept in it, or its setting up was cut
    /// off. One with anything else in it is left alone.
    ///
    /// # Errors
    /// It was set up and cannot be read.
    pub fn needs_init(dir: &Path) -> Result<bool, Failure> {
        let entries = std::fs::read_dir(dir).map_or(0, Iterator::count);
        Ok(entries == 0 || dir.join("secrets").exists() && !is_finished(dir)?)
    }
}

/// Whether the folder was set up to the end. One whose setting up was cut off, by a kill at any
/// point, is not: the next try completes it with the same account.
fn is_finished(dir: &Path) -> Result<bool, Failure> {
    let secrets = match Secrets::load(dir) {
        Ok(secrets) => secrets,
        Err(SecretsError::Missing) => return Ok(false),
        Err(error) => return Err(failure::other(failure::sentence(&error))),
    };
    match Store::open(dir, secrets.database_key()) {
        Ok(_) => Ok(true),
        Err(OpenError::Missing) => Ok(false),
        Err(error) => Err(failure::open(error)),
    }
}

fn known(network: &str) -> Result<&'static Preset, Failure> {
    preset(network).ok_or_else(|| {
        let names: Vec<_> = parley_core::network::PRESETS
            .iter()
            .map(|preset| preset.name)
            .collect();
        failure::bad_input(format!(
            "This network is not known. Nothing was changed. Use one of: {}.",
            names.join(", ")
        ))
    })
}

fn endpoints(preset: &Preset, asked: &[String]) -> Result<Vec<String>, Failure> {
    let rpc: Vec<String> = if asked.is_empty() {
        let own = preset.endpoints.iter().copied();
        own.map(str::to_owned).collect()
    } else {
        asked.to_vec()
    };
    for url in &rpc {
        Endpoint::new(url).map_err(|error| failure::bad_input(failure::sentence(&error)))?;
    }
    Ok(rpc)
}

fn same(dir: &Path, request: &Init, rpc: &[String]) -> Result<(), Failure> {
    let parley = Parley::open(dir)?;
    let profile = &parley.inner.profile;
    if profile.network == request.network && profile.rpc == rpc && profile.name == request.name {
        return Ok(());
    }
    Err(failure::bad_input(
        "This data folder was set up before, with another network, endpoint or name, and belongs \
         to that for ever. Nothing was changed. Use another folder with --data.",
    ))
}

/// The secrets are kept before the database is made.
fn create(dir: &Path, request: &Init, preset: &Preset, rpc: Vec<String>) -> Result<(), Failure> {
    let secrets = match Secrets::load(dir) {
        Ok(secrets) => secrets,
        Err(SecretsError::Missing) => new_secrets(dir)?,
        Err(error) => return Err(failure::other(failure::sentence(&error))),
    };
    let account = Account::from_secret(*secrets.account())
        .map_err(|error| failure::other(failure::sentence(&error)))?;
    let profile = Profile {
        network: preset.name.to_owned(),
        chain_id: preset.chain_id,
        kind: preset.kind.word().to_owned(),
        name: request.name.clone(),
        rpc,
        address: account.address(),
        genesis: None::<B256>,
    };
    Store::create(dir, secrets.database_key(), &profile)
        .map(drop)
        .map_err(failure::open)
}

fn new_secrets(dir: &Path) -> Result<Secrets, Failure> {
    loop {
        let database_key = random()?;
        let account = random()?;
        // All but about one in 2^128 random numbers are keys of the curve.
        if Account::from_secret(*account).is_ok() {
            return Secrets::create(dir, *database_key, *account)
                .map_err(|error| failure::other(failure::sentence(&error)));
        }
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| {
        failure::other(
            "The system gives no random numbers, so no safe key can be made. Nothing was changed.",
        )
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_or_a_half_made_folder_waits_to_be_set_up() {
        let place = tempfile::tempdir().unwrap();
        let needs = |dir: &Path| Parley::needs_init(dir).unwrap();
        assert!(needs(place.path()) && needs(&place.path().join("not made yet")));
        let request = Init {
            network: "local".to_owned(),
            rpc: Vec::new(),
            name: String::new(),
        };
        let dir = place.path().join("device");
        Parley::init(&dir, &request).unwrap();
        assert!(!needs(&dir));
        std::fs::remove_file(dir.join("parley.db")).unwrap();
        assert!(needs(&dir), "a kill came between the two files");
        std::fs::write(place.path().join("anything"), "").unwrap();
        assert!(!needs(place.path()), "somebody else's folder");
    }
}
