//! Evidence helpers shared by the modules.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_standards::roles::{NotOrdinary, not_ordinary};
use scs_standards::round_trip::RoundTrip;
use scs_standards::shell::quote;
use scs_standards::{DeclaredValue, Edit, Fact, Fix, Given, Source, Split, Verdict, Way, fact};

use super::Rec;
use super::release_number::ReleaseNumber;
use super::software_security::{named_releases, releases};
use crate::config::{ConfigFiles, Configuration, Configurations, Policies, Setting};
use crate::subject::{Cloud, Service, source};

/// The catalog entries of a type.
pub(super) fn services_of<'c>(services: &'c [Service], types: &[&str]) -> Vec<&'c Service> {
    services.iter().filter(|service| types.contains(&service.r#type.as_str())).collect()
}

/// Whether the catalog has an entry of one of these types; `None` with a finding if that is unknown.
pub(super) fn has_service(cloud: &Cloud, rec: &mut Rec<'_>, types: &[&str]) -> Option<bool> {
    let services = rec.needs(&cloud.services, source::SERVICES)?;
    let found = !services_of(services.entries(), types).is_empty();
    if !found && !services.broken().is_empty() {
        services.report_unreadable(rec, source::SERVICES.name);
        return None;
    }
    Some(found)
}

/// Records services without endpoints: a list of services does not have them, the catalog does.
pub(super) fn endpoints_not_given(rec: &mut Rec<'_>, types: &[&str]) {
    let message = format!(
        "the endpoints of {} are missing; `openstack catalog list -f json` prints them, `openstack service list` does not",
        types.join(", ")
    );
    rec.miss(source::SERVICES.name, message);
}

/// Like `has_service`, for rules about missing services: an empty catalog proves nothing, since every cloud has services.
pub(super) fn offers(cloud: &Cloud, rec: &mut Rec<'_>, types: &[&str]) -> Option<bool> {
    if is_empty(cloud, rec) {
        return None;
    }
    has_service(cloud, rec, types)
}

/// Whether the catalog is present but empty; records a finding if so.
pub(super) fn is_empty(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    let is_empty = |services: &scs_standards::Listed<Service>| {
        services.entries().is_empty() && services.broken().is_empty()
    };
    let empty = cloud.services.data().is_some_and(is_empty);
    if empty {
        rec.dnf(source::SERVICES.name, "it is empty, so it does not show which services exist");
    }
    empty
}

/// The reason why the results of a user with these roles prove nothing about members.
pub(super) fn unsuitable_roles(roles: &[String]) -> Option<String> {
    Some(match not_ordinary(roles)? {
        NotOrdinary::Privileged(privileged) => format!(
            "the user has the role {}, which proves nothing about members; collect it as an ordinary user",
            privileged.join(" and ")
        ),
        NotOrdinary::NoMember => {
            "the user does not have the role `member`; collect it as a user who does".to_owned()
        }
    })
}

/// Roles that give no more permissions than `member` in the services' default policies, or none for the key manager and
/// backups.
const USUAL_ROLES: [&str; 8] = [
    "member",
    "_member_",
    "reader",
    "load-balancer_member",
    "load-balancer_observer",
    "swiftoperator",
    "heat_stack_owner",
    "heat_stack_user",
];

/// Roles in Barbican's default policy: a user with one of them does not show what a member can do with secrets.
pub(super) const ROLES_OF_KEY_MANAGER: [&str; 4] =
    ["creator", "observer", "audit", "key-manager:service-admin"];

/// Records a success that may be due to a role other than `member`; roles in `beside` are irrelevant. The official suite
/// only checks for the roles `admin` and `manager`.
pub(super) fn due_to_other_roles(cloud: &Cloud, rec: &mut Rec<'_>, subject: &str, beside: &[&str]) {
    let is_usual =
        |role: &str| USUAL_ROLES.iter().chain(beside).any(|usual| role.eq_ignore_ascii_case(usual));
    let roles = cloud.roles.data().map(Vec::as_slice).unwrap_or_default();
    let other: Vec<&str> = roles.iter().map(String::as_str).filter(|role| !is_usual(role)).collect();
    if other.is_empty() {
        return;
    }
    let message = format!(
        "the user has the role {}, which proves nothing about members; run the probe as a user with only the role `member`",
        other.join(" and ")
    );
    let split = Split { text: Verdict::Dnf, official: Verdict::Pass, difference: "official-roles" };
    rec.split(split, subject, message).compared("member", roles.join(", "));
}

/// Whether the parts were collected as an ordinary user; records a finding if not, or if that is unknown.
pub(super) fn as_member(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    let Some(roles) = rec.needs(&cloud.roles, source::ROLES) else { return false };
    let Some(reason) = unsuitable_roles(roles) else { return true };
    rec.dnf("roles", reason).compared("member", roles.join(", "));
    false
}

/// A recorded outcome while it is still valid; records a finding if it is too old.
///
/// The test cases for round trips have no lifetime in the scope file, so that of scs-0003-v1 applies: to the end of the week
/// after the test.
pub(super) fn current(
    rec: &mut Rec<'_>,
    cloud: &Cloud,
    part: &Given<RoundTrip>,
    source: Source,
) -> Given<RoundTrip> {
    let Given::Data(outcome) = part else { return part.clone() };
    let Some(day) = outcome.at.or(cloud.collected_at).map(day) else {
        return Given::Unusable(format!(
            "the time of the probe is missing; record it as `at: 2026-11-24T08:00:00Z` next to `outcome` in `{}`, or as `collected_at` of the inventory",
            source.name
        ));
    };
    let today = rec.context().date();
    let into_week = i64::from(day.weekday().to_monday_zero_offset());
    let end = day.checked_add((14 - into_week).days());
    let expired = end.as_ref().is_ok_and(|end| *end <= today);
    let to_come = today.tomorrow().is_ok_and(|tomorrow| day > tomorrow);
    if expired {
        return Given::Unusable(format!(
            "it is from {day}, and an outcome is valid through the end of the following week; run the probe again and record {}",
            source.from
        ));
    }
    if to_come {
        return Given::Unusable(format!("it is dated {day}, which is in the future"));
    }
    if let Ok(last) = end.and_then(Date::yesterday) {
        rec.holds_through(last);
    }
    part.clone()
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The files that the programs of a service read; records unreadable ones. Empty without any configuration, `None` if it is
/// entirely unusable.
pub(super) fn configurations<'c>(
    cloud: &'c Cloud,
    rec: &mut Rec<'_>,
    service: &str,
) -> Option<Configurations<'c>> {
    let files: &ConfigFiles = match &cloud.config_files {
        scs_standards::Given::Missing => return Some(Configurations::default()),
        other => rec.needs(other, source::CONFIG_FILES)?,
    };
    let found = files.configurations(service);
    report_invalid_ingress(rec, &found);
    Some(found)
}

