//! The one state of an own message, derived from what is stored and what the chain shows; it is
//! never stored itself, so it cannot disagree with them.

use crate::MessageId;

/// What is known of an own message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A person withdrew it before it was sealed.
    pub cancelled: bool,
    /// It will not go on by itself.
    pub stopped: Option<Stop>,
    /// The own message that has to be sealed first.
    pub waits_for: Option<MessageId>,
    /// It may not be sent on a network of this kind.
    pub forbidden: bool,
    /// Its transaction is signed.
    pub sealed: bool,
    /// A node may have seen it.
    pub exposed: bool,
    /// How many nodes have said that they hold it.
    pub accepted_by: u32,
    /// The newest answer was that a node does not take it.
    pub refused: bool,
    /// It was in a block, on this branch or another.
    pub sighted: bool,
    /// The block that holds it on the chain as it is now.
    pub block: Option<u64>,
}

/// Why a message will not go on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Another transaction used its nonce.
    Displaced,
    /// Its validity ended before it was sealed.
    Over,
    /// It was carried over from a damaged data file, and whether it was sent is not known.
    Recovered,
}

/// What is known of the world around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// An endpoint with the right chain id answers.
    pub online: bool,
    /// The account cannot pay for the next message.
    pub short_of_funds: bool,
    /// The account was used on another device, and that is not final yet.
    pub used_elsewhere: bool,
    /// The newest block called safe.
    pub safe: Option<u64>,
    /// The newest final block.
    pub finalized: Option<u64>,
}

/// The state of an own message with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Saved; leaves when there is a connection.
    QueuedOffline,
    /// Saved; messages before it go first.
    QueuedInTurn,
    /// Held back until this message is sealed.
    WaitingForMessage(MessageId),
    /// Held back until the account can pay.
    WaitingForFunds,
    /// Held back until it is settled what another device sent with the account.
    WaitingForAccount,
    /// It may not be sent on a network of this kind.
    Forbidden,
    /// Sealed; no node has said yes.
    Sending,
    /// Sealed; the node that was asked last does not take it. It is offered again.
    Refused,
    /// Held by so many nodes.
    Sent(u32),
    /// Its block was replaced; it is offered again.
    SentAgain,
    /// In this block, which could still be replaced.
    InBlock(u64),
    /// In this block, called safe.
    Safe(u64),
    /// In this block, final.
    Final(u64),
    /// Will not go on by itself.
    Stopped(Stop),
    /// Withdrawn.
    Cancelled,
}

/// The one state that these facts add up to.
#[must_use]
pub fn delivery(facts: &Facts, around: &Surroundings) -> Delivery {
    if let Some(block) = facts.block {
        return settled(block, around);
    }
    if facts.cancelled {
        return Delivery::Cancelled;
    }
    if let Some(stop) = facts.stopped {
        return Delivery::Stopped(stop);
    }
    if facts.exposed {
        return exposed(facts);
    }
    if facts.sealed {
        return Delivery::Sending;
    }
    unsealed(facts, around)
}

fn settled(block: u64, around: &Surroundings) -> Delivery {
    if around.finalized.is_some_and(|height| block <= height) {
        Delivery::Final(block)
    } else if around.safe.is_some_and(|height| block <= height) {
        Delivery::Safe(block)
    } else {
        Delivery::InBlock(block)
    }
}

fn exposed(facts: &Facts) -> Delivery {
    match (facts.sighted, facts.accepted_by) {
        _ if facts.refused => Delivery::Refused,
        (true, _) => Delivery::SentAgain,
        (false, 0) => Delivery::Sending,
        (false, nodes) => Delivery::Sent(nodes),
    }
}

fn unsealed(facts: &Facts, around: &Surroundings) -> Delivery {
    if facts.forbidden {
        Delivery::Forbidden
    } else if let Some(parent) = facts.waits_for {
        Delivery::WaitingForMessage(parent)
    } else if !around.online {
        Delivery::QueuedOffline
    } else if around.used_elsewhere {
        Delivery::WaitingForAccount
    } else if around.short_of_funds {
        Delivery::WaitingForFunds
    } else {
        Delivery::QueuedInTurn
    }
}

#[cfg(test)]
mod tests {
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
    fn a_message_whose_block_was_replaced_is_sent_again() {
        let facts = Facts {
            sealed: true,
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
            sealed: true,
            exposed: true,
            ..Facts::default()
        };
        assert_eq!(delivery(&facts, &online()), Delivery::Sending);
    }

    #[test]
    fn a_message_that_a_node_no_longer_takes_is_not_called_sent() {
        let facts = Facts {
            sealed: true,
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
    fn a_dependent_waits_for_its_parent_even_offline() {
        let facts = Facts {
            waits_for: Some(MessageId(3)),
            ..Facts::default()
        };
        let state = delivery(&facts, &Surroundings::default());
        assert_eq!(state, Delivery::WaitingForMessage(MessageId(3)));
    }
}
