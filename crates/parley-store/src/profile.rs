//! The network and the account a data folder belongs to. Written once when the folder is made;
//! afterwards only the genesis hash is added, once.

use alloy_primitives::{Address, B256};
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{
    columns,
    error::{Conflict, StoreError},
    open::Store,
};

/// What a data folder is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The network's short name, such as "local".
    pub network: String,
    /// EIP-155 chain id, above 0.
    pub chain_id: u64,
    /// "exercise", "test" or "main".
    pub kind: String,
    /// What the person calls this device; may be empty.
    pub name: String,
    /// Endpoints' URLs, in order of preference.
    pub rpc: Vec<String>,
    /// The account that sends.
    pub address: Address,
    /// The hash of block 0, once an endpoint has named it.
    pub genesis: Option<B256>,
}

impl Store {
    /// What this folder is for.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn profile(&self) -> Result<Profile, StoreError> {
        read(&self.conn)?.ok_or(StoreError::Damaged)
    }

    /// Pins the chain's first block. Pinning the same one again changes nothing.
    ///
    /// # Errors
    /// Another one is pinned already.
    pub fn pin_genesis(&mut self, genesis: B256) -> Result<(), StoreError> {
        self.write("pin-genesis", |tx| {
            let pinned = tx.query_row("SELECT genesis FROM profile", [], |row| {
                columns::hash_or_none(row, "genesis")
            })?;
            match pinned {
                Some(pinned) if pinned == genesis => Ok(()),
                Some(_) => Err(Conflict::OtherGenesis.into()),
                None => {
                    tx.execute("UPDATE profile SET genesis = ?1", [genesis.as_slice()])?;
                    Ok(())
                }
            }
        })
    }
}

pub(crate) fn insert(tx: &Transaction<'_>, profile: &Profile) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO profile (id, network, chain_id, kind, name, address, genesis)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        (
            &profile.network,
            profile.chain_id,
            &profile.kind,
            &profile.name,
            profile.address.as_slice(),
            profile.genesis.as_ref().map(|hash| hash.as_slice()),
        ),
    )?;
    for (turn, url) in profile.rpc.iter().enumerate() {
        tx.execute(
            "INSERT INTO endpoint (turn, url) VALUES (?1, ?2)",
            (turn, url),
        )?;
    }
    Ok(())
}

pub(crate) fn read(conn: &Connection) -> Result<Option<Profile>, StoreError> {
    let Some(mut profile) = read_alone(conn)? else {
        return Ok(None);
    };
    profile.rpc = conn
        .prepare("SELECT url FROM endpoint ORDER BY turn, url")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(profile))
}

/// A profile without its endpoints.
pub(crate) fn read_alone(conn: &Connection) -> rusqlite::Result<Option<Profile>> {
    let found = conn.query_row(
        "SELECT network, chain_id, kind, name, address, genesis FROM profile",
        [],
        |row| {
            Ok(Profile {
                network: row.get("network")?,
                chain_id: row.get("chain_id")?,
                kind: row.get("kind")?,
                name: row.get("name")?,
                rpc: Vec::new(),
                address: columns::address(row, "address")?,
                genesis: columns::hash_or_none(row, "genesis")?,
            })
        },
    );
    found.optional()
}
