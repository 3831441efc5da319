//! Plain serde types that cross the border between the engine and whatever shows it: the window,
//! the command line, a bridge. They hold no rules and no words: both ends own those.
//!
//! All names are camelCase in JSON and enum values are lower-kebab, as in `parleyctl`'s contract.

#![forbid(unsafe_code)]

mod failure;
mod network;
mod outbox;
mod received;
mod status;

pub use failure::{Code, Failure};
pub use network::{
    Coverage, Endpoint, Health, NetworkChoice, NetworkView, Receive, Settings, Start, Stretch,
    Tried,
};
pub use outbox::{
    Action, Attempt, Next, Offered, OutboxPage, OwnMessage, PageEnd, Reason, Section, State,
};
pub use received::{
    Note, Opinions, Outcome, Part, Received, Reference, Signal, SignalsSince, Standing, Validity,
    Verification,
};
pub use status::{Link, Mended, Network, NetworkKind, OfflineReason, ReceivedTo, Status};

use serde::{Deserialize, Serialize};

/// A message as a person wrote it, in the JSON form of the Whiteflag standard's schema.
///
/// `ReferencedMessage` may be `"@ID"`: an own message that is not sealed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The message, schema form.
    pub message: serde_json::Value,
}

/// The part of the map that was last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Degrees east, WGS84.
    pub lng: f64,
    /// Degrees north, WGS84.
    pub lat: f64,
    /// MapLibre zoom level.
    pub zoom: f64,
}

/// What changed, never the new data: the interface reads again, so that a lost event costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// An own message or its state.
    Outbox,
    /// What was received.
    Signals,
    /// The connection, the balance or how far was received.
    Status,
    /// Endpoints or what was chosen about the network.
    Network,
}
