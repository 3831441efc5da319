//! Where the network is reached: in the order the person gave, with what each was used for and
//! whether it lied. It asks none.

use rusqlite::{Row, Transaction};

use crate::{error::StoreError, open::Store};

/// An endpoint of this folder's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its URL.
    pub url: String,
    /// A word for what it lied about, and when that was found, in seconds since 1970 UTC: it is not
    /// asked any more until a person pardons it.
    pub demoted: Option<(String, u64)>,
    /// Octets that were sent to it.
    pub sent: u64,
    /// Octets that were received from it.
    pub received: u64,
    /// When its newest usable answer came; seconds since 1970 UTC.
    pub answered_at: Option<u64>,
}

/// Octets that went to and came from an endpoint since they were last counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointTraffic {
    /// Its URL.
    pub url: String,
    /// Octets that were sent to it.
    pub sent: u64,
    /// Octets that were received from it.
    pub received: u64,
}

impl Store {
    /// The endpoints in the order the person gave.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT url, demoted, demoted_at, sent, received, answered_at
             FROM endpoint ORDER BY turn, url",
        )?;
        Ok(statement
            .query_map([], endpoint)?
            .collect::<Result<_, _>>()?)
    }

    /// Adds an endpoint after all others. One that is there stays where it is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add_endpoint(&mut self, url: &str) -> Result<(), StoreError> {
        self.write("add-endpoint", |tx| {
            tx.execute(
                "INSERT INTO endpoint (url, turn)
                 VALUES (?1, (SELECT coalesce(max(turn) + 1, 0) FROM endpoint))
                 ON CONFLICT (url) DO NOTHING",
                [url],
            )?;
            Ok(())
        })
    }

    /// Removes an endpoint, with what was counted of it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remove_endpoint(&mut self, url: &str) -> Result<(), StoreError> {
        self.change_endpoint(
            "remove-endpoint",
            "DELETE FROM endpoint WHERE url = ?1",
            [url],
        )
    }

    /// Puts these endpoints first, in this order; the others keep theirs behind them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn order_endpoints(&mut self, urls: &[&str]) -> Result<(), StoreError> {
        self.write("order-endpoints", |tx| {
            tx.execute("UPDATE endpoint SET turn = turn + ?1", [urls.len()])?;
            for (turn, url) in urls.iter().enumerate() {
                tx.execute("UPDATE endpoint SET turn = ?2 WHERE url = ?1", (url, turn))?;
            }
            Ok(())
        })
    }

    /// Counts octets that were sent and received until now, `at` (seconds since 1970 UTC), in one
    /// commit that does not wait for the medium. Where any were received the endpoint has answered.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn count_traffic(
        &mut self,
        counted: &[EndpointTraffic],
        at: u64,
    ) -> Result<(), StoreError> {
        self.write_unwaited("count-traffic", |tx| {
            let mut statement = tx.prepare_cached(
                "UPDATE endpoint SET sent = sent + ?2, received = received + ?3,
                                     answered_at = iif(?3 > 0, ?4, answered_at)
                 WHERE url = ?1",
            )?;
            for one in counted {
                statement.execute((&one.url, one.sent, one.received, at))?;
            }
            Ok(())
        })
    }

    /// Keeps that an endpoint lied: a word that says about what, not empty. The first one stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn demote(&mut self, url: &str, word: &str, at: u64) -> Result<(), StoreError> {
        self.change_endpoint(
            "demote",
            "UPDATE endpoint SET demoted = ?2, demoted_at = ?3 WHERE url = ?1 AND demoted IS NULL",
            (url, word, at),
        )
    }

    /// Lets an endpoint be asked again: a person has decided.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn pardon(&mut self, url: &str) -> Result<(), StoreError> {
        self.change_endpoint(
            "pardon",
            "UPDATE endpoint SET demoted = NULL, demoted_at = NULL WHERE url = ?1",
            [url],
        )
    }

    fn change_endpoint(
        &mut self,
        what: &'static str,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<(), StoreError> {
        self.write(what, |tx: &Transaction<'_>| {
            tx.prepare_cached(sql)?.execute(params)?;
            Ok(())
        })
    }
}

fn endpoint(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let demoted: Option<String> = row.get("demoted")?;
    let demoted_at: Option<u64> = row.get("demoted_at")?;
    Ok(Endpoint {
        url: row.get("url")?,
        demoted: demoted.zip(demoted_at),
        sent: row.get("sent")?,
        received: row.get("received")?,
        answered_at: row.get("answered_at")?,
    })
}
