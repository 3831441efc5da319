//! What everybody has to know, whatever they do: a clock that is wrong, endpoints that disagree,
//! hardly any room left.

use leptos::prelude::*;
use parley_wire::Status;

use crate::i18n::*;
use crate::session::Session;
use crate::words;

/// The lines over the stage; nothing while all is well.
#[component]
pub(crate) fn Warnings() -> impl IntoView {
    let i18n = use_i18n();
    let disputed = told(|status| status.disputed);
    let low_room = told(|status| status.low_room);
    view! {
        <div class="warnings" aria-live="polite">
            <ClockWarning />
            <MendedWarning />
            <Show when=move || disputed.get()>
                <p class="warning" data-testid="disputed">
                    {t!(i18n, disputed)}
                </p>
            </Show>
            <Show when=move || low_room.get()>
                <p class="warning" data-testid="low-room">
                    {t!(i18n, low_room)}
                </p>
            </Show>
        </div>
    }
}

/// That a damaged data file was set aside, until the person has read it.
#[component]
fn MendedWarning() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let mended = Memo::new(move |_| {
        session
            .status
            .value
            .with(|status| status.as_ref().and_then(|status| status.mended))
    });
    let words = move || {
        mended
            .get()
            .map(|mended| words::mended(i18n.get_locale(), &mended))
    };
    view! {
        <Show when=move || mended.get().is_some()>
            <div class="warning" data-testid="mended">
                <p>{words}</p>
                <button type="button" data-testid="mended-ok" on:click=move |_| session.read_mended()>
                    {t!(i18n, mended_ok)}
                </button>
            </div>
        </Show>
    }
}

fn told(part: fn(&Status) -> bool) -> Memo<bool> {
    let session = Session::current();
    Memo::new(move |_| {
        session
            .status
            .value
            .with(|status| status.as_ref().is_some_and(part))
    })
}

/// That the device's clock and the chain do not agree. It stands wherever times are chosen, too.
#[component]
pub(super) fn ClockWarning() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let off = Memo::new(move |_| {
        session
            .status
            .value
            .with(|status| status.as_ref().and_then(|status| status.clock_off))
    });
    let words = move || {
        off.get()
            .map(|off| words::clock_off(i18n.get_locale(), off))
    };
    view! {
        <Show when=move || off.get().is_some()>
            <p class="warning" data-testid="clock-warning">
                <span>{words} " " {t!(i18n, clock_why)}</span>
            </p>
        </Show>
    }
}
