//! `eth_feeHistory` as geth answers it (eth/gasprice). It only looks.

use alloy_primitives::{U64, U128};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Strict;
use super::chain::Block;
use super::dialect::Said;
use super::methods::{Answer, invalid, param, tag};

/// Wei per gas that the node suggests as a tip.
pub(super) const TIP: u128 = 1_000_000;
/// Blocks of one answer, at most.
const MOST_BLOCKS: u64 = 1_024;

#[derive(Deserialize)]
#[serde(untagged)]
enum Count {
    Number(u64),
    Hex(U64),
}

impl Strict {
    pub(super) fn fee_history(&self, params: &[Value]) -> Answer {
        let count = match param(params, 0)? {
            Count::Number(count) => count,
            Count::Hex(count) => count.to(),
        };
        let newest = self.newest(tag(params, 1)?)?;
        let percentiles: Vec<f64> = param(params, 2).unwrap_or_default();
        if !percentiles.is_sorted() || percentiles.iter().any(|p| !(0.0..=100.0).contains(p)) {
            return Err(invalid("invalid reward percentile"));
        }
        let count = count.clamp(1, MOST_BLOCKS).min(newest + 1);
        let oldest = newest + 1 - count;
        let blocks: Vec<&Block> = (oldest..=newest).filter_map(|n| self.chain.at(n)).collect();
        Ok(history(
            oldest,
            &blocks,
            self.base_fee_after(newest),
            &percentiles,
        ))
    }

    fn newest(&self, tag: &str) -> Result<u64, Said> {
        let tag = if tag == "pending" { "latest" } else { tag };
        let head = self.chain.height();
        let newest = self.height(tag)?.unwrap_or(head);
        if newest > head {
            let message = format!("request beyond head block: requested {newest}, head {head}");
            return Err(Said::new(-32_000, message));
        }
        Ok(newest)
    }

    fn base_fee_after(&self, height: u64) -> u64 {
        let next = self.chain.at(height + 1);
        next.map_or_else(|| self.chain.next_base_fee(), Block::base_fee)
    }
}

fn history(oldest: u64, blocks: &[&Block], next: u64, percentiles: &[f64]) -> Value {
    let base_fees = blocks.iter().map(|block| block.base_fee()).chain([next]);
    let base_fees: Vec<U64> = base_fees.map(U64::from).collect();
    let mut shown = json!({
        "oldestBlock": U64::from(oldest),
        "baseFeePerGas": base_fees,
        "gasUsedRatio": blocks.iter().map(|block| fullness(block)).collect::<Vec<f64>>(),
        "baseFeePerBlobGas": vec![U64::from(1); blocks.len() + 1],
        "blobGasUsedRatio": vec![0; blocks.len()],
    });
    if !percentiles.is_empty() {
        let rewards = blocks.iter().map(|block| rewards(block, percentiles));
        shown["reward"] = json!(rewards.collect::<Vec<_>>());
    }
    shown
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn fullness(block: &Block) -> f64 {
    block.header.gas_used as f64 / block.header.gas_limit as f64
}

/// The tips of a block's transactions at these shares of its gas.
fn rewards(block: &Block, percentiles: &[f64]) -> Vec<U128> {
    let tips = block
        .transactions
        .iter()
        .map(|t| t.tip(block.base_fee()).unwrap_or_default());
    let mut paid: Vec<(u128, u64)> = tips.zip(block.gas.iter().copied()).collect();
    paid.sort_unstable();
    let reward = |percentile: &f64| U128::from(tip_at(&paid, block.header.gas_used, *percentile));
    percentiles.iter().map(reward).collect()
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "geth cuts the share off the same way"
)]
fn tip_at(paid: &[(u128, u64)], gas_used: u64, percentile: f64) -> u128 {
    let share = (gas_used as f64 * percentile / 100.0) as u64;
    let mut sum = 0;
    for (tip, gas) in paid {
        sum += gas;
        if sum >= share {
            return *tip;
        }
    }
    paid.last().map(|(tip, _)| *tip).unwrap_or_default()
}
