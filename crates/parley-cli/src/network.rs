//! How the network is reached and what is received from it: endpoints, followed accounts, settings.

use clap::{Args, Subcommand, ValueEnum};
use parley_engine::Parley;
use parley_wire::{Health, NetworkView, Receive, Start, Tried};
use serde_json::json;

use crate::output::{self, Trouble};
use crate::show::Format;
use crate::words;

#[derive(Subcommand)]
pub(crate) enum Endpoint {
    /// List the endpoints in their order, with what is known of each.
    List(Format),
    /// Add one at the end.
    Add(Url),
    /// Remove one. What was received from it stays.
    Remove(Url),
    /// Put them into this order: all of them are to be named.
    Order {
        /// Their addresses.
        urls: Vec<String>,
    },
    /// Ask one, in the list or not, whether it is for this network. Changes nothing.
    Try(Url),
    /// Use one again that was found to say what is false.
    Pardon(Url),
}

#[derive(Args)]
pub(crate) struct Url {
    /// The address of an endpoint.
    url: String,
}

#[derive(Args)]
pub(crate) struct Account {
    /// 0x and 40 hexadecimal digits.
    account: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Every block: nobody learns what one is interested in.
    Everything,
    /// Only the messages of followed accounts. Endpoints learn who is followed.
    Followed,
    /// Nothing: what is queued is sent, and that is all.
    Nothing,
}

#[derive(Args)]
pub(crate) struct Choice {
    /// What is received.
    #[arg(long, value_enum)]
    receive: Option<What>,
    /// Where receiving begins: usual, now, a block number, or @ and seconds since 1970 UTC.
    #[arg(long)]
    start: Option<String>,
    /// A SOCKS proxy for everything, such as socks5h://127.0.0.1:9050.
    #[arg(long, conflicts_with = "no_proxy")]
    proxy: Option<String>,
    /// Reach the network directly again.
    #[arg(long)]
    no_proxy: bool,
    /// How long a message of the window can be taken back, seconds.
    #[arg(long)]
    undo: Option<u32>,
    /// The most that is offered for one gas, in gwei; 0 for the usual limit.
    #[arg(long)]
    most_gwei: Option<u32>,
    #[command(flatten)]
    format: Format,
}

pub(crate) async fn endpoint(parley: &Parley, command: Endpoint) -> Result<(), Trouble> {
    match command {
        Endpoint::List(format) => list(&parley.network().await?, format),
        Endpoint::Add(Url { url }) => Ok(parley.add_endpoint(&url).await?),
        Endpoint::Remove(Url { url }) => Ok(parley.remove_endpoint(&url).await?),
        Endpoint::Order { urls } => Ok(parley.order_endpoints(urls).await?),
        Endpoint::Pardon(Url { url }) => Ok(parley.pardon_endpoint(&url).await?),
        Endpoint::Try(Url { url }) => match parley.try_endpoint(&url).await? {
            Tried::Fits { head, latency_ms } => output::line(&format!(
                "It answers for this network: block {head}, in {latency_ms} ms."
            )),
            Tried::Unfit { reason } => Err(Trouble::NotNow(words::offline(reason))),
        },
    }
}

pub(crate) async fn follow(parley: &Parley, account: Account) -> Result<(), Trouble> {
    Ok(parley.follow(&account.account).await?)
}

pub(crate) async fn unfollow(parley: &Parley, account: Account) -> Result<(), Trouble> {
    Ok(parley.unfollow(&account.account).await?)
}

/// Changes what is named, and tells what is chosen then.
pub(crate) async fn choose(parley: &Parley, choice: Choice) -> Result<(), Trouble> {
    let before = parley.settings().await?;
    let mut settings = before.clone();
    if let Some(receive) = choice.receive {
        settings.receive = match receive {
            What::Everything => Receive::Everything,
            What::Followed => Receive::Followed,
            What::Nothing => Receive::Nothing,
        };
    }
    if let Some(start) = choice.start {
        settings.start = start_of(&start)?;
    }
    if choice.no_proxy {
        settings.proxy = None;
    }
    settings.proxy = choice.proxy.or(settings.proxy);
    settings.undo_seconds = choice.undo.unwrap_or(settings.undo_seconds);
    if let Some(gwei) = choice.most_gwei {
        settings.most_gwei = Some(gwei).filter(|gwei| *gwei > 0);
    }
    if settings != before {
        parley.choose(settings.clone()).await?;
    }
    if choice.format.json {
        return output::line(&serde_json::to_string(&settings).unwrap_or_default());
    }
    output::line(&format!("receive   {}", words::receive(settings.receive)))?;
    output::line(&format!("start     {}", words::start(settings.start)))?;
    let proxy = settings.proxy.as_deref().unwrap_or("none");
    output::line(&format!("proxy     {proxy}"))?;
    output::line(&format!("undo      {} s", settings.undo_seconds))?;
    let most = settings
        .most_gwei
        .map_or_else(|| "usual".to_owned(), |gwei| format!("{gwei} gwei"));
    output::line(&format!("most fee  {most}"))
}

fn start_of(text: &str) -> Result<Start, Trouble> {
    let bad = || {
        Trouble::BadInput(
            "This is no start of receiving. Nothing was changed. Give usual, now, a block number, or \
             @ and seconds since 1970 UTC."
                .to_owned(),
        )
    };
    match text {
        "usual" => Ok(Start::Usual),
        "now" => Ok(Start::Now),
        other => match other.strip_prefix('@') {
            Some(since) => {
                let since = since.parse().map_err(|_| bad())?;
                Ok(Start::Time { since })
            }
            None => {
                let number = other.parse().map_err(|_| bad())?;
                Ok(Start::Block { number })
            }
        },
    }
}

pub(crate) async fn show(parley: &Parley, format: Format) -> Result<(), Trouble> {
    parley.glance().await?;
    let view = parley.network().await?;
    if format.json {
        return output::line(&serde_json::to_string(&view).unwrap_or_default());
    }
    list(&view, format)?;
    let coverage = &view.coverage;
    for stretch in &coverage.stretches {
        output::line(&format!(
            "received  blocks {} to {}, {}",
            stretch.first,
            stretch.last,
            words::verification(stretch.level)
        ))?;
    }
    output::line(&format!("missing   {} blocks", coverage.missing))?;
    for account in &view.followed {
        output::line(&format!("followed  {account}"))?;
    }
    Ok(())
}

fn list(view: &NetworkView, format: Format) -> Result<(), Trouble> {
    for endpoint in &view.endpoints {
        if format.json {
            output::line(&json!(endpoint).to_string())?;
            continue;
        }
        let health = match &endpoint.health {
            Health::NotTried => "not asked in this run".to_owned(),
            Health::Good => "answers".to_owned(),
            Health::Failing { times } => format!("did not answer {times} times in a row"),
            Health::Demoted { lie } => format!("not used any more ({lie})"),
        };
        output::line(&format!(
            "endpoint  {}  {health}, {} octets sent, {} received",
            endpoint.url, endpoint.sent, endpoint.received
        ))?;
    }
    Ok(())
}
