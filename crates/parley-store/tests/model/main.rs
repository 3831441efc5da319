//! The outbox of a real file against a plain model of it, in random order: whatever people, the
//! sending loop and the chain do, the file refuses what the model refuses and tells what it tells,
//! also after it was closed and opened. `PARLEY_MODEL` says how many sequences of up to 60 steps.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compare;
mod device;
mod outbox;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use device::{Device, Template};

const USUAL: u32 = 100;
const MOST_STEPS: usize = 60;

/// Something that happens. Numbers choose among what there is.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Queue {
        count: u8,
        parent: Option<u8>,
        urgent: bool,
        undo: bool,
    },
    Replace(u8, Option<u8>, bool),
    Cancel(Vec<u8>),
    Hurry(u8),
    Stop(u8),
    Resume(u8),
    GiveUp(u8),
    Keep(u8),
    AskMore(u8),
    /// So many of what may be sealed next.
    Burst(u8),
    /// What was chosen earlier is sealed now, whatever was decided meanwhile.
    Stale,
    /// Another fee, or a first transaction out of turn.
    Raise(u8),
    Blank(u8),
    /// A block with up to so many transactions of the account; the bits say which are another device's.
    Block(u8, u8),
    Reorg(u8),
    Finalize(u8),
    Displace,
    RaiseNonce,
    Later,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let one = any::<u8>();
    let parent = || prop::option::weighted(0.4, any::<u8>());
    prop_oneof![
        6 => (1..4_u8, parent(), any::<bool>(), any::<bool>())
            .prop_map(|(count, parent, urgent, undo)| Step::Queue { count, parent, urgent, undo }),
        2 => (one, parent(), any::<bool>()).prop_map(|(id, parent, urgent)| Step::Replace(id, parent, urgent)),
        2 => prop::collection::vec(any::<u8>(), 1..4).prop_map(Step::Cancel),
        1 => any::<u8>().prop_map(Step::Hurry),
        1 => any::<u8>().prop_map(Step::Stop),
        1 => any::<u8>().prop_map(Step::Resume),
        3 => any::<u8>().prop_map(Step::GiveUp),
        1 => any::<u8>().prop_map(Step::Keep),
        1 => any::<u8>().prop_map(Step::AskMore),
        6 => (1..6_u8).prop_map(Step::Burst),
        1 => Just(Step::Stale),
        2 => any::<u8>().prop_map(Step::Raise),
        2 => any::<u8>().prop_map(Step::Blank),
        5 => (0..4_u8, any::<u8>(), any::<u8>()).prop_map(|(count, a, b)| Step::Block(count, a & b)),
        2 => (0..5_u8).prop_map(Step::Reorg),
        3 => (0..4_u8).prop_map(Step::Finalize),
        2 => Just(Step::Displace),
        1 => Just(Step::RaiseNonce),
        1 => Just(Step::Later),
        1 => Just(Step::Reopen),
    ]
}

#[test]
fn the_outbox_does_what_its_model_does() {
    let cases = std::env::var("PARLEY_MODEL").ok();
    let cases = cases.and_then(|cases| cases.parse().ok()).unwrap_or(USUAL);
    let template = Template::new();
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let steps = prop::collection::vec(step(), 1..=MOST_STEPS);
    let outcome = runner.run(&steps, |steps| {
        let mut device = Device::new(&template);
        for step in &steps {
            device.take(step)?;
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}
