//! The CI jobs of `docs/ci.md`: parsed, and their shell lines run with `scs` on an example inventory. Installers are replaced by
//! programs that put `scs` into place, and `scs inventory` by a copy of the example.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::pages::{blocks, root};
use crate::sandbox::{SCS, Sandbox, printed};

/// `scs` with a fixed date, and with an example instead of a cloud. Collecting needs all credentials.
const PROGRAM: &str = r#"#!/bin/bash
case $1 in
inventory)
    for name in OS_AUTH_TYPE OS_AUTH_URL OS_APPLICATION_CREDENTIAL_ID OS_APPLICATION_CREDENTIAL_SECRET; do
        [ -n "${!name}" ] || { echo "$name is not set" >&2; exit 2; }
    done
    "$SCS" "$@" --help >/dev/null || exit 2
    while [ "$1" != -o ]; do shift; done
    cp "$INVENTORY" "$2"
    ;;
*) exec "$SCS" "$@" --at 2026-11-24T12:00:00Z ;;
esac
"#;

/// `cargo install`, into `--root` or the home directory.
const CARGO: &str = r#"#!/bin/bash
directory=~/.cargo
while [ $# -gt 0 ]; do
    case $1 in
    --root) directory=$2 ;;
    --git) [ -n "$2" ] || { echo 'the repository is not set' >&2; exit 101; } ;;
    esac
    shift
done
mkdir -p "$directory/bin" && cp "$PROGRAM" "$directory/bin/scs"
"#;

/// A shell script of a job, with its environment.
struct Step {
    script: String,
    environment: BTreeMap<String, String>,
}

/// A job: its steps, and the file that it publishes.
struct Job {
    name: &'static str,
    steps: Vec<Step>,
    report: &'static str,
}

/// The YAML blocks by the file name in their first line.
fn files() -> BTreeMap<String, Value> {
    let blocks = blocks("docs/ci.md", "yaml");
    let parsed = blocks.iter().map(|block| {
        let name = block.code.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default();
        let value: Value =
            serde_saphyr::from_str(&block.code).unwrap_or_else(|error| panic!("{}: {error}", block.place));
        (name.to_owned(), value)
    });
    parsed.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}")).to_owned()
}

/// A mapping of variables. Expressions of the CI system get a value.
fn variables(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.clone(), with_values(&text(value)))).collect()
}

/// A text with `{{ … }}` and `${{ … }}` replaced.
fn with_values(text: &str) -> String {
    let mut parts = text.split("{{");
    let first = parts.next().unwrap_or_default().trim_end_matches('$').to_owned();
    parts.fold(first, |text, part| {
        let (_, rest) = part.split_once("}}").expect("an expression is not closed");
        text + "value" + rest
    })
}

fn github(files: &BTreeMap<String, Value>) -> Job {
    let workflow = &files[".github/workflows/scs.yaml"];
    let job = &workflow["jobs"]["check"];
    assert_eq!(job["permissions"]["security-events"], "write");
    let steps = job["steps"].as_array().expect("steps");
    assert!(steps.iter().all(|step| step.get("continue-on-error").is_none()), "it would hide errors");
    let upload = steps.last().expect("a step");
    assert_eq!(upload["with"]["sarif_file"], "scs.sarif");
    assert_eq!(upload["if"], "always() && hashFiles('scs.sarif') != ''", "it runs after findings, too");
    let runs = steps.iter().filter(|step| step.get("run").is_some());
    let steps = runs.map(|step| Step { script: text(&step["run"]), environment: variables(&step["env"]) });
    Job { name: "GitHub", steps: steps.collect(), report: "scs.sarif" }
}

fn gitlab(files: &BTreeMap<String, Value>) -> Job {
    let job = &files[".gitlab-ci.yml"]["scs"];
    assert_eq!(job["allow_failure"]["exit_codes"], serde_json::json!([1]), "errors are red");
    assert_eq!(job["artifacts"]["when"], "always");
    assert_eq!(job["artifacts"]["reports"]["junit"], "scs.xml");
    let lines = ["before_script", "script"].into_iter().flat_map(|key| job[key].as_array().expect("lines"));
    // All lines run in one shell. The other variables are set in the project.
    let script = lines.map(text).collect::<Vec<_>>().join("\n");
    let mut environment = variables(&job["variables"]);
    for name in
        ["SCS_REPOSITORY", "OS_AUTH_URL", "OS_APPLICATION_CREDENTIAL_ID", "OS_APPLICATION_CREDENTIAL_SECRET"]
    {
        environment.insert(name.to_owned(), "value".to_owned());
    }
    Job { name: "GitLab", steps: vec![Step { script, environment }], report: "scs.xml" }
}