/// Records the unreadable files of a service, and those on its programs' command lines that the inventory does not have.
pub(super) fn report_invalid_ingress(rec: &mut Rec<'_>, found: &Configurations<'_>) {
    for (path, reason) in &found.unusable {
        rec.dnf(path, format!("cannot parse it: {reason}"));
    }
    let missing = found.usable.iter().flat_map(|it| it.missing().iter().map(|path| (it.program(), path)));
    let missing: BTreeSet<_> = missing.collect();
    for (program, path) in missing {
        let program = program.unwrap_or("a service");
        let message =
            format!("`{program}` is started with `{path}`, but the inventory does not have that file");
        rec.miss(source::CONFIG_FILES.name, message);
    }
}

/// The configuration of a service that a rule requires; `None` with a finding if none is readable.
pub(super) fn needed_configurations<'c>(
    cloud: &'c Cloud,
    rec: &mut Rec<'_>,
    service: &str,
) -> Option<Configurations<'c>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let found = files.configurations(service);
    if found.is_empty() {
        not_among(files, rec, &format!("{service}.conf"));
        return None;
    }
    report_invalid_ingress(rec, &found);
    (!found.usable.is_empty()).then_some(found)
}

/// The policies of a service; records unreadable files and those that a configuration refers to but the inventory does not
/// have. `None` if nothing is left to evaluate.
pub(super) fn policies<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>, service: &str) -> Option<Policies<'c>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let found = files.policies(service);
    for (path, reason) in &found.unusable {
        rec.dnf(path, reason);
    }
    for (path, named) in &found.missing {
        let message =
            format!("`{path}` sets the policy file `{named}`, but the inventory does not have that file");
        rec.miss(source::CONFIG_FILES.name, message);
    }
    let silent = found.usable.is_empty() && !(found.unusable.is_empty() && found.missing.is_empty());
    (!silent).then_some(found)
}

/// Records that the policy of a service is missing.
pub(super) fn no_policy(cloud: &Cloud, rec: &mut Rec<'_>, service: &str) {
    let Some(files) = cloud.config_files.data() else { return };
    let name = format!("{service}/policy.yaml");
    not_among(files, rec, &name);
}

