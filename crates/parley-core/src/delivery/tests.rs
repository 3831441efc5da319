//! Which state facts add up to.

use super::*;

fn online() -> Surroundings {
    Surroundings {
        online: true,
        ..Surroundings::default()
    }
}

#[test]
fn a_new_message_without_connection_is_queued_for_that_reason() {
    let state = delivery(&Facts::default(), &Surroundings::default());
    assert_eq!(state, Delivery::QueuedOffline);
}

#[test]
fn a_block_says_more_than_anything_stored() {
    let facts = Facts {
        cancelled: true,
        block: Some(7),
        ..Facts::default()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::InBlock(7));
}

#[test]
fn one_endpoints_word_of_a_block_is_called_so_and_gives_way_to_the_block() {
    let told = Facts {
        exposed: true,
        accepted_by: 1,
        told: Some(7),
        ..Facts::default()
    };
    let around = Surroundings {
        safe: Some(9),
        finalized: Some(9),
        ..online()
    };
    assert_eq!(
        delivery(&told, &around),
        Delivery::ToldInBlock(7),
        "never more"
    );
    let received = Facts {
        block: Some(7),
        ..told.clone()
    };
    assert_eq!(delivery(&received, &around), Delivery::Final(7));
    let displaced = Facts {
        displaced: true,
        ..told
    };
    assert_eq!(delivery(&displaced, &around), Delivery::Displaced);
}

#[test]
fn a_message_whose_block_was_replaced_is_sent_again() {
    let facts = Facts {
        exposed: true,
        sighted: true,
        accepted_by: 2,
        ..Facts::default()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::SentAgain);
}

#[test]
fn an_exposed_message_without_an_answer_is_sending() {
    let facts = Facts {
        exposed: true,
        ..Facts::default()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::Sending);
}

#[test]
fn a_message_that_a_node_no_longer_takes_is_not_called_sent() {
    let facts = Facts {
        exposed: true,
        accepted_by: 1,
        refused: true,
        ..Facts::default()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::Refused);
}

#[test]
fn blocks_become_safe_and_then_final() {
    let facts = Facts {
        block: Some(7),
        ..Facts::default()
    };
    let around = Surroundings {
        safe: Some(7),
        finalized: Some(6),
        ..online()
    };
    assert_eq!(delivery(&facts, &around), Delivery::Safe(7));
    let around = Surroundings {
        safe: Some(9),
        finalized: Some(7),
        ..online()
    };
    assert_eq!(delivery(&facts, &around), Delivery::Final(7));
}

#[test]
fn before_it_is_sealed_the_first_thing_in_its_way_is_said() {
    let mut facts = Facts {
        in_undo_time: true,
        over: true,
        waits_for: Some(MessageId(3)),
        held_by_price: true,
        ..Facts::default()
    };
    let mut around = Surroundings {
        has_code: true,
        used_elsewhere: true,
        short_of_funds: true,
        ..Surroundings::default()
    };
    let mut seen = vec![delivery(&facts, &around)];
    facts.in_undo_time = false;
    seen.push(delivery(&facts, &around));
    facts.over = false;
    seen.push(delivery(&facts, &around));
    facts.waits_for = None;
    seen.push(delivery(&facts, &around));
    around.online = true;
    seen.push(delivery(&facts, &around));
    around.has_code = false;
    seen.push(delivery(&facts, &around));
    around.used_elsewhere = false;
    seen.push(delivery(&facts, &around));
    around.short_of_funds = false;
    seen.push(delivery(&facts, &around));
    facts.held_by_price = false;
    seen.push(delivery(&facts, &around));
    let wanted = [
        Delivery::QueuedUndo,
        Delivery::WaitingForPerson(Question::Over),
        Delivery::WaitingForMessage(MessageId(3)),
        Delivery::QueuedOffline,
        Delivery::WaitingForCode,
        Delivery::WaitingForAccount,
        Delivery::WaitingForFunds,
        Delivery::WaitingForPrice,
        Delivery::QueuedInTurn,
    ];
    assert_eq!(seen, wanted);
}

fn on_its_way() -> Facts {
    Facts {
        exposed: true,
        accepted_by: 2,
        ..Facts::default()
    }
}

#[test]
fn a_transaction_below_the_price_says_so_and_who_holds_it() {
    let mut facts = Facts {
        held_by_price: true,
        ..on_its_way()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::SentBelowPrice(2));
    facts.refused = true;
    assert_eq!(delivery(&facts, &online()), Delivery::SentBelowPrice(0));
}

#[test]
fn while_it_is_given_up_either_transaction_may_win() {
    let mut facts = Facts {
        giving_up: true,
        ..on_its_way()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::GivingUp(2));
    facts.told_given_up = true;
    assert_eq!(delivery(&facts, &online()), Delivery::ToldGivenUp(2));
    facts.given_up = Some(7);
    let mut around = online();
    let given_up = |is_final| Delivery::GivenUp { block: 7, is_final };
    assert_eq!(delivery(&facts, &around), given_up(false));
    around.finalized = Some(7);
    assert_eq!(delivery(&facts, &around), given_up(true));
    (facts.given_up, facts.block) = (None, Some(7));
    assert_eq!(delivery(&facts, &around), Delivery::Final(7));
}

#[test]
fn a_displaced_message_whose_time_is_over_waits_for_a_person() {
    let facts = Facts {
        exposed: true,
        displaced: true,
        over: true,
        ..Facts::default()
    };
    assert_eq!(
        delivery(&facts, &Surroundings::default()),
        Delivery::WaitingForPerson(Question::Over)
    );
}

#[test]
fn a_displaced_message_waits_for_a_new_place_whatever_was_said_of_the_old_one() {
    let facts = Facts {
        displaced: true,
        refused: true,
        ..on_its_way()
    };
    assert_eq!(delivery(&facts, &online()), Delivery::Displaced);
}

#[test]
fn a_message_that_refers_to_nothing_any_more_is_not_called_delivered() {
    let facts = Facts {
        dangling: true,
        block: Some(7),
        ..on_its_way()
    };
    let around = Surroundings {
        finalized: Some(9),
        ..online()
    };
    assert_eq!(delivery(&facts, &around), Delivery::Dangling);
}

#[test]
fn a_dependent_waits_for_its_parent_even_offline() {
    let facts = Facts {
        waits_for: Some(MessageId(3)),
        ..Facts::default()
    };
    let state = delivery(&facts, &Surroundings::default());
    assert_eq!(state, Delivery::WaitingForMessage(MessageId(3)));
}
