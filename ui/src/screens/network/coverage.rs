//! What was received and what is missing: in words, as a bar, and as a table that says the same.

use leptos::prelude::*;
use parley_wire::{Coverage, Verification};

use crate::band::{self, Piece, Range};
use crate::i18n::*;
use crate::session::Session;
use crate::{units, words};

/// How many stretches are listed: a link that comes and goes leaves hundreds.
const LISTED: usize = 50;

/// The part of the screen about what was received.
#[component]
pub(super) fn CoveragePart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let coverage = Memo::new(move |_| {
        let coverage = |view: &parley_wire::NetworkView| view.coverage.clone();
        session
            .network
            .value
            .with(|view| view.as_ref().map(coverage).unwrap_or_default())
    });
    let summary = move || coverage.with(|coverage| summary(i18n.get_locale(), coverage));
    let some = Memo::new(move |_| coverage.with(|it| !band::pieces(it).is_empty()));
    view! {
        <section class="part" data-testid="coverage">
            <h3>{t!(i18n, received_title)}</h3>
            <p data-testid="received-summary">{summary}</p>
            <Costs coverage />
            <Show when=move || some.get()>
                <Bar coverage />
                <Table coverage />
            </Show>
        </section>
    }
}

/// How much of what should be there is.
fn summary(locale: Locale, coverage: &Coverage) -> String {
    let Some(range) = Range::of(coverage) else {
        return leptos_i18n::td_string!(locale, received_not_begun).to_owned();
    };
    let Range { first, last } = range;
    if coverage.missing == 0 {
        return leptos_i18n::td_string!(locale, received_whole, first = first, last = last)
            .to_string();
    }
    let there = range.blocks().saturating_sub(coverage.missing);
    let percent = words::percent(units::percent(there, range.blocks()));
    leptos_i18n::td_string!(
        locale,
        received_part,
        percent = percent,
        first = first,
        last = last,
        missing = coverage.missing
    )
    .to_string()
}

/// What the missing blocks cost, and what could not be read.
#[component]
fn Costs(
    /// What was received.
    coverage: Memo<Coverage>,
) -> impl IntoView {
    let i18n = use_i18n();
    let expected = move || {
        let octets = coverage.with(|it| it.expected_octets.filter(|_| it.missing > 0))?;
        let octets = words::octets(i18n.get_locale(), octets);
        Some(t_string!(i18n, received_expected, octets = octets).to_string())
    };
    let unreadable = Memo::new(move |_| coverage.with(band::unreadable));
    view! {
        <p>{expected}</p>
        <Show when=move || unreadable.get() != 0>
            <p>{t!(i18n, received_unreadable, count = move || unreadable.get())}</p>
        </Show>
    }
}

/// The bar. The table says the same to those who cannot see it.
#[component]
fn Bar(
    /// What was received.
    coverage: Memo<Coverage>,
) -> impl IntoView {
    let drawn = move || {
        coverage.with(|coverage| {
            let range = Range::of(coverage)?;
            let draw = |piece: &Piece| draw(piece, range);
            Some(
                band::pieces(coverage)
                    .iter()
                    .filter_map(draw)
                    .collect_view(),
            )
        })
    };
    let size = format!("0 0 {} 10", band::WIDTH);
    view! {
        <svg class="band" viewBox=size preserveAspectRatio="none" aria-hidden="true">
            {drawn}
        </svg>
    }
}

/// A piece is told by its height too, not by its colour alone: what is missing is a thin line.
fn draw(piece: &Piece, range: Range) -> Option<impl IntoView + use<>> {
    let (x, width) = piece.extent(range)?;
    let (look, y, height) = match piece.level {
        None => ("missing", 4, 2),
        Some(level) if level >= Verification::Block => ("whole", 0, 10),
        Some(_) => ("partly", 2, 6),
    };
    Some(view! { <rect data-look=look x=x width=width y=y height=height /> })
}

/// All stretches and gaps, the newest first.
#[component]
fn Table(
    /// What was received.
    coverage: Memo<Coverage>,
) -> impl IntoView {
    let i18n = use_i18n();
    let pieces = Memo::new(move |_| coverage.with(band::pieces));
    let rows = move || {
        let newest = |pieces: &Vec<Piece>| {
            let rows = pieces.iter().rev().take(LISTED).copied();
            rows.map(|piece| view! { <Line piece /> }).collect_view()
        };
        pieces.with(newest)
    };
    let more = Memo::new(move |_| pieces.with(Vec::len).saturating_sub(LISTED));
    view! {
        <details class="more" data-testid="stretches">
            <summary>{t!(i18n, received_table)}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, received_blocks)}</th>
                        <th scope="col">{t!(i18n, received_level)}</th>
                        <th scope="col">{t!(i18n, received_unknown)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Show when=move || more.get() != 0>
                <p class="hint">{t!(i18n, received_more, n = move || more.get())}</p>
            </Show>
        </details>
    }
}

/// One stretch or gap.
#[component]
fn Line(
    /// The blocks.
    piece: Piece,
) -> impl IntoView {
    let i18n = use_i18n();
    let level = move || match piece.level {
        Some(level) => words::verification(i18n.get_locale(), level),
        None => t_string!(i18n, received_gap),
    };
    let blocks = format!("{}–{}", piece.first, piece.last);
    view! {
        <tr data-testid=if piece.level.is_some() { "stretch" } else { "gap" }>
            <td dir="ltr">{blocks}</td>
            <td>{level}</td>
            <td dir="ltr">{piece.unreadable}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_wire::Stretch;

    #[test]
    fn the_summary_never_says_that_everything_is_there_while_a_block_is_missing() {
        let stretch = Stretch {
            first: 0,
            last: 99_998,
            level: Verification::Block,
            unreadable: 0,
        };
        let mut coverage = Coverage {
            start: Some(0),
            head: Some(99_999),
            stretches: vec![stretch],
            missing: 1,
            expected_octets: None,
        };
        let said = summary(Locale::en, &coverage);
        assert!(
            said.contains("99 %") && said.contains("Missing: 1."),
            "{said}"
        );
        coverage.missing = 0;
        assert!(summary(Locale::en, &coverage).starts_with("Everything"));
        assert!(summary(Locale::en, &Coverage::default()).starts_with("Not known"));
    }
}
