//! What only a development node does: it gives money for exercises away, because it holds accounts of
//! its own and signs for them, and it lets go of what it holds of others.

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

    /// Asks a development node (anvil) to let go of every transaction of the account that it holds and
    /// that is in no block. They can be offered again.
    ///
    /// # Errors
    /// It is no such node, or gives no usable answer.
    pub async fn let_go_on_development_node(&self, of: Address) -> Result<(), ReadFailure> {
        let question = ("anvil_removePoolTransactions", json!([of]));
        given(self.transport.ask(question).await?).map(drop)
    }
}
