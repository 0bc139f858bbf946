//! Repairs do what they say: over mutated clouds and clusters all active ones are applied to the inventory, and it is checked again.
//! What they belong to is gone, and nothing new is there. Their commands, run under a recorder, do the same as their data. Of the
//! choices, a sample is taken, and each of their ways made by itself.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

mod recorder;
#[path = "../shared/mod.rs"]
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use scs_registry::apply_edits;
use scs_standards::{Data, Edit, Finding, Fix, Profile, Severity, Verdict, Way};
use serde_json::Value;

use shared::{bases, checked, mutate};

/// How many mutated inventories are checked; half of them are clouds.
const MUTATIONS: usize = 2_000;

/// Sets another number, for a quick look or a long night.
const MUTATIONS_VARIABLE: &str = "SCS_MUTATIONS";

/// What findings are counted by: a rule of a document, and what it is about.
type Key = (String, String, String);

fn key(finding: &Finding) -> Key {
    (finding.rule.to_owned(), finding.document.to_string(), finding.subject.clone())
}

fn counted<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings.filter(|finding| finding.severity != Severity::Info) {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// The new name of what a repair renames.
fn renamed(edits: &[Edit]) -> Option<&str> {
    edits.iter().find_map(|edit| match edit {
        Edit::Set { path, value, .. } if *path == ["name"] => value.text(),
        _ => None,
    })
}

/// What came of one mutated inventory.
#[derive(Default)]
struct Tally {
    inventories: usize,
    findings: usize,
    repairs: usize,
    ways: usize,
    commands: BTreeSet<String>,
    wrong: Vec<String>,
}

/// Applies all active repairs of an inventory and checks it again.
fn close(document: &Value, at: &str, profile: Profile, told: &str, tally: &mut Tally) {
    let before = checked(document, at, profile);
    tally.inventories += 1;
    tally.findings += before.findings().count();
    let mut expected = counted(before.findings());
    let mut repaired = document.clone();
    let mut applied: Vec<&Edit> = Vec::new();
    let mut commands: BTreeMap<&str, &[Edit]> = BTreeMap::new();
    let mut gone: BTreeSet<(Key, &str)> = BTreeSet::new();
    for finding in before.findings() {
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
            // What remains of it is said under its new name.
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
    let stays = after.findings().filter(|finding| finding.severity != Severity::Info);
    for finding in stays.filter(|finding| gone.contains(&(key(finding), &finding.message))) {
        tally.wrong.push(format!(
            "{told}, {profile}: {:?} is still there: {}",
            key(finding),
            finding.message
        ));
    }
    // The official suite stops at its first point, and asks for the next one when that is mended.
    if profile == Profile::Official {
        return;
    }
    for (key, count) in counted(after.findings()) {
        let most = expected.get(&key).copied().unwrap_or_default();
        if count > most {
            let finding =
                after.findings().filter(|it| it.severity != Severity::Info).find(|it| self::key(it) == key);
            let said = finding.map_or(String::new(), |finding| finding.message.clone());
            tally.wrong.push(format!(
                "{told}, {profile}: {key:?}: {count} after the repairs, at most {most} expected: {said}\n    repairs: {:?}",
                commands.keys().collect::<Vec<_>>()
            ));
        }
    }
}

/// How many choices of an inventory are looked at; each way takes a check of the whole.
const CHOICES: usize = 2;

/// The rules of clusters that are updated in steps: the kubelets come after the API servers, and are found then.
const IN_STEPS: [&str; 2] = ["version-policy-check", "scs-0217-version-policy"];

/// What findings say, by what they are counted by. That something has to be declared of what is true now is no new fault.
fn said<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Key, Vec<&'f str>> {
    let mut said: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
    let broken = |finding: &&Finding| finding.severity != Severity::Info && finding.result != Verdict::Miss;
    for finding in findings.filter(broken) {
        let mut key = key(finding);
        // Of several flavors with one short name, one is named.
        if key.0 == "scs-0100-short-name" {
            key.2.clone_from(&finding.message);
        }
        said.entry(key).or_default().push(&finding.message);
    }
    said
}

/// Which images it names depends on the others.
const UNIQUENESS: &str = "scs-0102-os_purpose-uniqueness";

/// The name of the object that edits make.
fn created(edits: &[Edit]) -> Option<&str> {
    edits.iter().find_map(|edit| match edit {
        Edit::Create { object: Data::Map(fields), .. } => fields.get("name")?.text(),
        _ => None,
    })
}

/// Makes each way of some choices by itself and checks again: what it belongs to is gone, and nothing is there that was not, unless
/// the question says so.
fn close_ways(document: &Value, at: &str, told: &str, rng: &mut Rng, tally: &mut Tally) {
    let before = checked(document, at, Profile::Text);
    let choices: Vec<(&Finding, &[Way])> = before
        .findings()
        .filter_map(|finding| match &finding.fix {
            Some(Fix::Choose { ways, .. }) => Some((finding, ways.as_slice())),
            _ => None,
        })
        .collect();
    let known = said(before.findings());
    // Rules with few findings are seen as often as those with many.
    let mut of_rules: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (finding, _)) in choices.iter().enumerate() {
        of_rules.entry(finding.rule).or_default().push(index);
    }
    let mut of_rules: Vec<Vec<usize>> = of_rules.into_values().collect();
    for _ in 0..CHOICES.min(of_rules.len()) {
        let of_rule = of_rules.swap_remove(rng.usize(..of_rules.len()));
        let (finding, ways) = choices[of_rule[rng.usize(..of_rule.len())]];
        let question = finding.fix.as_ref().and_then(Fix::words).unwrap_or_default();
        if IN_STEPS.contains(&finding.rule) {
            continue;
        }
        for way in ways.iter().filter(|way| !way.edits.is_empty()) {
            tally.ways += 1;
            let wrong = &mut tally.wrong;
            let what = format!("{told}: {} of {}: `{}`", finding.rule, finding.subject, way.command);
            let removes =
                way.edits.iter().any(|edit| matches!(edit, Edit::Unset { .. } | Edit::Delete { .. }));
            let is_ours = way.edits.iter().all(|edit| OF_USERS.contains(&edit.part()));
            if removes && is_ours && !way.destructive {
                wrong.push(format!("{what} is not marked"));
            }
            recorder::compare(&[(way.command.as_str(), way.edits.as_slice())].into(), document, told, wrong);
            let mut repaired = document.clone();
            if let Err(error) = apply_edits(&mut repaired, &way.edits) {
                wrong.push(format!("{what} cannot be applied: {error}"));
                continue;
            }
            let after = checked(&repaired, at, Profile::Text);
            let mut expected = known.clone();
            if let Some(of_it) = expected.get_mut(&key(finding))
                && let Some(index) = of_it.iter().position(|message| *message == finding.message)
            {
                of_it.remove(index);
            }
            if let Some(name) = renamed(&way.edits).or_else(|| created(&way.edits)) {
                let of_old: Vec<Key> =
                    expected.keys().filter(|(_, _, subject)| *subject == finding.subject).cloned().collect();
                for (rule, document, subject) in of_old {
                    let of_it = expected[&(rule.clone(), document.clone(), subject)].clone();
                    expected.entry((rule, document, name.to_owned())).or_default().extend(of_it);
                }
            }
            for (key, messages) in said(after.findings()) {
                let most = expected.get(&key).map_or(0, Vec::len);
                let answer = way.when.as_deref().unwrap_or_default();
                let is_said = |words: &str| {
                    messages.iter().any(|message| words.contains(message))
                        || key.0 == UNIQUENESS && words.contains("one of several generic images")
                };
                let is_said = is_said(question) || is_said(answer);
                if messages.len() > most && !is_said {
                    wrong
                        .push(format!("{what}: {key:?}: {} of at most {most}: {messages:?}", messages.len()));
                }
            }
        }
    }
}

