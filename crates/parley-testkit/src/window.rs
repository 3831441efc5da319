//! A window on a virtual display and a hand in it: Xvfb, WebKitWebDriver and what a person does in
//! a window. Knows nothing of what the window shows.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions, PointerAction,
};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::clock::Stopwatch;
use crate::process::{LOOK, Running, free_port};

const START: Duration = Duration::from_secs(30);

/// A window of a program under a driver; both end with this value.
pub struct Window {
    runtime: Runtime,
    client: Option<Client>,
    patience: Duration,
    // In this order: the driver goes before its display.
    _driver: Running,
    _display: Running,
}

/// How a window is opened.
pub struct Opening<'a> {
    program: &'a Path,
    size: (u32, u32),
    environment: Vec<(&'a str, &'a std::ffi::OsStr)>,
}

impl<'a> Opening<'a> {
    /// A program on a display of its own.
    #[must_use]
    pub fn of(program: &'a Path) -> Self {
        Self {
            program,
            size: (1280, 900),
            environment: Vec::new(),
        }
    }

    /// With a display, and so a window, of at most so many pixels.
    #[must_use]
    pub fn sized(mut self, width: u32, height: u32) -> Self {
        self.size = (width, height);
        self
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn with(
        mut self,
        name: &'a str,
        value: &'a (impl AsRef<std::ffi::OsStr> + ?Sized),
    ) -> Self {
        self.environment.push((name, value.as_ref()));
        self
    }

    /// Opens it; returns once its page is loaded.
    ///
    /// # Errors
    /// A program is missing, or the window does not open in half a minute.
    pub fn open(self) -> Result<Window> {
        self.prepare()?.open()
    }

    /// Starts the display and the driver, not the program itself.
    ///
    /// # Errors
    /// They are missing or do not start.
    pub fn prepare(self) -> Result<Prepared<'a>> {
        let (display, number) = display(self.size)?;
        let port = free_port()?;
        let mut command = Command::new("dbus-run-session");
        command
            .args(["--", "WebKitWebDriver", &format!("--port={port}")])
            .env("DISPLAY", format!(":{number}"))
            .env_remove("WAYLAND_DISPLAY")
            // A library path that cargo set for itself would reach the window.
            .env_remove("LD_LIBRARY_PATH")
            // Without this the app never answers its driver.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(self.environment)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let mut driver = Running::start("the window's driver", &mut command)?;
        let base = format!("http://127.0.0.1:{port}");
        wait_until_ready(&mut driver, &base)?;
        Ok(Prepared {
            program: self.program,
            base,
            driver,
            display,
        })
    }
}

/// A display and a driver that wait for their program.
pub struct Prepared<'a> {
    program: &'a Path,
    base: String,
    driver: Running,
    display: Running,
}

impl Prepared<'_> {
    /// Starts the program; returns once its page is loaded.
    ///
    /// # Errors
    /// The window does not open in half a minute.
    pub fn open(self) -> Result<Window> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let client = runtime
            .block_on(connect(self.program, &self.base))
            .context("no window opened")?;
        Ok(Window {
            runtime,
            client: Some(client),
            patience: Duration::from_secs(20),
            _driver: self.driver,
            _display: self.display,
        })
    }
}

impl Window {
    /// How long each look waits for an element from now on. At first 20 seconds.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Waits until an element is there and shown.
    ///
    /// # Errors
    /// It is not, for as long as patience lasts.
    pub fn see(&self, selector: &str) -> Result<()> {
        self.element(selector).map(drop)
    }

    /// Waits until there is no such element.
    ///
    /// # Errors
    /// It is still there when patience ends.
    pub fn see_gone(&self, selector: &str) -> Result<()> {
        self.until(&format!("{selector} gone"), async |client| {
            let found = client.find_all(Locator::Css(selector)).await?;
            Ok(found.is_empty().then_some(()))
        })
    }

