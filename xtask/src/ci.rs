//! The CI steps that every change has to pass.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::generate;
use crate::members::{self, Member};

/// Set if the caller has already run the tests.
const TESTED: &str = "SCS_CI_TESTED";
/// The checkout of the official repository, for comparing with its parser and functions.
const OFFICIAL: &str = "SCS_OFFICIAL_DIR";

/// The outcome of a successful step.
enum Done {
    Passed,
    Skipped(&'static str),
}

type Outcome = Result<Done, String>;

/// The input of a step: the root of the workspace and its members.
struct Gate<'a> {
    root: &'a Path,
    members: Vec<Member>,
}

type Step = (&'static str, fn(&Gate<'_>) -> Outcome);

const STEPS: &[Step] = &[
    ("format", |gate| gate.cargo(&["fmt", "--all", "--check", "--", "--color", "never"])),
    ("lints", |gate| {
        gate.cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])
    }),
    ("tests", tests),
    ("documentation", |gate| {
        let mut doc = gate.command(&["doc", "--no-deps", "--workspace", "--all-features"]);
        succeed(doc.env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("generated files", |gate| generate::check(gate.root).map(|()| Done::Passed)),
    ("every member has the workspace's lints", lints_inherited),
    ("each feature separately", features),
    ("packages", packages),
    ("dependencies", dependencies),
    ("comparison with the official suite", differential),
];

/// Runs all steps, even after a failure, and prints a summary.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let gate = Gate { root, members: members::all(root)? };
    let mut summary = Vec::new();
    let mut failed = 0;
    let begin = Instant::now();
    for (index, (name, step)) in STEPS.iter().enumerate() {
        println!("\n==> {}/{} {name}", index + 1, STEPS.len());
        let start = Instant::now();
        let outcome = step(&gate);
        let word = match outcome {
            Ok(Done::Passed) => "ok".to_owned(),
            Ok(Done::Skipped(why)) => format!("skipped: {why}"),
            Err(why) => {
                failed += 1;
                format!("FAILED: {why}")
            }
        };
        println!("==> {name}: {word}");
        summary.push(format!(
            "{:>7}  {name}: {}",
            seconds(start.elapsed()),
            word.lines().next().unwrap_or_default()
        ));
    }
    println!("\n==> summary\n{}\n{:>7}  total", summary.join("\n"), seconds(begin.elapsed()));
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} steps failed", STEPS.len())) }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

impl Gate<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        println!("$ cargo {}", arguments.join(" "));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(arguments).current_dir(self.root).stdin(Stdio::null());
        command
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome {
        succeed(&mut self.command(arguments))
    }
}

fn succeed(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(Done::Passed),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn tests(gate: &Gate<'_>) -> Outcome {
    if std::env::var_os(TESTED).is_some() {
        return Ok(Done::Skipped("run just before"));
    }
    gate.cargo(&["test", "--workspace", "--all-features"])
}

fn lints_inherited(gate: &Gate<'_>) -> Outcome {
    let without: Vec<&str> = gate
        .members
        .iter()
        .filter(|member| !member.inherits_lints)
        .map(|member| member.directory.as_str())
        .collect();
    if without.is_empty() {
        return Ok(Done::Passed);
    }
    Err(format!("`[lints] workspace = true` is missing in: {}", without.join(", ")))
}

/// Each feature has to compile without the others.
fn features(gate: &Gate<'_>) -> Outcome {
    for member in gate.members.iter().filter(|member| member.is_library && member.is_published) {
        let base = ["check", "--quiet", "--package", &member.package, "--no-default-features"];
        gate.cargo(&base).map_err(|why| format!("{} without features: {why}", member.package))?;
        for feature in &member.features {
            gate.cargo(&[&base[..], &["--features", feature]].concat())
                .map_err(|why| format!("{} with only `{feature}`: {why}", member.package))?;
        }
    }
    Ok(Done::Passed)
}

/// The version of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// Checks licenses, sources, crates and advisories with cargo-deny, according to `deny.toml`. Installs it if it is missing, without
/// optimization, which would take longer than it saves.
fn dependencies(gate: &Gate<'_>) -> Outcome {
    let is_there = || {
        let mut probe = gate.command(&["deny", "--version"]);
        probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    if !is_there() {
        let installed = gate.cargo(&["install", "--quiet", "--locked", "--debug", CARGO_DENY]);
        if installed.is_err() || !is_there() {
            return Ok(Done::Skipped("cargo-deny cannot be installed"));
        }
    }
    gate.cargo(&["deny", "--all-features", "check", "licenses", "bans", "sources"])?;
    // The advisories are in a separate repository.
    if gate.cargo(&["deny", "fetch", "db"]).is_err() {
        println!("the database of advisories cannot be reached; skipped");
        return Ok(Done::Passed);
    }
    gate.cargo(&["deny", "--all-features", "check", "advisories"])
}

/// The packages have to build from their own files.
fn packages(gate: &Gate<'_>) -> Outcome {
    // Cargo assumes that versions never change, so results of earlier dry runs have to be deleted.
    forget_packages(gate)?;
    let built = gate.root.join("target/dry-run");
    if built.exists() {
        std::fs::remove_dir_all(&built).map_err(|why| format!("{}: {why}", built.display()))?;
    }
    gate.cargo(&["publish", "--workspace", "--dry-run", "--allow-dirty", "--target-dir", "target/dry-run"])
}

/// Removes the libraries that an earlier dry run unpacked.
fn forget_packages(gate: &Gate<'_>) -> Result<(), String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let Some(Ok(registries)) = home.map(|home| home.join("registry/src").read_dir()) else { return Ok(()) };
    // The registry of a dry run has no host, so its directory has no name before the dash.
    let of_dry_runs = registries.flatten().filter(|it| it.file_name().to_string_lossy().starts_with('-'));
    for package in of_dry_runs.filter_map(|registry| registry.path().read_dir().ok()).flatten().flatten() {
        let name = package.file_name();
        let name = name.to_string_lossy();
        let is_ours =
            |member: &Member| name.strip_prefix(&*member.package).is_some_and(|rest| rest.starts_with('-'));
        if gate.members.iter().any(is_ours) {
            std::fs::remove_dir_all(package.path())
                .map_err(|why| format!("{}: {why}", package.path().display()))?;
        }
    }
    Ok(())
}

fn differential(gate: &Gate<'_>) -> Outcome {
    if std::env::var_os(OFFICIAL).is_none() {
        return Ok(Done::Skipped("SCS_OFFICIAL_DIR is not set to a checkout of the official repository"));
    }
    if !Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|it| it.success()) {
        return Ok(Done::Skipped("python3 is not installed"));
    }
    for (package, tests) in [
        ("scs-flavor-naming", &["differential", "differential_clouds"][..]),
        ("scs-image-metadata", &["differential"]),
        ("scs-entropy", &["differential"]),
        ("scs-iaas-policy", &["differential"]),
        ("scs-k8s-policy", &["differential"]),
        ("scs-certificates", &["differential"]),
        ("scs-standards", &["differential"]),
    ] {
        let mut arguments = vec!["test", "--package", package, "--all-features"];
        arguments.extend(tests.iter().flat_map(|test| ["--test", test]));
        arguments.extend(["--", "--nocapture"]);
        gate.cargo(&arguments)?;
    }
    Ok(Done::Passed)
}
