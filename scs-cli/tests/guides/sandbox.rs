//! A directory with the files that the guides mention, and `scs` on the path.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::pages::root;

/// The program.
pub(crate) const SCS: &str = env!("CARGO_BIN_EXE_scs");

/// A temporary working directory.
pub(crate) struct Sandbox(TempDir);

impl Sandbox {
    /// An empty directory with `scs` on the path.
    pub(crate) fn empty() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        for directory in ["bin", "home/.local/share/bash-completion/completions"] {
            fs::create_dir_all(sandbox.path(directory)).unwrap();
        }
        symlink(SCS, sandbox.path("bin/scs")).unwrap();
        sandbox
    }

    /// A directory with all files that the guides mention.
    pub(crate) fn with_files() -> Self {
        let sandbox = Self::empty();
        symlink(root().join("examples").canonicalize().unwrap(), sandbox.path("examples")).unwrap();
        for (name, source) in [
            ("flavors.json", "examples/data/flavors.json"),
            ("images.json", "examples/data/images.json"),
            ("cluster.json", "examples/data/conformant-cluster.yaml"),
            ("cloud.json", "examples/data/typical-cloud.yaml"),
            ("inventory.json", "examples/data/typical-cloud.yaml"),
            ("scope.yaml", "scs-certificates/data/scs-compatible-iaas.yaml"),
            ("old.yaml", "scs-certificates/data/scs-compatible-iaas.yaml"),
        ] {
            fs::copy(root().join(source), sandbox.path(name))
                .unwrap_or_else(|error| panic!("{source}: {error}"));
        }
        fs::write(sandbox.path("page.md"), "# Page\n\n<!-- scs: scopes -->\n<!-- scs: end -->\n").unwrap();
        let documents = root().join("scs-cli/tests/data/documents").canonicalize().unwrap();
        symlink(documents, sandbox.path("Standards")).unwrap();
        let accepted = sandbox.bash("scs check -f json -o accepted.json cloud.json");
        assert_eq!(accepted.status.code(), Some(1), "{accepted:?}");
        sandbox
    }

    /// A path in the directory.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// A command in the directory, without settings of the caller.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.current_dir(self.path("")).env("HOME", self.path("home")).env("NO_COLOR", "1");
        command.env("PATH", format!("{}:{path}", self.path("bin").display()));
        for name in std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("OS_")) {
            command.env_remove(name);
        }
        // Facts that a developer fetched must not change results.
        command.env_remove("COLUMNS").env_remove("XDG_DATA_HOME").env_remove("SCS_FACTS");
        command
    }

    /// Runs a script with bash, which stops at the first error.
    pub(crate) fn bash(&self, script: &str) -> Output {
        self.command("bash").args(["-eo", "pipefail", "-c", script]).output().unwrap()
    }
}

/// Standard output and standard error, for messages.
pub(crate) fn printed(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("\n")
}
