//! A second opinion on one block: its hash, by the contract that keeps recent ones in the chain's
//! state (EIP-2935) or by its header.

use alloy_primitives::{Address, B256, Bytes, U256, address};
use serde_json::json;

use super::Endpoint;
use crate::failure::ReadFailure;
use crate::transport::read_if_given;

/// The history contract (EIP-2935). It holds the hashes of the 8,191 blocks before the newest.
const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

impl Endpoint {
    /// The hash that the endpoint names for a height: by the history contract in its newest state,
    /// about 100 octets, else by the header of that height, recomputed. `None` above its newest.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn witness(&self, number: u64) -> Result<Option<B256>, ReadFailure> {
        match self.kept_hash(number).await? {
            Some(hash) => Ok(Some(hash)),
            None => Ok(self.header(number).await?.map(|header| header.hash)),
        }
    }

    async fn kept_hash(&self, number: u64) -> Result<Option<B256>, ReadFailure> {
        let data: B256 = U256::from(number).into();
        let call = json!([{ "to": HISTORY, "data": data }, "latest"]);
        let question = ("eth_call", call);
        let answer = self.transport.ask(question).await?;
        let kept = read_if_given::<Bytes>(answer)?.unwrap_or_default();
        // Without the contract a call answers nothing, and a height that it does not have, zero.
        let hash = B256::try_from(kept.as_ref()).ok();
        Ok(hash.filter(|hash| !hash.is_zero()))
    }
}
