//! The disk fills up at every moment of the work: nothing acknowledged is lost, nothing is said to be
//! saved that is not, and work goes on when there is room again.
//!
//! A limit on the size of files stands for the disk. `PARLEY_FULL_DISK` is the number of sizes.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use parley_core::MessageId;
use parley_store::{OpenError, Store, StoreError};

use crate::folder::{Folder, KEY, NOW, all, hash, ids, message, next, queue};

const CHILD: &str = "PARLEY_FULL_DISK_CHILD";
/// The largest limit, in blocks of 512 octets: everything fits.
const LARGEST: u64 = 12_000;

/// Queues and sends, and says each time what came of it. Without a folder it uses its own.
#[test]
fn a_program_that_queues_and_sends_says_what_is_kept() {
    let Some(dir) = std::env::var_os(CHILD) else {
        let folder = Folder::empty();
        let told = work(folder.path());
        assert_eq!(
            told.iter().filter(|said| said.starts_with("sent")).count(),
            40
        );
        return;
    };
    let told = work(Path::new(&dir));
    std::io::stderr()
        .write_all(told.join("\n").as_bytes())
        .unwrap();
}

fn work(dir: &Path) -> Vec<String> {
    let mut store = match Store::create(dir, &KEY, &crate::folder::profile()) {
        Ok(store) => store,
        Err(OpenError::DiskFull) => return vec!["full".to_owned()],
        Err(other) => return vec![format!("wrong {other:?}")],
    };
    let mut told = Vec::new();
    for tag in 0..40 {
        match store.queue(&[message(&[tag; 3_000])]) {
            Ok(ids) => {
                told.push(format!("queued {}", ids[0].0));
                let burst = [next(&store, ids[0], 0, tag)];
                told.push(match store.seal_burst(&burst, NOW) {
                    Ok(_) => format!("sent {} {tag}", ids[0].0),
                    Err(error) => refusal(&error),
                });
            }
            Err(error) => told.push(refusal(&error)),
        }
    }
    told
}

fn refusal(error: &StoreError) -> String {
    if matches!(error, StoreError::DiskFull) {
        "full".to_owned()
    } else {
        format!("wrong {error:?}")
    }
}

/// What the program says that may write files of so many blocks.
fn limited(folder: &Folder, blocks: u64) -> Vec<String> {
    let script = r#"trap "" XFSZ; ulimit -f "$1"; shift; exec "$@" >/dev/null"#;
    let output = Command::new("sh")
        .args(["-c", script, "sh", &blocks.to_string()])
        .arg(std::env::current_exe().unwrap())
        .args(["full_disk::a_program_that_queues_and_sends_says_what_is_kept"])
        .args(["--exact", "--nocapture"])
        .env(CHILD, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn whenever_the_disk_fills_up_what_was_acknowledged_is_kept_and_nothing_else() {
    let sizes = std::env::var("PARLEY_FULL_DISK").map_or(40, |text| text.parse().unwrap());
    let (mut filled, mut finished) = (0, 0);
    for turn in 0..sizes {
        let blocks = LARGEST * (turn + 1) / sizes;
        let folder = Folder::empty();
        let told = limited(&folder, blocks);
        assert!(
            !told.iter().any(|said| said.starts_with("wrong")),
            "{blocks}: {told:?}"
        );
        if told.contains(&"full".to_owned()) {
            filled += 1;
        } else {
            finished += 1;
        }
        agrees(&folder, &told, blocks);
    }
    assert!(
        filled > 0 && finished > 0,
        "{filled} filled up, {finished} did not"
    );
}

/// What is in the file is what was said.
fn agrees(folder: &Folder, told: &[String], blocks: u64) {
    let mut store = match folder.open() {
        Ok(store) => store,
        Err(OpenError::Missing) => {
            assert_eq!(told, ["full"], "{blocks}: nothing was made");
            return drop(Store::create(folder.path(), &KEY, &crate::folder::profile()).unwrap());
        }
        Err(other) => panic!("{blocks}: {other:?}"),
    };
    assert!(store.quick_check().unwrap(), "{blocks}");
    let number = |said: &str, word: &str| -> Option<u64> {
        let rest = said.strip_prefix(word)?;
        rest.split(' ').next()?.parse().ok()
    };
    let queued: Vec<_> = told
        .iter()
        .filter_map(|said| number(said, "queued "))
        .map(MessageId)
        .collect();
    assert_eq!(ids(&all(&store)), queued, "{blocks}");
    let sent: Vec<_> = told
        .iter()
        .filter_map(|said| number(said, "sent "))
        .map(MessageId)
        .collect();
    let on_the_way = store.in_no_block().unwrap();
    assert_eq!(ids(&on_the_way), sent, "{blocks}");
    assert_eq!(store.next_nonce().unwrap(), sent.len() as u64, "{blocks}");
    for row in &on_the_way {
        let tag = told
            .iter()
            .find_map(|said| said.strip_prefix(&format!("sent {} ", row.id.0)));
        assert_eq!(row.variants[0].hash, hash(tag.unwrap().parse().unwrap()));
    }
    queue(&mut store, b"again");
}
