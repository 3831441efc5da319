//! Which rules of the standard a message breaks, and what becomes of it. Its sender may need help all
//! the same: nothing is hidden because of it.

use leptos::prelude::*;
use whiteflag::Finding;

use super::{Found, of_signal, of_site};
use crate::i18n::*;
use crate::{protocol, words};

/// What was found; nothing for a message that breaks no rule.
#[component]
pub(super) fn Findings(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let findings = Memo::new(move |_| {
        let mut findings =
            of_site(found, |site| protocol::findings(&site.message)).unwrap_or_default();
        let of_reference = of_signal(found, |signal| {
            protocol::reference_findings(&signal.findings)
        });
        findings.extend(of_reference.unwrap_or_default());
        findings
    });
    let escaped = Memo::new(move |_| of_site(found, |site| site.escaped) == Some(true));
    let broken = move || escaped.get() || !findings.with(Vec::is_empty);
    let items = move || {
        let locale = i18n.get_locale();
        let item = |finding: Finding| {
            let (rule, effect) = (finding.rule, finding.effect());
            view! {
                <li data-rule=rule.name() data-effect=effect.name()>
                    {words::rule(locale, rule)} " " {words::effect(locale, effect)}
                </li>
            }
        };
        findings.get().into_iter().map(item).collect_view()
    };
    view! {
        <Show when=broken>
            <section class="warning" data-testid="findings">
                <h3>{t!(i18n, findings)}</h3>
                <ul class="lines">
                    <Show when=move || escaped.get()>
                        <li data-testid="escaped">{move || words::text_escaped(i18n.get_locale())}</li>
                    </Show>
                    {items}
                </ul>
            </section>
        </Show>
    }
}
