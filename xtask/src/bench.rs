//! `cargo xtask bench`: one command, one table. Every benchmark measures its
//! subject and what it is compared with in the same run, so that the ratio
//! means something on any machine. Measures; never passes or fails.
//!
//! A benchmark is a bench target that writes lines of JSON to stdout:
//! `{"name", "value", "unit", "against", "againstValue"}`, the last two
//! optional and in the same unit. Other lines are left alone.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{bench_window, command, gate_full, ui};

/// Package and bench target.
const BENCHES: [(&str, &str); 3] = [
    ("whiteflag", "codec"),
    ("whiteflag", "decrypt"),
    ("parley-store", "enqueue"),
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
        let mut cargo = command::cargo(root);
        let output = command::text(cargo.args(["bench", "-p", package, "--bench", bench]))?;
        rows.extend(output.lines().filter_map(row));
    }
    gate_full::deb(root)?;
    rows.extend(bench_window::rows(root)?);
    rows.extend(sizes(root)?);
    let table = table(&rows)?;
    println!("{table}");
    fs::write(root.join("target/bench.md"), table).context("target/bench.md")
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
}
