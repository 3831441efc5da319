//! Telling lies: what is answered instead of what the node said. Which lie is told when is decided in
//! the script; how blocks are made to look genuine is in `forge` and `branch`.

mod edit;

use std::collections::HashMap;
use std::io;

use alloy_primitives::{hex, keccak256};
use serde_json::{Value, json};

use super::branch::{Branch, Edit, history_of};
use super::forge::{self, Stranger};
use super::lie::Lie;
use super::node::{Call, Node, Questions, Reply, large, number, quantity};
use edit::other_hash;

/// Of the 30 million of a block.
const ALL_GAS: u64 = 30_000_000;

/// The world as a liar tells it: the node, and what was invented so far.
pub(super) struct World {
    node: Node,
    seed: u64,
    branches: HashMap<Lie, Branch>,
    /// By how much the final block has gone back.
    back: u64,
}

impl World {
    pub(super) fn new(node: Node, seed: u64) -> Self {
        Self {
            node,
            seed,
            branches: HashMap::new(),
            back: 0,
        }
    }

    /// Answers a request with these lies, one list for each question.
    pub(super) fn answer(
        &mut self,
        questions: &Questions,
        lies: &[Vec<Lie>],
    ) -> io::Result<Vec<u8>> {
        let all = || questions.calls.iter().zip(lies);
        let made: Vec<Option<Reply>> = all()
            .map(|(call, lies)| lies.iter().find_map(|lie| unasked(*lie, call)))
            .collect();
        let asked: Vec<(&str, Value)> = (questions.calls.iter().zip(&made))
            .filter(|(_, made)| made.is_none())
            .map(|(call, _)| (call.method.as_str(), call.params.clone()))
            .collect();
        let mut said = self.node.ask_all(&asked)?.into_iter();
        let mut replies = Vec::with_capacity(made.len());
        for (made, (call, lies)) in made.into_iter().zip(all()) {
            let reply = made.or_else(|| said.next());
            let mut reply = reply.ok_or_else(|| io::Error::other("no answer"))?;
            for lie in lies {
                reply = self.told(*lie, call, reply)?;
            }
            replies.push(reply);
        }
        Ok(questions.answered(replies))
    }

