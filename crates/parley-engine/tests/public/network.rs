//! A node that speaks for a public network: the blocks that make a network the one it is are told as
//! those of the real one, or otherwise.

use alloy_consensus::Header;
use alloy_primitives::{B256, U64};
use parley_core::network::{Preset, preset};
use parley_testkit::free_text;
use parley_testkit::strict::{Fork, Rules};
use serde_json::{Value, json};

use crate::common::World;

/// Seconds.
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// A node of a network, and so many days of blocks.
pub(crate) fn world(network: &str, days: u64) -> World {
    let preset = preset(network).unwrap();
    let world = World::new(Rules {
        chain_id: preset.chain_id,
        fork: Fork::Osaka,
        block_time: preset.block_seconds,
        ..Rules::default()
    });
    tell(&world, preset, preset.genesis.unwrap(), Value::Null);
    let blocks = days * DAY / preset.block_seconds + 10;
    world.mine(blocks);
    world.catch_up();
    world
}

/// The same, with another first block.
pub(crate) fn world_with_another_first_block(network: &str) -> World {
    let world = world(network, 1);
    let other = B256::repeat_byte(7);
    tell(&world, preset(network).unwrap(), other, Value::Null);
    world
}

/// The same, with a header at the checkpoint that is genuine in itself and not the network's.
pub(crate) fn world_with_another_checkpoint(network: &str) -> World {
    let world = world(network, 1);
    let preset = preset(network).unwrap();
    let (number, _) = preset.checkpoint.unwrap();
    let header = Header {
        number,
        ..Header::default()
    };
    let mut told = serde_json::to_value(&header).unwrap();
    told["hash"] = json!(header.hash_slow());
    tell(&world, preset, preset.genesis.unwrap(), told);
    world
}

/// From now on this is what block 0 is called, and what lies at the checkpoint.
fn tell(world: &World, preset: &'static Preset, first: B256, checkpoint: Value) {
    world.retell(move |asked, told| {
        if asked["method"] != "eth_getBlockByNumber" {
            return;
        }
        let height = serde_json::from_value::<U64>(asked["params"][0].clone());
        let height = height.ok().map(|height| height.to::<u64>());
        if height == Some(0) {
            told["result"]["hash"] = json!(first);
        }
        if height.is_some() && height == preset.checkpoint.map(|(number, _)| number) {
            told["result"] = checkpoint.clone();
        }
    });
}

/// A stranger's free text in a block of its own; its hash.
pub(crate) fn write_note(world: &World, text: &str) -> String {
    let note = whiteflag::Message::from_json(&free_text(text).to_string()).unwrap();
    let hash = world.node().write_as(1, &note.plaintext());
    world.mine(1);
    hash.to_string().trim_start_matches("0x").to_owned()
}
