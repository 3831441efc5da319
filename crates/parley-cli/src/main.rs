//! `parleyctl`: the engine without a window, for scripts and for people at a terminal. This file
//! reads the command line and hands over; each group of commands has a file of its own.

#![forbid(unsafe_code)]

mod codec;
mod crypt;
mod jws;
mod output;
mod secret_file;
mod send;
mod show;
mod sync;
mod token;
mod validate;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use parley_engine::{Init, Parley};

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
        /// local, sepolia, gnosis or mainnet.
        #[arg(long)]
        network: String,
        /// The address of an endpoint; may be given several times.
        #[arg(long)]
        rpc: Vec<String>,
        /// What this device is called. Never sent.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Queue JSON messages from standard input. Never uses the network.
    Send(send::Options),
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
        Command::Init { network, rpc, name } => init(&folder(data)?, &Init { network, rpc, name }),
        Command::Send(options) => wait(send::run(&open(data)?, options)),
        Command::Sync(options) => wait(sync::run(&open(data)?, &options)),
        Command::Outbox(format) => wait(show::outbox(&open(data)?, format)),
        Command::Inbox(format) => wait(show::inbox(&open(data)?, format)),
        Command::Situation(options) => wait(show::situation(&open(data)?, options)),
        Command::Status(format) => wait(show::status(&open(data)?, format)),
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
        let limit = std::time::Duration::from_secs(3);
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
    runtime.block_on(work)
}
