//! `parleyctl`: the engine without a window, for scripts and for people at a terminal. This file
//! reads the command line and hands over; each group of commands has a file of its own.

#![forbid(unsafe_code)]

mod codec;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::Trouble;

#[derive(Parser)]
#[command(
    name = "parleyctl",
    version,
    about = "Whiteflag messages, written offline and sent later"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read JSON messages on standard input, write their octets in hexadecimal digits.
    Encode {
        /// One message per line; a bad line gives {"error": …} in its place.
        #[arg(long)]
        lines: bool,
    },
    /// Read hexadecimal digits on standard input, write the messages as JSON.
    Decode {
        /// One message per line; a bad line gives {"error": …} in its place.
        #[arg(long)]
        lines: bool,
    },
}

fn main() -> ExitCode {
    // A closed pipe is an ordinary end, not a panic.
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => trouble.report(),
    }
}

fn run(arguments: Arguments) -> Result<(), Trouble> {
    match arguments.command {
        Command::Encode { lines } => codec::run(lines, codec::encode),
        Command::Decode { lines } => codec::run(lines, codec::decode),
    }
}
