//! States, reasons and messages in plain English sentences.

use parley_engine::Synced;
use parley_wire::{
    Mended, NetworkKind, Next, OfflineReason, Outcome, Reason, Receive, Signal, Start, State,
    Status, Validity, Verification,
};
use serde_json::Value;
use whiteflag::{Body, Content, Finding, Message, MessageCode, ReferenceIndicator, tables};

pub(crate) fn state(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Queued => "queued",
        State::Waiting => "waiting",
        State::Sending => "sending",
        State::Sent => "sent",
        State::InBlock => "in a block",
        State::Safe => "safe",
        State::Final => "final",
        State::Stopped => "stopped",
        State::Cancelled => "cancelled",
    }
}

pub(crate) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Recovered => {
            "It was saved from a damaged data file; whether it was sent is not known.".to_owned()
        }
        Reason::NoConnection => "No connection.".to_owned(),
        Reason::UndoTime => "It was just queued and can still be taken back.".to_owned(),
        Reason::Over => "Its time was over before it could leave.".to_owned(),
        Reason::ItsTurn => "Messages before it go first.".to_owned(),
        Reason::ForMessage { id } => {
            format!("It refers to own message {id}, which has to leave first.")
        }
        Reason::ForFunds => "The account cannot pay for it.".to_owned(),
        Reason::UsedElsewhere => {
            "This account was just used on another device, which could still be taken back."
                .to_owned()
        }
        Reason::HasCode => {
            "This account carries program code (EIP-7702), which would run on every message."
                .to_owned()
        }
        Reason::PriceTooHigh => "Blocks cost more than it may pay.".to_owned(),
        Reason::PlaceTaken => {
            "Another device took its place with the same account; nothing of it is lost.".to_owned()
        }
        Reason::NoAnswer => "It is signed; no node has said so far that it holds it.".to_owned(),
        Reason::Accepted { nodes: 1 } => "A node holds it.".to_owned(),
        Reason::Accepted { nodes } => format!("{nodes} nodes hold it."),
        Reason::BlockReplaced => {
            "Its block was replaced by another; it is offered again.".to_owned()
        }
        Reason::InBlock { block } => format!("It is in block {block}."),
        Reason::ToldInBlock { block } => {
            format!("It is in block {block}, as one endpoint says; that was not verified.")
        }
        Reason::Refused => "The node that was asked last does not take it for now.".to_owned(),
        Reason::NotOnThisNetwork => {
            "It may not be sent on this network while the keys are not protected.".to_owned()
        }
        Reason::ReferenceReplaced => {
            "What it refers to has another transaction hash now.".to_owned()
        }
        Reason::GivingUp { .. } => {
            "A blank transaction is offered in its place, so that it may not come through."
                .to_owned()
        }
        Reason::GivenUp { block } => {
            format!("It was given up: a blank transaction took its place in block {block}.")
        }
        Reason::Withdrawn => "It was withdrawn and never left this device.".to_owned(),
    }
}

pub(crate) fn next(next: Next) -> &'static str {
    match next {
        Next::WhenConnected => "It leaves by itself when a connection returns.",
        Next::AfterUndo => "It leaves by itself when that time is over.",
        Next::SendChangeOrDrop => "Send it anyway, change it or drop it.",
        Next::Soon => "It leaves by itself soon.",
        Next::AfterMessage => "It leaves by itself after that message.",
        Next::AddFunds => "Add funds to the account; then it leaves by itself.",
        Next::ClearAccount => {
            "Take the code off the account with the wallet that put it there, or use another \
             account; then it leaves by itself."
        }
        Next::WhenCheaper => {
            "It goes on by itself once blocks cost less. You may allow a higher price."
        }
        Next::SealedAfresh => {
            "It is signed afresh and leaves by itself once the other transaction is final."
        }
        Next::WhicheverFirst => "Whichever of the two comes into a block counts.",
        Next::SentAsAnother => "It is sent again by itself, as another message.",
        Next::WhenSettled => "It leaves by itself once that is settled.",
        Next::AwaitBlock => "A block should hold it soon; until then it is offered again.",
        Next::AwaitFinality => "The network goes on confirming it by itself.",
        Next::ReceiveToVerify => {
            "Nothing is left to do. Only who receives blocks can verify it: data saver receives none."
        }
        Next::Nothing => "Nothing is left to do.",
        Next::Decide => "You have to decide what to do with it.",
        Next::OfferedAgain => "It is offered again by itself until a node takes it.",
        Next::MoreOffered => "More is offered for it at the next chance.",
    }
}

