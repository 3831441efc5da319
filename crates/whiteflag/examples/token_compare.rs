//! Compares the token of a fixed secret and sender with one from the command line: `same` or
//! `different`. Run under a counter of instructions, it shows whether the place of the first
//! difference matters. Without an argument it prints the token.

#![allow(clippy::print_stdout, reason = "an example speaks on stdout")]

use whiteflag::crypto::{Address, Secret, SecretError, Token};

fn main() -> Result<(), SecretError> {
    let secret = Secret::new(b"a secret of thirty-two octets...".to_vec())?;
    let token = Token::derive(&secret, &Address::ethereum([0x41; 20]));
    let Some(shown) = std::env::args().nth(1) else {
        println!("{}", token.to_hex());
        return Ok(());
    };
    let verdict = if token.matches(&shown) {
        "same"
    } else {
        "different"
    };
    println!("{verdict}");
    Ok(())
}
