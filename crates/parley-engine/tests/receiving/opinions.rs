//! Second opinions: for every message that is shown, wherever it came from, and once in a while for
//! the branch itself.

use parley_testkit::strict::{Reinclude, Rules};

use crate::runtime;
use crate::world::{World, soon_final, unknown_type_from, unreadable_at, witnessed};

#[test]
fn a_second_opinion_is_asked_for_in_each_session() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let note = world.write(0, "read long ago");
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [witnessed(note)]);
        assert!(!device.is_disputed().await);

        let device = device.restarted(&world);
        world.part(0);
        let _ = world.write(1, "left out by the other one");
        world.each_mines(3);
        device.run(60).await;
        assert!(device.is_disputed().await, "nobody was asked");
    });
}

#[test]
fn who_begins_to_leave_out_messages_later_is_found_out_before_long() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        let first = world.write(0, "told by all");
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [witnessed(first)]);

        world.part(0);
        world.part(1);
        let second = world.write(1, "left out by one");
        world.part(2);
        let copy = world.chain(1, |chain| chain.clone());
        world.chain(2, |chain| *chain = copy);
        world.chain(0, |chain| chain.mine());
        for _ in 0..60 {
            world.each_mines(1);
            device.run(12).await;
        }
        let shown = device.shown().await;
        let shown: Vec<_> = shown.into_iter().map(|(hash, _)| hash).collect();
        assert_eq!(shown, [first, second]);
        assert_eq!(device.lie_of(0).await.as_deref(), Some("outvoted"));
    });
}

#[test]
fn what_was_witnessed_stays_so_when_its_block_is_final_long_since() {
    runtime().block_on(async {
        let world = World::of(soon_final(), 2);
        let note = world.write(0, "of old");
        world.chain(0, |chain| chain.mine_n(3));
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [witnessed(note)]);
        world.up(1, false);
        for _ in 0..4 {
            world.chain(0, |chain| chain.mine_n(40));
            device.run(60).await;
        }
        assert_eq!(device.shown().await, [witnessed(note)]);
        let device = device.restarted(&world);
        assert_eq!(device.shown().await, [witnessed(note)]);
    });
}

#[test]
fn below_a_block_that_nobody_can_read_messages_get_opinions_of_their_own() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let low = world.write(0, "below");
        world.chain(0, |chain| chain.mine_n(3));
        let device = world.device();
        world.up(1, false);
        device.receive().await;
        let hopeless = world.chain(0, |chain| chain.mine());
        world.habits(Some(unknown_type_from(hopeless)));
        device.receive().await;
        world.habits(Some(unreadable_at(hopeless)));
        world.up(1, true);
        let high = world.write(0, "above");
        device.run(600).await;
        assert_eq!(device.shown().await, [witnessed(low), witnessed(high)]);
    });
}

#[test]
fn a_message_that_another_branch_took_over_is_witnessed_there_again() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let note = world.write(0, "moved");
        world.chain(0, |chain| chain.mine_n(2));
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [witnessed(note)]);
        world.chain(0, |chain| chain.reorg(3, Reinclude::All));
        world.chain(0, |chain| chain.mine());
        device.run(60).await;
        assert_eq!(device.shown().await, [witnessed(note)]);
    });
}

#[test]
fn messages_that_came_late_are_witnessed_before_and_after_a_restart() {
    runtime().block_on(async {
        let world = World::of(soon_final(), 2);
        let mut notes = Vec::new();
        for number in 0..3 {
            notes.push(witnessed(world.write(0, &format!("number {number}"))));
            world.chain(0, |chain| chain.mine_n(90));
        }
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, notes);
        let device = device.restarted(&world);
        assert_eq!(device.shown().await, notes);
        // Away for long: a gap opens and is filled from above.
        world.chain(0, |chain| chain.mine_n(90));
        notes.push(witnessed(world.write(0, "while away")));
        world.chain(0, |chain| chain.mine_n(90));
        device.receive().await;
        assert_eq!(device.shown().await, notes);
    });
}
