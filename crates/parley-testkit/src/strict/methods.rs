//! The methods of the node's JSON-RPC (execution API). Each answers from the chain and the pool as
//! they are; only `eth_sendRawTransaction` changes something.

use std::sync::Arc;

use alloy_eips::eip2930::AccessList;
use alloy_eips::eip2935::{HISTORY_SERVE_WINDOW, HISTORY_STORAGE_ADDRESS, HISTORY_STORAGE_CODE};
use alloy_primitives::{Address, B256, Bytes, U64, U256};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Strict;
use super::admission::at_the_door;
use super::chain::Block;
use super::dialect::{Dialect, Said};
use super::gas::{Call, needs};
use super::offered::Offered;
use super::refusal::Refusal;
use super::{fees, shape};

/// `TIMESTAMP`, `PUSH1 0`, `MSTORE`, `PUSH1 32`, `PUSH1 0`, `RETURN`.
const TELL_TIME: [u8; 9] = [0x42, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3];

/// What is sent or called; only what matters where no code runs.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Request {
    from: Address,
    to: Option<Address>,
    value: U256,
    input: Bytes,
    data: Bytes,
}

impl Request {
    fn octets(&self) -> &Bytes {
        if self.input.is_empty() {
            &self.data
        } else {
            &self.input
        }
    }
}

pub(super) type Answer = Result<Value, Said>;

impl Strict {
    /// One call.
    pub(super) fn call(&mut self, method: &str, params: &[Value]) -> Answer {
        match method {
            "web3_clientVersion" => Ok(json!(self.chain.rules.dialect.version())),
            "net_version" => Ok(json!(self.chain.rules.chain_id.to_string())),
            "eth_chainId" => Ok(json!(U64::from(self.chain.rules.chain_id))),
            "eth_blockNumber" => Ok(json!(U64::from(self.chain.height()))),
            "eth_syncing" => Ok(json!(false)),
            "eth_accounts" => Ok(json!([])),
            "eth_gasPrice" => Ok(json!(U256::from(self.suggested_price()))),
            "eth_maxPriorityFeePerGas" => Ok(json!(U256::from(fees::TIP))),
            "eth_feeHistory" => self.fee_history(params),
            "eth_getBlockByNumber" => self.block_by_number(params),
            "eth_getBlockByHash" => self.block_by_hash(params),
            "eth_getTransactionByHash" => self.transaction(param(params, 0)?),
            "eth_getTransactionReceipt" => self.receipt(param(params, 0)?),
            "eth_getTransactionCount" => self.count(params),
            "eth_getBalance" => self.balance(params),
            "eth_getCode" => Ok(json!(self.code(param(params, 0)?))),
            "eth_estimateGas" => self.estimate(&param(params, 0)?),
            "eth_call" => self.play(&param(params, 0)?, params),
            "eth_sendRawTransaction" => self.send(&param::<Bytes>(params, 0)?),
            "anvil_removePoolTransactions" if self.chain.rules.dialect == Dialect::Anvil => {
                self.pool.let_go(param(params, 0)?);
                Ok(Value::Null)
            }
            _ => {
                let message = format!("the method {method} does not exist/is not available");
                Err(Said::new(-32_601, message))
            }
        }
    }

    /// Takes a transaction, or refuses it as the client would.
    fn send(&mut self, raw: &[u8]) -> Answer {
        let dialect = self.chain.rules.dialect;
        self.arrivals += 1;
        let said = |refusal| dialect.say(refusal);
        let offered = Offered::decode(raw, self.arrivals).map_err(said)?;
        let hash = offered.hash;
        match self.admit(offered) {
            Ok(()) => Ok(json!(hash)),
            Err(refusal) if dialect.calls_taken(refusal) => Ok(json!(hash)),
            Err(refusal) => Err(said(refusal)),
        }
    }

    fn admit(&mut self, offered: Offered) -> Result<(), Refusal> {
        at_the_door(&offered)?;
        self.pool.admit(Arc::new(offered), &self.chain, self.now)
    }

    fn suggested_price(&self) -> u128 {
        u128::from(self.chain.next_base_fee()) + fees::TIP
    }

    fn block_by_number(&self, params: &[Value]) -> Answer {
        let whole = param(params, 1).unwrap_or_default();
        let Some(height) = self.height(tag(params, 0)?)? else {
            return Ok(Value::Null);
        };
        let block = self.chain.at(height);
        Ok(block.map_or(Value::Null, |block| shape::block(block, whole)))
    }

    fn block_by_hash(&self, params: &[Value]) -> Answer {
        let whole = param(params, 1).unwrap_or_default();
        let block = self.chain.by_hash(param(params, 0)?);
        Ok(block.map_or(Value::Null, |block| shape::block(block, whole)))
    }

    fn transaction(&self, hash: B256) -> Answer {
        if let Some((block, index)) = self.chain.place(hash) {
            return Ok(shape::mined(block, index));
        }
        let waiting = self.pool.by_hash(hash);
        Ok(waiting.map_or(Value::Null, |transaction| shape::waiting(transaction)))
    }

