//! scs-0117: users can back up volumes.

use scs_standards::round_trip::{Outcome, RoundTrip};
use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Fix, Heading, Judgment, Level, Rule, is_vacuous, judge,
};

use super::Rec;
use super::evidence::{
    ROLES_OF_KEY_MANAGER, as_member, configurations, current, due_to_other_roles, each_setting,
    needed_configurations, offers,
};
use crate::config::Configuration;
use crate::subject::{Cloud, source};

const STANDARD: Heading = Heading { documents: &[DocumentId::version(117, 1)], section: "Standard" };

/// The rules for volume backup.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD.case(
        "scs-0117-test-backup",
        Level::Must,
        "an ordinary user can back up a volume and restore it to a new one",
        test_backup,
    ),
    STANDARD.rule("scs-0117-api", Level::Must, "ordinary users can use the backup API", api),
    STANDARD.rule("scs-0117-driver", Level::Must, "Cinder has a backup driver", driver),
    STANDARD
        .rule(
            "scs-0117-separate-target",
            Level::Should,
            "backups are stored on a different storage system than volumes",
            separate_target,
        )
        .asking(
            "the facts `volumes` and `backups`: the name of the storage system of each",
            "{volumes: ceph-a, backups: s3-b}",
        ),
];

/// The outcome of the round trip, if current and by an ordinary user. A missing service is missing for every user.
fn round_trip(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<RoundTrip> {
    let backup = current(rec, cloud, &cloud.backup, source::BACKUP);
    let outcome = rec.needs(&backup, source::BACKUP)?;
    (outcome.outcome == Outcome::Absent || as_member(cloud, rec)).then(|| outcome.clone())
}

fn test_backup(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(outcome) = round_trip(cloud, rec) else { return };
    let detail = outcome.detail_in_brackets();
    let message = match outcome.outcome {
        Outcome::Ok => return due_to_other_roles(cloud, rec, "roles", &ROLES_OF_KEY_MANAGER),
        Outcome::Refused => format!("an ordinary user is not allowed to create a backup{detail}"),
        Outcome::Failed => format!("backing up and restoring a volume failed{detail}"),
        Outcome::Absent => format!("there is no backup service{detail}"),
    };
    rec.fail("volume backup", message)
        .compared("a volume is backed up, and restored to a new one", "no restored volume");
}

fn api(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(outcome) = round_trip(cloud, rec) else { return };
    let detail = outcome.detail_in_brackets();
    match outcome.outcome {
        Outcome::Ok => due_to_other_roles(cloud, rec, "roles", &ROLES_OF_KEY_MANAGER),
        Outcome::Failed => {
            rec.dnf(
                "volume backup",
                format!("the round trip failed, which does not show whether the API works{detail}"),
            );
        }
        Outcome::Refused | Outcome::Absent => {
            rec.fail(
                "volume backup",
                format!("`/v3/{{project_id}}/backups` does not work for an ordinary user{detail}"),
            );
        }
    }
}

const CINDER: &str = "cinder";
/// Cinder's default.
const DEFAULT_DRIVER: &str = "cinder.backup.drivers.swift.SwiftBackupDriver";
/// The drivers that Cinder ships, by module; earlier releases only had the module name.
const DRIVERS: &[(&str, &str)] = &[
    ("ceph", "CephBackupDriver"),
    ("gcs", "GoogleBackupDriver"),
    ("glusterfs", "GlusterfsBackupDriver"),
    ("google", "GoogleBackupDriver"),
    ("nfs", "NFSBackupDriver"),
    ("posix", "PosixBackupDriver"),
    ("s3", "S3BackupDriver"),
    ("swift", "SwiftBackupDriver"),
    ("tsm", "TSMBackupDriver"),
];

/// The kind of a configured driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Driver {
    /// Swift, also the default if nothing is set.
    Swift,
    /// A driver that Cinder ships.
    Known,
    /// A class from another package.
    Foreign,
    /// Not a class name, or a class only for tests.
    Unfit,
}

