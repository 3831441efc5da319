//! The accounts that are followed where only those are received.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::Failure;

use crate::components::{Kind, Refusal, TextField};
use crate::i18n::*;
use crate::session::{Change, Session};
use crate::words;

/// Whether a text can be an account; the engine looks closer.
fn looks_like_an_account(text: &str) -> bool {
    text.strip_prefix("0x")
        .is_some_and(|digits| digits.len() == 40 && digits.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// The list, and a field for a further one.
#[component]
pub(super) fn FollowedPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let accounts = Memo::new(move |_| {
        let followed = |view: &parley_wire::NetworkView| view.followed.clone();
        session
            .network
            .value
            .with(|view| view.as_ref().map(followed).unwrap_or_default())
    });
    view! {
        <div class="group">
            <h4>{t!(i18n, followed_title)}</h4>
            <Show when=move || accounts.with(Vec::is_empty)>
                <p class="empty">{t!(i18n, followed_none)}</p>
            </Show>
            <ul class="rows">
                <For each=move || accounts.get() key=String::clone let:account>
                    <Followed account />
                </For>
            </ul>
            <Addition />
        </div>
    }
}

/// One account.
#[component]
fn Followed(
    /// The account.
    account: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let shown = account.clone();
    let remove = move |_| session.do_change(Change::Unfollow(account.clone()));
    view! {
        <li class="row" data-testid="followed">
            <bdi class="code" dir="ltr">
                {shown}
            </bdi>
            <button type="button" data-testid="unfollow" on:click=remove>
                {t!(i18n, followed_remove)}
            </button>
        </li>
    }
}

/// What is wrong with a typed account.
#[derive(Clone, Debug, PartialEq)]
enum Wrong {
    NoAccount,
    Refused(Failure),
}

/// A field for a further account.
#[component]
fn Addition() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Wrong>);
    let problem = move || match wrong.get()? {
        Wrong::NoAccount => Some(t_string!(i18n, followed_wrong).to_owned()),
        Wrong::Refused(failure) => Some(words::failure(i18n.get_locale(), failure.code).to_owned()),
    };
    let failure = move || match wrong.get()? {
        Wrong::NoAccount => None,
        Wrong::Refused(failure) => Some(failure),
    };
    let follow = move || {
        let account = typed.get_untracked().trim().to_owned();
        if !looks_like_an_account(&account) {
            return wrong.set(Some(Wrong::NoAccount));
        }
        spawn_local(async move {
            match session.change(Change::Follow(account)).await {
                Ok(()) => typed.set(String::new()),
                Err(failure) => wrong.set(Some(Wrong::Refused(failure))),
            }
        });
    };
    view! {
        <div class="with-button">
            <TextField
                name="follow-account"
                label=t!(i18n, followed_account)
                kind=Kind::Code
                value=typed
                problem=Signal::derive(problem)
                on_input=Callback::new(move |text| {
                    wrong.set(None);
                    typed.set(text);
                })
                on_enter=Callback::new(move |()| follow())
            />
            <Refusal failure=Signal::derive(failure) />
            <button type="button" data-testid="follow" on:click=move |_| follow()>
                {t!(i18n, followed_add)}
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_forty_digits_behind_0x() {
        let digits = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert!(looks_like_an_account(&format!("0x{digits}")));
        for wrong in [
            digits.to_owned(),
            format!("0x{digits}0"),
            format!("0y{digits}"),
        ] {
            assert!(!looks_like_an_account(&wrong), "{wrong}");
        }
        assert!(!looks_like_an_account(&format!("0xg{}", &digits[1..])));
    }
}
