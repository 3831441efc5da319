//! The six stories: parties with a device each write what the story says, on a real node. Every
//! message reaches every party, octet by octet, with the right originator and reference, and everyone
//! is told the same in the end.

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
fn told_in_turn(story: &str) -> BTreeMap<String, Device> {
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
    devices
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

/// What a device says stands, as a person would tell it; but not what depends on the time of day.
fn told(device: &Device, names: &BTreeMap<String, &str>) -> Vec<String> {
    let who = |account: &Value| names[account.as_str().unwrap()];
    let tell = |signal: &Value| {
        let header = &signal["message"]["MessageHeader"];
        let subject = signal["message"]["MessageBody"]["SubjectCode"].as_str();
        let mut told = format!(
            "{}: {}{}",
            who(&signal["originator"]),
            header["MessageCode"].as_str().unwrap(),
            subject.unwrap_or_default()
        );
        if signal["validity"] == "discontinued" {
            told.push_str(" ended");
        }
        if signal["newest"] != signal["transactionHash"] {
            told.push_str(" changed");
        }
        for _ in signal["parts"].as_array().unwrap() {
            told.push_str(" +part");
        }
        for note in signal["notes"].as_array().unwrap() {
            told += &format!(" \"{}\"", note["text"].as_str().unwrap());
        }
        let opinions = [
            ("confirmedBy", "confirms"),
            ("acknowledgedBy", "acknowledges"),
            ("compliedBy", "complies"),
            ("rejectedBy", "rejects"),
        ];
        for (list, verb) in opinions {
            for account in signal["opinions"][list].as_array().unwrap() {
                told += &format!("; {} {verb}", who(account));
            }
        }
        told
    };
    device.rows("situation").iter().map(tell).collect()
}

fn everyone_tells(devices: &BTreeMap<String, Device>, wanted: &[&str]) {
    let names = devices.iter();
    let names = names
        .map(|(name, device)| (device.address(), name.as_str()))
        .collect();
    for (who, device) in devices {
        assert_eq!(told(device, &names), wanted, "told by {who}");
    }
}

macro_rules! story {
    ($name:ident, $file:literal, $told:expr) => {
        mod $name {
            const STORY: &str = include_str!(concat!("stories/", $file));

            #[test]
            fn everyone_receives_everything() {
                let devices = super::told_in_turn(STORY);
                super::everyone_tells(&devices, &$told);
            }

            #[test]
            fn what_was_written_without_a_node_leaves_when_it_returns() {
                super::told_offline(STORY);
            }
        }
    };
}

story!(
    area_access,
    "1-area-access.json",
    [
        "aid: A \"https://aid.example/whiteflag.json\"",
        "aid: Q20; party acknowledges; party rejects",
        "aid: P11 changed",
        "aid: M25",
    ]
);
story!(
    protected_site,
    "2-protected-site.json",
    [
        "hospital: P31; un confirms; party complies",
        "witness: D12",
        "witness: E11",
        "hospital: S23",
        "museum: P52",
    ]
);
story!(
    mine_field,
    "3-mine-field.json",
    ["local: D21 ended +part +part \"https://mines.example/field/3417\"; un confirms"]
);
story!(
    proof_of_life,
    "4-proof-of-life.json",
    ["journalist: S11", "journalist: S11", "journalist: S12"]
);
story!(
    cease_fire,
    "5-cease-fire.json",
    [
        "partyA: Q10 \"Evacuation of wounded by the north road; no vehicles south of the bridge.\"; \
      partyB complies; partyC rejects"
    ]
);
story!(
    surrender,
    "6-surrender.json",
    ["group: D14", "group: P03; attacker acknowledges"]
);
