//! What second endpoints said about blocks. It judges nothing.

use alloy_primitives::B256;

use crate::{error::StoreError, open::Store};

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
}
