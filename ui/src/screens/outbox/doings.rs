//! What a person can do about an own message: the engine says what, and here it is done. What is
//! not easily undone is asked first.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Action, OwnMessage};

use crate::components::Question;
use crate::form::Form;
use crate::i18n::*;
use crate::session::Session;
use crate::{api, browser, draft, units, words};

/// What is done at once; the others are asked about first, or open something.
const AT_ONCE: [(Action, &str); 2] = [(Action::SendAnyway, "send-anyway"), (Action::Keep, "keep")];
/// What is asked about first, by the names of its button and of its yes.
const ASKED: [(Action, &str, &str); 2] = [
    (Action::OfferMore, "offer-more", "offer-more-yes"),
    (Action::GiveUp, "give-up", "give-up-yes"),
];

/// Whether the person can do something about a message.
fn can(message: Memo<Option<OwnMessage>>, action: Action) -> Memo<bool> {
    Memo::new(move |_| {
        message.with(|own| {
            own.as_ref()
                .is_some_and(|own| own.actions.contains(&action))
        })
    })
}

/// Everything that can be done about one message.
#[component]
pub(super) fn Doings(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let asking = RwSignal::new(None::<Action>);
    let some = Memo::new(move |_| {
        message.with(|own| own.as_ref().is_some_and(|own| !own.actions.is_empty()))
    });
    // A question goes when meanwhile there is nothing to decide any more.
    let asked = Memo::new(move |_| {
        let action = asking.get()?;
        let can = |own: &OwnMessage| own.actions.contains(&action);
        message
            .with(|own| own.as_ref().is_some_and(can))
            .then_some(action)
    });
    view! {
        <Show when=move || some.get() && asked.get().is_none()>
            <div class="buttons">
                <SendNow id message />
                {AT_ONCE.map(|(action, name)| view! { <AtOnce id message action name /> })}
                <Edit id message />
                {ASKED.map(|(action, name, _)| view! { <Ask message action name asking /> })}
                <Ask message action=Action::Delete name="delete" asking />
            </div>
        </Show>
        <Show when=move || asked.get() == Some(Action::Delete)>
            <Deletion id message asking />
        </Show>
        {ASKED
            .map(|(action, _, name)| {
                view! {
                    <Show when=move || asked.get() == Some(action)>
                        <Decision id action name asking />
                    </Show>
                }
            })}
    }
}

/// Lets it leave before its time to change one's mind is over, and counts that down.
#[component]
fn SendNow(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let can = can(message, Action::SendNow);
    let until = Memo::new(move |_| message.with(|own| own.as_ref()?.undo_until));
    let now = RwSignal::new(browser::now());
    let left = move || units::left(until.get()?, now.get());
    let words = move || match left() {
        Some(left) => {
            let left = words::seconds(i18n.get_locale(), left);
            t_string!(i18n, act_send_now_left, left = left).to_string()
        }
        None => t_string!(i18n, act_send_now).to_owned(),
    };
    every_second(can, now);
    view! {
        <Show when=move || can.get()>
            <button
                type="button"
                class="primary"
                data-testid="send-now"
                on:click=move |_| session.decide(id, Action::SendNow)
            >
                {words}
            </button>
        </Show>
    }
}

