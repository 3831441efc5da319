//! The list of own messages as a window reads it: page by page, each message with its state, and what
//! would go with one.

use parley_testkit::strict::Rules;
use parley_testkit::{free_text, reference};
use parley_wire::{OutboxPage, PageEnd, Reason, Section, State};

use crate::common::{Device, PLENTY, World};

async fn page(device: &Device, after: Option<PageEnd>, limit: u32) -> OutboxPage {
    device.parley.outbox_page(after, limit).await.unwrap()
}

fn ids(page: &OutboxPage) -> Vec<u64> {
    page.messages.iter().map(|own| own.id).collect()
}

#[tokio::test(start_paused = true)]
async fn pages_follow_one_another_and_say_how_much_there_is() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let sent = device.send(&free_text("sent")).await;
    device.sync().await;
    world.mine(1);
    device.sync().await;
    let kept = device.send(&free_text("kept")).await;
    let dropped = device.send(&free_text("dropped")).await;
    device.parley.delete(dropped, false).await.unwrap();

    let first = page(&device, None, 2).await;
    assert_eq!((ids(&first), first.total), (vec![kept, sent], 3));
    let states: Vec<State> = first.messages.iter().map(|own| own.state).collect();
    assert_eq!(states, [State::Queued, State::InBlock]);
    let end = first.end.unwrap();
    assert_eq!((end.section, end.id), (Section::Wanted, sent));
    let last = page(&device, first.end, 2).await;
    assert_eq!((ids(&last), last.end), (vec![dropped], None));
    assert_eq!(last.messages[0].reason, Reason::Withdrawn);
}

#[tokio::test(start_paused = true)]
async fn one_message_is_told_and_what_would_go_with_it_is_counted() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let whole = device.send(&free_text("whole")).await;
    let refers = |id: u64| reference(&free_text("more"), 3, &format!("@{id}"));
    let more = device.send(&refers(whole)).await;
    device.send(&refers(more)).await;
    let parley = &device.parley;
    assert_eq!(parley.dependents(whole).await.unwrap(), 2);
    assert_eq!(parley.dependents(more).await.unwrap(), 1);
    let own = parley.own_message(more).await.unwrap().unwrap();
    assert_eq!(own.reason, Reason::ForMessage { id: whole });
    assert_eq!(parley.own_message(99).await.unwrap(), None);
    parley.delete(whole, true).await.unwrap();
    assert_eq!(parley.dependents(whole).await.unwrap(), 0);
}
