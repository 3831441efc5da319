//! Setting up a data folder: one network for ever, one account, two random secrets. Needs no network.

use std::path::Path;

use alloy_primitives::B256;
use parley_chain::{Account, Endpoint};
use parley_core::network::{NetworkKind, PRESETS, kind_of, preset};
use parley_store::{OpenError, Profile, Secrets, SecretsError, Store};
use parley_wire::Failure;
use zeroize::Zeroizing;

use crate::{failure, parley::Parley};

/// The endpoints that were asked for when the folder was set up.
const FIRST: &str = "first-endpoints";

/// A network that Parley does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custom {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The person says that it is a private one for exercises.
    pub private: bool,
}

struct Network {
    chain_id: u64,
    kind: NetworkKind,
    endpoints: &'static [&'static str],
}

/// What a person asks for when a data folder is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Init {
    /// The name of a network that Parley knows, or of any other one with `custom`.
    pub network: String,
    /// What a network is that Parley does not know.
    pub custom: Option<Custom>,
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
        let network = network(request)?;
        let rpc = endpoints(&network, &request.rpc)?;
        if is_finished(dir)? {
            return same(dir, request, &network, &rpc);
        }
        create(dir, request, &network, rpc)
    }

    /// The endpoints that were asked for when the folder was set up.
    fn first_endpoints(&self) -> Result<Vec<String>, Failure> {
        let text = self.read_store(|store| store.setting(FIRST))?;
        let first = text.and_then(|text| serde_json::from_str(&text).ok());
        // Older versions did not keep them, and could not change them either.
        Ok(first.unwrap_or_else(|| self.inner.profile.rpc.clone()))
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
        // A damaged one was set up; whoever opens it to run mends it.
        Ok(_) | Err(OpenError::Damaged) => Ok(true),
        Err(OpenError::Missing) => Ok(false),
        Err(error) => Err(failure::open(error)),
    }
}

/// The network that is asked for, with what it may be used for.
fn network(request: &Init) -> Result<Network, Failure> {
    let known = preset(&request.network);
    match (known, request.custom) {
        (Some(preset), None) => Ok(Network {
            chain_id: preset.chain_id,
            kind: preset.kind,
            endpoints: preset.endpoints,
        }),
        (None, Some(custom)) => custom_network(custom),
        (Some(_), Some(_)) => Err(failure::bad_input(
            "A network that Parley knows has its chain id already. Nothing was changed. Leave the \
             chain id out, or choose another name.",
        )),
        (None, None) => {
            let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            Err(failure::bad_input(format!(
                "This network is not known. Nothing was changed. Use one of: {}; or give the chain id \
                 of another one.",
                names.join(", ")
            )))
        }
    }
}

fn custom_network(custom: Custom) -> Result<Network, Failure> {
    let chain_id = custom.chain_id;
    if let Some(preset) = PRESETS.iter().find(|preset| preset.chain_id == chain_id) {
        return Err(failure::bad_input(format!(
            "This is the chain id of the network {}. Nothing was changed. Name it so.",
            preset.name
        )));
    }
    let kind = kind_of(chain_id, custom.private);
    if chain_id == 0 || (custom.private && kind != NetworkKind::Exercise) {
        return Err(failure::bad_input(
            "This is the chain id of a public network, or of none, so it cannot be a private one. \
             Nothing was changed.",
        ));
    }
    Ok(Network {
        chain_id,
        kind,
        endpoints: &[],
    })
}

fn endpoints(network: &Network, asked: &[String]) -> Result<Vec<String>, Failure> {
    let rpc: Vec<String> = if asked.is_empty() {
        let own = network.endpoints.iter().copied();
        own.map(str::to_owned).collect()
    } else {
        asked.to_vec()
    };
    for url in &rpc {
        Endpoint::new(url).map_err(|error| failure::bad_input(failure::sentence(&error)))?;
    }
    Ok(rpc)
}

/// Endpoints may have been changed since: what counts is what was asked for at first.
fn same(dir: &Path, request: &Init, network: &Network, rpc: &[String]) -> Result<(), Failure> {
    let parley = Parley::open(dir)?;
    let profile = &parley.inner.profile;
    let first = parley.first_endpoints()?;
    let alike = profile.network == request.network
        && profile.chain_id == network.chain_id
        && profile.kind == network.kind.word()
        && profile.name == request.name;
    if alike && first == rpc {
        return Ok(());
    }
    Err(failure::bad_input(
        "This data folder was set up before, with another network, endpoint or name, and belongs \
         to that for ever. Nothing was changed. Use another folder with --data; endpoints are changed \
         with parleyctl endpoint.",
    ))
}

/// The secrets are kept before the database is made.
fn create(dir: &Path, request: &Init, network: &Network, rpc: Vec<String>) -> Result<(), Failure> {
    let secrets = match Secrets::load(dir) {
        Ok(secrets) => secrets,
        Err(SecretsError::Missing) => new_secrets(dir)?,
        Err(error) => return Err(failure::other(failure::sentence(&error))),
    };
    let account = Account::from_secret(*secrets.account())
        .map_err(|error| failure::other(failure::sentence(&error)))?;
    let first = serde_json::to_string(&rpc)
        .map_err(|_| failure::bad_input("These endpoints cannot be kept. Nothing was changed."))?;
    let profile = Profile {
        network: request.network.clone(),
        chain_id: network.chain_id,
        kind: network.kind.word().to_owned(),
        name: request.name.clone(),
        rpc,
        address: account.address(),
        genesis: None::<B256>,
    };
    let mut store = Store::create(dir, secrets.database_key(), &profile).map_err(failure::open)?;
    store.set(FIRST, &first).map_err(failure::store)
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
            custom: None,
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