/// Keeps a second hand going while somebody needs it.
fn every_second(needed: Memo<bool>, now: RwSignal<u64>) {
    Effect::new(move |_| {
        if !needed.get() {
            return;
        }
        now.set(browser::now());
        let tick = move || now.set(browser::now());
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// What needs no question.
#[component]
fn AtOnce(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
    /// What it does.
    action: Action,
    /// Its name in the page.
    name: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let can = can(message, action);
    view! {
        <Show when=move || can.get()>
            <button
                type="button"
                data-testid=name
                on:click=move |_| session.decide(id, action)
            >
                {move || words::action(i18n.get_locale(), action, false)}
            </button>
        </Show>
    }
}

/// What is asked about first.
#[component]
fn Ask(
    /// The message.
    message: Memo<Option<OwnMessage>>,
    /// What it does.
    action: Action,
    /// Its name in the page.
    name: &'static str,
    /// Set to what is asked about.
    asking: RwSignal<Option<Action>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let can = can(message, action);
    let over = can_send_anyway(message);
    view! {
        <Show when=move || can.get()>
            <button type="button" data-testid=name on:click=move |_| asking.set(Some(action))>
                {move || words::action(i18n.get_locale(), action, over.get())}
            </button>
        </Show>
    }
}

/// Whether it waits for the person: send it anyway, change it, or drop it.
fn can_send_anyway(message: Memo<Option<OwnMessage>>) -> Memo<bool> {
    can(message, Action::SendAnyway)
}

/// Opens the form with what the message says.
#[component]
fn Edit(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let (can, over) = (can(message, Action::Edit), can_send_anyway(message));
    let fits = Memo::new(move |_| {
        let kind = session.kind();
        message.with(|own| {
            own.as_ref()
                .is_some_and(|own| draft::can_edit(&own.message, kind))
        })
    });
    let edit = move |_| {
        let form = message.with_untracked(|own| Some(Form::of_message(&own.as_ref()?.message)));
        if let Some(form) = form {
            session.compose(Form {
                editing: Some(id),
                ..form
            });
        }
    };
    view! {
        <Show when=move || can.get() && fits.get()>
            <button type="button" data-testid="edit" on:click=edit>
                {move || words::action(i18n.get_locale(), Action::Edit, over.get())}
            </button>
        </Show>
    }
}

/// The question before something that may not come out as wished.
#[component]
fn Decision(
    /// Its number.
    id: u64,
    /// What it does.
    action: Action,
    /// The name of its yes in the page.
    name: &'static str,
    /// Cleared when it is answered.
    asking: RwSignal<Option<Action>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let more = action == Action::OfferMore;
    let what = move || match more {
        true => t_string!(i18n, act_offer_more_ask),
        false => t_string!(i18n, act_give_up_ask),
    };
    let yes = move || match more {
        true => t_string!(i18n, act_offer_more_yes),
        false => t_string!(i18n, act_give_up_yes),
    };
    let answer = move |yes| {
        asking.set(None);
        if yes {
            session.decide(id, action);
        }
    };
    view! {
        <Question
            name
            grave=!more
            yes=Signal::derive(move || yes().to_owned())
            on_answer=Callback::new(answer)
        >
            <p>{what}</p>
        </Question>
    }
}

/// The question before a message is deleted, and what goes with it.
#[component]
fn Deletion(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
    /// Cleared when it is answered.
    asking: RwSignal<Option<Action>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let over = can_send_anyway(message);
    let dependents = RwSignal::new(0_u64);
    // Others may come to refer to it while the question stands.
    Effect::new(move |_| {
        message.track();
        spawn_local(async move {
            if let Ok(count) = api::dependents(id).await {
                dependents.try_set(count);
            }
        });
    });
    let what = move || match over.get() {
        true => t_string!(i18n, act_drop_ask),
        false => t_string!(i18n, delete_ask),
    };
    let yes = move || match over.get() {
        true => t_string!(i18n, act_drop_yes),
        false => t_string!(i18n, delete_yes),
    };
    let answer = move |yes| {
        let next = session
            .outbox
            .value
            .with_untracked(|page| super::neighbour(&page.messages, id));
        asking.set(None);
        if yes {
            // What the person was not told of is not deleted.
            session.delete(id, dependents.get_untracked() > 0);
            super::focus_on(next);
        }
    };
    view! {
        <Question
            name="delete-yes"
            yes=Signal::derive(move || yes().to_owned())
            no=Signal::derive(move || t_string!(i18n, keep).to_owned())
            on_answer=Callback::new(answer)
        >
            <p>{what}</p>
            <Show when=move || dependents.get() != 0>
                <p>{t!(i18n, delete_ask_dependents, count = move || dependents.get())}</p>
            </Show>
        </Question>
    }
}
