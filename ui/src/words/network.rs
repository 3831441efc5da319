//! How endpoints stand, what they learn, what was received, and what was tried.

use leptos_i18n::td_string;
use parley_wire::{Attempt, Health, Offered, OfflineReason, Receive, Tried};

use super::{lie, ltr, offline, refusal};
use crate::i18n::Locale;
use crate::units::Octets;

/// How an endpoint stands, in a word.
pub(crate) fn health(locale: Locale, health: &Health) -> &'static str {
    match health {
        Health::NotTried => td_string!(locale, health_not_tried),
        Health::Good => td_string!(locale, health_good),
        Health::Failing { .. } => td_string!(locale, health_failing),
        Health::Demoted { .. } => td_string!(locale, health_demoted),
    }
}

/// How an endpoint stands, as the page's attributes say it.
pub(crate) fn health_key(health: &Health) -> &'static str {
    match health {
        Health::NotTried => "not-tried",
        Health::Good => "good",
        Health::Failing { .. } => "failing",
        Health::Demoted { .. } => "demoted",
    }
}

/// Why an endpoint stands as it does, and what happens next; nothing where that is plain.
pub(crate) fn health_why(locale: Locale, health: &Health) -> Option<String> {
    match health {
        Health::NotTried | Health::Good => None,
        Health::Failing { times } => {
            Some(td_string!(locale, health_failed, count = *times).to_string())
        }
        Health::Demoted { lie: what } => {
            let what = lie(locale, what);
            Some(td_string!(locale, health_lied, lie = what).to_string())
        }
    }
}

/// An amount of data.
pub(crate) fn octets(locale: Locale, octets: u64) -> String {
    let words = match Octets::of(octets) {
        Octets::Plain(n) => td_string!(locale, octets_b, n = n).to_string(),
        Octets::Kilo(n) => td_string!(locale, octets_kb, n = n).to_string(),
        Octets::Mega(n) => td_string!(locale, octets_mb, n = n).to_string(),
        Octets::Giga(n) => td_string!(locale, octets_gb, n = n).to_string(),
        Octets::Tera(n) => td_string!(locale, octets_tb, n = n).to_string(),
    };
    ltr(&words)
}

/// What came of trying an endpoint.
pub(crate) fn tried(locale: Locale, tried: &Tried) -> String {
    match tried {
        Tried::Fits { head, latency_ms } => {
            td_string!(locale, tried_fits, block = *head, ms = *latency_ms).to_string()
        }
        // What is said of the network in use would send people to another data folder.
        Tried::Unfit {
            reason: OfflineReason::ChainReset,
        } => td_string!(locale, tried_other_chain).to_owned(),
        Tried::Unfit { reason } => {
            td_string!(locale, tried_unfit, why = offline(locale, reason)).to_string()
        }
    }
}

/// A way of receiving.
pub(crate) fn receive(locale: Locale, receive: Receive) -> &'static str {
    match receive {
        Receive::Everything => td_string!(locale, receive_everything),
        Receive::Followed => td_string!(locale, receive_followed),
        Receive::Nothing => td_string!(locale, receive_nothing),
    }
}

/// What a way of receiving costs and gives away.
pub(crate) fn receive_hint(locale: Locale, receive: Receive) -> &'static str {
    match receive {
        Receive::Everything => td_string!(locale, receive_everything_hint),
        Receive::Followed => td_string!(locale, receive_followed_hint),
        Receive::Nothing => td_string!(locale, receive_nothing_hint),
    }
}

/// Something that an endpoint learns, or does not, about who uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Learns {
    /// The device's network address.
    Address,
    /// A proxy's address and not the device's.
    Proxy,
    /// That this program is used.
    Program,
    /// The account.
    Account,
    /// Which blocks are wanted, which are all.
    Blocks,
    /// Who is followed.
    Followed,
    /// Nothing of what is of interest.
    NoInterest,
}