/// That a damaged data file was set aside.
pub(crate) fn mended(mended: &Mended) -> String {
    let all = if mended.whole {
        ""
    } else {
        "; not everything could be read, so messages that seem not to have left wait for you"
    };
    format!(
        "the data file was damaged; it was set aside as parley.db.damaged-{}, and {} own messages were \
         carried over{all}",
        mended.at, mended.messages
    )
}

/// What a person should know of where the device stands, one line each.
pub(crate) fn warnings(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(count) = status.affordable {
        lines.push(format!("funds     enough for about {count} messages"));
    }
    if status.missing > 0 {
        lines.push(format!("missing   {} blocks", status.missing));
    }
    if status.undecided > 0 {
        lines.push(format!(
            "undecided {} messages wait for you",
            status.undecided
        ));
    }
    if let Some(seconds) = status.clock_off {
        let side = if seconds > 0 { "ahead of" } else { "behind" };
        lines.push(format!(
            "clock     {} s {side} the newest block: one of the two is wrong, and validity times \
             depend on it",
            seconds.unsigned_abs()
        ));
    }
    if status.disputed {
        lines.push("disputed  endpoints name different blocks; none is called verified".to_owned());
    }
    if let Some(mended) = status.mended {
        lines.push(format!("mended    {}", self::mended(&mended)));
    }
    if status.low_room {
        lines.push("storage   almost full: soon nothing more can be saved".to_owned());
    }
    lines
}

pub(crate) fn receive(receive: Receive) -> &'static str {
    match receive {
        Receive::Everything => "everything",
        Receive::Followed => "followed accounts only",
        Receive::Nothing => "nothing",
    }
}

pub(crate) fn start(start: Start) -> String {
    match start {
        Start::Usual => "usual".to_owned(),
        Start::Now => "the first connection".to_owned(),
        Start::Time { since } => format!("{since} s since 1970 UTC"),
        Start::Block { number } => format!("block {number}"),
    }
}

pub(crate) fn verification(level: Verification) -> &'static str {
    match level {
        Verification::Own => "own",
        Verification::Signer => "signers recomputed",
        Verification::Block => "recomputed",
        Verification::Witnessed => "recomputed, and named by a second endpoint too",
    }
}

pub(crate) fn validity(validity: Validity) -> &'static str {
    match validity {
        Validity::Future => "not valid yet",
        Validity::Current => "valid now",
        Validity::Expired => "expired",
        Validity::Discontinued => "ended by its originator",
        Validity::Recalled => "taken back by its originator",
        Validity::Unclear => "its time cannot be read",
    }
}

/// A signal and all that was said about it, one line each.
pub(crate) fn signal(signal: &Signal) -> Vec<String> {
    let mut lines = vec![format!(
        "{}  {}  ({}), from {}",
        signal.transaction_hash,
        said(&signal.message, signal.escaped),
        validity(signal.validity),
        signal.originator
    )];
    if signal.escaped {
        lines.push(format!("    {BREAKS_TEXT}"));
    }
    if signal.awaits {
        lines.push("    refers to a message that was not received".to_owned());
    }
    for part in &signal.parts {
        lines.push(format!("    part: {}", message(&part.message)));
    }
    for note in signal.notes.iter().filter(|note| note.pieces.len() > 1) {
        lines.push(format!("    in full: {}", note.text.escape_debug()));
    }
    let events = signal.references.iter().chain(&signal.without_effect);
    lines.extend(events.map(|reference| {
        let said = said(&reference.message, reference.escaped);
        let came = outcome(&reference.outcome);
        let breaks = if reference.escaped {
            format!(" ({BREAKS_TEXT})")
        } else {
            String::new()
        };
        format!("    {said} by {}{came}{breaks}", reference.originator)
    }));
    lines
}

fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Holds => "",
        Outcome::Past => ", no longer",
        Outcome::Recalled => ", taken back",
        Outcome::Wrong => ", which it may not say: without effect",
    }
}

pub(crate) fn kind(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Exercise => "EXERCISE",
        NetworkKind::Test => "TEST",
        NetworkKind::Main => "signals count here",
    }
}