impl Driver {
    fn of(value: &str) -> Self {
        let shipped = |module: &str, class: &str| {
            let whole = format!("cinder.backup.drivers.{module}");
            value == whole || value == format!("{whole}.{class}")
        };
        let known = DRIVERS.iter().find(|(module, class)| shipped(module, class));
        let is_name = |part: &str| {
            part.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
                && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        match known {
            Some(("swift", _)) => Self::Swift,
            Some(_) => Self::Known,
            None if value.contains("cinder.tests") || value.to_lowercase().contains("fake") => Self::Unfit,
            // The classes in Cinder's own package are known.
            None if value.starts_with("cinder.") => Self::Unfit,
            None if value.contains('.') && value.split('.').all(is_name) => Self::Foreign,
            None => Self::Unfit,
        }
    }
}

/// The configurations of cinder-backup.
const PROGRAM: &str = "cinder-backup";

fn driver(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(found) = needed_configurations(cloud, rec, CINDER) else { return };
    for (path, setting) in each_setting(found.of_program(PROGRAM), "DEFAULT", "backup_driver") {
        let value = setting.map_or(DEFAULT_DRIVER, |setting| setting.value.trim());
        match Driver::of(value) {
            Driver::Known => {}
            Driver::Swift => has_swift(cloud, rec, path, setting.is_some()),
            Driver::Foreign => {
                rec.warn(path, "`backup_driver` is a class that Cinder does not ship");
            }
            Driver::Unfit => {
                let message =
                    "`backup_driver` is not a backup driver; set the driver of an available storage system";
                rec.fail(path, message)
                    .compared("cinder.backup.drivers.…", if value.is_empty() { "nothing" } else { "something else" })
                    .repaired_by(Fix::advice(
                        "set `[DEFAULT] backup_driver` to the driver of the backup storage, and restart cinder-backup",
                    ));
            }
        }
    }
}

/// Judges Swift, which Cinder uses by default, whether or not there is a Swift.
fn has_swift(cloud: &Cloud, rec: &mut Rec<'_>, path: &str, is_set: bool) {
    match offers(cloud, rec, &["object-store"]) {
        Some(true) => {
            rec.note(path, "backups go to Swift");
        }
        Some(false) => {
            let message = if is_set {
                "`backup_driver` is Swift's, but there is no object store"
            } else {
                "`backup_driver` is not set; Cinder defaults to Swift, but there is no object store"
            };
            rec.fail(path, message)
                .compared("the driver of an available storage system", DEFAULT_DRIVER)
                .repaired_by(Fix::advice(
                    "set `[DEFAULT] backup_driver` to the driver of the backup storage, and restart cinder-backup",
                ));
        }
        None => {}
    }
}

/// Whether volumes and backups of a configuration are on the same Ceph cluster; `None` unless both are on Ceph.
fn same_ceph(configuration: &Configuration<'_>) -> Option<bool> {
    let driver = configuration.value("DEFAULT", "backup_driver").unwrap_or(DEFAULT_DRIVER);
    if !driver.contains("ceph") {
        return None;
    }
    let usual = "/etc/ceph/ceph.conf";
    let backups = configuration.value("DEFAULT", "backup_ceph_conf").unwrap_or(usual);
    let backends = configuration.setting("DEFAULT", "enabled_backends");
    let backends = backends.map(|setting| setting.list()).unwrap_or_default();
    let is_rbd = |backend: &&str| {
        configuration.value(backend, "volume_driver").is_some_and(|driver| driver.contains("rbd"))
    };
    let rbd: Vec<&str> = backends
        .into_iter()
        .filter(is_rbd)
        .map(|backend| configuration.value(backend, "rbd_ceph_conf").unwrap_or(usual))
        .collect();
    (!rbd.is_empty()).then(|| rbd.contains(&backups))
}

fn separate_target(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(found) = configurations(cloud, rec, CINDER) else { return };
    let same = found.of_program(PROGRAM).into_iter().find(|it| same_ceph(it) == Some(true));
    if let Some(configuration) = same
        && !rec.context().declarations.has_entry_for(rec.rule().id)
    {
        let path = configuration.setting("DEFAULT", "backup_driver").map(|setting| setting.path);
        rec.fail(
            path.unwrap_or_default(),
            "volumes and backups are on the same Ceph cluster and would be lost together",
        )
        .compared("a different storage system for backups", "the same");
        return;
    }
    let same = same.is_some();
    judge(rec, [CLOUD], |_, value| {
        let name = |fact| value.fact(fact).and_then(DeclaredValue::text);
        match (name("volumes"), name("backups")) {
            (Some(volumes), Some(backups)) if is_vacuous(volumes) || is_vacuous(backups) => {
                Judgment::Unusable
            }
            (Some(volumes), Some(backups)) if volumes.trim().eq_ignore_ascii_case(backups.trim()) => {
                Judgment::Breaks(format!("volumes and backups are both on {volumes}"))
            }
            (Some(_), Some(_)) if same => Judgment::Breaks(
                "the declaration contradicts cinder.conf, which has both on the same Ceph cluster".to_owned(),
            ),
            (Some(_), Some(_)) => Judgment::Satisfies,
            _ => Judgment::Unusable,
        }
    });
}
