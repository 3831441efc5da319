//! Turns `assets/locales/en.json` into the translation module, writes the mirrored pseudo-locale that
//! shows what is not translated, and the look-up of words by code: signs, objects, rules,
//! effects, lies and refusals.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leptos_i18n_build::options::CodegenOptions;
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use serde_json::{Map, Value};

/// A private-use region of Arabic, so that the library itself knows that it runs right to left.
const PSEUDO: &str = "ar-XB";

/// The one source of all words.
const ENGLISH: &str = "../assets/locales/en.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ENGLISH}");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let english: Map<String, Value> = serde_json::from_str(&std::fs::read_to_string(ENGLISH)?)?;
    let locales = out.join("locales");
    write_locales(&locales, &english)?;
    std::fs::write(out.join("codes.rs"), look_up(&english)?)?;

    let path = locales
        .to_str()
        .ok_or("the output folder has no UTF-8 name")?;
    let config = Config::new("en")?
        .add_locale(PSEUDO)?
        .locales_path(path.to_owned())
        .parse_options(ParseOptions::new().interpolate_display(true));
    // The generator writes what these lints are about; it is not ours to change.
    let attributes = "#![allow(missing_docs, unreachable_pub, dead_code, unused_imports, \
                      clippy::all, clippy::expect_used, clippy::wildcard_enum_match_arm)]"
        .parse()?;
    TranslationsInfos::parse(config)?.generate_i18n_module_with_options(
        out.join("i18n"),
        CodegenOptions::new().top_level_attributes(Some(attributes)),
    )?;
    Ok(())
}

fn write_locales(folder: &Path, english: &Map<String, Value>) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let pseudo: Map<String, Value> = english
        .iter()
        .map(|(key, value)| {
            let text = mirrored(value.as_str().unwrap_or_default());
            (key.clone(), Value::String(text))
        })
        .collect();
    std::fs::write(folder.join("en.json"), serde_json::to_string(english)?)?;
    std::fs::write(
        folder.join(format!("{PSEUDO}.json")),
        serde_json::to_string(&pseudo)?,
    )?;
    Ok(())
}

/// Accents and brackets around everything but the variables, and a third longer, as German is.
fn mirrored(text: &str) -> String {
    let mut shown = String::from("[");
    let mut variable = false;
    for letter in text.chars() {
        match letter {
            '{' => variable = true,
            '}' => variable = false,
            _ => {}
        }
        shown.push(if variable { letter } else { accented(letter) });
    }
    shown.extend(std::iter::repeat_n('·', text.chars().count() / 3));
    shown.push(']');
    shown
}

fn accented(letter: char) -> char {
    const PLAIN: &str = "aeiounycAEIOUNYC";
    const ACCENTED: &str = "áéíóúñýçÁÉÍÓÚÑÝÇ";
    PLAIN
        .chars()
        .zip(ACCENTED.chars())
        .find(|(plain, _)| *plain == letter)
        .map_or(letter, |(_, accent)| accent)
}

/// One function for each kind of code, to its words in a language: one arm for each key of that kind.
fn look_up(english: &Map<String, Value>) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    for kind in ["sign", "object", "rule", "effect", "lie", "refusal"] {
        writeln!(
            code,
            "/// The words of a {kind} code in a language; `None` for codes without."
        )?;
        writeln!(code, "#[allow(clippy::too_many_lines)]")?;
        writeln!(
            code,
            "pub(crate) fn {kind}(locale: Locale, code: &str) -> Option<&'static str> {{"
        )?;
        writeln!(code, "    Some(match code {{")?;
        for key in english.keys() {
            if let Some(digits) = key
                .strip_prefix(kind)
                .and_then(|rest| rest.strip_prefix('_'))
            {
                writeln!(code, "        \"{digits}\" => td_string!(locale, {key}),")?;
            }
        }
        writeln!(code, "        _ => return None,\n    }})\n}}")?;
    }
    Ok(code)
}
