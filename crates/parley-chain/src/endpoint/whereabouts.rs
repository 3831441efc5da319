//! Where an endpoint says that transactions are. To be in a block is believed only of a block that
//! was recomputed.

use alloy_primitives::{B256, U64};
use serde::Deserialize;
use serde_json::json;

use super::Endpoint;
use crate::failure::ReadFailure;
use crate::transport::{Question, read};

/// Where an endpoint says that a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// It does not know it.
    Unknown,
    /// It waits for a block.
    Pool,
    /// It is in a block.
    Block,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    block_number: Option<U64>,
}

impl Place {
    /// The height of its block.
    pub(super) fn height(&self) -> Option<u64> {
        self.block_number.map(|number| number.to())
    }
}

impl Endpoint {
    /// Where transactions are, in the order of the hashes.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn whereabouts(&self, hashes: &[B256]) -> Result<Vec<Whereabouts>, ReadFailure> {
        let questions: Vec<Question> = hashes.iter().map(whereabouts).collect();
        let answers = self.transport.ask_all(&questions).await?;
        answers
            .into_iter()
            .map(|answer| Ok(Whereabouts::from(read::<Option<Place>>(answer)?)))
            .collect()
    }
}

pub(super) fn whereabouts(hash: &B256) -> Question {
    ("eth_getTransactionByHash", json!([hash]))
}

impl From<Option<Place>> for Whereabouts {
    fn from(place: Option<Place>) -> Self {
        match place {
            None => Self::Unknown,
            Some(Place { block_number: None }) => Self::Pool,
            Some(Place {
                block_number: Some(_),
            }) => Self::Block,
        }
    }
}
