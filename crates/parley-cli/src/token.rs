//! `token`: what an account shows to those who share a secret with its owner (authentication method
//! 2). Touches no data folder and no network.

use std::path::PathBuf;

use clap::Args;
use whiteflag::crypto::{Address, Token};

use crate::output::{self, Trouble};
use crate::{crypt, secret_file};

#[derive(Args)]
pub(crate) struct Options {
    /// The secret, in hexadecimal digits; - for standard input.
    #[arg(long)]
    secret_file: PathBuf,
    /// The address of the account that will show the token.
    #[arg(long)]
    address: Address,
}

pub(crate) fn run(options: &Options) -> Result<(), Trouble> {
    let secret = crypt::import(&secret_file::read(&options.secret_file)?)?;
    output::line(&Token::derive(&secret, &options.address).to_hex())
}
