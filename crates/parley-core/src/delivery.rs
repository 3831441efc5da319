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
    /// Its undo time is not over.
    pub in_undo_time: bool,
    /// Its validity ended before it was sealed, and nobody has said that it shall leave all the same.
    pub over: bool,
    /// Blocks cost more than it may pay, or than it offers.
    pub held_by_price: bool,
    /// The own message that has to be sealed first.
    pub waits_for: Option<MessageId>,
    /// It may not be sent on a network of this kind.
    pub forbidden: bool,
    /// Its transaction is signed, and so a node may have seen it.
    pub exposed: bool,
    /// How many nodes have said that they hold it.
    pub accepted_by: u32,
    /// The newest answer was that a node does not take it.
    pub refused: bool,
    /// It was in a block, on this branch or another.
    pub sighted: bool,
    /// The block that holds it on the chain as it is now.
    pub block: Option<u64>,
    /// The block that holds it by one endpoint's word, where no blocks are received.
    pub told: Option<u64>,
    /// A block holds the blank transaction by one endpoint's word: the message is not called given up
    /// before that was received.
    pub told_given_up: bool,
    /// A blank transaction was offered in its place, so that it may never reach a block.
    pub giving_up: bool,
    /// The block that holds that blank transaction.
    pub given_up: Option<u64>,
    /// Another device took its place, and it is not exposed at a new one yet.
    pub displaced: bool,
    /// What it refers to has another hash now; it is sent again as another message.
    pub dangling: bool,
}

/// Why a message will not go on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
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
    /// The account carries code (EIP-7702), which would run on what it sends to itself.
    pub has_code: bool,
    /// The newest block called safe.
    pub safe: Option<u64>,
    /// The newest final block.
    pub finalized: Option<u64>,
}

/// What a person has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Its time is over: send it anyway, change it or drop it.
    Over,
}

/// The state of an own message with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Saved; can still be taken back for a moment.
    QueuedUndo,
    /// Saved; leaves when there is a connection.
    QueuedOffline,
    /// Saved; messages before it go first.
    QueuedInTurn,
    /// Held back until a person decides.
    WaitingForPerson(Question),
    /// Held back until this message is sealed.
    WaitingForMessage(MessageId),
    /// Held back until the account can pay.
    WaitingForFunds,
    /// Held back until it is settled what another device sent with the account.
    WaitingForAccount,
    /// Held back as long as the account carries code.
    WaitingForCode,
    /// Held back until blocks cost no more than may be paid.
    WaitingForPrice,
    /// Another device took its place; it is sealed afresh once that is settled.
    Displaced,
    /// It may not be sent on a network of this kind.
    Forbidden,
    /// Sealed; no node has said yes.
    Sending,
    /// Sealed; the node that was asked last does not take it. It is offered again.
    Refused,
    /// Held by so many nodes.
    Sent(u32),
    /// Held by so many nodes, but blocks cost more than it offers.
    SentBelowPrice(u32),
    /// Its block was replaced; it is offered again.
    SentAgain,
    /// A blank transaction is offered in its place, and held by so many nodes; whichever comes into
    /// a block counts.
    GivingUp(u32),
    /// That blank transaction is in a block, as one endpoint says.
    ToldGivenUp(u32),
    /// In this block, as one endpoint says; no block was received that could show it.
    ToldInBlock(u64),
    /// In this block, which could still be replaced.
    InBlock(u64),
    /// In this block, called safe.
    Safe(u64),
    /// In this block, final.
    Final(u64),
    /// What it refers to has another hash now; it is sent again as another message.
    Dangling,
    /// Will not go on by itself.
    Stopped(Stop),
    /// Withdrawn.
    Cancelled,
    /// A blank transaction took its place.
    GivenUp {
        /// The block that holds it.
        block: u64,
        /// That block is final: the message can never reach the chain as it was signed.
        is_final: bool,
    },
}

/// The one state that these facts add up to.
#[must_use]
pub fn delivery(facts: &Facts, around: &Surroundings) -> Delivery {
    if facts.dangling {
        return Delivery::Dangling;
    }
    if let Some(block) = facts.block {
        return settled(block, around);
    }
    if let Some(block) = facts.given_up {
        return Delivery::GivenUp {
            block,
            is_final: is_final(block, around),
        };
    }
    if let Some(block) = facts.told.filter(|_| !facts.displaced) {
        return Delivery::ToldInBlock(block);
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
    unsealed(facts, around)
}

fn settled(block: u64, around: &Surroundings) -> Delivery {
    if is_final(block, around) {
        Delivery::Final(block)
    } else if around.safe.is_some_and(|height| block <= height) {
        Delivery::Safe(block)
    } else {
        Delivery::InBlock(block)
    }
}

fn is_final(block: u64, around: &Surroundings) -> bool {
    around.finalized.is_some_and(|height| block <= height)
}

fn exposed(facts: &Facts) -> Delivery {
    match (facts.sighted, facts.accepted_by) {
        _ if facts.displaced && facts.over => Delivery::WaitingForPerson(Question::Over),
        _ if facts.displaced => Delivery::Displaced,
        (_, nodes) if facts.told_given_up => Delivery::ToldGivenUp(nodes),
        (_, nodes) if facts.giving_up => Delivery::GivingUp(nodes),
        _ if facts.refused && facts.held_by_price => Delivery::SentBelowPrice(0),
        _ if facts.refused => Delivery::Refused,
        (_, nodes) if facts.held_by_price => Delivery::SentBelowPrice(nodes),
        (true, _) => Delivery::SentAgain,
        (false, 0) => Delivery::Sending,
        (false, nodes) => Delivery::Sent(nodes),
    }
}

fn unsealed(facts: &Facts, around: &Surroundings) -> Delivery {
    if facts.forbidden {
        Delivery::Forbidden
    } else if facts.in_undo_time {
        Delivery::QueuedUndo
    } else if facts.over {
        Delivery::WaitingForPerson(Question::Over)
    } else if let Some(parent) = facts.waits_for {
        Delivery::WaitingForMessage(parent)
    } else if !around.online {
        Delivery::QueuedOffline
    } else if around.has_code {
        Delivery::WaitingForCode
    } else if around.used_elsewhere {
        Delivery::WaitingForAccount
    } else if around.short_of_funds {
        Delivery::WaitingForFunds
    } else if facts.held_by_price {
        Delivery::WaitingForPrice
    } else {
        Delivery::QueuedInTurn
    }
}

#[cfg(test)]
mod tests;
