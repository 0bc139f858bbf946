//! What Barbican's policy lets members do.

use std::collections::BTreeMap;

use scs_standards::shell::quote;
use scs_standards::{Edit, Fix, Given, Way};

use super::super::Rec;
use super::super::evidence::{
    Release, current, declared_release, each_setting, no_policy, policies, tell_unread,
};
use super::is_there;
use crate::config::{Chance, Holding, Policy, PolicyCheck, PolicyExpression, RefersTooDeep, ServicePolicy};
use crate::own_policies::BARBICAN as BARBICAN_RULES;
use crate::subject::{Cloud, OutcomeKind, source};

const BARBICAN: &str = "barbican";

/// From this release on Barbican has secure RBAC on unless told otherwise (release notes of 23.0.0).
const SECURE_FROM: Release = Release { year: 2026, number: 2 };

/// Whether secure RBAC is on, by the configuration and the release.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secure {
    On,
    Off,
    /// Nothing is set, and the release is not known.
    ByRelease,
}

pub(super) fn creator(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    if let Given::Data(outcome) = current(rec, cloud, &cloud.secrets, source::SECRETS)
        && outcome.outcome == OutcomeKind::Ok
        && cloud.roles.data().is_some_and(|roles| roles == &["member".to_owned()])
    {
        rec.note(
            "key manager",
            "a user with no other role than `member` can work with secrets, so the policy is right",
        );
        return;
    }
    let Some(secure) = secure_rbac(cloud, rec) else { return };
    if secure == Secure::On {
        return;
    }
    let Some(found) = policies(cloud, rec, BARBICAN) else { return };
    if found.usable.is_empty() {
        let configured =
            cloud.config_files.data().is_some_and(|files| !files.configurations(BARBICAN).is_empty());
        // A file that is not given may make members creators.
        if configured && secure == Secure::ByRelease {
            unknown_release(rec);
        } else {
            no_policy(cloud, rec, BARBICAN);
        }
        return;
    }
    for policy in &found.usable {
        judge_policy(rec, policy, secure);
    }
}

/// Whether secure RBAC is on: on all machines, or on one at least off. `None` where that is recorded.
fn secure_rbac(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Secure> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let found = files.configurations(BARBICAN);
    tell_unread(rec, &found);
    let release = match declared_release(rec, BARBICAN) {
        Some(Ok(release)) => Some(release),
        Some(Err(_)) | None => None,
    };
    let unset = match release {
        Some(release) if release >= SECURE_FROM => Secure::On,
        Some(_) => Secure::Off,
        None => Secure::ByRelease,
    };
    let settings = each_setting(&found.usable, "oslo_policy", "enforce_new_defaults");
    let mut states = Vec::new();
    for (path, setting) in settings {
        states.push(match setting.map(|setting| setting.flag()) {
            Some(Some(true)) => {
                rec.note(path, "secure RBAC is on (`enforce_new_defaults`)");
                Secure::On
            }
            Some(Some(false)) => Secure::Off,
            Some(None) => {
                rec.dnf(path, "`enforce_new_defaults` in [oslo_policy] is neither true nor false");
                return None;
            }
            None => {
                if unset == Secure::On {
                    rec.note(path, "secure RBAC is on by default from 2026.2 on");
                }
                unset
            }
        });
    }
    Some(if states.is_empty() {
        // Whatever the release has by default, the configuration may say otherwise.
        if unset == Secure::Off { Secure::Off } else { Secure::ByRelease }
    } else if states.contains(&Secure::Off) {
        Secure::Off
    } else if states.contains(&Secure::ByRelease) {
        Secure::ByRelease
    } else {
        Secure::On
    })
}

fn unknown_release(rec: &mut Rec<'_>) {
    let message = "whether secure RBAC is on depends on `[oslo_policy] enforce_new_defaults` in `barbican.conf` and, where that is not set, on the release of Barbican; give the file, and declare the topic `openstack-release`";
    rec.miss(BARBICAN, message);
}

/// What a check is for somebody who has one role and is at home in the project.
fn for_one(check: &PolicyCheck, role: &str) -> Holding {
    match check.kind.as_str() {
        "role" if !check.is_template() => Holding::of(check.value.eq_ignore_ascii_case(role)),
        // It is neither in the file nor one of Barbican's own, or nobody can say what comes of it.
        "rule" | "role" => Holding::UNKNOWN,
        _ if check.is_remote() => Holding::UNKNOWN,
        _ => Holding::EITHER,
    }
}

