//! What second endpoints said about blocks. It judges nothing.

use alloy_primitives::B256;
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
}