/// Parts of which values are what users select by, so that removing one is for the operator to decide.
const OF_USERS: [&str; 3] = ["flavors", "images", "volume_types"];

/// Twice as many threads would not be faster on the machines of the gate.
#[test]
fn repairs_close_what_they_belong_to() {
    let (bases, pool) = bases();
    let mutations =
        std::env::var(MUTATIONS_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(MUTATIONS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let (bases, pool) = (&bases, &pool);
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    for number in (thread..mutations).step_by(threads) {
                        let base = &bases[number % bases.len()];
                        let mut rng = Rng::with_seed(number as u64);
                        let mut document = base.document.clone();
                        let done = mutate(&mut rng, &mut document, pool);
                        let told = format!("{number} ({}; {})", base.name, done.join("; "));
                        let profile = Profile::ALL[(number / bases.len()) % 2];
                        close(&document, base.at, profile, &told, &mut tally);
                        close_ways(&document, base.at, &told, &mut rng, &mut tally);
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
        all.ways += tally.ways;
        all.commands.extend(tally.commands);
        all.wrong.extend(tally.wrong);
    }
    println!(
        "{} mutated inventories, {} findings, {} active repairs of {} kinds applied, {} ways of choices made one by one",
        all.inventories,
        all.findings,
        all.repairs,
        all.commands.len(),
        all.ways
    );
    for command in &all.commands {
        println!("  {command}");
    }
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
