//! Which network is open. Each has a data folder of its own, so that nothing written for one can
//! reach another; what is opened first and let go last never leaves the window without one.

use crate::news;
use crate::open::{Open, ended};
use crate::setup::{App, WINDOW};
use parley_core::network::{self, PRESETS};
use parley_engine::{Init, Parley};
use parley_wire::{Code, Failure, Network, NetworkChoice, NetworkKind};
use std::path::PathBuf;

impl App {
    /// The networks that this device can open, with those it was set up with.
    ///
    /// # Errors
    /// The data folders cannot be read.
    pub(crate) async fn networks(&self) -> Result<Vec<NetworkChoice>, Failure> {
        let current = self.parley()?.status().await?.network;
        let root = self.root_network().await?;
        let known = PRESETS
            .iter()
            .map(|preset| (preset.name, kind(preset.kind)));
        let mut names: Vec<(&str, NetworkKind)> = known.collect();
        for own in [root, &current] {
            if names.iter().all(|(name, _)| *name != own.name) {
                names.push((&own.name, own.kind));
            }
        }
        let folders = self.folders()?;
        let choice = |(name, kind): (&str, NetworkKind)| NetworkChoice {
            name: name.to_owned(),
            kind,
            current: name == current.name,
            set_up: name == root.name || folders.further(name).is_dir(),
        };
        Ok(names.into_iter().map(choice).collect())
    }

    /// Opens another network, and at the next start too. What was open stays open where that does
    /// not work.
    ///
    /// # Errors
    /// The network is not known, or its folder cannot be opened. Then nothing changed.
    pub(crate) async fn switch_network(&self, name: &str) -> Result<(), Failure> {
        let _alone = self.switching.lock().await;
        let before = self.parley()?.status().await?;
        if before.network.name == name {
            return Ok(());
        }
        let folder = self.folder_of(name).await?;
        let opened = Open::new(&folder, &first(name, before.name))?;
        self.folders()?.remember(name).map_err(|_| not_kept())?;
        if let Some(before) = self.replace(opened) {
            // Only then its lock goes.
            ended(before.stop()).await;
        }
        news::everything_changed(&self.handle, WINDOW);
        Ok(())
    }

    async fn folder_of(&self, name: &str) -> Result<PathBuf, Failure> {
        let known = self.networks().await?;
        if known.iter().all(|choice| choice.name != name) {
            return Err(unknown());
        }
        let folders = self.folders()?;
        Ok(if self.root_network().await?.name == name {
            folders.root().to_owned()
        } else {
            folders.further(name)
        })
    }

    /// The network of the folder that was there first. It never changes.
    async fn root_network(&self) -> Result<&Network, Failure> {
        let read = || async {
            let open = self.parley()?;
            let root = self.folders()?.root();
            let parley = if self.is_open(root) {
                open
            } else {
                Parley::open(root)?
            };
            Ok(parley.status().await?.network)
        };
        self.root_network.get_or_try_init(read).await
    }
}

/// A network that was never open here, with its usual endpoints and this device's name.
fn first(network: &str, name: String) -> Init {
    Init {
        network: network.to_owned(),
        custom: None,
        rpc: Vec::new(),
        name,
    }
}

fn kind(kind: network::NetworkKind) -> NetworkKind {
    match kind {
        network::NetworkKind::Exercise => NetworkKind::Exercise,
        network::NetworkKind::Test => NetworkKind::Test,
        network::NetworkKind::Main => NetworkKind::Main,
    }
}

fn unknown() -> Failure {
    Failure {
        code: Code::BadInput,
        message: "This network is not known. Nothing was changed. Choose one of the list."
            .to_owned(),
    }
}

fn not_kept() -> Failure {
    Failure {
        code: Code::Storage,
        message: "The choice could not be saved, so the network that was open is still open. Free \
                  some room and try again."
            .to_owned(),
    }
}
