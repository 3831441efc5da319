//! Opening a data folder to send and receive for it: one program at a time, over a file that was
//! looked through after an unclean end and once a day. A damaged file is set aside, never deleted, and
//! what can be read of it goes on.

use std::path::Path;
use std::sync::Arc;

use parley_store::{FolderLock, OpenError, Salvaged, Secrets, Store};
use parley_wire::{Failure, Mended};

use crate::failure;
use crate::outside::{Device, Outside};
use crate::parley::{Lock, Parley};

/// What was mended last, for the person to see.
const MENDED: &str = "mended";

impl Parley {
    /// Opens a data folder and takes the right to send and receive for it.
    ///
    /// # Errors
    /// As [`Parley::open`], or another program has it; the words say which.
    pub fn open_to_run(dir: &Path, holder: &str) -> Result<(Self, Lock), Failure> {
        Self::open_to_run_in(dir, holder, Arc::new(Device))
    }

    /// As [`Parley::open_to_run`], with time, chance and network from elsewhere.
    ///
    /// # Errors
    /// As [`Parley::open_to_run`].
    pub fn open_to_run_in(
        dir: &Path,
        holder: &str,
        outside: Arc<dyn Outside>,
    ) -> Result<(Self, Lock), Failure> {
        let secrets = Self::secrets(dir)?;
        let folder = FolderLock::take(dir, holder).map_err(|locked| {
            failure::not_now(format!(
                "This data folder is in use by {}. Nothing was changed. Close that program, or let \
                 it do the sending and receiving.",
                locked.by
            ))
        })?;
        look_through(dir, &secrets, outside.now())?;
        let parley = Self::open_in(dir, outside)?;
        Ok((parley, Lock::of(folder)))
    }

    /// What was mended last and not acknowledged by a person.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn mended(&self) -> Result<Option<Mended>, Failure> {
        let text = self.with_store(|store| store.setting(MENDED)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The person has read what was mended.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn acknowledge_mended(&self) -> Result<(), Failure> {
        self.with_store(|store| store.unset(MENDED)).await?;
        self.say(parley_wire::Changed::Status);
        Ok(())
    }
}

/// Checks the file where that is due, and mends it where it is damaged.
fn look_through(dir: &Path, secrets: &Secrets, now: u64) -> Result<(), Failure> {
    let mut store = match Store::open(dir, secrets.database_key()) {
        Ok(store) => store,
        Err(OpenError::Damaged) => return mend(dir, secrets, now),
        Err(error) => return Err(failure::open(error)),
    };
    if !store.check_due(now).map_err(failure::store)? {
        return Ok(());
    }
    if store.check(now).map_err(failure::store)? {
        return Ok(());
    }
    drop(store);
    mend(dir, secrets, now)
}

fn mend(dir: &Path, secrets: &Secrets, now: u64) -> Result<(), Failure> {
    tracing::error!("the data file is damaged: it is set aside, and what can be read goes on");
    let (mut store, salvaged) =
        Store::mend(dir, secrets.database_key(), now).map_err(failure::open)?;
    let text = serde_json::to_string(&told(salvaged, now)).unwrap_or_default();
    store.set(MENDED, &text).map_err(failure::store)
}

fn told(salvaged: Salvaged, at: u64) -> Mended {
    Mended {
        at,
        messages: salvaged.messages,
        whole: salvaged.whole,
    }
}
