//! `cargo xtask fuzz-corpus`: the seeds of the fuzz targets, made from the test vectors and the
//! stories. Writes the same files every time and leaves `found-…` alone, which are inputs that once broke a law.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::fuzz::FOLDER;

const VECTORS: &str = "tests/vectors/whiteflag.json";
const STORIES: &str = "tests/stories";
/// Types in the order of `crates/whiteflag/tests/common/situation_laws.rs`.
const TYPES: &str = "AKPEDSIMQRF";
/// What a fuzzer found, kept by hand.
const FOUND: &str = "found-";

/// The name of a file within `corpus`, and what is in it.
type Seeds = BTreeMap<String, Vec<u8>>;

/// Writes the seeds anew.
pub(crate) fn write(root: &Path) -> Result<()> {
    let corpus = root.join(FOLDER).join("corpus");
    let seeds = seeds(root)?;
    for old in read(&corpus)?
        .keys()
        .filter(|name| !seeds.contains_key(*name))
    {
        fs::remove_file(corpus.join(old))?;
    }
    for (name, octets) in &seeds {
        let file = corpus.join(name);
        fs::create_dir_all(file.parent().context("a seed without a folder")?)?;
        fs::write(file, octets)?;
    }
    let octets: usize = seeds.values().map(Vec::len).sum();
    println!("{} seeds, {octets} octets", seeds.len());
    Ok(())
}

fn seeds(root: &Path) -> Result<Seeds> {
    let text = fs::read_to_string(root.join(VECTORS)).context(VECTORS)?;
    let file: Value = serde_json::from_str(&text).context(VECTORS)?;
    let vectors = file.get("vectors").and_then(Value::as_array);
    let mut seeds = Seeds::new();
    for vector in vectors.context("no vectors")? {
        let id = vector
            .get("id")
            .and_then(Value::as_str)
            .context("a vector without id")?;
        for (target, end, octets) in of_vector(vector) {
            // The first of several that are the same.
            if !seeds.values().any(|known| *known == octets) {
                seeds.insert(format!("{target}/{id}{end}"), octets);
            }
        }
    }
    for file in fs::read_dir(root.join(STORIES)).context(STORIES)? {
        let file = file?.path();
        let name = file.file_stem().context("a story without a name")?;
        let story = serde_json::from_str(&fs::read_to_string(&file)?)?;
        let changes = changes(&story).with_context(|| file.display().to_string())?;
        seeds.insert(format!("situation/{}", name.to_string_lossy()), changes);
    }
    Ok(seeds)
}

/// A story as changes of a situation, in the octets that `situation_laws.rs` describes: step n puts
/// in message n, alone in block n.
fn changes(story: &Value) -> Option<Vec<u8>> {
    let (mut people, mut names) = (Vec::new(), Vec::new());
    let mut octets = vec![0];
    for (step, number) in story.get("steps")?.as_array()?.iter().zip(1..) {
        let text = |path: &str| step.pointer(path)?.as_str();
        let header = |field: &str| text(&format!("/message/MessageHeader/{field}"));
        let (who, target) = (text("/who")?, header("ReferencedMessage")?);
        if !people.contains(&who) {
            people.push(who);
        }
        names.push(text("/step")?);
        let account = people.iter().position(|known| *known == who)?;
        let about = names
            .iter()
            .position(|known| target.strip_prefix('@') == Some(known));
        octets.extend([
            u8::try_from(2 + 4 * account).ok()?,
            number,
            about.map_or(Some(0), |place| u8::try_from(place + 1).ok())?,
            u8::try_from(TYPES.find(header("MessageCode")?)?).ok()?,
            header("ReferenceIndicator")?.parse().ok()?,
            number,
        ]);
    }
    Some(octets)
}

/// What a vector holds for each target, and the end of its file's name: octets that begin as messages
/// do, messages in JSON or in the uncompressed form, signed tokens, claims and addresses.
fn of_vector(vector: &Value) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let text = |key: &str| vector.get(key).and_then(Value::as_str);
    let plain = |key: &str| text(key).map(|text| text.as_bytes().to_vec());
    let json = |path: &str| vector.pointer(path).filter(|value| value.is_object());
    let json = |path: &str| json(path).map(|value| value.to_string().into_bytes());
    let octets = text("hex").and_then(octets);
    let seeds = [
        (
            "decode",
            "",
            octets.filter(|octets| octets.starts_with(b"WF")),
        ),
        ("json", "", json("/message").or(plain("flat"))),
        ("jws", "", json("/jws").or(json("/flat"))),
        ("jws", "-compact", plain("compact")),
        ("jws", "-claims", json("/full/payload")),
        (
            "jws",
            "-address",
            plain("address").filter(|_| text("kind") == Some("address")),
        ),
    ];
    let there = seeds.into_iter();
    there
        .filter_map(|(target, end, seed)| Some((target, end, seed?)))
        .collect()
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect();
    let (pairs, _) = digits.as_ref()?.as_chunks::<2>();
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The seeds that are there, but for those that were found.
fn read(corpus: &Path) -> Result<Seeds> {
    let mut seeds = Seeds::new();
    for folder in fs::read_dir(corpus).into_iter().flatten() {
        let folder = folder?;
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.starts_with(FOUND) {
                let target = folder.file_name().to_string_lossy().into_owned();
                seeds.insert(format!("{target}/{name}"), fs::read(file.path())?);
            }
        }
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::TARGETS;

    #[test]
    fn the_seeds_are_those_of_the_vectors_and_stories_few_and_small() {
        let root = crate::root().unwrap();
        let made = seeds(&root).unwrap();
        let there = read(&root.join(FOLDER).join("corpus")).unwrap();
        assert!(made == there, "run `cargo xtask fuzz-corpus`");
        for target in TARGETS {
            let prefix = format!("{target}/");
            assert!(
                made.keys().any(|name| name.starts_with(&prefix)),
                "{target}"
            );
        }
        assert!(made.values().map(Vec::len).sum::<usize>() < 300_000);
    }
}