/// Records that a file is missing, with a hint where it may be.
fn not_among(files: &ConfigFiles, rec: &mut Rec<'_>, name: &str) {
    let is_policy = name.contains("policy");
    let hint = if is_policy { "; if it does not exist, provide an empty string" } else { "" };
    let word = name.split(['/', '.']).next().unwrap_or_default();
    let input = files.paths().find(|path| path.contains("kolla/config/") && path.contains(word));
    let rendered = input.map(|path| {
        format!("; `{path}` is only Kolla's source, the service reads the one below `/etc/kolla`")
    });
    let message = format!(
        "the inventory does not have the configuration file `{name}`{hint}{}",
        rendered.unwrap_or_default()
    );
    rec.miss(source::CONFIG_FILES.name, message);
}

/// The value of an option in each configuration, once if several share the file that sets it, with that file or the one in
/// which it can be set.
pub(super) fn each_setting<'s>(
    configurations: impl IntoIterator<Item = &'s Configuration<'s>>,
    section: &str,
    option: &str,
) -> Vec<(&'s str, Option<Setting<'s>>)> {
    let each = configurations.into_iter().map(|configuration| {
        let setting = configuration.setting(section, option);
        (setting.map_or_else(|| configuration.main(), |setting| setting.path), setting)
    });
    let each: BTreeSet<_> = each.collect();
    each.into_iter().collect()
}

/// A command that sets options in a file. `None` if no command can: the path is not on the machine itself, or the file is
/// generated by another program.
pub(super) fn set_options(cloud: &Cloud, path: &str, options: &[(&str, &str, &str)]) -> Option<Way> {
    cloud.config_files.data()?.text(path)?;
    if !path.starts_with('/') || path.contains("/kolla/") {
        return None;
    }
    let command = |(section, option, value): &(&str, &str, &str)| {
        format!("crudini --set {} {section} {option} {}", quote(path), quote(value))
    };
    let commands: Vec<String> = options.iter().map(command).collect();
    let edits = options.iter().map(|(section, option, value)| Edit::option(path, section, option, value));
    Some(Way::new(commands.join(" && "), edits))
}

/// A safe fix that sets options in a file; otherwise advice on where to set them.
pub(super) fn safely_set(cloud: &Cloud, path: &str, options: &[(&str, &str, &str)]) -> Fix {
    match set_options(cloud, path, options) {
        Some(way) => Fix::Safe(way),
        None => Fix::advice(as_text(path, options)),
    }
}

/// A fix that sets options in a file after the operator has answered a question.
pub(super) fn set_if(cloud: &Cloud, question: &str, path: &str, options: &[(&str, &str, &str)]) -> Fix {
    match set_options(cloud, path, options) {
        Some(way) => Fix::choose(question, [way]),
        None => Fix::advice(as_text(path, options)),
    }
}

fn as_text(path: &str, options: &[(&str, &str, &str)]) -> String {
    let each: Vec<String> =
        options.iter().map(|(section, option, value)| format!("`[{section}] {option} = {value}`")).collect();
    let owner = if path.contains("kolla/") {
        "in Kolla's own configuration, which generates this file"
    } else {
        "in this file, on its machine"
    };
    format!("set {} {owner}, and restart the service", each.join(" and "))
}

/// The declared OpenStack release of a service, or of the whole cloud. `Err` if the declaration is unusable.
pub(super) fn declared_release(rec: &Rec<'_>, service: &str) -> Option<Result<ReleaseNumber, String>> {
    let facts = ["openstack-release", "scs-0124-release-maintained"].map(|topic| fact(rec, &[topic]));
    let by_service = facts.iter().find_map(|known| match known {
        Fact::Declared(value) => value.fact(service),
        _ => None,
    });
    if let Some(value) = by_service {
        return Some(single_release(value));
    }
    let mut problem = None;
    for known in facts {
        match known {
            Fact::Declared(value) => match single_release(value) {
                Ok(release) => return Some(Ok(release)),
                Err(reason) => problem = problem.or(Some(reason)),
            },
            Fact::Unusable(reason) => problem = problem.or(Some(reason)),
            Fact::Undeclared => {}
        }
    }
    problem.map(Err)
}

/// The release in a value; if there are several, they must be the same.
fn single_release(value: &DeclaredValue) -> Result<ReleaseNumber, String> {
    let named = named_releases(value).ok_or_else(|| format!("`{value}` is not a release"))?;
    let mut releases = Vec::new();
    for name in &named {
        let release = name.parse().ok().or_else(|| releases::number_of(name));
        releases
            .push(release.ok_or_else(|| format!("`{name}` is not a release of OpenStack, such as 2024.2"))?);
    }
    match releases.split_first() {
        Some((first, others)) if others.iter().all(|other| other == first) => Ok(*first),
        _ => Err(format!("`{value}` does not show which release the service belongs to")),
    }
}