fn zuul(files: &BTreeMap<String, Value>) -> Job {
    let config = files[".zuul.yaml"].as_array().expect("a list");
    let job = &config[0]["job"];
    for key in ["run", "post-run"] {
        assert!(files.contains_key(&text(&job[key])), "{key}");
    }
    assert_eq!(config[1]["project"]["periodic"]["jobs"][0], job["name"]);
    let secret = text(&job["secrets"][0]["name"]);
    let tasks = files["playbooks/scs-check.yaml"][0]["tasks"].as_array().expect("tasks");
    let credentials = tasks.iter().flat_map(|task| task["environment"].as_object().into_iter().flatten());
    let uses = |value: &Value| text(value).contains(&format!("{{{{ {secret}."));
    assert_eq!(credentials.filter(|(_, value)| uses(value)).count(), 3, "the secret is used");
    assert!(tasks.iter().all(|task| task.get("failed_when").is_none()), "findings and errors fail");
    let fetch = &files["playbooks/scs-fetch.yaml"][0]["tasks"][0]["ansible.builtin.fetch"];
    assert!(text(&fetch["src"]).ends_with("/scs.xml"));
    let steps = tasks.iter().map(|task| Step {
        script: with_values(&text(&task["ansible.builtin.shell"])),
        environment: variables(&task["environment"]),
    });
    Job { name: "Zuul", steps: steps.collect(), report: "scs.xml" }
}

fn jobs() -> [Job; 3] {
    let files = files();
    [github(&files), gitlab(&files), zuul(&files)]
}

/// A sandbox with installers.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    fs::create_dir_all(sandbox.path("home/.cargo/bin")).unwrap();
    for (name, content) in [
        ("program", PROGRAM),
        ("bin/cargo", CARGO),
        ("home/.cargo/bin/cargo", CARGO),
        ("bin/rustup", "#!/bin/sh\n"),
        ("bin/curl", "#!/bin/sh\n"),
    ] {
        let path = sandbox.path(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    // Only an installation puts the program into place.
    fs::remove_file(sandbox.path("bin/scs")).unwrap();
    sandbox
}

/// Runs a job for an inventory, with the accepted findings of another one; the exit status of the first step that fails.
fn run(job: &Job, inventory: &str, accepted: &str, appended: &str) -> (i32, bool) {
    let sandbox = sandbox();
    let example = |name: &str| root().join("examples/data").join(name).canonicalize().unwrap();
    let baseline = sandbox
        .command(SCS)
        .args(["check", "--at", "2026-11-24", "-f", "json", "-o", "accepted.json"])
        .arg(example(accepted))
        .output()
        .unwrap();
    assert!(sandbox.path("accepted.json").is_file(), "{}", printed(&baseline));
    fs::write(sandbox.path("broken.yaml"), "kind: [").unwrap();
    let inventory = if inventory == "broken.yaml" { sandbox.path(inventory) } else { example(inventory) };
    let mut status = 0;
    for step in &job.steps {
        let script = if step.script.trim_end().ends_with("cloud.json") && step.script.contains(" check ") {
            format!("{}{appended}", step.script.trim_end())
        } else {
            step.script.clone()
        };
        let output = sandbox
            .command("bash")
            .args(["-eo", "pipefail", "-c", &script])
            .envs(&step.environment)
            .env("SCS", SCS)
            .env("PROGRAM", sandbox.path("program"))
            .env("INVENTORY", &inventory)
            .output()
            .unwrap();
        status = output.status.code().unwrap_or(-1);
        assert!(matches!(status, 0..=2), "{}: {script}: {status}\n{}", job.name, printed(&output));
        if status != 0 {
            break;
        }
    }
    let is_published = fs::metadata(sandbox.path(job.report)).is_ok_and(|report| report.len() > 0);
    (status, is_published)
}

#[test]
fn jobs_pass_fail_and_publish() {
    let (good, bad) = ("conformant-cloud.yaml", "typical-cloud.yaml");
    for job in jobs() {
        for (inventory, accepted, appended, expected) in [
            (good, good, "", (0, true)),
            (bad, good, "", (1, true)),
            (bad, bad, "", (0, true)),
            ("broken.yaml", good, "", (2, false)),
            (bad, good, " || [ $? -eq 1 ] || exit 2", (0, true)),
            ("broken.yaml", good, " || [ $? -eq 1 ] || exit 2", (2, false)),
        ] {
            let found = run(&job, inventory, accepted, appended);
            assert_eq!(found, expected, "{}: {inventory}, accepted {accepted}{appended}", job.name);
        }
    }
}

/// Facts that cannot be fetched do not stop the check, whose exit status is that of the job.
#[test]
fn the_cron_job_checks_in_any_case() {
    const PROGRAM: &str = "#!/bin/sh\nif [ $1 = facts ]; then exit $FACTS; fi\n\"$SCS\" \"$@\" --help >/dev/null && exit $CHECK\n";
    let job = &files()["cronjob.yaml"]["spec"]["jobTemplate"]["spec"];
    assert_eq!(job["backoffLimit"], 0, "findings are not tried again");
    let pod = &job["template"]["spec"];
    assert_eq!(pod["restartPolicy"], "Never");
    let container = &pod["containers"][0];
    assert_eq!(container["command"], serde_json::json!(["sh", "-c"]));
    let sandbox = Sandbox::empty();
    let program = sandbox.path("bin/scs");
    fs::remove_file(&program).unwrap();
    fs::write(&program, PROGRAM).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    for (facts, check) in [(0, 0), (1, 0), (1, 1), (2, 1), (0, 2)] {
        let output = sandbox
            .command("sh")
            .args(["-c", &text(&container["args"][0])])
            .envs([("FACTS", facts.to_string()), ("CHECK", check.to_string()), ("SCS", SCS.to_owned())])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(check), "{facts}: {}", printed(&output));
    }
}
