//! The tested cloud: its location, phase and users.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Condvar, Mutex, OnceLock};

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::http::{call, split};

/// The phase of the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Conforms to the standards.
    Good,
    /// With the mistakes of `seed --broken`.
    Broken,
    /// Good, with the old policies of the key manager, and S3 that responds like Ceph.
    Legacy,
    /// Good, without key manager, object store and load balancer.
    Bare,
}

impl Phase {
    /// Its name in `test-cloud/official.json`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Broken => "broken",
            Self::Legacy => "legacy",
            Self::Bare => "bare",
        }
    }

    pub(crate) const ALL: [Self; 4] = [Self::Good, Self::Broken, Self::Legacy, Self::Bare];
}

/// A running cloud.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) state: PathBuf,
    pub(crate) phase: Phase,
    /// The clouds of its `clouds.yaml`.
    pub(crate) clouds: Value,
    /// A directory for files of the tests.
    dir: PathBuf,
}

/// The result of a run of the program.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A token and its catalog.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) secret: String,
    pub(crate) catalog: Value,
    /// The id of its user.
    pub(crate) user: String,
}

pub(crate) const MEMBER: &str = "scs-test";
pub(crate) const ADMIN: &str = "scs-admin";

impl Cloud {
    /// The cloud, if there is one and it is in one of these phases.
    pub(crate) fn in_phase(phases: &[Phase]) -> Option<&'static Self> {
        static CLOUD: OnceLock<Option<Cloud>> = OnceLock::new();
        let cloud = CLOUD.get_or_init(Self::find).as_ref();
        if cloud.is_none() {
            println!(
                "skipped: SCS_TEST_CLOUD names no state directory of a running cloud (see test-cloud/README.md)"
            );
        }
        let found = cloud.filter(|cloud| phases.contains(&cloud.phase));
        if let (Some(cloud), None) = (cloud, found) {
            println!("skipped: the cloud is {:?}, and this is about one that is {phases:?}", cloud.phase);
        }
        found
    }

    fn find() -> Option<Self> {
        let state = PathBuf::from(std::env::var_os("SCS_TEST_CLOUD")?);
        let read = |file: &str| {
            let path = state.join(file);
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let configured: Value = serde_saphyr::from_str(&read("clouds.yaml")).unwrap();
        let variant: Value = serde_json::from_str(&read("variant.json")).unwrap();
        let text = |key: &str| variant[key].as_str().unwrap();
        let phase = match (read("seeded").trim(), text("key_manager"), text("s3"), text("skip")) {
            ("good", "new", "swift", "") => Phase::Good,
            ("broken", "new", "swift", "") => Phase::Broken,
            ("good", "legacy", "radosgw", "") => Phase::Legacy,
            ("good", "new", "swift", "barbican swift load-balancer") => Phase::Bare,
            other => panic!("nothing is known of a cloud like this: {other:?}"),
        };
        let clouds = configured["clouds"].clone();
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real_cloud");
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Some(Self { state, phase, clouds, dir })
    }

    /// A file for a test to write.
    pub(crate) fn path(&self, file: &str) -> String {
        self.dir.join(file).display().to_string()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("scs").unwrap();
        command.args(arguments).env("OS_CLIENT_CONFIG_FILE", self.state.join("clouds.yaml"));
        // Facts that a developer fetched must not change results.
        command.env("SCS_FACTS", "embedded");
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("OS_") || name.to_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command.env("OS_CLIENT_CONFIG_FILE", self.state.join("clouds.yaml"));
        command
    }

    /// Runs the program on the cloud's own configuration.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        told(self.command(arguments).output().unwrap())
    }

    /// Runs the program with another configuration: one cloud, `it`. Only a few run at a time, since the cloud is small.
    pub(crate) fn run_on(&self, cloud: &Value, arguments: &[&str]) -> Outcome {
        let dir = tempfile::tempdir_in(&self.dir).unwrap();
        let path = dir.path().join("clouds.json");
        std::fs::write(&path, json!({"clouds": {"it": cloud}}).to_string()).unwrap();
        let mut command = self.command(arguments);
        command.env("OS_CLIENT_CONFIG_FILE", path);
        let mut running = FREE.wait_while(RUNNING.lock().unwrap(), |running| *running >= AT_ONCE).unwrap();
        *running += 1;
        drop(running);
        let output = command.output();
        *RUNNING.lock().unwrap() -= 1;
        FREE.notify_one();
        told(output.unwrap())
    }

    /// The inventory of a member, with all probes that run in this phase.
    pub(crate) fn collected(&self) -> &'static Value {
        static COLLECTED: OnceLock<Value> = OnceLock::new();
        COLLECTED.get_or_init(|| {
            let probes = if self.phase == Phase::Good {
                "key-manager,s3,security-group,backup,vm"
            } else {
                "key-manager,s3,security-group"
            };
            let path = self.path("collected.json");
            let outcome = self.run(&["inventory", "--os-cloud", MEMBER, "--probe", probes, "-o", &path]);
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("stays:"), "{}", outcome.stderr);
            file(Path::new(&path))
        })
    }

    /// The file with [`collected`](Self::collected).
    pub(crate) fn collected_file(&self) -> String {
        self.collected();
        self.path("collected.json")
    }

    /// The secrets in the configuration.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets: Vec<String> = [MEMBER, ADMIN]
            .map(|name| self.clouds[name]["auth"]["password"].as_str().unwrap().to_owned())
            .into();
        let kept = std::fs::read_dir(self.state.join("etc")).unwrap().flatten();
        for entry in kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("secret.")) {
            secrets.push(std::fs::read_to_string(entry.path()).unwrap().trim().to_owned());
        }
        assert!(secrets.len() > 8 && secrets.iter().all(|secret| secret.len() > 20), "{}", secrets.len());
        secrets
    }

    /// A separate token, for requests independent of the program.
    pub(crate) fn token(&self, name: &str) -> Token {
        let auth = &self.clouds[name]["auth"];
        let domain = |key: &str| json!({"name": auth[key]});
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": auth["username"], "password": auth["password"], "domain": domain("user_domain_name"),
            }}},
            "scope": {"project": {"name": auth["project_name"], "domain": domain("project_domain_name")}},
        }});
        let url = format!("{}/auth/tokens", self.auth_url());
        let answer = call("POST", &url, None, Some(&body));
        assert_eq!(answer.target(), "201", "{}", answer.first);
        let token = &answer.json()["token"];
        Token {
            secret: answer.header("x-subject-token").unwrap().to_owned(),
            catalog: token["catalog"].clone(),
            user: token["user"]["id"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) fn auth_url(&self) -> &str {
        self.clouds[MEMBER]["auth"]["auth_url"].as_str().unwrap()
    }

    /// A scope with every test case of the official suite at its level: the registry's scope with all modules in one version, and
    /// each test case in the first module that has it.
    pub(crate) fn scope(&self) -> String {
        static SCOPE: OnceLock<String> = OnceLock::new();
        SCOPE.get_or_init(|| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
            let embedded = root.join("scs-certificates/data/scs-compatible-iaas.yaml");
            let text = std::fs::read_to_string(embedded).unwrap();
            let mut scope: Value = serde_saphyr::from_str(&text).unwrap();
            let modules = scope["modules"].as_array_mut().unwrap();
            modules.retain(|module| module["id"].as_str().unwrap().starts_with("scs-"));
            let mut seen = BTreeSet::new();
            let include: Vec<Value> = modules
                .iter_mut()
                .map(|module| {
                    // The suite has the test case, but no module does.
                    if module["id"] == "scs-0104-v1-2-rec" {
                        module["targets"]["recommended"].as_array_mut().unwrap().push("scs-0104-image-debian-13".into());
                    }
                    for cases in module["targets"].as_object_mut().unwrap().values_mut() {
                        let cases = cases.as_array_mut().unwrap();
                        cases.retain(|case| seen.insert(case.as_str().unwrap().to_owned()));
                    }
                    if module.get("parameters").is_some() {
                        json!({"ref": module["id"], "parameters": {"image_spec": "https://example.org/images.yaml"}})
                    } else {
                        module["id"].clone()
                    }
                })
                .collect();
            scope["versions"] =
                json!([{"version": "all", "stabilized_at": "2024-12-19", "include": include}]);
            scope["timeline"] = json!([{"date": "2024-12-19", "versions": {"all": "effective"}}]);
            let path = self.path("scope.json");
            std::fs::write(&path, scope.to_string()).unwrap();
            path
        })
        .clone()
    }

    /// The arguments of a check of all test cases.
    pub(crate) fn check(&self) -> Vec<String> {
        let targets = ["main", "recommended", "preview"].map(|target| format!("--target={target}"));
        let mut arguments: Vec<String> = ["check", "-f", "json", "--scope"].map(str::to_owned).into();
        arguments.push(self.scope());
        arguments.extend(targets);
        arguments
    }

    /// The services: scheme, host and port by first type.
    pub(crate) fn origins(&self) -> BTreeMap<String, String> {
        let catalog = self.token(MEMBER).catalog;
        let mut services: Vec<(&str, &str)> = catalog
            .as_array()
            .unwrap()
            .iter()
            .map(|service| {
                let url = service["endpoints"][0]["url"].as_str().unwrap();
                (service["type"].as_str().unwrap(), split(url).0)
            })
            .collect();
        services.sort_unstable();
        let mut origins = BTreeMap::new();
        for (kind, origin) in services {
            if !origins.values().any(|known| known == origin) {
                origins.insert(kind.to_owned(), origin.to_owned());
            }
        }
        origins
    }
}

