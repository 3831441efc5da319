//! What sending depends on, by more than one endpoint: none of it can be recomputed, and one that says
//! that the account is empty, or prices absurd, would hold up or cost what it likes.

use alloy_primitives::U256;
use parley_chain::AccountFacts;
use parley_core::fees::FeeQuote;
use parley_store::OutgoingRow;

use super::Round;
use crate::broken::Broken;
use crate::parley::Parley;

impl Parley {
    /// Asks the others too where something is to be signed.
    pub(super) async fn ask_about_account(
        &self,
        round: &mut Round<'_>,
        rows: &[OutgoingRow],
    ) -> Result<(), Broken> {
        let holds_up = round.facts.has_code || round.facts.balance.is_zero();
        if (self.is_thrifty() && !holds_up) || !self.wants_to_sign(rows).await? {
            return Ok(());
        }
        let others = self.others(&[round.lead.url()]).await?;
        let mut said = vec![round.facts];
        for other in &others {
            match other.lead.account(self.inner.profile.address).await {
                Ok(facts) => said.push(facts),
                Err(why) => drop(self.blame(&other.lead, why)),
            }
        }
        round.facts = believed(&said, round.facts);
        let facts = round.facts;
        self.see(|seen| {
            seen.balance = Some(facts.balance);
            seen.fees = Some(facts.fees);
            seen.has_code = facts.has_code;
        });
        Ok(())
    }

    /// Whether anything waits to be signed: a new message, or another price for one on its way.
    async fn wants_to_sign(&self, rows: &[OutgoingRow]) -> Result<bool, Broken> {
        let now = self.now();
        let waits = |row: &OutgoingRow| {
            let newest = row.variants.last();
            let since = newest.map_or(now, |newest| newest.exposed_at);
            let long = now.saturating_sub(since) >= parley_core::fees::PATIENCE_S;
            row.more_asked || row.giving_up_at.is_some() || long
        };
        if rows.iter().any(waits) {
            return Ok(true);
        }
        let open = self
            .with_store(move |store| store.open_messages(1, now))
            .await?;
        Ok(!open.is_empty())
    }
}

/// The middle of three or more; of two, what neither holds up nor costs more.
fn believed(said: &[AccountFacts], lead: AccountFacts) -> AccountFacts {
    let with_code = said.iter().filter(|facts| facts.has_code).count();
    AccountFacts {
        balance: middle(said.iter().map(|facts| facts.balance), true).unwrap_or(U256::ZERO),
        has_code: with_code.saturating_mul(2) > said.len(),
        fees: FeeQuote {
            base_fee: middle(said.iter().map(|facts| facts.fees.base_fee), false)
                .unwrap_or(lead.fees.base_fee),
            priority: middle(said.iter().map(|facts| facts.fees.priority), false)
                .unwrap_or(lead.fees.priority),
        },
        ..lead
    }
}

/// The middle one; of two middle ones the upper or the lower.
fn middle<T: Ord>(values: impl Iterator<Item = T>, upper: bool) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    let at = match upper {
        true => values.len() / 2,
        false => values.len().saturating_sub(1) / 2,
    };
    values.into_iter().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(balance: u64, base_fee: u128, has_code: bool) -> AccountFacts {
        AccountFacts {
            nonce: 7,
            pending_nonce: 7,
            final_nonce: None,
            balance: U256::from(balance),
            has_code,
            fees: FeeQuote {
                base_fee,
                priority: base_fee,
            },
        }
    }

    #[test]
    fn one_of_three_decides_nothing() {
        for liar in [facts(0, 0, true), facts(u64::MAX, 9_000, false)] {
            for place in 0..3 {
                let mut said = vec![facts(50, 10, false), facts(51, 11, false)];
                said.insert(place, liar);
                let found = believed(&said, said[0]);
                assert!(!found.has_code && (10..=11).contains(&found.fees.base_fee));
                assert!((50..=51).contains(&found.balance.to::<u64>()));
                assert!((10..=11).contains(&found.fees.priority));
            }
        }
    }

    #[test]
    fn of_two_the_one_that_holds_nothing_up_is_believed() {
        let said = [facts(0, 900, true), facts(50, 10, false)];
        let found = believed(&said, said[0]);
        assert_eq!(found, facts(50, 10, false));
    }

    #[test]
    fn one_alone_is_believed() {
        let said = [facts(0, 900, true)];
        assert_eq!(believed(&said, said[0]), said[0]);
    }
}