    /// A refusal stays one: there is nothing in it to lie about.
    fn told(&mut self, lie: Lie, call: &Call, reply: Reply) -> io::Result<Reply> {
        match reply {
            Ok(honest) => self.instead(lie, call, honest).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn instead(&mut self, lie: Lie, call: &Call, honest: Value) -> io::Result<Value> {
        let count_is_final = call.params[1] == "finalized";
        Ok(match lie {
            Lie::StaleHead(by) => self.stale(call, honest, by)?,
            Lie::FutureHead(by) => shifted(&honest, |head| head.saturating_add(by)),
            Lie::NonceMinus(by) if !count_is_final => {
                shifted(&honest, |count| count.saturating_sub(by))
            }
            Lie::NoncePlus(by) if !count_is_final => {
                shifted(&honest, |count| count.saturating_add(by))
            }
            Lie::FinalNoncePlus(by) if count_is_final => {
                shifted(&honest, |count| count.saturating_add(by))
            }
            Lie::NonceMinus(_) | Lie::NoncePlus(_) | Lie::FinalNoncePlus(_) => honest,
            Lie::OmitAndRecount(from) => self.branch(lie, from, edit::omit, call, honest)?,
            Lie::ForgeWholeBranch(from) => {
                self.branch(lie, from, edit::only_invented, call, honest)?
            }
            Lie::AlterTimeConsistently(from) => {
                self.branch(lie, from, edit::later, call, honest)?
            }
            Lie::ForgeBlock(at) if number(&honest["number"]) == Some(at) => {
                self.block(call, honest, edit::only_invented, forge::seal)?
            }
            Lie::ForgeBlock(_) => honest,
            Lie::OmitWhiteflag => self.altered(call, honest, edit::omit)?,
            Lie::AlterCalldata => self.altered(call, honest, edit::other_content)?,
            Lie::AlterCalldataAndHash => {
                self.altered(call, honest, edit::other_content_and_hash)?
            }
            Lie::SwapSender => self.altered(call, honest, edit::other_sender)?,
            Lie::SwapHash => self.altered(call, honest, edit::other_hashes)?,
            Lie::InsertForged => self.altered(call, honest, edit::add_unsigned)?,
            Lie::InsertValidElsewhere => self.altered(call, honest, edit::add_signed)?,
            Lie::WrongNumber => self.altered(call, honest, edit::next_number)?,
            Lie::WrongParent => self.altered(call, honest, edit::other_parent)?,
            Lie::AlterTime => self.altered(call, honest, edit::later)?,
            Lie::DuplicateTransactions => self.altered(call, honest, edit::double)?,
            Lie::HashesOnly => self.altered(call, honest, edit::only_hashes)?,
            Lie::UnknownTypeEverywhere => self.altered(call, honest, edit::other_types)?,
            Lie::ReplayOldBlock => self.older(call, honest, 1)?,
            Lie::FakeFinalized => self.as_if(call, honest, "finalized", "latest")?,
            Lie::FakeSafe => self.as_if(call, honest, "safe", "latest")?,
            Lie::FinalizedGoesBack => self.going_back(call, honest)?,
            Lie::FinalizedOtherHash if call.params[0] == "finalized" => other_block(honest),
            Lie::FinalizedOtherHash => honest,
            Lie::GenesisSwap if number(&honest["number"]) == Some(0) => other_block(honest),
            Lie::GenesisSwap => honest,
            Lie::ChainIdSwap => shifted(&honest, |id| id.saturating_add(1)),
            Lie::FeesTimes1000 => priced(honest, 1_000),
            Lie::FeesZero => priced(honest, 0),
            Lie::BalanceZero => quantity(0_u64),
            Lie::BalanceHuge => quantity(u128::MAX),
            Lie::CodeNotEmpty => json!(format!("0xef0100{}", "11".repeat(20))),
            Lie::KnownButNot if honest.is_null() => self.pooled(call)?,
            Lie::KnownButNot => honest,
            Lie::MinedButNot if honest["blockNumber"].is_null() => self.mined(call, honest)?,
            Lie::MinedButNot => honest,
            Lie::UnknownAlways => Value::Null,
            Lie::AcceptWrongHash => other_hash(&honest),
            Lie::FalseHistoryContract if history_of(call).is_some() => other_hash(&honest),
            Lie::FalseHistoryContract => honest,
            Lie::NullBlocks if number(&honest["number"]) == Some(0) => honest,
            Lie::NullBlocks => Value::Null,
            Lie::EstimateHuge => quantity(ALL_GAS),
            // Nothing was asked, and what is told is told already.
            Lie::AcceptThenForget | Lie::RefuseAlways(_) => honest,
        })
    }

    fn stranger(&self) -> io::Result<Stranger> {
        let id = self.node.ask("eth_chainId", json!([]))?;
        let id = number(&id).ok_or_else(|| io::Error::other("a chain without an id"))?;
        Ok(Stranger::new(self.seed, id))
    }

    fn branch(
        &mut self,
        lie: Lie,
        from: u64,
        edit: Edit,
        call: &Call,
        honest: Value,
    ) -> io::Result<Value> {
        if !self.branches.contains_key(&lie) {
            let branch = Branch::new(from, edit, self.stranger()?);
            self.branches.insert(lie, branch);
        }
        match self.branches.get_mut(&lie) {
            Some(branch) => branch.told(&self.node, call, honest),
            None => Ok(honest),
        }
    }

    fn altered(&self, call: &Call, honest: Value, edit: Edit) -> io::Result<Value> {
        self.block(call, honest, edit, |_| ())
    }

    /// A block above the first, edited as a whole, and shown as full as it was asked for.
    fn block(
        &self,
        call: &Call,
        honest: Value,
        edit: Edit,
        seal: fn(&mut Value),
    ) -> io::Result<Value> {
        if number(&honest["number"]).is_none_or(|height| height == 0) {
            return Ok(honest);
        }
        let whole = call.params[1] == json!(true);
        let mut block = if whole {
            honest
        } else {
            let question = json!([honest["hash"], true]);
            self.node.ask("eth_getBlockByHash", question)?
        };
        edit(&mut block, &self.stranger()?);
        seal(&mut block);
        if !whole {
            forge::thin(&mut block);
        }
        Ok(block)
    }

    /// The head and the blocks of a node that fell behind.
    fn stale(&self, call: &Call, honest: Value, by: u64) -> io::Result<Value> {
        if call.method == "eth_blockNumber" {
            return Ok(shifted(&honest, |head| head.saturating_sub(by)));
        }
        let head = self.node.ask("eth_blockNumber", json!([]))?;
        let head = number(&head).unwrap_or_default().saturating_sub(by);
        match number(&honest["number"]) {
            Some(height) if height > head && is_tag(call) => self.at(call, head),
            Some(height) if height > head => Ok(Value::Null),
            Some(_) | None => Ok(honest),
        }
    }

    /// The block so much below the one that was asked for.
    fn older(&self, call: &Call, honest: Value, by: u64) -> io::Result<Value> {
        match number(&honest["number"]) {
            Some(height) if by > 0 => self.at(call, height.saturating_sub(by)),
            Some(_) | None => Ok(honest),
        }
    }

    /// Another block, as full as it was asked for.
    fn at(&self, call: &Call, height: u64) -> io::Result<Value> {
        let question = json!([quantity(height), call.params[1]]);
        self.node.ask("eth_getBlockByNumber", question)
    }

    /// The answer to the same question with another tag.
    fn as_if(&self, call: &Call, honest: Value, asked: &str, meant: &str) -> io::Result<Value> {
        let mut params = call.params.clone();
        let mut tags = params.as_array_mut().into_iter().flatten();
        match tags.find(|param| **param == asked) {
            Some(tag) => *tag = json!(meant),
            None => return Ok(honest),
        }
        self.node.ask(&call.method, params)
    }

    fn going_back(&mut self, call: &Call, honest: Value) -> io::Result<Value> {
        if call.params[0] != "finalized" {
            return Ok(honest);
        }
        let by = self.back;
        self.back += 1;
        self.older(call, honest, by)
    }

    /// A transaction with the hash that was asked for, waiting for a block.
    fn pooled(&self, call: &Call) -> io::Result<Value> {
        let mut transaction = self.stranger()?.message(0);
        transaction["hash"] = call.params[0].clone();
        Ok(transaction)
    }

    fn mined(&self, call: &Call, honest: Value) -> io::Result<Value> {
        let mut transaction = if honest.is_null() {
            self.pooled(call)?
        } else {
            honest
        };
        let head = self.node.block("latest")?;
        transaction["blockHash"] = head["hash"].clone();
        transaction["blockNumber"] = head["number"].clone();
        transaction["transactionIndex"] = quantity(0_u64);
        Ok(transaction)
    }
}

/// What is answered without asking the node.
fn unasked(lie: Lie, call: &Call) -> Option<Reply> {
    if let Lie::RefuseAlways(words) = lie {
        return Some(Err(json!({"code": -32_000, "message": words})));
    }
    let raw = hex::decode(call.text(0)).ok()?;
    (lie == Lie::AcceptThenForget).then(|| Ok(json!(keccak256(raw))))
}

/// A header that says something else where nothing is meant (`extraData`), with the hash of that.
fn other_block(mut block: Value) -> Value {
    if block.is_object() {
        block["extraData"] = json!("0x6c6965");
        forge::rehash(&mut block);
    }
    block
}

fn is_tag(call: &Call) -> bool {
    !call.text(0).starts_with("0x")
}

fn shifted(value: &Value, shift: impl FnOnce(u64) -> u64) -> Value {
    number(value).map_or_else(|| value.clone(), |number| quantity(shift(number)))
}

/// Multiplies every price for gas, single or in a history of them; blob gas is another market.
fn priced(mut value: Value, times: u128) -> Value {
    match &mut value {
        Value::String(_) => multiply(&mut value, times),
        Value::Object(history) => {
            for key in ["baseFeePerGas", "reward"] {
                history
                    .get_mut(key)
                    .into_iter()
                    .for_each(|one| multiply(one, times));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {}
    }
    value
}

fn multiply(value: &mut Value, times: u128) {
    if let Some(values) = value.as_array_mut() {
        values.iter_mut().for_each(|one| multiply(one, times));
    } else if let Some(price) = large(value) {
        *value = quantity(price.saturating_mul(times));
    }
}
