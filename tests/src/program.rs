//! The built program: commands that end, and a server that runs as long as a test needs it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::{self, Reply};
use crate::repository;

/// How long a command may take. Imports of the largest test file need seconds; a loaded build machine is slow.
const COMMAND_LIMIT: Duration = Duration::from_mins(10);
/// How long a server may take until it says where it listens.
const START_LIMIT: Duration = Duration::from_mins(2);

/// The program `menpai`: what `MENPAI_BIN` names, else built now in the profile of this test.
///
/// # Panics
/// When it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("MENPAI_BIN") {
            let named = PathBuf::from(named);
            assert!(named.is_file(), "MENPAI_BIN names {}, which is not there", named.display());
            return named;
        }
        let released = std::env::current_exe().is_ok_and(|me| me.components().any(|c| c.as_os_str() == "release"));
        let folder = repository::target().join(if released { "release" } else { "debug" });
        let mut build = Command::new("cargo");
        build.args(["build", "--workspace", "--bins", "--quiet"]).current_dir(repository::root());
        if released {
            build.arg("--release");
        }
        let done = build.status().unwrap_or_else(|e| panic!("cargo could not be run: {e}"));
        assert!(done.success(), "the program could not be built");
        folder.join("menpai")
    })
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Fails the test unless the command succeeded; gives the outcome back.
    ///
    /// # Panics
    /// When it failed.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "\nstdout: {:.2000}\nstderr: {:.4000}", self.stdout, self.stderr);
        self
    }

    /// Fails the test unless the command refused its input in good order: an exit code of its own, no panic, and a message
    /// that names every one of `words`. Gives the message.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> String {
        assert!(
            self.code.is_some_and(|c| c != 0 && c != 101),
            "exit {:?}\n{}\n{}",
            self.code,
            self.stdout,
            self.stderr
        );
        assert!(!self.stderr.contains("panicked at"), "it panicked: {}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "the message does not name `{word}`: {}", self.stderr);
        }
        self.stderr
    }

    /// The last line of standard output as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[track_caller]
    pub fn last_json(&self) -> Value {
        let line = self.stdout.lines().next_back().unwrap_or_default();
        serde_json::from_str(line)
            .unwrap_or_else(|e| panic!("the last line is not JSON ({e}): {line:.500}\nstderr: {:.2000}", self.stderr))
    }
}

/// Runs `menpai` with `args` to its end.
#[track_caller]
pub fn menpai(args: &[&str]) -> Outcome {
    let mut command = Command::new(binary());
    // A command may write beside itself (a list of refused rows); that must not be the repository.
    command.args(args).current_dir(std::env::temp_dir());
    outcome(command)
}

/// Runs `command` to its end, or for ten minutes.
///
/// # Panics
/// When it does not start or does not end.
#[track_caller]
pub fn outcome(mut command: Command) -> Outcome {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?} did not start: {e}"));
    let out = drain(child.stdout.take());
    let err = drain(child.stderr.take());
    let begin = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begin.elapsed() < COMMAND_LIMIT => std::thread::sleep(Duration::from_millis(10)),
            other => {
                let _ = child.kill();
                panic!("{command:?} did not end within {} s: {other:?}", COMMAND_LIMIT.as_secs());
            }
        }
    };
    let read = |thread: std::thread::JoinHandle<String>| thread.join().unwrap_or_default();
    Outcome { code: status.code(), stdout: read(out), stderr: read(err) }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What could be read until the pipe broke is what there is.
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A running server. It is ended, by its id, when this is dropped.
pub struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
}

impl Server {
    /// Serves `store` on a free port.
    #[track_caller]
    pub fn serve(store: &Path) -> Self {
        Self::start(&["serve", "--store", &store.to_string_lossy(), "--listen", "127.0.0.1:0"])
    }

    /// Runs `menpai` with `args` and waits until it says where it listens.
    ///
    /// # Panics
    /// When it ends, or says nothing for two minutes.
    #[track_caller]
    pub fn start(args: &[&str]) -> Self {
        let mut command = Command::new(binary());
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?} did not start: {e}"));
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take(), &said);
        listen(child.stderr.take(), &said);
        let begin = Instant::now();
        loop {
            let text = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(base) = address(&text) {
                let server = Self { child, said, base };
                server.wait_until_ready(begin);
                return server;
            }
            let ended = child.try_wait().ok().flatten();
            if ended.is_some() || begin.elapsed() > START_LIMIT {
                let _ = child.kill();
                let _ = child.wait();
                panic!("{command:?} named no address ({ended:?}):\n{text}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_until_ready(&self, begin: Instant) {
        let url = format!("{}/readyz", self.base);
        while !http::try_send("GET", &url, &[], b"").is_ok_and(|r| r.status == 200) {
            assert!(begin.elapsed() < START_LIMIT, "{url} is not ready:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything that it has printed so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The administrator token that it printed at its first start.
    ///
    /// # Panics
    /// When it printed none.
    #[track_caller]
    pub fn token(&self) -> String {
        // It is printed right after the addresses.
        for _ in 0..100 {
            if let Some(token) = token(&self.said()) {
                return token;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("no administrator token was printed:\n{}", self.said())
    }

    /// `GET path` as anonymous.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[])
    }

    /// `GET path` with the administrator's token.
    #[track_caller]
    pub fn get_as_administrator(&self, path: &str) -> Reply {
        self.send("GET", path, &[("Authorization", &format!("Bearer {}", self.token()))])
    }

    /// A request without a body.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        http::send(method, &format!("{}{path}", self.base), headers, b"")
    }

    /// Asks it to stop as an operator would, and tells how it ended.
    ///
    /// # Panics
    /// When it does not stop within half a minute.
    pub fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok_and(|s| s.success()), "the server was gone before it was asked to stop:\n{}", self.said());
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(30) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop within 30 s:\n{}", self.said());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            println!("the server had said:\n{}", self.said());
        }
    }
}

fn listen(stream: Option<impl Read + Send + 'static>, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in stream.map(|s| BufReader::new(s).lines()).into_iter().flatten().map_while(Result::ok) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&line);
            said.push('\n');
        }
    });
}

/// The first loopback address with a port that `text` names.
fn address(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("http://127.0.0.1:")?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let ended = rest.len() > port.len();
    (port.parse::<u16>().is_ok_and(|p| p != 0) && ended).then(|| format!("http://127.0.0.1:{port}"))
}

/// The administrator token in what a first start printed: the longest word on the line that speaks of it.
pub fn token(text: &str) -> Option<String> {
    let line = text.lines().find(|l| l.contains("令牌") || l.to_ascii_lowercase().contains("token"))?;
    line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .filter(|word| word.len() >= 20)
        .max_by_key(|word| word.len())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_a_server_prints() {
        assert_eq!(address("地图 http://127.0.0.1:40123/\n"), Some("http://127.0.0.1:40123".into()));
        assert_eq!(address("http://127.0.0.1:4012"), None, "the line may still be growing");
        assert_eq!(address("listening on http://127.0.0.1:0/\n"), None);
    }

    #[test]
    fn the_token_is_found_in_what_a_server_prints() {
        let said = "管理员令牌 administrator token: Abc_defghijklmnop-qrstuvwxyz0123\n";
        assert_eq!(token(said), Some("Abc_defghijklmnop-qrstuvwxyz0123".into()));
        assert_eq!(token("nothing here\n"), None);
    }
}
