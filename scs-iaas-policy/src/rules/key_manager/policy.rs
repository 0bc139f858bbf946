//! Permissions of members in Barbican's policy.

use std::collections::BTreeMap;

use scs_standards::round_trip::Outcome;
use scs_standards::shell::quote;
use scs_standards::{Edit, Fix, Given, Way};

use super::super::Rec;
use super::super::evidence::{
    current, declared_release, each_setting, no_policy, policies, report_invalid_ingress,
};
use super::super::release_number::ReleaseNumber;
use super::presence::has_key_manager;
use crate::config::{
    Chance, Holding, Policy, PolicyCheck, PolicyDepthError, PolicyExpression, ServicePolicy,
};
use crate::own_policies::BARBICAN as BARBICAN_RULES;
use crate::subject::{Cloud, source};

const BARBICAN: &str = "barbican";

/// The first release in which Barbican enables secure RBAC by default (release notes of 23.0.0).
const SECURE_FROM: ReleaseNumber = ReleaseNumber { year: 2026, number: 2 };

/// Whether secure RBAC is on, according to the configuration and the release.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secure {
    On,
    Off,
    /// It is not set, and the release is unknown.
    ByRelease,
}

pub(super) fn creator(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !has_key_manager(cloud, rec) {
        return;
    }
    if let Given::Data(outcome) = current(rec, cloud, &cloud.secrets, source::SECRETS)
        && outcome.outcome == Outcome::Ok
        && cloud.roles.data().is_some_and(|roles| roles == &["member".to_owned()])
    {
        rec.note(
            "key manager",
            "a user with only the role `member` can use secrets, so the policy is correct",
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
        // A missing file may give members the creator role.
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

/// Whether secure RBAC is on for all machines; off if it is off on at least one. `None` if a finding was recorded instead.
fn secure_rbac(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Secure> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let found = files.configurations(BARBICAN);
    report_invalid_ingress(rec, &found);
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
                    rec.note(path, "secure RBAC is on by default since 2026.2");
                }
                unset
            }
        });
    }
    Some(if states.is_empty() {
        // The configuration may override the default of the release.
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
    let message = "whether secure RBAC is on depends on `[oslo_policy] enforce_new_defaults` in `barbican.conf` and, if that is not set, on the release of Barbican; add the file, and declare the topic `openstack-release`";
    rec.miss(BARBICAN, message);
}

/// The result of a check for a user with one role in the project.
fn for_one(check: &PolicyCheck, role: &str) -> Holding {
    match check.kind.as_str() {
        "role" if !check.is_template() => Holding::of(check.value.eq_ignore_ascii_case(role)),
        // It is neither in the file nor a default of Barbican, or its result is unknown.
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
            rec.dnf(path, "cannot evaluate `creator`: its references to other rules are nested too deeply");
        }
        Ok(Chance::Unknown) => {
            rec.dnf(path, format!("cannot tell whether a member is a creator: `creator` is `{expression}`"));
        }
        Ok(Chance::No) if secure == Secure::ByRelease && own.is_none() => unknown_release(rec),
        Ok(Chance::No) => {
            let actual = own.as_ref().map_or_else(|| "not set".to_owned(), |_| expression.to_string());
            let kept = own.as_ref().map(|_| expression);
            rec.fail(path, "a member is not a creator, so members cannot use secrets")
                .compared("\"creator\": \"role:member\"", actual)
                .repaired_by(make_creator(service.path_behind(FILE), kept, &service.files));
        }
        Ok(Chance::Yes) => {}
    }
    of_each_call(rec, service);
}

/// Records rules that allow the role `creator` but not `member`, even if members are creators.
fn of_each_call(rec: &mut Rec<'_>, service: &ServicePolicy<'_>) {
    let mut policy = service.policy.over(&BARBICAN_RULES);
    policy.overlay([("creator".to_owned(), "role:creator or role:member")].into_iter().collect());
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in service.policy.names().filter(|name| *name != "creator") {
        match service.policy.expression(name) {
            Some(Ok(expression)) => match creators_only(&policy, expression) {
                Ok(Chance::Yes) => by_file.entry(service.file_of(name)).or_default().push(name),
                Ok(Chance::Unknown) if expression.checks().iter().any(|check| check.is_remote()) => {
                    let message = format!("cannot tell whether `{name}` allows members: `{expression}`");
                    rec.dnf(service.file_of(name), message);
                }
                Ok(Chance::Unknown | Chance::No) => {}
                Err(too_deep) => {
                    rec.dnf(service.file_of(name), format!("cannot evaluate `{name}`: {too_deep}"));
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
        rec.fail(path, format!("`{names}` allows the role `creator` but not `member`"))
            .compared("rule:creator", "role:creator")
            .repaired_by(Fix::advice(format!("refer to `rule:creator` instead of the role in `{names}`")));
    }
}

/// Whether an expression allows the role `creator` but not `member`.
fn creators_only(policy: &Policy, expression: &PolicyExpression) -> Result<Chance, PolicyDepthError> {
    let holds =
        |role: &str| policy.holding(expression, &|check| for_one(check, role)).map(|holding| holding.holds);
    Ok(match (holds("creator")?, holds("member")?) {
        (Chance::No, _) | (_, Chance::Yes) => Chance::No,
        (Chance::Yes, Chance::No) => Chance::Yes,
        _ => Chance::Unknown,
    })
}

const FILE: &str = "scs-member-is-creator.yaml";

/// Makes members creators in a separate file that is read last, keeping existing creators.
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
            // Other files are unknown, and the last one takes precedence.
            let question = format!(
                "Is `creator` undefined in all other files in `{directory}`? Otherwise change it there."
            );
            Fix::choose(question, [way.when("it is undefined")])
        }
        // It is unknown which file the service reads last.
        _ => {
            let place =
                files.first().map_or_else(|| "Barbican's policy.yaml".to_owned(), |path| format!("`{path}`"));
            Fix::advice(format!("add `\"creator\": \"{expression}\"` to {place}, or enable secure RBAC"))
        }
    }
}
