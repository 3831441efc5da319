//! The six stories: parties with a device each write what the story says, on a real node. Every
//! message reaches every party, octet by octet, with the right originator and reference.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use parley_testkit::{Anvil, Device};
use serde_json::Value;
use whiteflag::Message;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

struct Step {
    who: String,
    name: String,
    message: Value,
}

impl Step {
    /// The step that this one refers to.
    fn target(&self) -> Option<&str> {
        self.message["MessageHeader"]["ReferencedMessage"]
            .as_str()
            .unwrap()
            .strip_prefix('@')
    }

    fn referring_to(&self, target: &str) -> Value {
        let mut message = self.message.clone();
        message["MessageHeader"]["ReferencedMessage"] = Value::from(target);
        message
    }
}

fn steps(story: &str) -> Vec<Step> {
    let story: Value = serde_json::from_str(story).unwrap();
    let text = |step: &Value, key: &str| step[key].as_str().unwrap().to_owned();
    let steps = story["steps"].as_array().unwrap().iter();
    steps
        .map(|step| Step {
            who: text(step, "who"),
            name: text(step, "step"),
            message: step["message"].clone(),
        })
        .collect()
}

fn devices(steps: &[Step], node: &Anvil) -> BTreeMap<String, Device> {
    let names = steps.iter().map(|step| step.who.clone());
    names
        .map(|name| (name, Device::new(PROGRAM, &node.url())))
        .collect()
}

/// What is known of a message once it is on the chain.
struct Sent {
    hash: String,
    originator: String,
    message: Value,
}

/// Everyone writes in turn, with the node there.
fn told_in_turn(story: &str) {
    let node = Anvil::start();
    let steps = steps(story);
    let devices = devices(&steps, &node);
    let mut sent: BTreeMap<&str, Sent> = BTreeMap::new();
    for step in &steps {
        let device = &devices[&step.who];
        let message = match step.target() {
            Some(target) => step.referring_to(&sent[target].hash),
            None => step.message.clone(),
        };
        let id = device.send(&message);
        device.sync();
        let own = device.own(id);
        assert_eq!(own["state"], "in-block", "{own}");
        let hash = own["transactionHash"].as_str().unwrap().to_owned();
        sent.insert(
            &step.name,
            Sent {
                hash,
                originator: device.address(),
                message,
            },
        );
    }
    everyone_has(&devices, &sent);
}

/// The node is absent while everyone writes what refers to nothing or to an own message.
fn told_offline(story: &str) {
    let mut node = Anvil::absent();
    let steps = steps(story);
    let devices = devices(&steps, &node);
    let mut ids: BTreeMap<&str, (String, u64)> = BTreeMap::new();
    for step in &steps {
        let (message, reason) = match step.target() {
            None => (step.message.clone(), "No connection.".to_owned()),
            Some(target) => match ids.get(target) {
                Some((who, id)) if *who == step.who => (
                    step.referring_to(&format!("@{id}")),
                    format!("It refers to own message {id}, which has to leave first."),
                ),
                _ => continue,
            },
        };
        let id = devices[&step.who].send(&message);
        assert_eq!(devices[&step.who].own(id)["reason"], reason);
        ids.insert(&step.name, (step.who.clone(), id));
    }
    node.up();
    devices.values().for_each(Device::sync);
    let mut sent: BTreeMap<&str, Sent> = BTreeMap::new();
    for step in &steps {
        let Some((who, id)) = ids.get(step.name.as_str()) else {
            continue;
        };
        let own = devices[who].own(*id);
        assert_eq!(own["state"], "in-block", "{own}");
        let message = match step.target() {
            Some(target) => step.referring_to(&sent[target].hash),
            None => step.message.clone(),
        };
        let hash = own["transactionHash"].as_str().unwrap().to_owned();
        sent.insert(
            &step.name,
            Sent {
                hash,
                originator: devices[who].address(),
                message,
            },
        );
    }
    everyone_has(&devices, &sent);
}

fn everyone_has(devices: &BTreeMap<String, Device>, sent: &BTreeMap<&str, Sent>) {
    for (who, device) in devices {
        device.sync();
        let inbox = device.rows("inbox");
        assert_eq!(inbox.len(), sent.len(), "{who} has everything once");
        for (name, sent) in sent {
            let row = inbox
                .iter()
                .find(|row| row["transactionHash"] == sent.hash.as_str());
            let row = row.unwrap_or_else(|| panic!("{who} has not received {name}"));
            assert_eq!(row["originator"], sent.originator.as_str(), "{name}");
            assert_eq!(row["verification"], "block", "{name}");
            let octets = Message::from_value(&sent.message)
                .unwrap()
                .encode()
                .unwrap();
            let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(row["raw"], digits.as_str(), "{name}");
            let reference = &row["message"]["MessageHeader"]["ReferencedMessage"];
            assert_eq!(
                reference, &sent.message["MessageHeader"]["ReferencedMessage"],
                "{name}"
            );
        }
    }
}

macro_rules! story {
    ($name:ident, $file:literal) => {
        mod $name {
            const STORY: &str = include_str!(concat!("stories/", $file));

            #[test]
            fn everyone_receives_everything() {
                super::told_in_turn(STORY);
            }

            #[test]
            fn what_was_written_without_a_node_leaves_when_it_returns() {
                super::told_offline(STORY);
            }
        }
    };
}

story!(area_access, "1-area-access.json");
story!(protected_site, "2-protected-site.json");
story!(mine_field, "3-mine-field.json");
story!(proof_of_life, "4-proof-of-life.json");
story!(cease_fire, "5-cease-fire.json");
story!(surrender, "6-surrender.json");

#[test]
fn the_mine_field_stands_as_ended_with_its_parts_and_its_confirmation() {
    let node = Anvil::start();
    let steps = steps(include_str!("stories/3-mine-field.json"));
    let devices = devices(&steps, &node);
    let mut hashes: BTreeMap<&str, String> = BTreeMap::new();
    for step in &steps {
        let device = &devices[&step.who];
        let target = step.target().map(|target| hashes[target].clone());
        let message = target.map_or_else(|| step.message.clone(), |hash| step.referring_to(&hash));
        let id = device.send(&message);
        device.sync();
        hashes.insert(
            &step.name,
            device.own(id)["transactionHash"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    devices["un"].sync();
    let situation = devices["un"].rows("situation");
    assert_eq!(situation.len(), 1, "one field, whatever refers to it");
    assert_eq!(situation[0]["validity"], "discontinued");
    let indicators: Vec<&str> = situation[0]["references"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reference| reference["indicator"].as_str().unwrap())
        .collect();
    assert_eq!(indicators, ["3", "3", "6", "3", "4"]);
}