impl Learns {
    /// Everything that endpoints learn with a way of receiving.
    pub(crate) fn with(receive: Receive, proxy: bool) -> [Self; 4] {
        let interest = match receive {
            Receive::Everything => Self::Blocks,
            Receive::Followed => Self::Followed,
            Receive::Nothing => Self::NoInterest,
        };
        let address = if proxy { Self::Proxy } else { Self::Address };
        [address, Self::Program, Self::Account, interest]
    }
}

/// What an endpoint learns.
pub(crate) fn learns(locale: Locale, learns: Learns) -> &'static str {
    match learns {
        Learns::Address => td_string!(locale, learns_direct),
        Learns::Proxy => td_string!(locale, learns_proxy),
        Learns::Program => td_string!(locale, learns_parley),
        Learns::Account => td_string!(locale, learns_account),
        Learns::Blocks => td_string!(locale, learns_blocks),
        Learns::Followed => td_string!(locale, learns_followed),
        Learns::NoInterest => td_string!(locale, learns_nothing),
    }
}

/// What came of offering a message.
pub(crate) fn attempt(locale: Locale, attempt: &Attempt) -> String {
    match (attempt.outcome, &attempt.class) {
        (Offered::Accepted, _) => td_string!(locale, tried_accepted).to_owned(),
        (Offered::Known, _) => td_string!(locale, tried_known).to_owned(),
        (Offered::Offline, _) => td_string!(locale, tried_offline).to_owned(),
        (Offered::Refused, None) => td_string!(locale, tried_refused).to_owned(),
        (Offered::Refused, Some(class)) => {
            let why = refusal(locale, class);
            td_string!(locale, tried_refused_why, why = why).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_wire::OfflineReason;

    #[test]
    fn an_endpoint_says_how_it_stands_and_why() {
        let said = |stands: &Health| (health(Locale::en, stands), health_why(Locale::en, stands));
        assert_eq!(said(&Health::Good), ("Answers", None));
        let (word, why) = said(&Health::Failing { times: 3 });
        assert_eq!(word, "Does not answer");
        assert!(why.unwrap().contains("3 times in a row"));
        let lie = "false-transactions".to_owned();
        let (word, why) = said(&Health::Demoted { lie });
        assert_eq!(word, "Not used any more");
        assert!(why.unwrap().contains("not those of the block"));
    }

    #[test]
    fn every_lie_and_every_refusal_has_words_and_one_from_later_versions_some() {
        let lies = "other-chain other-genesis other-checkpoint false-header false-transactions \
                    final-replaced outvoted forged-reply";
        for word in lies.split(' ') {
            assert_ne!(lie(Locale::en, word), lie(Locale::en, "?"), "{word}");
        }
        let refusals = "nonce-used nonce-taken gap underpriced fee-above-cap funds gas-limit \
                        invalid delegated pool-full chain not-ready throttled";
        for word in refusals.split(' ') {
            assert_ne!(
                refusal(Locale::en, word),
                refusal(Locale::en, "?"),
                "{word}"
            );
        }
    }

    #[test]
    fn a_trial_says_what_came_of_it() {
        let fits = Tried::Fits {
            head: 7,
            latency_ms: 40,
        };
        assert!(tried(Locale::en, &fits).contains("block 7, answered in 40 ms"));
        let reason = OfflineReason::WrongChain { found: 5 };
        let unfit = tried(Locale::en, &Tried::Unfit { reason });
        assert!(unfit.contains("another chain (5)"), "{unfit}");
    }

    #[test]
    fn only_following_gives_away_who_is_followed_and_only_a_proxy_hides_the_address() {
        for receive in [Receive::Everything, Receive::Followed, Receive::Nothing] {
            let learns = Learns::with(receive, false);
            assert!(learns.contains(&Learns::Address));
            let follows = receive == Receive::Followed;
            assert_eq!(learns.contains(&Learns::Followed), follows);
            assert!(!Learns::with(receive, true).contains(&Learns::Address));
        }
    }

    #[test]
    fn a_refused_message_says_why() {
        let refused = Attempt {
            at: 0,
            endpoint: "https://one.example".to_owned(),
            outcome: Offered::Refused,
            class: Some("underpriced".to_owned()),
        };
        assert_eq!(
            attempt(Locale::en, &refused),
            "refused: it offers too little"
        );
    }
}
