//! Tests with a real API server.
//!
//! `SCS_TEST_CLUSTER` is the kubeconfig of an administrator of a cluster for tests; these tests create and delete objects in it.
//! Without it, they are skipped with a message:
//!
//! ```text
//! SCS_TEST_CLUSTER=~/.kube/config cargo test -p scs-cli --test real_cluster -- --test-threads 1 --nocapture
//! ```

#[cfg(test)]
mod repairing;
#[cfg(test)]
mod rights;

#[cfg(test)]
mod cluster {
    use std::process::{Command, Output};

    /// The kubeconfig; prints why a test is skipped if there is none.
    pub(crate) fn kubeconfig() -> Option<String> {
        let path = std::env::var("SCS_TEST_CLUSTER").ok().filter(|path| !path.is_empty());
        if path.is_none() {
            eprintln!("skipped: SCS_TEST_CLUSTER is not set to the kubeconfig of a cluster for tests");
        }
        path
    }

    /// Runs the program; returns exit status, standard output and standard error.
    pub(crate) fn scs(kubeconfig: &str, arguments: &[&str]) -> (i32, String, String) {
        let mut command = assert_cmd::Command::cargo_bin("scs").unwrap();
        told(command.args(arguments).args(["--kubeconfig", kubeconfig]).output().unwrap())
    }

    /// Runs `kubectl`, which has to succeed.
    pub(crate) fn kubectl(kubeconfig: &str, arguments: &[&str]) -> String {
        let output = Command::new("kubectl").args(["--kubeconfig", kubeconfig]).args(arguments).output();
        let (status, out, err) = told(output.unwrap());
        assert_eq!(status, 0, "{arguments:?}: {err}");
        out
    }

    fn told(output: Output) -> (i32, String, String) {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}
