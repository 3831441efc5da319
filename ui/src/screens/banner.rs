//! The banner over every screen of a network where nothing is real.

use leptos::prelude::*;
use parley_wire::NetworkKind;

use crate::i18n::*;
use crate::session::Session;

/// EXERCISE or TEST; nothing where signals count.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new({
        let session = Session::current();
        move |_| session.kind()
    });
    let banner = move || {
        let (look, words) = match kind.get() {
            NetworkKind::Exercise => ("exercise", t_string!(i18n, banner_exercise)),
            NetworkKind::Test => ("test", t_string!(i18n, banner_test)),
            NetworkKind::Main => return None,
        };
        Some(view! {
            <p class="banner" data-testid="banner" data-look=look>
                {words}
            </p>
        })
    };
    view! { {banner} }
}