pub(crate) fn offline(reason: OfflineReason) -> String {
    match reason {
        OfflineReason::NotTried => "No endpoint was asked so far.".to_owned(),
        OfflineReason::NoEndpoint => {
            "This network has no endpoint. Set up a data folder with --rpc.".to_owned()
        }
        OfflineReason::Unreachable => "No endpoint answers.".to_owned(),
        OfflineReason::WrongChain { found } => format!(
            "The endpoint answers for another chain (chain id {found}). Check the endpoint; nothing \
             was sent to it."
        ),
        OfflineReason::ChainReset => "The endpoint's chain begins with another block: an exercise \
             chain that was reset, or another chain. Nothing was deleted and nothing was sent. Use \
             a new data folder for the new chain."
            .to_owned(),
        OfflineReason::Contradiction => "The endpoint contradicts blocks that were final. Nothing \
             was changed. Check the endpoint."
            .to_owned(),
        OfflineReason::BadAnswer => {
            "The endpoint gives answers that cannot be right. Nothing was changed. Check its \
             address."
                .to_owned()
        }
        OfflineReason::NotAnEndpoint => {
            "Something answers that is no endpoint, such as the login page of a public network. \
             Nothing was sent. Log in there, or use another connection."
                .to_owned()
        }
        OfflineReason::BadClock => {
            "The endpoint's certificate is not valid at the time of this device's clock. Nothing was \
             sent. Set the clock right."
                .to_owned()
        }
        OfflineReason::AllDemoted => {
            "Every endpoint of this network was found to say what is false and is not used any more. \
             Nothing was lost. Add another one, or pardon one with parleyctl endpoint pardon."
                .to_owned()
        }
        OfflineReason::BadProxy => {
            "The proxy of the settings cannot be used. Nothing was sent. Change it with parleyctl \
             settings --proxy, or take it away with --no-proxy."
                .to_owned()
        }
    }
}

pub(crate) fn not_synced(synced: Synced) -> String {
    let kept = "Everything queued is kept and leaves at a later sync.";
    match synced {
        Synced::Offline(reason) => format!("{} {kept}", offline(reason)),
        Synced::ShortOfFunds => {
            format!("The account cannot pay for the next message. {kept} Add funds to it.")
        }
        Synced::Done | Synced::TimeOver => format!("The time was over before all was done. {kept}"),
    }
}

/// A message in one line.
pub(crate) fn own_message(json: &Value) -> String {
    if json.is_null() {
        return "encrypted".to_owned();
    }
    message(json)
}

pub(crate) fn message(json: &Value) -> String {
    let Ok(message) = Message::from_value(&without_parent(json)) else {
        return "a message".to_owned();
    };
    let (test, content) = match &message.body {
        Body::Plain(content) => ("", content),
        Body::Test(content) => ("TEST: ", content),
    };
    let indicator = message.reference.indicator;
    let refers = if indicator == ReferenceIndicator::Original {
        String::new()
    } else {
        format!(" ({})", indicator.name())
    };
    let text = match content {
        Content::Sign { sign, .. } | Content::Request { sign, .. } => {
            let subject = subject(content.code(), sign.subject);
            format!("{subject} at {} {}", sign.latitude, sign.longitude)
        }
        Content::FreeText(text) => text.escape_debug().to_string(),
        Content::Authentication { data, .. } | Content::Resource { data, .. } => {
            data.escape_debug().to_string()
        }
        Content::Cryptographic { .. } => "keys".to_owned(),
    };
    format!("{test}{}{refers}: {text}", content.code().name())
}

/// What is said of a message whose text is shown by [`escaped`].
pub(crate) const BREAKS_TEXT: &str =
    "its text breaks the standard: letters that Whiteflag does not allow are shown as \\xNN";

/// A message in one line whose text came escaped: its backslashes are not doubled once more.
pub(crate) fn escaped(json: &Value) -> String {
    message(json).replace("\\\\", "\\")
}

fn said(json: &Value, is_escaped: bool) -> String {
    if is_escaped {
        escaped(json)
    } else {
        message(json)
    }
}

/// The name of a subject, or the code of one that has none.
fn subject(code: MessageCode, subject: u8) -> String {
    match tables::subject(code, subject) {
        Some(subject) => subject.name.to_owned(),
        None if tables::is_private_subject(code, subject) => format!("private code {subject:02X}"),
        None => format!("reserved code {subject:02X}"),
    }
}

/// What keeps a message from being sent, one after the other.
pub(crate) fn findings(findings: &[Finding]) -> String {
    let words: Vec<String> = findings.iter().map(ToString::to_string).collect();
    words.join("; ")
}

/// What is wrong with a message that was received, and what becomes of it.
pub(crate) fn received(finding: &Finding) -> String {
    let section = finding.section().unwrap_or_default();
    let (problem, effect) = (finding.problem(), finding.effect());
    format!(
        "{} {problem} (Whiteflag {section}): {effect}",
        finding.field
    )
}

/// With zeros in place of the number of an own message.
fn without_parent(json: &Value) -> Value {
    let mut json = json.clone();
    if let Some(field) = json.pointer_mut("/MessageHeader/ReferencedMessage")
        && field.as_str().is_some_and(|text| text.starts_with('@'))
    {
        *field = Value::String("0".repeat(64));
    }
    json
}
