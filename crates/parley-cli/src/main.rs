//! `parleyctl`: the engine without a window, for scripts and for people at a terminal. This file
//! reads the command line and hands over; each group of commands has a file of its own.

#![forbid(unsafe_code)]

mod codec;
mod crypt;
mod jws;
mod network;
mod output;
mod own;
mod secret_file;
mod send;
mod show;
mod sync;
mod token;
mod validate;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use parley_engine::{Custom, Init, Parley};

use output::Trouble;

#[derive(Parser)]
#[command(
    name = "parleyctl",
    version,
    about = "Whiteflag messages: written offline, sent when a connection returns"
)]
struct Arguments {
    /// The data folder; without it PARLEY_DATA, else the platform's folder.
    #[arg(long, env = "PARLEY_DATA", global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read JSON messages on standard input, write their octets in hexadecimal digits.
    Encode(codec::Options),
    /// Read hexadecimal digits on standard input, write the messages as JSON. What breaks a rule is
    /// decoded all the same, with a warning on standard error.
    Decode {
        /// One message per line; a bad line gives {"error": …} in its place.
        #[arg(long)]
        lines: bool,
    },
    /// Say which rules of Whiteflag messages break, and what to do.
    Validate(validate::Options),
    /// Make a data folder with a new account, for one network for ever. Needs no network.
    Init {
        /// local, sepolia, gnosis or mainnet; any other name with --chain-id.
        #[arg(long)]
        network: String,
        /// The chain id (EIP-155) of a network that Parley does not know by name.
        #[arg(long)]
        chain_id: Option<u64>,
        /// Such a network is private and for exercises: signals on it do not count.
        #[arg(long, requires = "chain_id")]
        private: bool,
        /// The address of an endpoint; may be given several times.
        #[arg(long)]
        rpc: Vec<String>,
        /// What this device is called. Never sent.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Queue JSON messages from standard input. Never uses the network.
    Send(send::Options),
    /// Withdraw a message that has not left.
    Delete(own::Deletion),
    /// Send a message although its time is over, or although it was saved from a damaged file.
    SendAnyway(own::Number),
    /// Offer a higher fee for a message that is on its way.
    OfferMore(own::Number),
    /// Put a blank transaction in the place of a message that is on its way. The message may still
    /// come into a block before it.
    GiveUp(own::Number),
    /// Want a message after all that was to be given up.
    Keep(own::Number),
    /// List what was tried to hand a message over.
    Attempts(own::Attempts),
    /// Send what is queued and receive what is on the chain.
    Sync(sync::Options),
    /// List own messages with their states.
    Outbox(show::Format),
    /// List every Whiteflag transaction that was received.
    Inbox(show::Format),
    /// List what stands, with all that refers to it.
    Situation(show::Situation),
    /// Tell where this device stands.
    Status(show::Format),
    /// Tell how the network is reached and which blocks were received.
    Network(show::Format),
    /// List, add, remove, order and try endpoints.
    #[command(subcommand)]
    Endpoint(network::Endpoint),
    /// Choose what is received and how the network is reached.
    Settings(network::Choice),
    /// Follow an account: with --receive followed only its messages are looked for. Endpoints learn
    /// whom you follow.
    Follow(network::Account),
    /// Follow an account no longer.
    Unfollow(network::Account),
    /// Tell this device's account and what it has.
    Address(show::Format),
    /// Make keys, agree on secrets, encrypt and decrypt messages. Needs no data folder.
    #[command(subcommand)]
    Crypt(crypt::Crypt),
    /// Derive the token that an account shows to those who share a secret with its owner.
    Token(token::Options),
    /// Sign what belongs at the URL of an authentication message, or check what was found there.
    #[command(subcommand)]
    Jws(jws::Signature),
}

fn main() -> ExitCode {
    logging();
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => trouble.report(),
    }
}

