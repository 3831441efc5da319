//! Own messages: the state, why, and what happens next.

use leptos_i18n::td_string;
use parley_wire::{Action, Next, OwnMessage, Reason, State};

use crate::form::Form;
use crate::i18n::Locale;

/// The word on the one chip of an own message.
pub(crate) fn state(locale: Locale, state: State) -> &'static str {
    match state {
        State::Draft => td_string!(locale, state_draft),
        State::Queued => td_string!(locale, state_queued),
        State::Waiting => td_string!(locale, state_waiting),
        State::Sending => td_string!(locale, state_sending),
        State::Sent => td_string!(locale, state_sent),
        State::InBlock => td_string!(locale, state_in_block),
        State::Safe => td_string!(locale, state_safe),
        State::Final => td_string!(locale, state_final),
        State::Stopped => td_string!(locale, state_stopped),
        State::Cancelled => td_string!(locale, state_cancelled),
    }
}

/// A state as the page's attributes say it.
pub(crate) fn state_key(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Queued => "queued",
        State::Waiting => "waiting",
        State::Sending => "sending",
        State::Sent => "sent",
        State::InBlock => "in-block",
        State::Safe => "safe",
        State::Final => "final",
        State::Stopped => "stopped",
        State::Cancelled => "cancelled",
    }
}

/// Why an own message is in its state, and what happens next: two sentences.
pub(crate) fn reason_and_next(locale: Locale, message: &OwnMessage) -> String {
    format!(
        "{} {}",
        reason(locale, &message.reason),
        next(locale, message.next)
    )
}

fn reason(locale: Locale, reason: &Reason) -> String {
    match reason {
        Reason::Recovered => td_string!(locale, why_recovered).to_owned(),
        Reason::NoConnection => td_string!(locale, why_no_connection).to_owned(),
        Reason::UndoTime => td_string!(locale, why_undo_time).to_owned(),
        Reason::Over => td_string!(locale, why_over).to_owned(),
        Reason::ItsTurn => td_string!(locale, why_its_turn).to_owned(),
        Reason::ForMessage { id } => td_string!(locale, why_for_message, id = *id).to_string(),
        Reason::ForFunds => td_string!(locale, why_for_funds).to_owned(),
        Reason::UsedElsewhere => td_string!(locale, why_used_elsewhere).to_owned(),
        Reason::HasCode => td_string!(locale, why_has_code).to_owned(),
        Reason::PriceTooHigh => td_string!(locale, why_price).to_owned(),
        Reason::PlaceTaken => td_string!(locale, why_place_taken).to_owned(),
        Reason::NoAnswer => td_string!(locale, why_no_answer).to_owned(),
        Reason::Accepted { nodes } => {
            let nodes = *nodes;
            td_string!(locale, why_accepted, count = nodes).to_string()
        }
        Reason::BlockReplaced => td_string!(locale, why_block_replaced).to_owned(),
        Reason::InBlock { block } => td_string!(locale, why_in_block, block = *block).to_string(),
        Reason::ToldInBlock { block } => {
            td_string!(locale, why_told_in_block, block = *block).to_string()
        }
        Reason::Refused => td_string!(locale, why_refused).to_owned(),
        Reason::NotOnThisNetwork => td_string!(locale, why_not_here).to_owned(),
        Reason::ReferenceReplaced => td_string!(locale, why_reference_replaced).to_owned(),
        Reason::GivingUp { .. } => td_string!(locale, why_giving_up).to_owned(),
        Reason::GivenUp { block } => td_string!(locale, why_given_up, block = *block).to_string(),
        Reason::Withdrawn => td_string!(locale, why_withdrawn).to_owned(),
    }
}

fn next(locale: Locale, next: Next) -> &'static str {
    match next {
        Next::WhenConnected => td_string!(locale, next_when_connected),
        Next::AfterUndo => td_string!(locale, next_after_undo),
        Next::SendChangeOrDrop => td_string!(locale, next_send_change_or_drop),
        Next::Soon => td_string!(locale, next_soon),
        Next::AfterMessage => td_string!(locale, next_after_message),
        Next::AddFunds => td_string!(locale, next_add_funds),
        Next::ClearAccount => td_string!(locale, next_clear_account),
        Next::WhenCheaper => td_string!(locale, next_when_cheaper),
        Next::SealedAfresh => td_string!(locale, next_sealed_afresh),
        Next::WhicheverFirst => td_string!(locale, next_whichever_first),
        Next::SentAsAnother => td_string!(locale, next_sent_as_another),
        Next::WhenSettled => td_string!(locale, next_when_settled),
        Next::AwaitBlock => td_string!(locale, next_await_block),
        Next::AwaitFinality => td_string!(locale, next_await_finality),
        Next::ReceiveToVerify => td_string!(locale, next_receive_to_verify),
        Next::Nothing => td_string!(locale, next_nothing),
        Next::Decide => td_string!(locale, next_decide),
        Next::OfferedAgain => td_string!(locale, next_offered_again),
        Next::MoreOffered => td_string!(locale, next_more_offered),
    }
}

/// What a button for an own message says. Where its time is over, changing and deleting it are two
/// of three answers to that.
pub(crate) fn action(locale: Locale, action: Action, over: bool) -> &'static str {
    match (action, over) {
        (Action::Edit, false) => td_string!(locale, edit),
        (Action::Edit, true) => td_string!(locale, act_change),
        (Action::Delete, false) => td_string!(locale, delete),
        (Action::Delete, true) => td_string!(locale, act_drop),
        (Action::SendNow, _) => td_string!(locale, act_send_now),
        (Action::SendAnyway, _) => td_string!(locale, act_send_anyway),
        (Action::OfferMore, _) => td_string!(locale, act_offer_more),
        (Action::GiveUp, _) => td_string!(locale, act_give_up),
        (Action::Keep, _) => td_string!(locale, act_keep),
    }
}

/// What an answer does to what it refers to; `None` for what refers to nothing.
pub(crate) fn about(locale: Locale, form: &Form) -> Option<&'static str> {
    let refers = form.refers.as_ref()?;
    Some(super::reference(locale, &refers.indicator.to_string()))
}
