//! A chain that nobody has and that is whole in itself: the node's own up to a height, then an edited
//! one, each block following the edited one before. It depends on the node's chain, the edit and the
//! seed alone, so that two proxies invent the same.

use std::io;

use serde_json::{Value, json};

use super::forge::{self, Stranger};
use super::node::{Call, Node, number};

/// How many blocks are asked for at once.
const AT_ONCE: u64 = 64;
/// The history contract (EIP-2935): called with a height, it gives the hash of the block there.
pub(super) const HISTORY: &str = "0x0000f90827f1c53a10cb7a02335b175320002935";

/// What is done to the content of a block. Roots and hashes are seen to afterwards.
pub(super) type Edit = fn(&mut Value, &Stranger);

/// The invented chain, as far as it was asked for.
pub(super) struct Branch {
    from: u64,
    edit: Edit,
    stranger: Stranger,
    /// The hash that the node has and the one that is told, for each height from `from` on.
    links: Vec<(Value, Value)>,
}

impl Branch {
    pub(super) fn new(from: u64, edit: Edit, stranger: Stranger) -> Self {
        Self {
            // Block 0 is known to everybody.
            from: from.max(1),
            edit,
            stranger,
            links: Vec::new(),
        }
    }

    /// What is told instead of an honest answer.
    pub(super) fn told(&mut self, node: &Node, call: &Call, honest: Value) -> io::Result<Value> {
        match call.method.as_str() {
            "eth_getBlockByNumber" if !honest.is_null() => {
                self.shown(node, call, number(&honest["number"]))
            }
            "eth_getBlockByHash" => self.by_hash(node, call, honest),
            "eth_getTransactionByHash" | "eth_getTransactionReceipt" => self.inside(node, honest),
            "eth_call" => match history_of(call) {
                Some(height) => Ok(self.block(node, height)?["hash"].take()),
                None => Ok(honest),
            },
            _ => Ok(honest),
        }
    }

    fn shown(&mut self, node: &Node, call: &Call, height: Option<u64>) -> io::Result<Value> {
        let height = height.ok_or_else(|| io::Error::other("a block without a height"))?;
        let mut block = self.block(node, height)?;
        if call.params[1] != json!(true) {
            forge::thin(&mut block);
        }
        Ok(block)
    }

    /// An invented block by the hash that was told; a true one that is not on the branch is unknown.
    fn by_hash(&mut self, node: &Node, call: &Call, honest: Value) -> io::Result<Value> {
        let asked = &call.params[0];
        let told = self.links.iter().position(|(_, told)| told == asked);
        if let Some(index) = told {
            return self.shown(node, call, Some(self.from + index as u64));
        }
        let height = number(&honest["number"]).unwrap_or_default();
        Ok(if height < self.from {
            honest
        } else {
            Value::Null
        })
    }

    /// A transaction or a receipt, if the branch has the transaction.
    fn inside(&mut self, node: &Node, mut honest: Value) -> io::Result<Value> {
        let Some(height) = number(&honest["blockNumber"]).filter(|height| *height >= self.from)
        else {
            return Ok(honest);
        };
        let hash = honest.get("transactionHash").unwrap_or(&honest["hash"]);
        let mut block = self.block(node, height)?;
        let found = forge::transactions(&mut block)
            .iter()
            .find(|one| one["hash"] == *hash);
        let Some(found) = found else {
            return Ok(Value::Null);
        };
        for key in ["blockHash", "transactionIndex", "blockTimestamp"] {
            if let (Some(said), Some(told)) = (honest.get_mut(key), found.get(key)) {
                *said = told.clone();
            }
        }
        Ok(honest)
    }

    /// The whole block at a height that the node has.
    fn block(&mut self, node: &Node, height: u64) -> io::Result<Value> {
        let mut block = node.block(format!("{height:#x}"))?;
        if height < self.from {
            return Ok(block);
        }
        let index = usize::try_from(height - self.from).map_err(io::Error::other)?;
        let held = self.links.get(index);
        if held.is_none_or(|(honest, _)| *honest != block["hash"]) {
            // The node's chain was replaced, or nobody has asked so far up.
            self.links.truncate(index);
            self.reach(node, height)?;
        }
        self.edit(&mut block, index)?;
        Ok(block)
    }

    /// Follows the node's chain up to a height. Where it was replaced it goes back first.
    fn reach(&mut self, node: &Node, height: u64) -> io::Result<()> {
        loop {
            let next = self.from + self.links.len() as u64;
            if next > height {
                return Ok(());
            }
            let until = height.min(next + AT_ONCE - 1);
            let questions: Vec<_> = (next..=until)
                .map(|at| ("eth_getBlockByNumber", json!([format!("{at:#x}"), true])))
                .collect();
            for reply in node.ask_all(&questions)? {
                let mut block = reply.map_err(|error| io::Error::other(error.to_string()))?;
                let follows = self.links.last().map(|(honest, _)| honest);
                if follows.is_some_and(|honest| *honest != block["parentHash"]) {
                    self.links.pop();
                    break;
                }
                let honest = block["hash"].clone();
                self.edit(&mut block, self.links.len())?;
                self.links.push((honest, block["hash"].take()));
            }
        }
    }

    /// Makes the block with this index out of the node's.
    fn edit(&self, block: &mut Value, index: usize) -> io::Result<()> {
        let honest = block.clone();
        (self.edit)(block, &self.stranger);
        if let Some(before) = index.checked_sub(1) {
            let before = self.links.get(before);
            let (_, told) = before.ok_or_else(|| io::Error::other("a block without a parent"))?;
            block["parentHash"] = told.clone();
        }
        if *block != honest {
            forge::seal(block);
        }
        Ok(())
    }
}

/// The height whose hash the history contract is asked for.
pub(super) fn history_of(call: &Call) -> Option<u64> {
    let question = &call.params[0];
    let to = question["to"].as_str()?;
    let data = question.get("data").or_else(|| question.get("input"))?;
    to.eq_ignore_ascii_case(HISTORY).then(|| number(data))?
}
