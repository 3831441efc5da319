//! The first connections of a program, made at the same moment by several threads. There is only one
//! first time, so it is told again and again in programs of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Child, Command, Stdio};
use std::sync::Barrier;

use parley_store::{OpenError, Store};

const THREADS: usize = 8;
/// Without care a few in a thousand go wrong, more of them when the processors are busy.
const GROUPS: usize = 100;
const GROUP: usize = 6;

#[test]
fn threads_that_open_their_first_file_at_the_same_moment_are_answered_rightly() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("parley.db"), [7; 8_192]).unwrap();
    let barrier = Barrier::new(THREADS);
    let open = || {
        barrier.wait();
        Store::open(dir.path(), &[7; 32])
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(open)).collect();
        for thread in threads {
            let refused = thread.join().unwrap().unwrap_err();
            assert!(matches!(refused, OpenError::WrongKey), "{refused:?}");
        }
    });
}

#[test]
fn every_first_time_goes_well() {
    for _ in 0..GROUPS {
        let told: Vec<_> = (0..GROUP).map(|_| tell()).collect();
        for child in told {
            let told = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&told.stderr);
            assert!(told.status.success(), "{said}");
            assert!(String::from_utf8_lossy(&told.stdout).contains("1 passed"));
        }
    }
}

/// Starts the test above in a program of its own.
fn tell() -> Child {
    let story = "threads_that_open_their_first_file_at_the_same_moment_are_answered_rightly";
    Command::new(std::env::current_exe().unwrap())
        .args([story, "--exact", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
