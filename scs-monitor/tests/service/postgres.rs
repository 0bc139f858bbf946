//! A private PostgreSQL for the tests of this process, which ends with it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A server.
#[derive(Debug)]
pub(crate) struct Server {
    binaries: PathBuf,
    directory: PathBuf,
    /// A shell that ends the server when this process has ended; `None` while it is stopped.
    guard: Mutex<Option<Child>>,
    databases: AtomicU32,
}

/// Starts the server and waits for the end of its input; then it ends the server, and removes
/// its files if this process is gone.
const GUARD: &str = "directory=$1; shift; \"$@\" & server=$!; cat >/dev/null; \
                     kill -INT $server 2>/dev/null; wait $server; \
                     [ -d /proc/$PPID ] || rm -rf \"$directory\"";

/// The shell command that runs its arguments.
const DIRECTLY: &str = "exec \"$@\"";

impl Server {
    /// The server that tests share; `None` with a message if PostgreSQL is not installed.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[])).as_ref()
    }

    /// A server of its own, with settings.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Option<Self> {
        Self::start_by(DIRECTLY, &[], settings)
    }

    /// The same by a shell command, with options of `initdb`.
    pub(crate) fn start_by(command: &str, options: &[&str], settings: &[(&str, &str)]) -> Option<Self> {
        let Some(binaries) = binaries() else {
            // Not by a macro whose output is captured.
            let _ = writeln!(std::io::stderr(), "skipped: PostgreSQL is not installed");
            return None;
        };
        let directory = tempfile::Builder::new().prefix("scs-postgres-").tempdir().unwrap().keep();
        if is_root() {
            let status = Command::new("chown").arg("postgres:").arg(&directory).status().unwrap();
            assert!(status.success(), "there is no user `postgres`");
        }
        let server = Self { binaries, directory, guard: Mutex::new(None), databases: AtomicU32::new(0) };
        let data = server.directory.join("data");
        let mut initialize = server.command("initdb");
        initialize.args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
        ]);
        let output = initialize.arg(&data).args(options).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut configuration = String::from("listen_addresses = ''\nfsync = off\n");
        for (name, value) in [("max_connections", "200"), ("timezone", "UTC")].iter().chain(settings) {
            writeln!(configuration, "{name} = '{value}'").unwrap();
        }
        writeln!(configuration, "unix_socket_directories = '{}'", server.directory.display()).unwrap();
        // The directory belongs to another user, who appends the settings.
        let mut append = server.user("sh");
        append.args(["-c", "printf '%s' \"$1\" >> \"$2\"", "sh", &configuration]);
        assert!(append.arg(data.join("postgresql.conf")).status().unwrap().success());
        server.resume_by(command);
        Some(server)
    }

    /// A program run as a user who may run PostgreSQL.
    fn user(&self, program: &str) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--", program]);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.directory);
        command
    }

    fn command(&self, name: &str) -> Command {
        self.user(self.binaries.join(name).to_str().unwrap())
    }

    /// Starts the server again.
    pub(crate) fn resume(&self) {
        self.resume_by(DIRECTLY);
    }

    /// The same by a shell command.
    pub(crate) fn resume_by(&self, command: &str) {
        let mut guard = self.user("sh");
        guard.args(["-c", GUARD, "sh"]).arg(&self.directory).args(["sh", "-c", command, "sh"]);
        guard.arg(self.binaries.join("postgres")).arg("-D");
        guard.arg(self.directory.join("data")).stdin(Stdio::piped());
        guard.stdout(Stdio::null()).stderr(Stdio::null());
        *self.guard.lock().unwrap() = Some(guard.spawn().unwrap());
        let until = Instant::now() + Duration::from_mins(1);
        while !self.query("postgres", "SELECT 1") {
            assert!(Instant::now() < until, "PostgreSQL does not start in {}", self.directory.display());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the server, with all of its connections.
    pub(crate) fn stop(&self) {
        if let Some(mut guard) = self.guard.lock().unwrap().take() {
            drop(guard.stdin.take());
            guard.wait().unwrap();
        }
    }

    /// Runs a statement; returns whether it worked.
    pub(crate) fn query(&self, database: &str, statement: &str) -> bool {
        let mut query = self.command("psql");
        query.args([
            "-qXAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            statement,
            "-h",
        ]);
        query.arg(&self.directory).stdout(Stdio::null()).stderr(Stdio::null());
        query.status().unwrap().success()
    }

    /// Begins a statement in a process of its own.
    pub(crate) fn begin(&self, database: &str, statement: &str) -> Child {
        let mut query = self.command("psql");
        query.args(["-qXAt", "-U", "postgres", "-d", database, "-c", statement, "-h"]);
        query.arg(&self.directory).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Makes an empty database; returns its name.
    pub(crate) fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        assert!(self.query("postgres", &format!("CREATE DATABASE {name}")));
        name
    }

    /// The address of a database.
    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.directory.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

/// The directory of the newest installed version.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut directories: Vec<PathBuf> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| Path::new(&bin.join("initdb")).exists())
        .collect();
    directories.sort();
    directories.pop()
}
