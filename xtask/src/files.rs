//! The rules for source files that no compiler knows: how long one may be, and
//! that each Rust file first says what it is for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Longer files are split.
const LINES: usize = 600;
const KINDS: [&str; 4] = ["rs", "js", "mjs", "css"];
const NOT_OURS: [&str; 3] = ["target", "node_modules", "gen"];

/// Checks every source file of the repository.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for file in sources(root)? {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let name = file.strip_prefix(root)?.display();
        faults.extend(faults_of(&file, &text).map(|fault| format!("{name}: {fault}")));
    }
    match faults.is_empty() {
        true => Ok(()),
        false => bail!("{}", faults.join("\n")),
    }
}

fn faults_of(file: &Path, text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().count();
    let long = (lines > LINES).then(|| format!("{lines} lines, {LINES} are allowed"));
    let rust = file.extension().is_some_and(|kind| kind == "rs");
    let mute = rust && !text.starts_with("//!");
    let mute = mute.then(|| "does not begin with `//!` and what it is for".to_owned());
    long.into_iter().chain(mute)
}

fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') || NOT_OURS.contains(&name.as_ref()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|kind| KINDS.iter().any(|known| kind == *known))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> Vec<String> {
        faults_of(Path::new(name), text).collect()
    }

    #[test]
    fn a_rust_file_must_first_say_what_it_is_for() {
        assert_eq!(faults("a.rs", "//! Owns a.\n"), Vec::<String>::new());
        assert_eq!(faults("a.rs", "fn a() {}\n").len(), 1);
        assert_eq!(faults("a.js", "let a;\n"), Vec::<String>::new());
    }

    #[test]
    fn a_long_file_must_be_split() {
        let allowed = "a\n".repeat(LINES);
        assert_eq!(faults("a.css", &allowed), Vec::<String>::new());
        assert_eq!(faults("a.css", &(allowed + "a\n")).len(), 1);
    }
}
