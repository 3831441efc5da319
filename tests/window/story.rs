//! Alice's window without a node, killed and opened again; Bob's device confirms what she wrote.

use std::time::Duration;

use parley_testkit::{Anvil, Device, reference};
use serde_json::Value;

use crate::desk::{choose_sign, device, keep_picture, kill, named, open, row_in, see_map};

/// A point of the map beside the panel.
const SPOT: (f64, f64) = (700.0, 480.0);
/// How long the connection and a block may take to return.
const RETURN: Duration = Duration::from_secs(30);

#[test]
fn a_mine_field_written_without_a_node_reaches_everyone_and_is_confirmed() {
    let mut node = Anvil::absent();
    let alice = device(&node.url());
    let mut window = open(&alice);
    see_map(&mut window);
    window
        .see("[data-testid=status][data-online=false]")
        .unwrap();

    // She holds the pointer on the map, and says what is there and how large it is.
    window
        .hold_at(SPOT.0, SPOT.1, Duration::from_secs(1))
        .unwrap();
    choose_sign(&window, "mine", "D21");
    window.type_into(&named("dim1"), "750").unwrap();
    keep_picture(&window, "1-compose");
    window.click(&named("review")).unwrap();
    window.see(&named("confirm")).unwrap();
    keep_picture(&window, "2-review");
    window.click(&named("confirm")).unwrap();
    is_queued_without_connection(&window);
    keep_picture(&window, "3-queued");

    kill(&alice, window);
    let mut window = open(&alice);
    see_map(&mut window);
    assert_eq!(window.text(&named("outbox-badge")).unwrap(), "1");
    window.click(&named("open-outbox")).unwrap();
    is_queued_without_connection(&window);
    keep_picture(&window, "4-after-the-kill");

    node.up();
    window.set_patience(RETURN);
    window.see(&row_in("in-block")).unwrap();
    window.see_gone(&named("outbox-badge")).unwrap();
    window
        .see("[data-testid=status][data-online=true]")
        .unwrap();
    keep_picture(&window, "5-in-a-block");

    let bob = device(&node.url());
    bob.sync();
    let received = bob.rows("inbox");
    assert_eq!(received.len(), 1, "once");
    is_what_alice_wrote(&received[0], &alice);
    let hash = received[0]["transactionHash"].as_str().unwrap();
    let _ = bob.send(&reference(&received[0]["message"], 6, hash));
    bob.sync();

    window.click(&named("open-list")).unwrap();
    let signal = format!("[data-testid=list-row][data-hash=\"{hash}\"]");
    assert_eq!(window.count(&named("list-row")).unwrap(), 1, "one signal");
    window.click(&signal).unwrap();
    window
        .see("[data-testid=confirmations][data-count=\"1\"]")
        .unwrap();
    assert_eq!(
        window.attribute(&named("detail"), "data-hash").unwrap(),
        hash,
        "the same signal"
    );
    keep_picture(&window, "6-confirmed");
}

fn is_queued_without_connection(window: &parley_testkit::Window) {
    window.see(&row_in("queued")).unwrap();
    assert_eq!(window.count(&named("outbox-row")).unwrap(), 1);
    let reason = window.text(&named("reason")).unwrap();
    assert!(reason.contains("No connection"), "{reason}");
}

fn is_what_alice_wrote(row: &Value, alice: &Device) {
    assert_eq!(row["originator"], alice.address().as_str());
    assert_eq!(row["verification"], "block");
    let body = &row["message"]["MessageBody"];
    assert_eq!(body["SubjectCode"], "21");
    assert_eq!(body["ObjectSizeDim1"], "0750");
    let own = &alice.rows("outbox")[0];
    assert_eq!(own["message"], row["message"]);
    assert_eq!(own["transactionHash"], row["transactionHash"]);
}
