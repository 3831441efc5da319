//! No secret is left in heap memory that is given back. This file's allocator reads every block
//! before it frees it. It says nothing of the stack, of registers, or of what the system swaps out.

#![cfg(feature = "crypto")]
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by nature; nothing else here is"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::{Debug, Display};
use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use hkdf::Hkdf;
use sha2::Sha256;
use whiteflag::crypto::jws::{Claims, Jws, PrivateKey as AccountPrivateKey};
use whiteflag::crypto::{
    Address, EncryptionKey, EncryptionMethod, InitialisationVector, Secret, SecretError, Token,
    decrypt, ecdh, encrypt,
};
use whiteflag::{Message, crypto};
use zeroize::ZeroizeOnDrop;

/// So many octets in a row give a secret away.
const PIECE: usize = 12;
const MOST: usize = 32;

/// What is looked for. Not on the heap, where looking for it would find it.
static PIECES: [[AtomicU8; PIECE]; MOST] = [const { [const { AtomicU8::new(0) }; PIECE] }; MOST];
static KNOWN: AtomicUsize = AtomicUsize::new(0);
static FOUND: AtomicUsize = AtomicUsize::new(0);

struct Reading;

#[global_allocator]
static ALLOCATOR: Reading = Reading;

// SAFETY: every call goes to the system's allocator as it came. `realloc` is the trait's own: it
// allocates, copies and frees, so that the block left behind is read too.
unsafe impl GlobalAlloc for Reading {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeros, so that reading the whole block later reads nothing that was never written.
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until it is freed, and all of it was written.
        let octets = unsafe { std::slice::from_raw_parts(block, layout.size()) };
        look(octets);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

fn look(octets: &[u8]) {
    let known = KNOWN.load(Ordering::Acquire);
    for piece in PIECES.iter().take(known) {
        let same = |window: &&[u8]| {
            let pairs = window.iter().zip(piece);
            pairs
                .into_iter()
                .all(|(a, b)| *a == b.load(Ordering::Relaxed))
        };
        if octets.windows(PIECE).any(|window| same(&window)) {
            FOUND.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Looks for the first and the last octets of a secret, as they are and in reverse, from now on.
fn watch(secret: &[u8]) {
    let (start, end) = (&secret[..PIECE], &secret[secret.len() - PIECE..]);
    for reverse in [false, true] {
        for part in [start, end] {
            let at = KNOWN.load(Ordering::Relaxed);
            for (place, index) in PIECES[at].iter().zip(0..) {
                let from = if reverse { PIECE - 1 - index } else { index };
                place.store(part[from], Ordering::Relaxed);
            }
            KNOWN.store(at + 1, Ordering::Release);
        }
    }
}

/// The tests of this file run one after the other: they share what is looked for.
static TURN: Mutex<()> = Mutex::new(());

/// How many freed blocks held a piece of these secrets while `work` ran.
fn found(secrets: &[&[u8]], work: impl FnOnce()) -> usize {
    let _turn = TURN.lock().unwrap();
    FOUND.store(0, Ordering::Relaxed);
    secrets.iter().for_each(|secret| watch(secret));
    work();
    KNOWN.store(0, Ordering::Release);
    FOUND.load(Ordering::Relaxed)
}

const SHARED: [u8; 32] = *b"\x9c\x1ethirty-two octets of a secret!";
const PRIVATE: [u8; 32] = *b"\x0fa private key of thirty-two oct";
const OTHER: [u8; 32] = *b"\x1fanother private key for the oth";

fn address() -> Address {
    Address::ethereum([0x41; 20])
}

/// Without this, the other tests could pass because nothing is ever found.
#[test]
fn what_is_not_wiped_is_found() {
    let leaked = found(&[&SHARED], || drop(black_box(SHARED.to_vec())));
    assert_eq!(leaked, 2, "its first and its last octets");
    let moved = found(&[&SHARED], || {
        let mut growing = Vec::with_capacity(32);
        growing.extend(SHARED);
        growing.reserve_exact(4096);
        black_box(&mut growing).fill(0);
    });
    assert_eq!(moved, 2, "the block that it was moved out of");
}

#[test]
fn secrets_are_wiped() {
    let mut digits = [0; 64];
    base16ct::lower::encode(&SHARED, &mut digits).unwrap();
    let left = found(&[&SHARED, &digits], || {
        let digits = std::str::from_utf8(&digits).unwrap();
        let mut many = Vec::new();
        for _ in 0..20 {
            many.push(Secret::new(SHARED.to_vec()).unwrap());
            many.push(Secret::import_hex(digits).unwrap().0);
        }
        assert_eq!(black_box(&many)[1].expose(), SHARED);
        assert_eq!(many[0].expose_hex().as_str(), digits);
        let short = Secret::new(SHARED[..15].to_vec());
        assert_eq!(short.err(), Some(SecretError::TooShort));
        let wrong = Secret::import_hex(&digits[..63]);
        assert_eq!(wrong.err(), Some(SecretError::Digits));
    });
    assert_eq!(left, 0);
}

#[test]
fn keys_and_tokens_are_wiped() {
    let mut key = [0; 32];
    let salt = base16ct::lower::decode_vec(
        "c4d028bd45c876135e80ef7889835822a6f19a31835557d5854d1334e8497b56",
    );
    let hkdf = Hkdf::<Sha256>::new(Some(&salt.unwrap()), &SHARED);
    hkdf.expand(address().as_bytes(), &mut key).unwrap();
    let mut token = [0; 32];
    let digits = Token::derive(&Secret::new(SHARED.to_vec()).unwrap(), &address()).to_hex();
    base16ct::lower::decode(&digits, &mut token).unwrap();
    let left = found(&[&SHARED, &key, &token], || {
        let secret = Secret::new(SHARED.to_vec()).unwrap();
        let method = EncryptionMethod::PreShared;
        let (mut keys, mut tokens) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            keys.push(EncryptionKey::derive(method, &secret, &address()));
            keys.push(EncryptionKey::from_octets(method, &key));
            tokens.push(Token::derive(&secret, &address()));
        }
        let text = Message::from_flat(&format!("WF100F0{}text", "0".repeat(64))).unwrap();
        let vector = InitialisationVector::new([3; 16]);
        let octets = encrypt(&text, &keys[0], vector).unwrap();
        assert!(decrypt(&octets, &keys[1], vector).is_ok());
        assert!(black_box(&tokens)[3].matches(&digits));
    });
    assert_eq!(left, 0);
}

#[test]
fn private_keys_and_what_they_agree_on_are_wiped() {
    let mut agreed = [0; 32];
    let other = ecdh::PrivateKey::from_octets(&OTHER).unwrap();
    let public = other.public_key();
    let mine = ecdh::PrivateKey::from_octets(&PRIVATE).unwrap();
    agreed.copy_from_slice(mine.agree(&public).expose());
    let left = found(&[&PRIVATE, &agreed], || {
        let (mut keys, mut secrets, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..20 {
            let key = ecdh::PrivateKey::from_octets(&PRIVATE).unwrap();
            assert_eq!(*key.expose(), PRIVATE);
            secrets.push(key.agree(&public));
            keys.push(key);
            accounts.push(AccountPrivateKey::from_octets(&PRIVATE).unwrap());
        }
        let claims = Claims::new(&address(), "Organisation", "https://example.org");
        let signed = Jws::sign(&black_box(&accounts)[7], &claims);
        assert!(signed.claims().is_ok());
        drop(black_box((keys, secrets)));
    });
    assert_eq!(left, 0);
}

fn wipes_itself<T: ZeroizeOnDrop>() {}

/// True for every type, unless [`Probe`] has a constant of its own for it.
trait Otherwise {
    const IS: bool = false;
}

impl<T> Otherwise for T {}

struct Probe<Trait, T>(PhantomData<(Trait, T)>);
struct Shown;
struct Printed;
struct Copied;

impl<T: Debug> Probe<Shown, T> {
    const IS: bool = true;
}

impl<T: Display> Probe<Printed, T> {
    const IS: bool = true;
}

impl<T: Clone> Probe<Copied, T> {
    const IS: bool = true;
}

/// Compiles only if a type is no `Debug`, no `Display` and no `Clone`.
macro_rules! is_closed {
    ($($type:ty),*) => {$(
        const _: () = assert!(!Probe::<Shown, $type>::IS);
        const _: () = assert!(!Probe::<Printed, $type>::IS);
        const _: () = assert!(!Probe::<Copied, $type>::IS);
    )*};
}

is_closed!(
    Secret,
    EncryptionKey,
    Token,
    ecdh::PrivateKey,
    crypto::jws::PrivateKey
);
/// The probe sees what is there.
const _: () = assert!(Probe::<Shown, Address>::IS);
const _: () = assert!(Probe::<Printed, Address>::IS);
const _: () = assert!(Probe::<Copied, Address>::IS);

#[test]
fn every_secret_type_says_that_it_wipes_itself() {
    wipes_itself::<Secret>();
    wipes_itself::<EncryptionKey>();
    wipes_itself::<Token>();
    wipes_itself::<ecdh::PrivateKey>();
    wipes_itself::<AccountPrivateKey>();
}
