//! What may be depended on, as written in `deny.toml`: licences, banned crates
//! and where crates come from. Checked here from `cargo metadata`, so that it
//! needs no further tool; where `cargo-deny` is installed it reads the same
//! file and checks the published advisories too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use spdx::{Expression, ParseMode};
use toml::{Table, Value};

use crate::{command, fuzz};

/// Where all crates come from, as cargo writes it whichever mirror is set up.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks all packages of both lock files: the app's and the fuzz targets'.
pub(crate) fn check(root: &Path) -> Result<()> {
    let text = fs::read_to_string(root.join("deny.toml")).context("deny.toml")?;
    let rules = Rules::read(&text)?;
    let manifests = [root.to_path_buf(), root.join(fuzz::FOLDER)].map(|f| f.join("Cargo.toml"));
    let mut faults = Vec::new();
    for manifest in &manifests {
        faults.extend(rules.faults(&metadata(root, manifest)?));
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    if !command::on_path("cargo-deny") {
        println!("advisories not checked: cargo-deny is not installed");
        return Ok(());
    }
    let mut manifests = manifests.iter();
    manifests.try_for_each(|manifest| deny(root, manifest))
}

fn metadata(root: &Path, manifest: &Path) -> Result<Json> {
    let mut cargo = command::cargo(root);
    cargo.args(["metadata", "--format-version", "1", "--manifest-path"]);
    let metadata = command::text(cargo.arg(manifest))?;
    serde_json::from_str(&metadata).context("cargo metadata")
}

fn deny(root: &Path, manifest: &Path) -> Result<()> {
    let deny = |words: &[&str]| {
        let mut cargo = command::cargo(root);
        cargo.args(["deny", "--manifest-path"]).arg(manifest);
        command::run(cargo.args(words).args(["--config", "deny.toml"]))
    };
    deny(&["check", "licenses", "bans", "sources"])?;
    if deny(&["fetch", "db"]).is_err() {
        println!("advisories not checked: their database cannot be reached");
        return Ok(());
    }
    deny(&["check", "--disable-fetch", "advisories"])
}

/// The part of `deny.toml` that is checked here.
struct Rules {
    licences: Vec<String>,
    /// Crates whose own manifest names no licence, and the one found in them.
    clarified: BTreeMap<String, String>,
    /// Banned crates, each with those that may bring it along all the same.
    banned: BTreeMap<String, Vec<String>>,
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let file: Table = text.parse().context("deny.toml")?;
        let mut rules = Self {
            licences: names(file.get("licenses").and_then(|part| part.get("allow"))),
            clarified: BTreeMap::new(),
            banned: BTreeMap::new(),
        };
        for entry in entries(&file, "licenses", "clarify") {
            let licence = text_of(entry, "expression")?;
            rules.clarified.insert(text_of(entry, "crate")?, licence);
        }
        for entry in entries(&file, "bans", "deny") {
            let wrappers = names(entry.get("wrappers"));
            rules.banned.insert(text_of(entry, "crate")?, wrappers);
        }
        Ok(rules)
    }

    fn faults(&self, metadata: &Json) -> Vec<String> {
        let packages = list(metadata.get("packages"));
        let mut faults: Vec<String> = packages.flat_map(|p| self.faults_of(p)).collect();
        for (name, dependency) in dependencies(metadata) {
            let wrappers = self.banned.get(&dependency);
            if wrappers.is_some_and(|wrappers| !wrappers.contains(&name)) {
                faults.push(format!("{name}: depends on {dependency}, which is banned"));
            }
        }
        faults
    }

    fn faults_of(&self, package: &Json) -> Vec<String> {
        let field = |key: &str| package.get(key).and_then(Json::as_str);
        let name = field("name").unwrap_or_default();
        let licence = self.clarified.get(name).map(String::as_str);
        let licence = licence.or(field("license")).unwrap_or_default();
        let mut faults = Vec::new();
        if !self.allows(licence) {
            faults.push(format!("{name}: the licence \"{licence}\" is not allowed"));
        }
        if field("source").is_some_and(|source| source != CRATES_IO) {
            faults.push(format!("{name}: does not come from crates.io"));
        }
        faults
    }

    fn allows(&self, licence: &str) -> bool {
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return false;
        };
        expression.evaluate(|needed| {
            let needed = needed.to_string();
            self.licences.contains(&needed)
        })
    }
}