fn run(arguments: Arguments) -> Result<(), Trouble> {
    let data = arguments.data;
    match arguments.command {
        Command::Encode(options) => codec::encode(options),
        Command::Decode { lines } => codec::decode(lines),
        Command::Validate(options) => validate::run(options),
        Command::Init {
            network,
            chain_id,
            private,
            rpc,
            name,
        } => {
            let custom = chain_id.map(|chain_id| Custom { chain_id, private });
            let request = Init {
                network,
                custom,
                rpc,
                name,
            };
            init(&folder(data)?, &request)
        }
        Command::Send(options) => wait(send::run(&open(data)?, options)),
        Command::Delete(options) => wait(own::delete(&open(data)?, options)),
        Command::SendAnyway(number) => wait(own::send_anyway(&open(data)?, number)),
        Command::OfferMore(number) => wait(own::offer_more(&open(data)?, number)),
        Command::GiveUp(number) => wait(own::give_up(&open(data)?, number)),
        Command::Keep(number) => wait(own::keep(&open(data)?, number)),
        Command::Attempts(options) => wait(own::attempts(&open(data)?, options)),
        Command::Sync(options) => wait(sync::run(&folder(data)?, &options)),
        Command::Outbox(format) => wait(show::outbox(&open(data)?, format)),
        Command::Inbox(format) => wait(show::inbox(&open(data)?, format)),
        Command::Situation(options) => wait(show::situation(&open(data)?, options)),
        Command::Status(format) => wait(show::status(&open(data)?, format)),
        Command::Network(format) => wait(network::show(&open(data)?, format)),
        Command::Endpoint(command) => wait(network::endpoint(&open(data)?, command)),
        Command::Settings(choice) => wait(network::choose(&open(data)?, choice)),
        Command::Follow(account) => wait(network::follow(&open(data)?, account)),
        Command::Unfollow(account) => wait(network::unfollow(&open(data)?, account)),
        Command::Address(format) => wait(show::address(&open(data)?, format)),
        Command::Crypt(command) => crypt::run(&command),
        Command::Token(options) => token::run(&options),
        Command::Jws(command) => jws::run(&command),
    }
}

/// Nothing a person did not ask for is written, unless `RUST_LOG` asks.
fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

fn init(folder: &std::path::Path, init: &Init) -> Result<(), Trouble> {
    Parley::init(folder, init)?;
    let parley = Parley::open(folder)?;
    // Money for exercises is asked for now if the node answers, else at the next sync.
    wait(async {
        let limit = Duration::from_secs(3);
        // A node that is slow to answer is asked again then, too.
        let _ = tokio::time::timeout(limit, parley.fund()).await;
        Ok(())
    })
}

fn open(data: Option<PathBuf>) -> Result<Parley, Trouble> {
    Ok(Parley::open(&folder(data)?)?)
}

fn folder(data: Option<PathBuf>) -> Result<PathBuf, Trouble> {
    let platform = || {
        let folders = directories::ProjectDirs::from("org", "Parley", "Parley");
        folders.map(|folders| folders.data_dir().to_owned())
    };
    data.or_else(platform).ok_or_else(|| {
        Trouble::BadInput(
            "This system names no folder for data. Nothing was changed. Name one with --data."
                .to_owned(),
        )
    })
}

/// How long what was begun may go on when all that was wanted is done or its time is over. A commit
/// needs less; a name that the system looks up may need minutes, and cannot be stopped.
const GRACE: Duration = Duration::from_secs(1);

fn wait(work: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Trouble::Other(format!(
            "The program could not start its work ({}).",
            error.kind()
        ))
    })?;
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(GRACE);
    done
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::sync::mpsc::channel;

    use super::*;

    /// The system looks names up in a way that nobody can stop, and its servers may be silent.
    #[test]
    fn what_cannot_be_stopped_is_not_waited_for() {
        let (held, ended) = (channel::<()>(), Arc::new(AtomicBool::new(false)));
        let (never, looks_up) = held;
        let has_ended = Arc::clone(&ended);
        let done = wait(async move {
            let (begins, begun) = tokio::sync::oneshot::channel();
            tokio::task::spawn_blocking(move || {
                begins.send(()).unwrap();
                // Longer than is waited, and not for ever, so that a program that waits fails.
                let _ = looks_up.recv_timeout(GRACE * 20);
                has_ended.store(true, Relaxed);
            });
            begun.await.unwrap();
            Ok(())
        });
        assert!(done.is_ok());
        assert!(!ended.load(Relaxed), "it was waited for");
        drop(never);
    }
}
