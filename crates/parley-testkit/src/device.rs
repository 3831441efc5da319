//! A device with a data folder of its own, driven through `parleyctl` as a script would.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A device.
pub struct Device {
    program: PathBuf,
    folder: TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Its exit code; `None` when it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub error: String,
}

impl Device {
    /// A device without a data folder so far.
    ///
    /// # Panics
    /// When no folder can be made.
    #[must_use]
    pub fn bare(program: &str) -> Self {
        Self {
            program: program.into(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A device on the local network of a node.
    #[must_use]
    pub fn new(program: &str, url: &str) -> Self {
        let device = Self::bare(program);
        device
            .run(&["init", "--network", "local", "--rpc", url], "")
            .expect_code(0);
        device
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        data_of(self.folder.path())
    }

    /// A command of `parleyctl` on this device, not started.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(self.data()).args(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str], input: &str) -> Answer {
        finish(
            self.command(arguments).spawn().expect("parleyctl starts"),
            input,
        )
    }

    /// Queues one message and gives its number.
    #[must_use]
    pub fn send(&self, message: &Value) -> u64 {
        let answer = self.run(&["send"], &message.to_string()).expect_code(0);
        answer.rows()[0]["id"].as_u64().unwrap()
    }

    /// The octets of a message in hexadecimal digits, whatever rules it breaks.
    #[must_use]
    pub fn octets(&self, message: &Value) -> String {
        let answer = self.run(&["encode", "--lenient"], &message.to_string());
        answer.expect_code(0).out.trim().to_owned()
    }

    /// Sends and receives until everything is done.
    pub fn sync(&self) {
        self.run(&["sync", "--timeout", "60"], "").expect_code(0);
    }

    /// The rows of `outbox`, `inbox` or `situation`.
    #[must_use]
    pub fn rows(&self, command: &str) -> Vec<Value> {
        self.run(&[command, "--json"], "").expect_code(0).rows()
    }

    /// One own message.
    ///
    /// # Panics
    /// When there is none with this number.
    #[must_use]
    pub fn own(&self, id: u64) -> Value {
        let mut rows = self.rows("outbox").into_iter();
        rows.find(|row| row["id"] == id)
            .expect("an own message with this number")
    }

    /// Its account.
    #[must_use]
    pub fn address(&self) -> String {
        self.rows("address")[0]["address"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// The data folder below a device's folder: the program makes it.
#[must_use]
pub fn data_of(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn finish(mut child: Child, input: &str) -> Answer {
    let mut stdin = child.stdin.take().expect("its input");
    // Beside the reading: whoever answers line by line stops when nobody reads the answers.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that refuses early closes its input, which is no fault of the test.
            let _ = stdin.write_all(input.as_bytes());
        });
        child.wait_with_output().expect("parleyctl ends")
    });
    Answer {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Answer {
    /// The answer, when it ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[allow(clippy::must_use_candidate, reason = "often only the code matters")]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Its lines of JSON.
    ///
    /// # Panics
    /// When a line is no JSON.
    #[must_use]
    pub fn rows(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }
}
