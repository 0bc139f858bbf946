//! The cluster for tests, and what a test creates in it.

use std::cell::RefCell;
use std::process::Output;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::Api;

/// The label of all objects of tests.
const LABEL: &str = "scs.community/test";

const DELETION: Duration = Duration::from_mins(1);

/// One test at a time, since tests compare everything before and after.
static TURN: Mutex<()> = Mutex::new(());

/// Exit status, standard output and standard error of a program.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The printed document of a command that ends with this status.
    pub(crate) fn json(&self, status: i32) -> Value {
        assert_eq!(self.status, status, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }
}

/// What the end of a test undoes.
#[derive(Debug)]
enum Undo {
    /// Delete the object of this path.
    Delete(String),
    /// Give up the fields of the namespace that these tests applied.
    GiveUp(String),
}

/// A cluster, with what a test has created in it. That is deleted at the end of the test, even if it fails.
pub(crate) struct Cluster {
    pub(crate) kubeconfig: String,
    pub(crate) api: Api,
    /// The prefix of all names, which no other run has.
    pub(crate) prefix: String,
    undo: RefCell<Vec<Undo>>,
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Cluster {
    /// The cluster; prints why a test is skipped if there is none.
    pub(crate) fn open() -> Option<Self> {
        let Some(kubeconfig) = std::env::var("SCS_TEST_CLUSTER").ok().filter(|path| !path.is_empty()) else {
            eprintln!("skipped: SCS_TEST_CLUSTER is not set to the kubeconfig of a cluster for tests");
            return None;
        };
        // A failed test has cleaned up, too.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let letters: String = std::iter::repeat_with(fastrand::lowercase).take(8).collect();
        Some(Self {
            api: Api::of(&kubeconfig),
            kubeconfig,
            prefix: format!("scs-test-{letters}"),
            undo: RefCell::default(),
            folder: tempfile::tempdir().unwrap(),
            _turn: turn,
        })
    }

    /// The cluster, if all of it may be changed; prints why a test is skipped if not.
    pub(crate) fn open_disposable() -> Option<Self> {
        let cluster = Self::open()?;
        if is_disposable() {
            return Some(cluster);
        }
        eprintln!("skipped: it changes objects of others, and SCS_TEST_CLUSTER_IS_DISPOSABLE is not set");
        None
    }

    /// A name of this test.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// The path of a file of this test.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Creates an object in a collection.
    pub(crate) fn create(&self, collection: &str, mut object: Value) -> Value {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        object["metadata"]["labels"][LABEL] = json!(self.prefix);
        self.delete_later(&format!("{collection}/{name}"));
        self.api.post(collection, &object).expect(&format!("{collection}/{name}"))
    }

    /// Deletes an object at the end of the test.
    pub(crate) fn delete_later(&self, path: &str) {
        self.undo.borrow_mut().push(Undo::Delete(path.to_owned()));
    }

    /// Gives up what is applied to a namespace at the end of the test.
    pub(crate) fn give_up_later(&self, namespace: &str) {
        self.undo.borrow_mut().push(Undo::GiveUp(namespace.to_owned()));
    }

    /// The kubeconfig.
    pub(crate) fn kubeconfig(&self) -> Value {
        serde_saphyr::from_str(&std::fs::read_to_string(&self.kubeconfig).unwrap()).unwrap()
    }

    /// A kubeconfig for the same cluster with the credentials of another user; returns the file.
    pub(crate) fn as_user(&self, name: &str, credentials: &Value) -> String {
        let mut kubeconfig = self.kubeconfig();
        for user in kubeconfig["users"].as_array_mut().unwrap() {
            user["user"] = credentials.clone();
        }
        let file = self.file(&format!("{name}.kubeconfig"));
        std::fs::write(&file, kubeconfig.to_string()).unwrap();
        file
    }

    /// Creates a namespace with these labels; returns its name.
    pub(crate) fn namespace(&self, name: &str, labels: &Value) -> String {
        let name = self.name(name);
        self.create("/api/v1/namespaces", json!({"metadata": {"name": name, "labels": labels}}));
        // The controller manager creates this account, without which pods are refused.
        let account = format!("/api/v1/namespaces/{name}/serviceaccounts/default");
        within(DELETION, "a default account", || self.api.get(&account).is_ok());
        name
    }

    /// Creates a service account; returns a token.
    pub(crate) fn service_account(&self, namespace: &str, name: &str) -> String {
        let accounts = format!("/api/v1/namespaces/{namespace}/serviceaccounts");
        if !self.api.get(&format!("{accounts}/{name}")).is_ok() {
            self.create(&accounts, json!({"metadata": {"name": name}}));
        }
        let token =
            self.api.post(&format!("{accounts}/{name}/token"), &json!({"spec": {}})).expect("a token");
        token["status"]["token"].as_str().unwrap().to_owned()
    }

    /// Creates objects of RBAC, as `scs k8s rights` prints them, under names of this test.
    pub(crate) fn grant(&self, manifests: &[Value], name: &str) {
        for manifest in manifests {
            let mut object = manifest.clone();
            let kind = object["kind"].as_str().unwrap().to_owned();
            if kind == "ServiceAccount" {
                continue;
            }
            let own = |text: &Value| Value::from(self.name(&format!("{name}-{}", text.as_str().unwrap())));
            object["metadata"]["name"] = own(&object["metadata"]["name"]);
            if !object["roleRef"].is_null() {
                object["roleRef"]["name"] = own(&object["roleRef"]["name"]);
            }
            let resource = format!("{}s", kind.to_lowercase());
            let group = "/apis/rbac.authorization.k8s.io/v1";
            let path = match object["metadata"]["namespace"].as_str() {
                Some(namespace) => format!("{group}/namespaces/{namespace}/{resource}"),
                None => format!("{group}/{resource}"),
            };
            self.create(&path, object);
        }
    }

    /// Runs the program on the cluster.
    pub(crate) fn scs(&self, arguments: &[&str]) -> Told {
        run(&[arguments, &["--kubeconfig", &self.kubeconfig]].concat())
    }

    /// Undoes what this test has done, the latest first, and waits until it is gone.
    pub(crate) fn clean(&self) {
        let undo = std::mem::take(&mut *self.undo.borrow_mut());
        for step in undo.iter().rev() {
            match step {
                Undo::Delete(path) => {
                    self.api.delete(path);
                }
                Undo::GiveUp(name) => {
                    let empty = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
                    let path = format!("/api/v1/namespaces/{name}");
                    // A policy that forbids it still has an effect for a moment.
                    retried(&path, || self.api.apply(&path, &empty.to_string()).is_ok());
                }
            }
        }
        for step in undo {
            if let Undo::Delete(path) = step {
                retried(&path, || !self.api.get(&path).is_ok());
            }
        }
    }
}

/// Waits for the end of something; says what is left behind.
fn retried(path: &str, mut is_done: impl FnMut() -> bool) {
    let end = Instant::now() + DELETION;
    while !is_done() {
        if Instant::now() > end {
            eprintln!("left behind: {path}");
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.clean();
    }
}

/// Whether objects of others may be changed.
pub(crate) fn is_disposable() -> bool {
    std::env::var_os("SCS_TEST_CLUSTER_IS_DISPOSABLE").is_some_and(|value| !value.is_empty())
}

/// Waits for something.
#[track_caller]
pub(crate) fn within(time: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + time;
    while !is_so() {
        assert!(Instant::now() < end, "no {what} after {} s", time.as_secs());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Runs the program, without a configuration of its user.
pub(crate) fn run(arguments: &[&str]) -> Told {
    let mut command = assert_cmd::Command::cargo_bin("scs").unwrap();
    Told::of(command.args(arguments).env_remove("KUBECONFIG").output().unwrap())
}

/// A program on the path.
pub(crate) fn program(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
