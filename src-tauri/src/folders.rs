//! Where the data of each network lies. The folder that was there first keeps its network for ever;
//! others lie beside what is in it. It knows names, and nothing of what is in the folders.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Holds the folders of all networks but the first one.
const NETWORKS: &str = "networks";
/// Names the network that is opened at the next start.
const NEXT: &str = "open-network";

/// The data folders of this device.
pub(crate) struct Folders {
    root: PathBuf,
}

impl Folders {
    /// All below this folder.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of the network that this device was set up with.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of any other network.
    pub(crate) fn further(&self, network: &str) -> PathBuf {
        self.root.join(NETWORKS).join(network)
    }

    /// The folder that was open last; where nothing says that, or it is gone, the first one.
    pub(crate) fn last(&self) -> PathBuf {
        let named = std::fs::read_to_string(self.root.join(NEXT)).unwrap_or_default();
        let further = is_name(named.trim()).then(|| self.further(named.trim()));
        further
            .filter(|folder| folder.is_dir())
            .unwrap_or_else(|| self.root.clone())
    }

    /// Remembers which network to open at the next start. A power cut leaves the old name or the
    /// new one.
    pub(crate) fn remember(&self, network: &str) -> io::Result<()> {
        let (new, kept) = (self.root.join("open-network.new"), self.root.join(NEXT));
        let mut file = File::create(&new)?;
        file.write_all(network.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(new, kept)
    }
}

/// Whether a text can be the name of a folder here and of none elsewhere.
fn is_name(text: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_was_there_is_opened_until_another_one_is_chosen() {
        let place = tempfile::tempdir().unwrap();
        let folders = Folders::new(place.path().to_owned());
        assert_eq!(folders.last(), place.path());
        folders.remember("sepolia").unwrap();
        assert_eq!(folders.last(), place.path(), "it is not set up");
        std::fs::create_dir_all(folders.further("sepolia")).unwrap();
        assert_eq!(folders.last(), place.path().join("networks/sepolia"));
        folders.remember("local").unwrap();
        assert_eq!(
            folders.last(),
            place.path(),
            "the network of the first folder"
        );
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("root");
        std::fs::create_dir_all(root.join(NETWORKS)).unwrap();
        let folders = Folders::new(root.clone());
        for name in ["..", ".", "../..", "/", "a/../..", ""] {
            std::fs::write(root.join(NEXT), name).unwrap();
            assert_eq!(folders.last(), root, "{name}");
        }
    }
}
