//! Receiving: the newest blocks first, then what is missing below them, newest first too, so that who
//! comes back after weeks sees today before last month. Each block lies on the one before; a branch
//! that was left is left in the same commit that takes the other one. What was received is in the
//! store as exact stretches of blocks.

mod dispute;
mod edge;
mod fetch;
mod fill;
mod follow;
mod levels;
mod rest;
mod settle;
mod start;
mod unclear;
mod witness;

pub(crate) use dispute::{is_any as is_contradicted, is_said as is_disputed};
pub(crate) use fill::Absent;
pub(crate) use levels::Levels;
pub(crate) use rest::Rest;
pub(crate) use unclear::Search;
pub(crate) use witness::Dispute;

use parley_wire::Receive;

use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;
use settle::Looked;

/// How it stands with older blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Older {
    /// None is missing.
    Complete,
    /// Some are missing, and they come.
    More,
    /// Some are missing, and nobody gives them for now.
    NotNow,
}

impl Parley {
    /// Takes the newest blocks.
    pub(crate) async fn receive(&self, connection: &Connection) -> Result<bool, Broken> {
        match self.chosen().receive {
            Receive::Everything => {
                let edge = self.receive_edge(connection).await?;
                if edge {
                    self.settle(connection, Looked::AtNewest).await?;
                    self.ask_witness(connection).await?;
                }
                Ok(edge)
            }
            Receive::Followed => {
                let edge = self.receive_followed(connection).await?;
                self.settle(connection, Looked::AtEach).await?;
                self.ask_witness(connection).await?;
                Ok(edge)
            }
            Receive::Nothing => Ok(false),
        }
    }

    /// Takes older blocks that are missing, not too many at once, and asks again for what could not be
    /// recomputed.
    pub(crate) async fn receive_older(&self, connection: &Connection) -> Result<Older, Broken> {
        let older = match self.chosen().receive {
            Receive::Everything => self.fill_gaps(connection).await?,
            // Nothing that was asked for is missing.
            Receive::Followed => Older::Complete,
            Receive::Nothing => return Ok(Older::Complete),
        };
        self.clear_up().await?;
        Ok(older)
    }

    /// What was named safe or final before may have been in a gap that is closed now.
    async fn fill_gaps(&self, connection: &Connection) -> Result<Older, Broken> {
        let before = self.with_store(|store| store.coverage()).await?;
        let complete = self.fill(connection).await?;
        let filled = self.with_store(|store| store.coverage()).await? != before;
        if complete && filled {
            self.settle(connection, Looked::AtNewest).await?;
            self.ask_witness(connection).await?;
        }
        Ok(match (complete, filled) {
            (true, _) => Older::Complete,
            (false, true) => Older::More,
            (false, false) => Older::NotNow,
        })
    }
}
