//! What is remembered of endpoints, and who is asked first.

use super::*;
use proptest::prelude::*;

const LOCAL: Backoff = Backoff::LOCAL;

fn after(events: &[Event]) -> Health {
    let mut health = Health::default();
    for event in events {
        health.on(*event, 1_000, u64::MAX, &LOCAL);
    }
    health
}

fn answered(latency_ms: u32) -> Event {
    Event::Answered { latency_ms }
}

const FAILED: Event = Event::Failed {
    retry_after_ms: None,
};

fn ordered(healths: &[Health], now_ms: u64, head: Option<u64>) -> Vec<usize> {
    let all: Vec<_> = healths.iter().enumerate().collect();
    order(&all, now_ms, head)
}

#[test]
fn every_lie_survives_being_stored() {
    for lie in Lie::ALL {
        assert_eq!(Lie::from_word(lie.word()), Some(lie));
    }
    assert_eq!(Lie::from_word("nothing"), None);
}

#[test]
fn averages_follow_the_newest_observation_by_a_quarter() {
    let health = after(&[answered(100), answered(500)]);
    assert_eq!(health.latency_ms(), Some(200));
    let failing = after(&[FAILED, FAILED, FAILED]);
    assert!(failing.success < 0.5 && failing.failures() == 3);
    let back = after(&[FAILED, FAILED, FAILED, answered(1)]);
    assert!(back.success > 0.5 && back.failures() == 0);
}

#[test]
fn a_failure_makes_it_wait_and_a_new_network_ends_the_wait_only() {
    let mut health = after(&[Event::Failed {
        retry_after_ms: Some(5_000),
    }]);
    assert!(!health.is_usable(5_999) && health.is_usable(6_000));
    health.on(Event::NetworkChanged, 2_000, 0, &LOCAL);
    assert!(health.is_usable(2_000));
    assert_eq!(health.failures(), 1, "the next failure waits longer still");
}

#[test]
fn over_a_link_that_is_up_for_moments_it_is_asked_again_at_once() {
    let mut health = Health::default();
    let cut = |health: &mut Health, now_ms| {
        health.on(Event::Cut, now_ms, u64::MAX, &LOCAL);
        health.due_ms() - now_ms
    };
    assert!(cut(&mut health, 100) > 0, "no sign of it so far");
    for sign in [answered(5), Event::NetworkChanged] {
        health.on(sign, 1_000, 0, &LOCAL);
        assert_eq!(cut(&mut health, 2_000), 0);
        assert_eq!(cut(&mut health, 4_000), 0);
        assert!(cut(&mut health, 4_001) > 0, "it is down again");
    }
    health.on(answered(5), 9_000, 0, &LOCAL);
    let pauses = (0..13).map(|_| cut(&mut health, 9_100));
    assert_eq!(pauses.filter(|pause| *pause > 0).count(), 1, "not for ever");
}

#[test]
fn the_first_lie_is_remembered_until_a_person_pardons() {
    let mut health = after(&[Event::Lied(Lie::FalseHeader), Event::Lied(Lie::Outvoted)]);
    health.on(answered(1), 1_000, 0, &LOCAL);
    health.on(Event::NetworkChanged, 1_000, 0, &LOCAL);
    assert_eq!(health.demoted(), Some(Lie::FalseHeader));
    health.on(Event::Pardoned, 1_000, 0, &LOCAL);
    assert_eq!(health, Health::default());
}

#[test]
fn the_order_of_the_person_counts_among_good_ones() {
    let healths = [
        after(&[answered(900), Event::Head(98)]),
        after(&[answered(20), Event::Head(101)]),
        after(&[]),
    ];
    assert_eq!(ordered(&healths, 0, Some(101)), [0, 1, 2]);
}

#[test]
fn what_is_clearly_better_goes_first() {
    let fails = after(&[answered(20), FAILED, FAILED, FAILED, Event::NetworkChanged]);
    let lags = after(&[answered(20), Event::Head(97)]);
    let slow = after(&[answered(1_100)]);
    let good = after(&[answered(20), Event::Head(101)]);
    let healths = [fails, lags, slow, good];
    assert_eq!(ordered(&healths, 0, Some(101)), [3, 2, 1, 0]);
}

#[test]
fn a_second_more_is_slow_only_where_it_is_four_times_as_much() {
    let healths = [after(&[answered(5_000)]), after(&[answered(1_500)])];
    assert_eq!(ordered(&healths, 0, None), [0, 1]);
    let healths = [after(&[answered(1_000)]), after(&[answered(1)])];
    assert_eq!(ordered(&healths, 0, None), [0, 1], "not a second more");
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        any::<u32>().prop_map(answered),
        proptest::option::of(any::<u64>())
            .prop_map(|retry_after_ms| Event::Failed { retry_after_ms }),
        any::<u64>().prop_map(Event::Head),
        (0..Lie::ALL.len()).prop_map(|at| Event::Lied(Lie::ALL[at])),
        Just(Event::NetworkChanged),
        Just(Event::Pardoned),
    ]
}

proptest! {
    #[test]
    fn each_honest_endpoint_comes_up_again_and_no_liar_does(
        all in proptest::collection::vec(
            proptest::collection::vec((event(), 0_u64..1_000_000, any::<u64>()), 0..12),
            0..6,
        ),
        head in proptest::option::of(any::<u64>()),
        now in any::<u64>(),
    ) {
        let healths: Vec<Health> = all
            .iter()
            .map(|events| {
                let mut health = Health::default();
                for (event, at, roll) in events {
                    health.on(*event, *at, *roll, &LOCAL);
                    prop_assert!((0.0..=1.0).contains(&health.success));
                }
                Ok(health)
            })
            .collect::<Result<_, TestCaseError>>()?;
        let wanted = |now: u64| -> Vec<usize> {
            let usable = |health: &Health| health.demoted().is_none() && health.due_ms() <= now;
            (0..healths.len()).filter(|at| usable(&healths[*at])).collect()
        };
        // An hour and a bit after the last event nobody waits any more.
        for now in [now, 10_000_000] {
            let mut got = ordered(&healths, now, head);
            got.sort_unstable();
            prop_assert_eq!(got, wanted(now));
        }
        let honest = healths.iter().filter(|health| health.demoted().is_none()).count();
        prop_assert_eq!(ordered(&healths, 10_000_000, head).len(), honest);
    }
}
