//! Sealing and exposing in two commits, and reading everything at once. [`Store::seal_burst`] does
//! the first in one, and what a sending round needs is asked for by itself.

use alloy_primitives::B256;
use parley_core::MessageId;

use crate::{
    error::{Conflict, StoreError},
    open::Store,
    outgoing::{self, OutgoingRow},
    variant::{self, NewVariant},
};

impl Store {
    /// Every own message, oldest first, with its transactions that are not displaced.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn outgoing(&self) -> Result<Vec<OutgoingRow>, StoreError> {
        self.read(|conn| {
            let mut rows = outgoing::rows(conn, "ORDER BY id", [])?;
            for row in &mut rows {
                row.variants.retain(|variant| !variant.displaced);
            }
            Ok(rows)
        })
    }

    /// Keeps a signed transaction and the message's final bytes, in one commit. The first one of a
    /// message takes the next nonce; a further one (another fee) has the message's nonce.
    ///
    /// # Errors
    /// The message was edited meanwhile, is cancelled or stopped, the nonce is not the one due, its
    /// parent has not left the device, or a message that holds its hash has.
    pub fn seal(&mut self, id: MessageId, sealed: &NewVariant) -> Result<(), StoreError> {
        self.write("seal", |tx| variant::seal(tx, id, sealed, None))
    }

    /// Takes back a message's seal and those of all later nonces, and gives their nonces back,
    /// except those the chain has used up. A message that is not sealed is left as it is.
    ///
    /// # Errors
    /// It, or a message at a later nonce, is exposed.
    pub fn unseal(&mut self, id: MessageId) -> Result<(), StoreError> {
        self.write("unseal", |tx| {
            let Some(nonce) = variant::nonce_of(tx, id)? else { return Ok(()) };
            let exposed: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM variant WHERE nonce >= ?1 AND exposed_at IS NOT NULL)",
                [nonce],
                |row| row.get(0),
            )?;
            if exposed {
                return Err(Conflict::Exposed.into());
            }
            tx.execute("DELETE FROM variant WHERE nonce >= ?1", [nonce])?;
            tx.execute("UPDATE nonce SET next = max(floor, ?1)", [nonce])?;
            Ok(())
        })
    }

    /// Says that these transactions may leave the device from now on, all in one commit. One that
    /// was exposed before keeps its first time.
    ///
    /// # Errors
    /// One was not sealed here.
    pub fn expose(&mut self, hashes: &[B256], at: u64) -> Result<(), StoreError> {
        self.write("expose", |tx| {
            for hash in hashes {
                let changed = tx
                    .prepare_cached(
                        "UPDATE variant SET exposed_at = coalesce(exposed_at, ?2) WHERE hash = ?1",
                    )?
                    .execute((hash.as_slice(), at))?;
                if changed == 0 {
                    return Err(Conflict::UnknownVariant.into());
                }
            }
            Ok(())
        })
    }
}
