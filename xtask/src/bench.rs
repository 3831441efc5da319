//! `cargo xtask bench`: one command, one table. Every benchmark measures its
//! subject and what it is compared with in the same run, so that the ratio
//! means something on any machine. Measures; never passes or fails.
//!
//! A benchmark is a bench target of criterion, in which each group is a row: it holds
//! [`SUBJECT`] and one peer, whose name says what it is. Where a round is too long or too
//! unlike another for criterion, a target writes lines of JSON to stdout instead:
//! `{"name", "value", "unit", "against", "againstValue"}`, the last two optional and in
//! the same unit. Other lines are left alone.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{bench_window, command, gate_full, ui};

/// The name that the subject of a row has in its group, where the peer has another.
const SUBJECT: &str = "whiteflag";

/// Package and bench target.
const BENCHES: [(&str, &str); 7] = [
    ("whiteflag", "codec"),
    ("whiteflag", "situation"),
    ("whiteflag", "decrypt"),
    ("parley-store", "enqueue"),
    ("parley-chain", "verify"),
    ("parley-engine", "scan"),
    ("parley-engine", "window"),
];

/// One measured thing.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// What it is compared with, in the same unit.
    pub(crate) against: Option<(String, f64)>,
}

/// Runs all benchmarks, prints the table and keeps it in `target/bench.md`.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut rows = Vec::new();
    for (package, bench) in BENCHES {
        // Anew, or rows of an older benchmark would be there too.
        let measured = root.join("target/criterion");
        let _ = fs::remove_dir_all(&measured);
        let mut cargo = command::cargo(root);
        cargo.env("CRITERION_HOME", &measured);
        let output = command::text(cargo.args(["bench", "-p", package, "--bench", bench]))?;
        rows.extend(output.lines().filter_map(row));
        rows.extend(measured_rows(&measured)?);
    }
    gate_full::deb(root)?;
    rows.extend(bench_window::rows(root)?);
    rows.extend(sizes(root)?);
    let table = table(&rows)?;
    println!("{table}");
    fs::write(root.join("target/bench.md"), table).context("target/bench.md")
}

/// A row of each group that criterion measured, in the order of their names.
fn measured_rows(folder: &Path) -> Result<Vec<Row>> {
    let mut groups = folders(folder)?;
    groups.sort();
    groups.iter().map(|group| measured_row(group)).collect()
}

fn measured_row(group: &Path) -> Result<Row> {
    let sides: Vec<(String, f64)> = folders(group)?
        .iter()
        .filter_map(|side| per_second(side).transpose())
        .collect::<Result<_>>()?;
    let (subject, peers): (Vec<_>, Vec<_>) =
        sides.into_iter().partition(|(name, _)| name == SUBJECT);
    let row = subject.first().zip(group.file_name());
    let ((_, value), name) = row.with_context(|| format!("no {SUBJECT} in {}", group.display()))?;
    Ok(Row {
        name: name.to_string_lossy().into_owned(),
        value: *value,
        unit: "1/s".to_owned(),
        against: peers.into_iter().next(),
    })
}

/// The name and the median of one side; `None` for a folder that is none.
fn per_second(side: &Path) -> Result<Option<(String, f64)>> {
    let file = side.join("new/estimates.json");
    let Some(name) = side.file_name().filter(|_| file.is_file()) else {
        return Ok(None);
    };
    let estimates: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let nanoseconds = estimates.pointer("/median/point_estimate");
    let nanoseconds = nanoseconds
        .and_then(Value::as_f64)
        .with_context(|| format!("no median in {}", file.display()))?;
    Ok(Some((
        name.to_string_lossy().into_owned(),
        1e9 / nanoseconds,
    )))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    Ok(folders)
}

/// What a person downloads: the package, and of it the interface, compressed.
fn sizes(root: &Path) -> Result<Vec<Row>> {
    let mut gzip = command::program(root, "gzip");
    gzip.args(["-9", "-c"])
        .arg(ui::folder(root).join("ui_bg.wasm"));
    let output = gzip.stderr(Stdio::inherit()).output().context("gzip")?;
    let mut rows = vec![size("interface, WebAssembly, gzip", output.stdout.len())];
    let bundles = root.join("target/release/bundle/deb");
    for entry in fs::read_dir(bundles).into_iter().flatten() {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "deb") {
            rows.push(size("package, .deb", fs::read(path)?.len()));
        }
    }
    Ok(rows)
}

#[expect(clippy::cast_precision_loss, reason = "a file is below 2^53 bytes")]
fn size(name: &str, bytes: usize) -> Row {
    Row {
        name: name.to_owned(),
        value: bytes as f64 / 1024.0,
        unit: "KiB".to_owned(),
        against: None,
    }
}

fn row(line: &str) -> Option<Row> {
    let row: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| Some(row.get(key)?.as_str()?.to_owned());
    let number = |key: &str| row.get(key)?.as_f64();
    Some(Row {
        name: text("name")?,
        value: number("value")?,
        unit: text("unit")?,
        against: text("against").zip(number("againstValue")),
    })
}

fn table(rows: &[Row]) -> Result<String> {
    let mut table = String::from(
        "| what | measured | unit | against | measured | ratio |\n\
         | --- | ---: | --- | --- | ---: | ---: |\n",
    );
    for row in rows {
        write!(
            table,
            "| {} | {} | {} | ",
            row.name,
            short(row.value),
            row.unit
        )?;
        match &row.against {
            Some((name, value)) => {
                let ratio = row.value / value;
                writeln!(table, "{name} | {} | {ratio:.2} |", short(*value))?;
            }
            None => writeln!(table, "— | — | — |")?,
        }
    }
    Ok(table)
}

/// Three digits are what a measurement is worth.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 1.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_benchmark_writes_becomes_a_line_with_its_ratio() {
        let line =
            r#"{"name":"decode","value":300.0,"unit":"µs","against":"copy","againstValue":2}"#;
        let rows: Vec<Row> = ["Gnuplot not found", line]
            .into_iter()
            .filter_map(row)
            .collect();
        let table = table(&rows).unwrap();
        let last = table.lines().last();
        assert_eq!(last, Some("| decode | 300 | µs | copy | 2.0 | 150.00 |"));
    }

    #[test]
    fn a_group_of_criterion_becomes_a_row_of_its_medians() {
        let folder = std::env::temp_dir().join(format!("parley-bench-{}", std::process::id()));
        let group = folder.join("decode a sign");
        for (side, median) in [(SUBJECT, 50.0), ("copy", 10.0)] {
            let new = group.join(side).join("new");
            fs::create_dir_all(&new).unwrap();
            let estimates = serde_json::json!({"median": {"point_estimate": median}});
            fs::write(new.join("estimates.json"), estimates.to_string()).unwrap();
        }
        fs::create_dir_all(group.join("report")).unwrap();
        let rows = measured_rows(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let wanted = Row {
            name: "decode a sign".to_owned(),
            value: 2e7,
            unit: "1/s".to_owned(),
            against: Some(("copy".to_owned(), 1e8)),
        };
        assert_eq!(rows, [wanted]);
    }
}