/// Which package brings which along, by name, with the features that are
/// switched on and without what only tests of others use.
fn dependencies(metadata: &Json) -> Vec<(String, String)> {
    let text = |value: &Json, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let packages = list(metadata.get("packages"));
    let names: BTreeMap<String, String> = packages
        .filter_map(|package| Some((text(package, "id")?, text(package, "name")?)))
        .collect();
    let nodes = list(metadata.get("resolve").and_then(|graph| graph.get("nodes")));
    let edges = nodes.flat_map(|node| {
        let name = text(node, "id").and_then(|id| names.get(&id));
        let used = list(node.get("deps")).filter(|edge| !is_for_tests_only(edge));
        let used = used.filter_map(|edge| names.get(&text(edge, "pkg")?));
        used.filter_map(move |used| Some((name?.clone(), used.clone())))
    });
    edges.collect()
}

fn is_for_tests_only(edge: &Json) -> bool {
    list(edge.get("dep_kinds")).all(|kind| kind.get("kind") == Some(&Json::from("dev")))
}

fn list(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    value.and_then(Json::as_array).into_iter().flatten()
}

fn entries<'a>(file: &'a Table, part: &str, list: &str) -> impl Iterator<Item = &'a Value> {
    let list = file.get(part).and_then(|part| part.get(list));
    list.and_then(Value::as_array).into_iter().flatten()
}

fn names(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text_of(entry: &Value, key: &str) -> Result<String> {
    let text = entry.get(key).and_then(Value::as_str);
    let text = text.with_context(|| format!("deny.toml: an entry without \"{key}\""))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        clarify = [{ crate = "mute", expression = "MIT", license-files = [] }]
        [bans]
        deny = [{ crate = "openssl-sys", wrappers = ["libsqlite3-sys"] }]
    "#;

    fn package(name: &str, licence: Option<&str>) -> Json {
        json!({"id": name, "name": name, "license": licence, "source": CRATES_IO})
    }

    fn faults(packages: &[Json], edges: &[(&str, &str, Option<&str>)]) -> usize {
        let node = |(from, to, kind): &(&str, &str, Option<&str>)| json!({"id": from, "deps": [{"pkg": to, "dep_kinds": [{"kind": kind}]}]});
        let nodes: Vec<Json> = edges.iter().map(node).collect();
        let metadata = json!({"packages": packages, "resolve": {"nodes": nodes}});
        Rules::read(RULES).unwrap().faults(&metadata).len()
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough() {
        assert_eq!(faults(&[package("a", Some("MIT OR GPL-3.0-only"))], &[]), 0);
        assert_eq!(
            faults(&[package("a", Some("MIT AND GPL-3.0-only"))], &[]),
            1
        );
        assert_eq!(faults(&[package("a", Some("MIT/Apache-2.0"))], &[]), 0);
    }

    #[test]
    fn a_crate_without_a_licence_passes_only_if_it_is_clarified() {
        assert_eq!(faults(&[package("mute", None)], &[]), 0);
        assert_eq!(faults(&[package("silent", None)], &[]), 1);
    }

    #[test]
    fn a_crate_from_elsewhere_is_a_fault() {
        let mut package = package("a", Some("MIT"));
        package["source"] = json!("git+ssh://somewhere");
        assert_eq!(faults(&[package], &[]), 1);
    }

    #[test]
    fn a_banned_crate_passes_only_through_its_wrapper_or_in_tests() {
        let packages =
            ["a", "libsqlite3-sys", "openssl-sys"].map(|name| package(name, Some("MIT")));
        let by = |name, kind| faults(&packages, &[(name, "openssl-sys", kind)]);
        assert_eq!(by("libsqlite3-sys", None), 0);
        assert_eq!(by("a", None), 1);
        assert_eq!(by("a", Some("build")), 1);
        assert_eq!(by("a", Some("dev")), 0);
    }
}