    /// How many such elements there are now.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn count(&self, selector: &str) -> Result<usize> {
        let found = self.ask(async |client| client.find_all(Locator::Css(selector)).await)?;
        Ok(found.len())
    }

    /// Clicks an element once it is there.
    ///
    /// # Errors
    /// It does not come, or something lies over it.
    pub fn click(&self, selector: &str) -> Result<()> {
        let element = self.element(selector)?;
        let clicked = self.runtime.block_on(element.click());
        clicked.map_err(|error| failed("click", selector, &error))
    }

    /// Replaces what an element holds by what is typed.
    ///
    /// # Errors
    /// It does not come, or nothing can be typed into it.
    pub fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.element(selector)?;
        let typed = self.runtime.block_on(async {
            element.clear().await?;
            element.send_keys(text).await
        });
        typed.map_err(|error| failed("type into", selector, &error))
    }

    /// Presses a key where the focus is.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn press(&self, key: Key) -> Result<()> {
        self.write(&char::from(key).to_string())
    }

    /// Types where the focus is.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn write(&self, text: &str) -> Result<()> {
        self.ask(async |client| client.active_element().await?.send_keys(text).await)
    }

    /// Chooses an option of a list by its value.
    ///
    /// # Errors
    /// It does not come, or there is no such option.
    pub fn choose(&self, selector: &str, value: &str) -> Result<()> {
        let element = self.element(selector)?;
        let chosen = self.runtime.block_on(element.select_by_value(value));
        chosen.map_err(|error| failed("choose in", selector, &error))
    }

    /// The text that an element shows.
    ///
    /// # Errors
    /// It does not come.
    pub fn text(&self, selector: &str) -> Result<String> {
        let element = self.element(selector)?;
        Ok(self.runtime.block_on(element.text())?)
    }

    /// The value of an attribute.
    ///
    /// # Errors
    /// The element does not come, or has no such attribute.
    pub fn attribute(&self, selector: &str, name: &str) -> Result<String> {
        let element = self.element(selector)?;
        let value = self.runtime.block_on(element.attr(name))?;
        value.with_context(|| format!("{selector} has no {name}"))
    }

    /// Clicks with the right button at a point of the window.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn right_click_at(&self, x: f64, y: f64) -> Result<()> {
        self.pointer(vec![
            moved(x, y),
            PointerAction::Down {
                button: MOUSE_BUTTON_RIGHT,
            },
            PointerAction::Up {
                button: MOUSE_BUTTON_RIGHT,
            },
        ])
    }

    /// Clicks at a point of the window.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn click_at(&self, x: f64, y: f64) -> Result<()> {
        self.hold_at(x, y, Duration::ZERO)
    }

    /// Presses at a point, holds for so long and lets go.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn hold_at(&self, x: f64, y: f64, duration: Duration) -> Result<()> {
        self.pointer(vec![
            moved(x, y),
            PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            },
            PointerAction::Pause { duration },
            PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            },
        ])
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// The script fails.
    pub fn run_script(&self, script: &str) -> Result<Value> {
        self.ask(async |client| client.execute(script, Vec::new()).await)
    }

    /// Runs a script that may wait, and gives what it returns.
    ///
    /// # Errors
    /// The script fails.
    pub fn run_async_script(&self, script: &str) -> Result<Value> {
        let whole = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, (error) => done(String(error)))"
        );
        self.ask(async |client| client.execute_async(&whole, Vec::new()).await)
    }

    /// Makes the window as large as this, as far as its display allows.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.ask(async |client| client.set_window_size(width, height).await)
    }

    /// What the window shows now, as a PNG.
    ///
    /// # Errors
    /// The window does not answer.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.ask(async |client| client.screenshot().await)
    }

    fn pointer(&self, actions: Vec<PointerAction>) -> Result<()> {
        let all = actions
            .into_iter()
            .fold(MouseActions::new("mouse".to_owned()), MouseActions::then);
        self.ask(async |client| client.perform_actions(all).await)
    }

    fn element(&self, selector: &str) -> Result<Element> {
        self.until(selector, async |client| {
            let found = client.find_all(Locator::Css(selector)).await?;
            for element in found {
                // One that was replaced meanwhile is looked for again.
                if element.is_displayed().await.unwrap_or(false) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
    }

    fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFn(&Client) -> Result<Option<T>, CmdError>,
    ) -> Result<T> {
        let watch = Stopwatch::start();
        loop {
            if let Some(found) = self.ask(&look)? {
                return Ok(found);
            }
            if watch.elapsed() > self.patience {
                bail!("the window does not show {what}");
            }
            std::thread::sleep(LOOK);
        }
    }

    fn ask<T>(&self, work: impl AsyncFnOnce(&Client) -> Result<T, CmdError>) -> Result<T> {
        let client = self.client.as_ref().context("the window is closed")?;
        Ok(self.runtime.block_on(work(client))?)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Closes the app in order; if it was killed before, its driver only says so.
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
    }
}

/// The driver's own messages are often empty; its kinds of errors are not.
fn failed(what: &str, selector: &str, error: &CmdError) -> anyhow::Error {
    anyhow!("could not {what} {selector}: {error:?}")
}

fn moved(x: f64, y: f64) -> PointerAction {
    PointerAction::MoveTo {
        duration: None,
        x,
        y,
    }
}

/// A display that is free: Xvfb chooses the number and says it.
fn display((width, height): (u32, u32)) -> Result<(Running, u32)> {
    let mut command = Command::new("Xvfb");
    command
        .args(["-displayfd", "1", "-screen", "0"])
        .arg(format!("{width}x{height}x24"))
        .args(["-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut display = Running::start("the virtual display", &mut command)?;
    let output = display.child().stdout.take().context("no display")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let number = line.trim().parse();
    Ok((
        display,
        number.context("the virtual display did not start")?,
    ))
}

fn wait_until_ready(driver: &mut Running, base: &str) -> Result<()> {
    let watch = Stopwatch::start();
    while watch.elapsed() < START {
        driver.check()?;
        if ureq::get(format!("{base}/status")).call().is_ok() {
            return Ok(());
        }
        std::thread::sleep(LOOK);
    }
    bail!("the window's driver did not start")
}

async fn connect(program: &Path, base: &str) -> Result<Client> {
    let options = json!({ "binary": program, "args": [] });
    let wanted = Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let session = builder.capabilities(wanted).connect(base);
    Ok(tokio::time::timeout(START, session).await??)
}

/// Keys that tests press.
pub use fantoccini::key::Key as WindowKey;
