//! What second endpoints said about blocks, and whose messages are looked for where not every block
//! is received. It judges nothing.

use alloy_primitives::{Address, B256};
use rusqlite::Row;

use crate::{columns, error::StoreError, open::Store};

/// A second endpoint named this hash at this height.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Height.
    pub number: u64,
    /// The block's hash.
    pub hash: B256,
    /// The endpoint's URL.
    pub endpoint: String,
    /// When it was first said; seconds since 1970 UTC.
    pub at: u64,
}

impl Store {
    /// Keeps that an endpoint named this hash at this height. Its first time stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn witness(
        &mut self,
        number: u64,
        hash: B256,
        endpoint: &str,
        at: u64,
    ) -> Result<(), StoreError> {
        self.write("witness", |tx| {
            tx.execute(
                "INSERT INTO witness (number, hash, endpoint, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                (number, hash.as_slice(), endpoint, at),
            )?;
            Ok(())
        })
    }

    /// What second endpoints said, lowest block first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn witnesses(&self) -> Result<Vec<Witness>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT number, hash, endpoint, at FROM witness ORDER BY number, hash, endpoint",
        )?;
        let found = statement.query_map([], |row: &Row<'_>| {
            Ok(Witness {
                number: row.get("number")?,
                hash: columns::hash(row, "hash")?,
                endpoint: row.get("endpoint")?,
                at: row.get("at")?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Looks for this account's messages, from the block at height `since` on. Doing so again moves
    /// the height.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn follow(&mut self, address: Address, since: u64) -> Result<(), StoreError> {
        self.write("follow", |tx| {
            tx.execute(
                "INSERT INTO followed (address, since) VALUES (?1, ?2)
                 ON CONFLICT (address) DO UPDATE SET since = excluded.since",
                (address.as_slice(), since),
            )?;
            Ok(())
        })
    }

    /// Looks for this account's messages no longer. What was found stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn unfollow(&mut self, address: Address) -> Result<(), StoreError> {
        self.write("unfollow", |tx| {
            tx.execute(
                "DELETE FROM followed WHERE address = ?1",
                [address.as_slice()],
            )?;
            Ok(())
        })
    }

    /// The accounts whose messages are looked for, each with the height it starts at.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn followed(&self) -> Result<Vec<(Address, u64)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT address, since FROM followed ORDER BY address")?;
        let found = statement.query_map([], |row| {
            Ok((columns::address(row, "address")?, row.get("since")?))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
