//! What came from the chain, and what of it stands on the map.

use serde::{Deserialize, Serialize};

/// How far what a node said was recomputed on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// Own, not in a block: nothing of it came from a node.
    Own,
    /// Transaction hash and signer were recomputed.
    Signer,
    /// And the block: transactions root, header hash, parent link.
    Block,
    /// And a second endpoint named the same block, or one that follows it.
    Witnessed,
}

/// Where a received transaction stands on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Own and not in a block yet.
    Unsent,
    /// In a block that could still be replaced.
    InBlock,
    /// In a block called safe.
    Safe,
    /// In a final block.
    Final,
}

/// One Whiteflag transaction of the verified chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// 64 hexadecimal digits.
    pub transaction_hash: String,
    /// The block that holds it.
    pub block_number: u64,
    /// 64 hexadecimal digits.
    pub block_hash: String,
    /// The block's own time, seconds since 1970 UTC.
    pub block_time: u64,
    /// The recovered signer, `0x` and EIP-55.
    pub originator: String,
    /// How settled its block is.
    pub state: Standing,
    /// How far it was verified.
    pub verification: Verification,
    /// The Whiteflag bytes, lower-case hexadecimal.
    pub raw: String,
    /// The standard's JSON form; `None` where it cannot be read.
    pub message: Option<serde_json::Value>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Where it cannot be read only because of characters that Whiteflag does not allow: its JSON
    /// form with those escaped, to show to a person and for nothing else. Each octet above 7F is
    /// `\xNN`, and each backslash of such a text `\\`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<serde_json::Value>,
    /// The rules about one message that it breaks, by their names, each once.
    pub findings: Vec<String>,
}

/// Whether a signal is valid at the time of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// Its time has not come.
    Future,
    /// Valid now.
    Current,
    /// Its time is over.
    Expired,
    /// Its originator ended it.
    Discontinued,
    /// Its originator took it back: it must be ignored.
    Recalled,
    /// Its time cannot be read.
    Unclear,
}

/// What came of a message that refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It held until its originator updated it, ended it or said otherwise.
    Past,
    /// It was recalled, or refers to something that was.
    Recalled,
    /// It may not refer in that way: its findings say why.
    Wrong,
}

/// A message that refers to a signal, directly or through others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// 64 hexadecimal digits; for an own unsent message `@ID`.
    pub transaction_hash: String,
    /// Its reference indicator, 1 to 9.
    pub indicator: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The rules of references that it breaks, by their names.
    pub findings: Vec<String>,
    /// Who sent it, `0x` and EIP-55.
    pub originator: String,
    /// The block's time, or when it was queued, seconds since 1970 UTC.
    pub time: u64,
    /// The standard's JSON form.
    pub message: serde_json::Value,
    /// Whether its text is shown escaped, as in [`Received::shown`].
    #[serde(default)]
    pub escaped: bool,
}

/// Who thinks what of something that is said: accounts, `0x` and EIP-55, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opinions {
    /// Who says that it is true.
    pub confirmed_by: Vec<String>,
    /// Who says to have received it.
    pub acknowledged_by: Vec<String>,
    /// Who will act accordingly.
    pub complied_by: Vec<String>,
    /// Who does not agree, or no longer.
    pub rejected_by: Vec<String>,
}

/// A further part of a composite area or structure, or another addition of the same type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The message that said it first: 64 hexadecimal digits; for an own unsent one `@ID`.
    pub transaction_hash: String,
    /// The message that says it now: the newest update, else the same.
    pub newest: String,
    /// The standard's JSON form of the first.
    pub original: serde_json::Value,
    /// The standard's JSON form of the newest.
    pub message: serde_json::Value,
    /// The block's time, or when it was queued, seconds since 1970 UTC.
    pub time: u64,
    /// What others think of it.
    pub opinions: Opinions,
}

/// A text, link or authentication, joined from all its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// The letter of its type.
    pub code: String,
    /// The message in which it begins, and those in which it goes on.
    pub pieces: Vec<String>,
    /// What they say together.
    pub text: String,
}

/// One original with all that refers to it, as it stands now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signal {
    /// 64 hexadecimal digits; for an own message without one `@ID`.
    pub transaction_hash: String,
    /// Whether it is valid now.
    pub validity: Validity,
    /// The standard's JSON form of what is valid: the newest update, else the original.
    pub message: serde_json::Value,
    /// The message that says that: 64 hexadecimal digits or `@ID`.
    pub newest: String,
    /// The standard's JSON form of the original.
    pub original: serde_json::Value,
    /// All that refers to it and counts, oldest first.
    pub references: Vec<Reference>,
    /// All that refers to it and has no effect: recalled, or not allowed.
    pub without_effect: Vec<Reference>,
    /// What others think of it.
    pub opinions: Opinions,
    /// Its further parts.
    pub parts: Vec<Part>,
    /// The texts and links that belong to it, whole.
    pub notes: Vec<Note>,
    /// Signals of other types that add or relate to it; each is one of its own.
    pub related: Vec<String>,
    /// Whether it refers to a message that was not received.
    pub awaits: bool,
    /// The rules of references that the original breaks, by their names.
    pub findings: Vec<String>,
    /// Who sent it, `0x` and EIP-55.
    pub originator: String,
    /// Whether this device's account sent it.
    pub own: bool,
    /// The block's time, or when it was queued, seconds since 1970 UTC.
    pub time: u64,
    /// The block that holds it.
    pub block_number: Option<u64>,
    /// Its place in that block; of an own one in no block, its number. What is in no block comes after
    /// all that is in one.
    #[serde(default)]
    pub index: u64,
    /// How settled it is.
    pub state: Standing,
    /// How far it was verified.
    pub verification: Verification,
    /// Whether the text of its original or of what is valid is shown escaped, as in
    /// [`Received::shown`]: such a message breaks the standard.
    #[serde(default)]
    pub escaped: bool,
    /// The Whiteflag bytes of the original, lower-case hexadecimal.
    pub raw: String,
}

/// What changed among the signals since an earlier answer, or as much of it as one answer holds. What
/// was told before stands as it was told, but for what is named here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignalsSince<S = Signal> {
    /// To ask with for what changes after this answer.
    pub token: u64,
    /// Nothing that was told before stands: this begins anew.
    pub anew: bool,
    /// New ones and changed ones, whole, in the order of the chain. Where no update has taken the place
    /// of an original, of a signal or of a part, its `original` is null: it says what `message` says.
    pub changed: Vec<S>,
    /// The hashes, or `@ID`, of those that are there no longer.
    pub gone: Vec<String>,
    /// There is more to be told: it is asked for with the token of this answer.
    pub more: bool,
}
