//! Every way in which a use case can fail, in words for the person who meets it.

use parley_store::{EditError, OpenError, StoreError};
use parley_wire::{Code, Failure};

pub(crate) fn bad_input(message: impl Into<String>) -> Failure {
    Failure {
        code: Code::BadInput,
        message: message.into(),
    }
}

pub(crate) fn not_now(message: impl Into<String>) -> Failure {
    Failure {
        code: Code::NotNow,
        message: message.into(),
    }
}

pub(crate) fn other(message: impl Into<String>) -> Failure {
    Failure {
        code: Code::Other,
        message: message.into(),
    }
}

/// Work on another thread panicked.
pub(crate) fn broken_off() -> Failure {
    other("A piece of work broke off. Nothing half-done was kept.")
}

pub(crate) fn store(error: StoreError) -> Failure {
    Failure {
        code: Code::Storage,
        message: sentence(&error),
    }
}

pub(crate) fn open(error: OpenError) -> Failure {
    Failure {
        code: Code::Storage,
        message: sentence(&error),
    }
}

pub(crate) fn edit(error: EditError) -> Failure {
    match error {
        EditError::Sealed => Failure {
            code: Code::Sealed,
            message: "This message is already sealed and may be on its way, so it cannot be \
                      changed or deleted. Send a recall, an update or a discontinuation instead."
                .into(),
        },
        EditError::Unknown => bad_input("There is no own message with this number."),
        EditError::Cancelled => {
            bad_input("This message was deleted or given up before; nothing changed.")
        }
        EditError::NeededBy(id) => Failure {
            code: Code::HasDependents,
            message: format!(
                "Own message {} refers to this one, so it was not deleted. Delete both, or change \
                 that one first.",
                id.0
            ),
        },
        error @ (EditError::NotSealed | EditError::Settled | EditError::GivenUp) => {
            bad_input(sentence(&error))
        }
        EditError::Quoted(id) => Failure {
            code: Code::HasDependents,
            message: format!(
                "Own message {} refers to this one and has left already, so this one has to stay as \
                 it is. It is offered until it is in a block.",
                id.0
            ),
        },
        EditError::Store(error) => store(error),
    }
}

/// The error as a sentence: a capital first and a full stop last.
pub(crate) fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return text;
    };
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}
