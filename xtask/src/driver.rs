//! A window on a virtual display and a hand in it: Xvfb, WebKitWebDriver and
//! the few commands of the W3C WebDriver protocol that the demonstration
//! needs. Knows nothing of what the window shows.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use ureq::Agent;

use crate::child::{self, LOOK, Running};
use crate::clock::Stopwatch;
use crate::command;

/// The name under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const START: Duration = Duration::from_secs(30);
/// Longer than any wait for an element.
const ANSWER: Duration = Duration::from_secs(150);

/// A window of the app under a driver; both end with this value.
pub(crate) struct Window {
    agent: Agent,
    session: String,
    // In this order: the driver goes before its display.
    _driver: Running,
    _display: Running,
}

impl Window {
    /// Opens the program on a display of its own with its data in `data`.
    pub(crate) fn open(root: &Path, program: &Path, data: &Path) -> Result<Self> {
        let (display, number) = display(root)?;
        let port = child::free_port()?;
        let mut driver = Running::start(
            "the window's driver",
            command::program(root, "dbus-run-session")
                .args(["--", "WebKitWebDriver", &format!("--port={port}")])
                .env("DISPLAY", format!(":{number}"))
                .env_remove("WAYLAND_DISPLAY")
                // Without this the app never answers its driver.
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("PARLEY_DATA", data)
                .stdin(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER))
            .build()
            .into();
        let base = format!("http://127.0.0.1:{port}");
        wait_until_ready(&agent, &mut driver, &base)?;
        let session = session(&agent, &base, program)?;
        Ok(Self {
            agent,
            session: format!("{base}/session/{session}"),
            _driver: driver,
            _display: display,
        })
    }

    /// How long the next look-ups wait for an element to appear.
    pub(crate) fn patience(&self, wait: Duration) -> Result<()> {
        let wait = json!({"implicit": wait.as_millis()});
        self.post("timeouts", &wait).map(drop)
    }

    /// Waits until an element is there.
    pub(crate) fn see(&self, selector: &str) -> Result<String> {
        child::check_interrupted()?;
        let search = json!({"using": "css selector", "value": selector});
        let found = self
            .post("element", &search)
            .with_context(|| format!("the window does not show {selector}"))?;
        let id = found.get(ELEMENT).and_then(Value::as_str);
        id.map(str::to_owned).context("an element without a name")
    }

    /// Clicks an element once it is there.
    pub(crate) fn click(&self, selector: &str) -> Result<()> {
        let element = self.see(selector)?;
        self.post(&format!("element/{element}/click"), &json!({}))
            .with_context(|| format!("could not click {selector}"))
            .map(drop)
    }

    /// Types into an element once it is there.
    pub(crate) fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.see(selector)?;
        self.post(&format!("element/{element}/value"), &json!({"text": text}))
            .with_context(|| format!("could not type into {selector}"))
            .map(drop)
    }

    /// What the window shows now, as a PNG.
    pub(crate) fn screenshot(&self) -> Result<Vec<u8>> {
        let url = format!("{}/screenshot", self.session);
        let mut response = self.agent.get(url).call()?;
        // A picture is larger than the reader's usual limit.
        let reader = response.body_mut().with_config().limit(64 << 20);
        let answer = value(reader.read_json()?)?;
        let text = answer.as_str().context("no picture")?;
        Ok(BASE64_STANDARD.decode(text)?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        post(&self.agent, &format!("{}/{path}", self.session), body)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Closes the app in order; if that fails its process group is stopped.
        let _ = self.agent.delete(&self.session).call();
    }
}

/// A display that is free: Xvfb chooses the number and says it.
fn display(root: &Path) -> Result<(Running, u32)> {
    let mut display = Running::start(
        "the virtual display",
        command::program(root, "Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24"])
            .args(["-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    )?;
    let output = display.child().stdout.take().context("no display")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let number = line.trim().parse();
    Ok((
        display,
        number.context("the virtual display did not start")?,
    ))
}

fn wait_until_ready(agent: &Agent, driver: &mut Running, base: &str) -> Result<()> {
    let watch = Stopwatch::start();
    while watch.elapsed() < START {
        child::check_interrupted()?;
        driver.check()?;
        if agent.get(format!("{base}/status")).call().is_ok() {
            return Ok(());
        }
        std::thread::sleep(LOOK);
    }
    bail!("the window's driver did not start")
}

fn session(agent: &Agent, base: &str, program: &Path) -> Result<String> {
    let options = json!({"binary": program, "args": []});
    let wanted = json!({"alwaysMatch": {"webkitgtk:browserOptions": options}});
    let body = json!({ "capabilities": wanted });
    let session = post(agent, &format!("{base}/session"), &body).context("no window opened")?;
    let id = session.get("sessionId").and_then(Value::as_str);
    id.map(str::to_owned).context("no window opened")
}

fn post(agent: &Agent, url: &str, body: &Value) -> Result<Value> {
    value(agent.post(url).send_json(body)?.body_mut().read_json()?)
}

/// The answer's value, or the error that it holds.
fn value(mut answer: Value) -> Result<Value> {
    let value = answer.get_mut("value").map(Value::take);
    let value = value.context("not an answer of a driver")?;
    match value.get("error").and_then(Value::as_str) {
        Some(error) => Err(anyhow!("the driver says: {error}")),
        None => Ok(value),
    }
}
