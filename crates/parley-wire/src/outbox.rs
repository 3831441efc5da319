//! Own messages and the one state each of them is in.

use serde::{Deserialize, Serialize};

/// The one state of an own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written; not queued.
    Draft,
    /// Saved on this device; can still be edited or deleted.
    Queued,
    /// Held back: the reason says for what.
    Waiting,
    /// Sealed and on its way; no node has said yes so far.
    Sending,
    /// At least one node holds it; it is in no block yet.
    Sent,
    /// In a block that a reorganisation could still replace.
    InBlock,
    /// In a block that the network calls safe.
    Safe,
    /// In a block that the network calls final.
    Final,
    /// Will not go on by itself: the reason says why.
    Stopped,
    /// Withdrawn before it was sealed, so that it never leaves this device, or given up afterwards.
    Cancelled,
}

/// Why a message is in its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reason {
    /// It was just queued and can still be taken back.
    UndoTime,
    /// Its time was over before it was sealed.
    Over,
    /// It was saved from a damaged data file, and whether it was sent is not known.
    Recovered,
    /// No endpoint of the network answers.
    NoConnection,
    /// Messages before it go first.
    ItsTurn,
    /// Another own message has to be sealed first.
    ForMessage {
        /// The id of that message.
        id: u64,
    },
    /// The account cannot pay for it.
    ForFunds,
    /// The account was used on another device, and that could still be taken back.
    UsedElsewhere,
    /// The account carries code, which would run on what it sends.
    HasCode,
    /// Blocks cost more than it may pay, or than it offers.
    PriceTooHigh,
    /// Another device took its place; it keeps its turn for a new one.
    PlaceTaken,
    /// On the way, without an answer from a node so far.
    NoAnswer,
    /// Held by nodes.
    Accepted {
        /// How many nodes have said that they hold it.
        nodes: u32,
    },
    /// It was in a block that another one replaced; it is offered again.
    BlockReplaced,
    /// In a block.
    InBlock {
        /// The number of that block.
        block: u64,
    },
    /// In a block, as one endpoint says: no blocks are received that could show it.
    ToldInBlock {
        /// The number of that block.
        block: u64,
    },
    /// The node that was asked last does not take it.
    Refused,
    /// It may not be sent on a network of this kind.
    NotOnThisNetwork,
    /// What it refers to has another hash now.
    ReferenceReplaced,
    /// A blank transaction is offered in its place.
    GivingUp {
        /// How many nodes have said that they hold one of the two.
        nodes: u32,
    },
    /// A blank transaction took its place.
    GivenUp {
        /// The number of the block that holds it.
        block: u64,
    },
    /// Withdrawn by a person.
    Withdrawn,
}

/// What happens next without anybody doing anything, or what a person has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// It leaves by itself after the undo time.
    AfterUndo,
    /// A person has to send it anyway, change it or drop it.
    SendChangeOrDrop,
    /// It leaves by itself when a connection returns.
    WhenConnected,
    /// It leaves by itself in its turn.
    Soon,
    /// It leaves after the message it refers to.
    AfterMessage,
    /// The account needs funds; then it leaves by itself.
    AddFunds,
    /// A person has to take the code off the account; then it leaves by itself.
    ClearAccount,
    /// It goes on by itself once blocks cost less; a person may allow a higher price.
    WhenCheaper,
    /// It is signed afresh and leaves by itself once the other transaction is final.
    SealedAfresh,
    /// Whichever of the two transactions comes into a block counts.
    WhicheverFirst,
    /// It is sent again by itself, as another message.
    SentAsAnother,
    /// It leaves by itself once that is settled.
    WhenSettled,
    /// A block should hold it soon; until then it is offered again.
    AwaitBlock,
    /// It is offered again by itself until a node takes it.
    OfferedAgain,
    /// More is offered for it at the next chance, because a person asked for that.
    MoreOffered,
    /// The network goes on confirming it by itself.
    AwaitFinality,
    /// Nothing, while no blocks are received: who receives them sees whether it is so.
    ReceiveToVerify,
    /// Nothing: it is settled.
    Nothing,
    /// A person has to decide.
    Decide,
}

/// What a person can do about an own message now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Change what it says.
    Edit,
    /// Withdraw it: it never leaves this device.
    Delete,
    /// Let it leave before its time for undoing is over.
    SendNow,
    /// Send it although its time is over, or although it was saved from a damaged file.
    SendAnyway,
    /// Offer a higher fee for it.
    OfferMore,
    /// Put a blank transaction in its place; the original may still appear.
    GiveUp,
    /// Want it after all.
    Keep,
}

/// What came of offering a message to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offered {
    /// It was taken.
    Accepted,
    /// The endpoint had it already.
    Known,
    /// No answer came.
    Offline,
    /// It was refused.
    Refused,
}

/// One try to hand a message over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Seconds since 1970 UTC.
    pub at: u64,
    /// The address of the endpoint.
    pub endpoint: String,
    /// What came of it.
    pub outcome: Offered,
    /// Why it was refused: a word of this program, never the endpoint's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// An own message with its state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnMessage {
    /// Its number on this device.
    pub id: u64,
    /// Its one state.
    pub state: State,
    /// Why it is in that state.
    pub reason: Reason,
    /// What happens next.
    pub next: Next,
    /// 64 hexadecimal digits; `None` until sealed.
    pub transaction_hash: Option<String>,
    /// The number of the block that holds it.
    pub block_number: Option<u64>,
    /// When it was queued, in seconds since 1970 UTC.
    pub queued_at: u64,
    /// Whether it can still be edited and deleted.
    pub editable: bool,
    /// Whether it calls for help and goes before everything that did not leave yet.
    pub urgent: bool,
    /// Until when it waits for a change of mind, seconds since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<u64>,
    /// The own message that is sent in its place, because what it refers to got another hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired_by: Option<u64>,
    /// What a person can do about it now.
    pub actions: Vec<Action>,
    /// Own messages, not sealed yet, that refer to this one.
    pub dependents: Vec<u64>,
    /// The standard's JSON form; an unsealed reference reads `@ID`. Null for an encrypted message.
    pub message: serde_json::Value,
}

/// In which part of the list of own messages one stands; the parts in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// It goes on only when a person decides.
    Undecided,
    /// It was sent, or goes on by itself.
    Wanted,
    /// A person withdrew it.
    Withdrawn,
}

/// Where a page of the list of own messages ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageEnd {
    /// Where its last message stood.
    pub section: Section,
    /// The number of that message.
    pub id: u64,
}

/// A part of the list of own messages: what needs a decision, then the rest, then what was withdrawn;
/// the newest of each first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxPage {
    /// The messages, in the order of the list.
    pub messages: Vec<OwnMessage>,
    /// From where it goes on; `None` where nothing is left.
    pub end: Option<PageEnd>,
    /// How many own messages there are altogether, withdrawn ones too.
    pub total: u64,
}