    fn receipt(&self, hash: B256) -> Answer {
        let place = self.chain.place(hash);
        Ok(place.map_or(Value::Null, |(block, index)| shape::receipt(block, index)))
    }

    fn count(&self, params: &[Value]) -> Answer {
        let address: Address = param(params, 0)?;
        let tag = tag(params, 1)?;
        if tag == "pending" {
            let next = self.chain.accounts.now(address).nonce;
            return Ok(json!(U64::from(self.pool.next_nonce(address, next))));
        }
        let height = self.state(tag)?.header.number;
        Ok(json!(U64::from(
            self.chain.accounts.at(address, height).nonce
        )))
    }

    fn balance(&self, params: &[Value]) -> Answer {
        let address: Address = param(params, 0)?;
        let height = self.state(tag(params, 1)?)?.header.number;
        Ok(json!(self.chain.accounts.at(address, height).balance))
    }

    fn code(&self, address: Address) -> Bytes {
        if address == HISTORY_STORAGE_ADDRESS {
            return HISTORY_STORAGE_CODE.clone();
        }
        self.chain.code(address)
    }

    /// The least gas that works, exactly.
    fn estimate(&self, request: &Request) -> Answer {
        let call = Call {
            from: request.from,
            to: request
                .to
                .ok_or_else(|| self.chain.rules.dialect.say(Refusal::Creation))?,
            value: request.value,
            input: request.octets(),
            access: &AccessList::default(),
        };
        Ok(json!(U64::from(
            needs(self.chain.is_amsterdam(), call).least()
        )))
    }

    /// Plays the history contract of EIP-2935, and the program that returns the block's time; every
    /// other account answers nothing.
    fn play(&self, request: &Request, params: &[Value]) -> Answer {
        let block = self.state(tag(params, 1)?)?;
        if request.to.is_none() && request.octets().as_ref() == TELL_TIME {
            return Ok(json!(B256::from(U256::from(block.header.timestamp))));
        }
        if request.to != Some(HISTORY_STORAGE_ADDRESS) {
            return Ok(json!("0x"));
        }
        let found = self.past_hash(block.header.number, request.octets());
        found
            .map(|hash| json!(hash))
            .ok_or_else(|| Said::new(3, "execution reverted"))
    }

    /// The hash of a block below `height` that the history contract still serves.
    fn past_hash(&self, height: u64, asked: &Bytes) -> Option<B256> {
        let asked = B256::try_from(asked.as_ref()).ok()?;
        let asked = u64::try_from(U256::from_be_bytes(asked.0)).ok()?;
        let age = height.checked_sub(asked).filter(|age| *age > 0)?;
        let served = age <= HISTORY_SERVE_WINDOW as u64;
        self.chain
            .at(asked)
            .filter(|_| served)
            .map(|block| block.hash)
    }

    /// The block whose state is asked for.
    fn state(&self, tag: &str) -> Result<&Block, Said> {
        let tag = if tag == "pending" { "latest" } else { tag };
        let height = self.height(tag)?;
        let block = height.and_then(|height| self.chain.at(height));
        block.ok_or_else(|| Said::new(-32_000, "header not found"))
    }

    /// The height that a tag or number means; `None` where the client answers null.
    pub(super) fn height(&self, tag: &str) -> Result<Option<u64>, Said> {
        let tagged = match tag {
            "earliest" => return Ok(Some(0)),
            "latest" => return Ok(Some(self.chain.height())),
            "pending" => return Err(Said::new(-32_000, "pending block is not available")),
            "safe" => self.safe(),
            "finalized" => self.finalized(),
            number => return read_number(number).map(Some),
        };
        match (tagged, self.chain.rules.dialect.no_tagged_block(tag)) {
            (Some(height), _) => Ok(Some(height)),
            (None, Some(said)) => Err(said),
            (None, None) => Ok(None),
        }
    }
}

fn read_number(text: &str) -> Result<u64, Said> {
    let digits = text.strip_prefix("0x").unwrap_or("no number");
    u64::from_str_radix(digits, 16).map_err(|_| invalid("hex string without 0x prefix"))
}

/// A parameter of a call.
pub(super) fn param<T: for<'a> Deserialize<'a>>(params: &[Value], at: usize) -> Result<T, Said> {
    let Some(value) = params.get(at) else {
        return Err(invalid(&format!(
            "missing value for required argument {at}"
        )));
    };
    serde_json::from_value(value.clone())
        .map_err(|error| invalid(&format!("invalid argument {at}: {error}")))
}

/// A block tag or number; the newest block where there is none.
pub(super) fn tag(params: &[Value], at: usize) -> Result<&str, Said> {
    match params.get(at) {
        None | Some(Value::Null) => Ok("latest"),
        Some(value) => value
            .as_str()
            .ok_or_else(|| invalid(&format!("invalid argument {at}"))),
    }
}

pub(super) fn invalid(message: &str) -> Said {
    Said::new(-32_602, message)
}