fn judge_policy(rec: &mut Rec<'_>, service: &ServicePolicy<'_>, secure: Secure) {
    let policy = service.policy.over(&BARBICAN_RULES);
    let own = service.policy.expression("creator");
    let path = service.file_of("creator");
    if let Some(Err(problem)) = &own {
        rec.dnf(path, problem.to_string());
        return;
    }
    let Some(Ok(expression)) = policy.expression("creator") else { return };
    match expression.allows_role("member", &policy) {
        Err(_) => {
            rec.dnf(path, "`creator` cannot be followed: it refers to other rules too deep");
        }
        Ok(Chance::Unknown) => {
            rec.dnf(
                path,
                format!("whether a member is a creator cannot be told: `creator` is `{expression}`"),
            );
        }
        Ok(Chance::No) if secure == Secure::ByRelease && own.is_none() => unknown_release(rec),
        Ok(Chance::No) => {
            let actual = own.as_ref().map_or_else(|| "not set".to_owned(), |_| expression.to_string());
            let kept = own.as_ref().map(|_| expression);
            rec.fail(path, "a member is not a creator, and so cannot use secrets")
                .compared("\"creator\": \"role:member\"", actual)
                .repaired_by(make_creator(service.path_behind(FILE), kept, &service.files));
        }
        Ok(Chance::Yes) => {}
    }
    of_each_call(rec, service);
}

/// Records rules that let in who has the role `creator`, and not who has `member`, even where members are creators.
fn of_each_call(rec: &mut Rec<'_>, service: &ServicePolicy<'_>) {
    let mut policy = service.policy.over(&BARBICAN_RULES);
    policy.overlay([("creator".to_owned(), "role:creator or role:member")].into_iter().collect());
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in service.policy.names().filter(|name| *name != "creator") {
        match service.policy.expression(name) {
            Some(Ok(expression)) => match creators_only(&policy, expression) {
                Ok(Chance::Yes) => by_file.entry(service.file_of(name)).or_default().push(name),
                Ok(Chance::Unknown) if expression.checks().iter().any(|check| check.is_remote()) => {
                    let message = format!("whether `{name}` lets in members cannot be told: `{expression}`");
                    rec.dnf(service.file_of(name), message);
                }
                Ok(Chance::Unknown | Chance::No) => {}
                Err(too_deep) => {
                    rec.dnf(service.file_of(name), format!("`{name}` cannot be followed: {too_deep}"));
                }
            },
            Some(Err(problem)) => {
                rec.dnf(service.file_of(name), problem.to_string());
            }
            _ => {}
        }
    }
    for (path, names) in by_file {
        let names = names.join("`, `");
        rec.fail(path, format!("`{names}` lets in the role `creator` and not `member`"))
            .compared("rule:creator", "role:creator")
            .repaired_by(Fix::advice(format!("refer to `rule:creator` instead of the role in `{names}`")));
    }
}

/// Whether an expression lets in who has the role `creator`, and not who has `member`.
fn creators_only(policy: &Policy, expression: &PolicyExpression) -> Result<Chance, RefersTooDeep> {
    let holds =
        |role: &str| policy.holding(expression, &|check| for_one(check, role)).map(|holding| holding.holds);
    Ok(match (holds("creator")?, holds("member")?) {
        (Chance::No, _) | (_, Chance::Yes) => Chance::No,
        (Chance::Yes, Chance::No) => Chance::Yes,
        _ => Chance::Unknown,
    })
}

const FILE: &str = "scs-member-is-creator.yaml";

/// Makes members creators in a file of its own that is read after the others, and keeps whoever is a creator already.
fn make_creator(path: Option<String>, kept: Option<&PolicyExpression>, files: &[&str]) -> Fix {
    let expression = match kept {
        Some(PolicyExpression::Never) => "role:member".to_owned(),
        Some(kept) => format!("({kept}) or role:member"),
        None => "role:creator or role:member".to_owned(),
    };
    match path.filter(|path| path.starts_with('/') && !path.contains("/kolla/")) {
        Some(path) if !expression.contains(['"', '\\', '\n', '\r']) => {
            let line = format!("\"creator\": \"{expression}\"");
            let directory = path.rsplit_once('/').map_or(".", |(directory, _)| directory);
            let command = format!(
                "mkdir -p {} && printf '%s\\n' {} > {}",
                quote(directory),
                quote(&line),
                quote(&path)
            );
            let way = Way::new(command, [Edit::file(&path, format!("{line}\n"))]);
            if files.iter().any(|file| file.rsplit_once('/').is_some_and(|(parent, _)| parent == directory)) {
                return Fix::Safe(way);
            }
            // Nobody gave what else may be there, and the last file decides.
            let question = format!("Is there no other file in `{directory}` that says who is a creator?");
            Fix::choose(question, [way.when("there is none")])
        }
        // It is not known which file the service reads last.
        _ => {
            let place =
                files.first().map_or_else(|| "Barbican's policy.yaml".to_owned(), |path| format!("`{path}`"));
            Fix::advice(format!(
                "set `\"creator\": \"{expression}\"` in {place}, beside what it has, or switch secure RBAC on"
            ))
        }
    }
}
