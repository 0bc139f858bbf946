//! Fixes work: all active fixes of mutated clouds and clusters are applied to the inventory, and it is checked again. Their
//! findings disappear, and there are no new ones. Their commands, run under a recorder, match their data. For a sample of the
//! choices, each option is applied separately.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

mod questions;
mod recorder;
#[path = "../shared/mod.rs"]
mod shared;
mod together;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use scs_registry::{Report, apply_edits};
use scs_standards::{Edit, Finding, Profile, Severity};
use serde_json::Value;

use shared::{bases, checked, mutate};
use together::choose_all;
use ways::{OF_USERS, close_ways};

/// The number of mutated inventories; half of them are clouds.
const MUTATIONS: usize = 2_000;

/// One in this many inventories also has the options of its choices applied.
const EVERY_WAY: usize = 4;

/// Overrides the number, for a quick or a long run.
const MUTATIONS_VARIABLE: &str = "SCS_MUTATIONS";

/// The key for counting findings: a rule of a document, and the subject.
type Key = (String, String, String);

fn key(finding: &Finding) -> Key {
    (finding.rule.to_string(), finding.document.to_string(), finding.subject.clone())
}

fn counted<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings.filter(|finding| finding.severity != Severity::Info) {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// The new name of a renamed object.
fn renamed(edits: &[Edit]) -> Option<&str> {
    edits.iter().find_map(|edit| match edit {
        Edit::Set { path, value, .. } if *path == ["name"] => value.text(),
        _ => None,
    })
}

/// The result for a mutated inventory.
#[derive(Default)]
struct Tally {
    inventories: usize,
    findings: usize,
    repairs: usize,
    /// Pairs of fixes for the same object, which were applied in both orders.
    pairs: usize,
    ways: usize,
    commands: BTreeSet<String>,
    /// Fixes that leave an answer without a step, or a value to fill in.
    unclear: BTreeSet<String>,
    wrong: Vec<String>,
}

/// Applies all active fixes of an inventory and checks it again. `before` is its report.
fn close(document: &Value, before: &Report, at: &str, profile: Profile, told: &str, tally: &mut Tally) {
    for finding in before.findings.iter().map(|it| &it.finding) {
        let wrong = finding.fix.iter().flat_map(questions::faults);
        tally.unclear.extend(wrong.map(|fault| format!("{}: {fault}", finding.rule)));
    }
    tally.inventories += 1;
    tally.findings += before.findings.len();
    let mut expected = counted(before.findings.iter().map(|it| &it.finding));
    let mut repaired = document.clone();
    let mut applied: Vec<&Edit> = Vec::new();
    let mut commands: BTreeMap<&str, &[Edit]> = BTreeMap::new();
    let mut gone: BTreeSet<(Key, &str)> = BTreeSet::new();
    for finding in before.findings.iter().map(|it| &it.finding) {
        let Some(way) = finding.fix.as_ref().and_then(scs_standards::Fix::active) else { continue };
        tally.repairs += 1;
        if way.edits.is_empty() {
            tally.wrong.push(format!("{told}: {} has no data: {}", finding.rule, way.command));
            continue;
        }
        let removes = way.edits.iter().any(|edit| matches!(edit, Edit::Unset { .. } | Edit::Delete { .. }));
        if removes && way.edits.iter().all(|edit| OF_USERS.contains(&edit.part())) {
            tally.wrong.push(format!("{told}: {} removes something unasked: {}", finding.rule, way.command));
        }
        commands.insert(&way.command, &way.edits);
        let fresh: Vec<Edit> = way.edits.iter().filter(|edit| !applied.contains(edit)).cloned().collect();
        if let Err(error) = apply_edits(&mut repaired, &fresh) {
            tally.wrong.push(format!("{told}: {} cannot be applied: {error}: {:?}", finding.rule, way.edits));
            continue;
        }
        applied.extend(&way.edits);
        if finding.severity != Severity::Info
            && let Some(count) = expected.get_mut(&key(finding))
        {
            *count -= 1;
            gone.insert((key(finding), &finding.message));
        }
        if let Some(name) = renamed(&way.edits) {
            // Remaining findings have the new name.
            let of_old: Vec<Key> =
                expected.keys().filter(|(_, _, subject)| *subject == finding.subject).cloned().collect();
            for (rule, document, subject) in of_old {
                let count =
                    expected.get(&(rule.clone(), document.clone(), subject)).copied().unwrap_or_default();
                expected.insert((rule, document, name.to_owned()), count);
            }
        }
    }
    recorder::compare(&commands, document, told, &mut tally.wrong);
    tally
        .commands
        .extend(commands.keys().map(|command| command.split(' ').take(4).collect::<Vec<_>>().join(" ")));
    let after = checked(&repaired, at, profile);
    let stays =
        after.findings.iter().map(|it| &it.finding).filter(|finding| finding.severity != Severity::Info);
    for finding in stays.filter(|finding| gone.contains(&(key(finding), &finding.message))) {
        tally.wrong.push(format!(
            "{told}, {profile}: {:?} is still there: {}",
            key(finding),
            finding.message
        ));
    }
    // The official suite stops at the first problem, and reports the next one when that is fixed.
    if profile == Profile::Official {
        return;
    }
    for (key, count) in counted(after.findings.iter().map(|it| &it.finding)) {
        let most = expected.get(&key).copied().unwrap_or_default();
        if count > most {
            let finding = after
                .findings
                .iter()
                .map(|it| &it.finding)
                .filter(|it| it.severity != Severity::Info)
                .find(|it| self::key(it) == key);
            let said = finding.map_or(String::new(), |finding| finding.message.clone());
            tally.wrong.push(format!(
                "{told}, {profile}: {key:?}: {count} after the repairs, at most {most} expected: {said}\n    repairs: {:?}",
                commands.keys().collect::<Vec<_>>()
            ));
        }
    }
}

/// More threads would not be faster on the CI machines.
#[test]
fn repairs_close_what_they_belong_to() {
    let (bases, pool) = bases();
    let mutations =
        std::env::var(MUTATIONS_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(MUTATIONS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Inventories take very different times, so each thread takes the next one.
    let next = AtomicUsize::new(0);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (bases, pool, next) = (&bases, &pool, &next);
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= mutations {
                            break;
                        }
                        let base = &bases[number % bases.len()];
                        let mut rng = Rng::with_seed(number as u64);
                        let mut document = base.document.clone();
                        let done = mutate(&mut rng, &mut document, pool);
                        let told = format!("{number} ({}; {})", base.name, done.join("; "));
                        let profile = Profile::ALL[(number / bases.len()) % 2];
                        let before = checked(&document, base.at, profile);
                        close(&document, &before, base.at, profile, &told, &mut tally);
                        if document["kind"] == "cluster" {
                            tally.pairs +=
                                choose_all(&document, &before, base.at, profile, &told, &mut tally.wrong);
                        }
                        // Each option needs a separate check.
                        if number % EVERY_WAY == 0 {
                            let before = match profile {
                                Profile::Text => before,
                                Profile::Official => checked(&document, base.at, Profile::Text),
                            };
                            close_ways(&document, &before, base.at, &told, &mut rng, &mut tally);
                        }
                    }
                    tally
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).collect()
    });
    let mut all = Tally::default();
    for tally in tallies {
        all.inventories += tally.inventories;
        all.findings += tally.findings;
        all.repairs += tally.repairs;
        all.pairs += tally.pairs;
        all.ways += tally.ways;
        all.commands.extend(tally.commands);
        all.unclear.extend(tally.unclear);
        all.wrong.extend(tally.wrong);
    }
    println!(
        "{} mutated inventories, {} findings, {} active repairs of {} kinds applied, {} pairs in both orders, {} ways of choices made one by one",
        all.inventories,
        all.findings,
        all.repairs,
        all.commands.len(),
        all.pairs,
        all.ways
    );
    for command in &all.commands {
        println!("  {command}");
    }
    all.wrong.extend(std::mem::take(&mut all.unclear));
    all.wrong.sort();
    if let Some(path) = std::env::var_os("SCS_CLOSURE_LOG") {
        std::fs::write(path, all.wrong.join("\n")).expect("the log");
    }
    assert!(
        all.wrong.is_empty(),
        "{} wrong:\n{}",
        all.wrong.len(),
        all.wrong.iter().take(60).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(mutations < MUTATIONS || all.repairs > 1000, "only {} repairs", all.repairs);
}
