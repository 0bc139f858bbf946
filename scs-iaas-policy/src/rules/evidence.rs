//! What the modules share in looking at evidence.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_standards::shell::quote;
use scs_standards::{Declared, Given, Source};

use super::Rec;
use crate::config::{ConfigFiles, Found, Ini};
use crate::subject::{Cloud, Outcome, Service, source};

/// The catalogue's entries of a type.
pub(super) fn services_of<'c>(services: &'c [Service], types: &[&str]) -> Vec<&'c Service> {
    services.iter().filter(|service| types.contains(&service.r#type.as_str())).collect()
}

/// Whether the catalogue has an entry of one of these types; `None`, and a finding, where nobody can say.
pub(super) fn has_service(cloud: &Cloud, rec: &mut Rec<'_>, types: &[&str]) -> Option<bool> {
    let services = rec.needs(&cloud.services, source::SERVICES)?;
    let found = !services_of(services.entries(), types).is_empty();
    if !found && !services.broken().is_empty() {
        services.all_read(rec, source::SERVICES.name);
        return None;
    }
    Some(found)
}

/// The same where the answer is about what is not there: an empty catalogue shows nothing, as every cloud has services.
pub(super) fn offers(cloud: &Cloud, rec: &mut Rec<'_>, types: &[&str]) -> Option<bool> {
    if is_empty(cloud, rec) {
        return None;
    }
    has_service(cloud, rec, types)
}

/// Whether the catalogue is there and empty; a finding where it is.
pub(super) fn is_empty(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    let is_empty = |services: &scs_standards::Listed<Service>| {
        services.entries().is_empty() && services.broken().is_empty()
    };
    let empty = cloud.services.data().is_some_and(is_empty);
    if empty {
        rec.dnf(source::SERVICES.name, "it is empty, so that it does not show which services there are");
    }
    empty
}

/// Why what a user with these roles can do says nothing of members.
pub(super) fn unfit(roles: &[String]) -> Option<String> {
    let privileged: Vec<&str> =
        roles.iter().map(String::as_str).filter(|role| matches!(*role, "admin" | "manager")).collect();
    if !privileged.is_empty() {
        return Some(format!(
            "what a user with the role {} can do says nothing of members; collect it as an ordinary user",
            privileged.join(" and ")
        ));
    }
    let member = roles.iter().any(|role| role == "member");
    (!member).then(|| "the user has no role `member`; collect it as one who has".to_owned())
}

/// Whether the parts were collected as an ordinary user; a finding where they were not, or where nobody can say.
pub(super) fn as_member(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    let Some(roles) = rec.needs(&cloud.roles, source::ROLES) else { return false };
    let Some(reason) = unfit(roles) else { return true };
    rec.dnf("roles", reason).compared("member", roles.join(", "));
    false
}

/// A recorded outcome as long as it says something of today; later it cannot be used.
///
/// The test cases over round trips have no lifetime of their own in the scope file, and so that of scs-0003-v1: to the end of
/// the week after the one of the test.
pub(super) fn current(rec: &Rec<'_>, cloud: &Cloud, part: &Given<Outcome>, source: Source) -> Given<Outcome> {
    let Given::Data(outcome) = part else { return part.clone() };
    let Some(day) = outcome.at.or(cloud.collected_at).map(day) else {
        return Given::Unusable(format!(
            "when it was tried is not known; record it as `at: 2026-11-24T08:00:00Z` beside `outcome` in `{}`, or as `collected_at` of the inventory",
            source.name
        ));
    };
    let today = rec.context().date();
    let into_week = i64::from(day.weekday().to_monday_zero_offset());
    let expired = day.checked_add((14 - into_week).days()).is_ok_and(|end| end <= today);
    let to_come = today.tomorrow().is_ok_and(|tomorrow| day > tomorrow);
    if expired {
        return Given::Unusable(format!(
            "it is of {day}, and an outcome counts until the end of the following week; try it again and record {}",
            source.from
        ));
    }
    if to_come {
        return Given::Unusable(format!("it is of {day}, which is still to come"));
    }
    part.clone()
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The readable INI files of these names; what cannot be read is recorded. `None` where the configuration is unusable.
pub(super) fn ini_files<'c>(
    cloud: &'c Cloud,
    rec: &mut Rec<'_>,
    names: &[&str],
) -> Option<Vec<(&'c str, Ini)>> {
    let files: &ConfigFiles = match &cloud.config_files {
        scs_standards::Given::Not => return Some(Vec::new()),
        other => rec.needs(other, source::CONFIG_FILES)?,
    };
    Some(read(files.ini(names), rec))
}

/// The contents that can be read; the others are DNF.
pub(super) fn read<'c, T>(found: Vec<Found<'c, T>>, rec: &mut Rec<'_>) -> Vec<(&'c str, T)> {
    let mut files = Vec::new();
    for file in found {
        match file {
            Found::File(path, content) => files.push((path, content)),
            Found::Unusable(path, reason) => {
                rec.dnf(path, reason);
            }
        }
    }
    files
}

/// The contents of files that a rule cannot do without; `None`, and a finding, where there is none that can be read.
pub(super) fn needed<'c, T>(
    found: Vec<Found<'c, T>>,
    rec: &mut Rec<'_>,
    name: &str,
) -> Option<Vec<(&'c str, T)>> {
    if found.is_empty() {
        let message = format!("`{name}` is not among the configuration files of the inventory");
        rec.miss(source::CONFIG_FILES.name, message);
        return None;
    }
    let files = read(found, rec);
    (!files.is_empty()).then_some(files)
}

/// The INI files of a name that a rule cannot do without.
pub(super) fn needed_ini<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>, name: &str) -> Option<Vec<(&'c str, Ini)>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    needed(files.ini(&[name]), rec, name)
}

/// The command that sets an option of a file.
pub(super) fn set_option(path: &str, section: &str, option: &str, value: &str) -> String {
    format!("crudini --set {} {section} {option} {}", quote(path), quote(value))
}

/// The OpenStack release that the provider declares, such as 2024.2, under the topic `openstack-release`.
pub(super) fn declared_release(rec: &Rec<'_>) -> Option<Release> {
    let context = rec.context();
    ["openstack-release", "scs-0124-release-maintained"].into_iter().find_map(|topic| {
        match context.declarations.about(topic, scs_standards::CLOUD, context.date()) {
            Declared::InForce(declaration) => {
                let text = match &declaration.value {
                    scs_standards::DeclaredValue::Number(number) => format!("{number}"),
                    value => value.text()?.to_owned(),
                };
                text.parse().ok()
            }
            _ => None,
        }
    })
}

/// A release of OpenStack by its year and number; older ones have names alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Release {
    pub(super) year: u16,
    pub(super) number: u8,
}

impl std::str::FromStr for Release {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, number) = text.trim().split_once('.').ok_or(())?;
        // A name may follow: `2024.2 Dalmatian`.
        let number = number.split_whitespace().next().ok_or(())?;
        let release = Self { year: year.parse().map_err(|_| ())?, number: number.parse().map_err(|_| ())? };
        if (2010..2100).contains(&release.year) && (1..=2).contains(&release.number) {
            Ok(release)
        } else {
            Err(())
        }
    }
}
