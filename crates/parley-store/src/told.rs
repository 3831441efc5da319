//! What one endpoint said about blocks that hold own transactions, where no blocks are received. It
//! judges nothing, and says nothing where the block itself was received.

use alloy_primitives::B256;

use crate::{error::StoreError, open::Store};

/// One endpoint's word that a transaction is in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Height.
    pub number: u64,
    /// When it was said, seconds since 1970 UTC.
    pub at: u64,
}

impl Store {
    /// Keeps that an endpoint said own transactions to be in blocks of these heights; what was said
    /// before of them counts no longer.
    ///
    /// # Errors
    /// One was not sealed here. Then nothing is kept.
    pub fn tell(
        &mut self,
        endpoint: &str,
        at: u64,
        places: &[(B256, u64)],
    ) -> Result<(), StoreError> {
        self.write("tell", |tx| {
            for (hash, number) in places {
                tx.prepare_cached(
                    "INSERT INTO told (hash, number, endpoint, at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (hash) DO UPDATE
                     SET number = excluded.number, endpoint = excluded.endpoint, at = excluded.at",
                )?
                .execute((hash.as_slice(), number, endpoint, at))?;
            }
            Ok(())
        })
    }

    /// Forgets what was said of transactions with this nonce and later ones: an endpoint says that no
    /// block holds them. Whether anything was said.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn untell_from(&mut self, nonce: u64) -> Result<bool, StoreError> {
        let is_said: bool = self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM variant CROSS JOIN told USING (hash)
                                WHERE variant.nonce >= ?1)",
            )?;
            statement.query_row([nonce], |row| row.get(0))
        })?;
        if !is_said {
            return Ok(false);
        }
        self.write("untell", |tx| {
            tx.execute(
                "DELETE FROM told WHERE hash IN (SELECT hash FROM variant WHERE nonce >= ?1)",
                [nonce],
            )?;
            Ok(true)
        })
    }
}
