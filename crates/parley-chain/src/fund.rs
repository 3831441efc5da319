//! Money for exercises: a development node holds accounts of its own and signs for them.

use alloy_primitives::{Address, U256};
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::failure::ReadFailure;
use crate::transport::{given, read};

/// Ten ether: tens of thousands of messages at a development node's prices.
const GIFT: u128 = 10 * 1_000_000_000_000_000_000;

impl Endpoint {
    /// Asks a development node to give the account something from its own first account.
    ///
    /// # Errors
    /// It is no development node, or gives no usable answer.
    pub async fn fund_from_development_account(&self, to: Address) -> Result<(), ReadFailure> {
        let accounts: Vec<Address> = read(self.transport.ask(("eth_accounts", json!([]))).await?)?;
        let from = accounts.first().ok_or(ReadFailure::Refused)?;
        let gift = json!([{ "from": from, "to": to, "value": U256::from(GIFT) }]);
        let answer = self.transport.ask(("eth_sendTransaction", gift)).await?;
        given(answer).map(drop)
    }
}