/// The number of concurrent runs with other configurations, and its limit.
static RUNNING: Mutex<usize> = Mutex::new(0);
static FREE: Condvar = Condvar::new();
const AT_ONCE: usize = 4;

fn told(output: Output) -> Outcome {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome {
        status: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Outcome {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts that the output does not contain any of these.
    #[track_caller]
    pub(crate) fn without(&self, secrets: &[String]) {
        for secret in secrets {
            assert!(!self.stdout.contains(secret) && !self.stderr.contains(secret), "a secret is printed");
        }
    }
}

pub(crate) fn file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The verdicts of the test cases in a document of `scs check`.
pub(crate) fn verdicts(document: &Value) -> BTreeMap<String, String> {
    let verdicts = document["results"].as_object().unwrap();
    verdicts.iter().map(|(id, verdict)| (id.clone(), verdict.as_str().unwrap().to_owned())).collect()
}

/// The verdicts of the rules, by rule and document: two versions of a standard may have a rule with the same id.
pub(crate) fn answers(document: &Value) -> BTreeMap<(String, String), String> {
    let rules = document["rules"].as_array().unwrap();
    let answers: BTreeMap<_, _> = rules
        .iter()
        .map(|rule| {
            let text = |key: &str| rule[key].as_str().unwrap().to_owned();
            ((text("rule"), text("document")), text("result"))
        })
        .collect();
    assert_eq!(answers.len(), rules.len(), "a rule answers twice");
    answers
}
