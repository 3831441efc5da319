//! The status line: which network, whether there is a connection, how far was received.

use leptos::prelude::*;
use parley_wire::{Link, Network, NetworkKind, Status};

use crate::i18n::*;
use crate::session::{Answer, Panel, Session};
use crate::words;

/// Received longer ago than this, seconds, is old: what happened since is not on the map.
const OLD: u64 = 10 * 60;

/// Whether what was received is old. A local chain makes blocks only when there is something to put
/// into them, so there its head counts, not its age.
fn is_old(status: &Status, now: u64) -> bool {
    let Some(to) = status.received_to else {
        return false;
    };
    let at_head = status.link == Link::Online && status.head.is_some_and(|head| head <= to.block);
    let quiet = status.network.kind == NetworkKind::Exercise && at_head;
    now.saturating_sub(to.time) > OLD && !quiet
}

/// The line over everything.
#[component]
pub(crate) fn StatusLine() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let online = move || {
        let status = session.status.value.get();
        status.is_some_and(|status| status.link == Link::Online)
    };
    let content = move || match session.status.value.get() {
        Some(status) => view! { <Known status /> }.into_any(),
        None if session.status.answer.get() == Answer::Failed => {
            view! { <span>{t!(i18n, status_failed)}</span> }.into_any()
        }
        None => view! { <span>{t!(i18n, status_unknown)}</span> }.into_any(),
    };
    view! {
        <header class="status" data-testid="status" data-online=move || online().to_string()>
            {content}
        </header>
    }
}

/// What is known of the device.
#[component]
fn Known(
    /// Where the device stands.
    status: Status,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let network = status.network.clone();
    let (link, to) = (status.link, status.received_to);
    let unprotected = !status.protected;
    let further = status.clone();
    let old = Memo::new(move |_| is_old(&status, session.now.get()));
    let received = move || words::received(i18n.get_locale(), to, session.now.get());
    view! {
        <NetworkButton network />
        <span class="link" data-look=if link == Link::Online { "online" } else { "offline" }>
            {move || words::link(i18n.get_locale(), &link)}
        </span>
        <span class="received" data-testid="received" class:old=old>
            {received}
            <Show when=move || old.get()>
                <strong>" " {t!(i18n, received_old)}</strong>
            </Show>
        </span>
        <Further status=further />
        <Show when=move || unprotected>
            <span class="unprotected">{t!(i18n, not_protected)}</span>
        </Show>
    }
}

/// Which network this is, and the way to all about it.
#[component]
fn NetworkButton(
    /// The network.
    network: Network,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let kind = move || words::kind(i18n.get_locale(), network.kind);
    let open = move || (session.panel.get() == Panel::Network).to_string();
    view! {
        <button
            type="button"
            class="network"
            data-testid="open-network"
            aria-expanded=open
            on:click=move |_| session.open(Panel::Network)
        >
            <bdi>{network.name}</bdi>
            " ("
            {kind}
            ")"
        </button>
    }
}

/// For fewer messages than this the account is nearly empty.
const FEW: u64 = 1_000;

/// What is worth a word only at times: what is missing, what the account can pay for, what waits.
#[component]
fn Further(
    /// Where the device stands.
    status: Status,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |name: &'static str, old: bool, words: Option<String>| {
        words.map(|words| {
            view! {
                <span class:old=old data-testid=name>
                    {words}
                </span>
            }
        })
    };
    move || {
        let locale = i18n.get_locale();
        let saver = words::saver(locale, status.receive).map(str::to_owned);
        // Who can pay for many does not have to think of it.
        let pays = status.affordable.filter(|messages| *messages < FEW);
        let affordable = pays.map(|messages| words::affordable(locale, messages));
        view! {
            {line("missing", true, words::missing(locale, &status))}
            {line("saver", false, saver)}
            {line("affordable", pays == Some(0), affordable)}
            {line("undecided", true, words::undecided(locale, status.undecided))}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_wire::{OfflineReason, Receive, ReceivedTo};

    const NOW: u64 = 1_795_500_000;

    fn status(kind: NetworkKind, age: u64) -> Status {
        Status {
            network: Network {
                name: "local".to_owned(),
                chain_id: 1,
                kind,
            },
            name: String::new(),
            address: String::new(),
            link: Link::Online,
            received_to: Some(ReceivedTo {
                block: 7,
                time: NOW - age,
            }),
            head: Some(7),
            unsent: 0,
            balance: None,
            protected: false,
            affordable: None,
            clock_off: None,
            disputed: false,
            missing: 0,
            receive: Receive::Everything,
            undecided: 0,
            low_room: false,
            mended: None,
        }
    }

    #[test]
    fn what_was_received_long_ago_is_old() {
        assert!(!is_old(&status(NetworkKind::Main, OLD), NOW));
        assert!(is_old(&status(NetworkKind::Main, OLD + 1), NOW));
    }

    #[test]
    fn a_quiet_exercise_chain_is_not_old_while_it_can_be_asked() {
        let mut status = status(NetworkKind::Exercise, 86_400);
        assert!(!is_old(&status, NOW));
        status.head = Some(8);
        assert!(is_old(&status, NOW), "there is more than was received");
        status.head = Some(7);
        status.link = Link::Offline {
            reason: OfflineReason::Unreachable,
        };
        assert!(is_old(&status, NOW), "nobody knows what happened since");
    }
}
