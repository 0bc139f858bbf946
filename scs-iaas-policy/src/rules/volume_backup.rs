//! scs-0117: users can back up volumes.

use scs_standards::{CLOUD, DeclaredValue, DocumentId, Heading, Judgement, Level, Rule, judge, says_nothing};

use super::Rec;
use super::evidence::{as_member, current, ini_files, needed_ini, offers};
use crate::config::Ini;
use crate::subject::{Cloud, Outcome, OutcomeKind, source};

const STANDARD: Heading = Heading { documents: &[DocumentId::version(117, 1)], section: "Standard" };

/// The rules over volume backup.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD.case(
        "scs-0117-test-backup",
        Level::Must,
        "an ordinary user can back up a volume and restore it to a new one",
        test_backup,
    ),
    STANDARD.rule("scs-0117-api", Level::Must, "the API for backups answers an ordinary user", api),
    STANDARD.rule("scs-0117-driver", Level::Must, "Cinder has a driver for backups", driver),
    STANDARD
        .rule(
            "scs-0117-separate-target",
            Level::Should,
            "backups are on another storage system than volumes",
            separate_target,
        )
        .asking(
            "the facts `volumes` and `backups`: the name of the storage system of each",
            "{volumes: ceph-a, backups: s3-b}",
        ),
];

/// The outcome of the round trip, where it is one of today and of an ordinary user. What is not there is there for nobody.
fn round_trip(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Outcome> {
    let backup = current(rec, cloud, &cloud.backup, source::BACKUP);
    let outcome = rec.needs(&backup, source::BACKUP)?;
    (outcome.outcome == OutcomeKind::Absent || as_member(cloud, rec)).then(|| outcome.clone())
}

fn test_backup(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(outcome) = round_trip(cloud, rec) else { return };
    let detail = outcome.detail_in_brackets();
    let message = match outcome.outcome {
        OutcomeKind::Ok => return,
        OutcomeKind::Refused => format!("a backup is refused to an ordinary user{detail}"),
        OutcomeKind::Failed => format!("backing up a volume and restoring it does not work{detail}"),
        OutcomeKind::Absent => format!("there is no service for backups{detail}"),
    };
    rec.fail("volume backup", message)
        .compared("a volume is backed up, and restored to a new one", "no restored volume");
}

fn api(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(outcome) = round_trip(cloud, rec) else { return };
    let detail = outcome.detail_in_brackets();
    match outcome.outcome {
        OutcomeKind::Ok => {}
        OutcomeKind::Failed => {
            rec.dnf(
                "volume backup",
                format!("the round trip failed, which says nothing of the API alone{detail}"),
            );
        }
        OutcomeKind::Refused | OutcomeKind::Absent => {
            rec.fail(
                "volume backup",
                format!("`/v3/{{project_id}}/backups` does not answer an ordinary user{detail}"),
            );
        }
    }
}

const CINDER: &str = "cinder.conf";
/// Cinder's own value.
const USUAL_DRIVER: &str = "cinder.backup.drivers.swift.SwiftBackupDriver";

fn driver_of(file: &Ini) -> &str {
    file.value("DEFAULT", "backup_driver").filter(|driver| !driver.is_empty()).unwrap_or(USUAL_DRIVER)
}

fn driver(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = needed_ini(cloud, rec, CINDER) else { return };
    for (path, file) in &files {
        if driver_of(file) != USUAL_DRIVER {
            continue;
        }
        // Swift is taken where nothing is set, whether there is a Swift or not.
        match offers(cloud, rec, &["object-store"]) {
            Some(true) => {
                rec.note(*path, "backups go to Swift");
            }
            Some(false) => {
                rec.fail(
                    *path,
                    "no `backup_driver` is set that works: Cinder takes Swift, and there is no object store",
                )
                .compared("a driver of a storage that is there", USUAL_DRIVER);
            }
            None => {}
        }
    }
}

/// The Ceph cluster of volumes and of backups, where both are on Ceph.
fn same_ceph(file: &Ini) -> Option<bool> {
    if !driver_of(file).contains("ceph") {
        return None;
    }
    let usual = "/etc/ceph/ceph.conf";
    let backups = file.value("DEFAULT", "backup_ceph_conf").unwrap_or(usual);
    let backends = file.list("DEFAULT", "enabled_backends").unwrap_or_default();
    let rbd: Vec<&str> = backends
        .into_iter()
        .filter(|backend| file.value(backend, "volume_driver").is_some_and(|driver| driver.contains("rbd")))
        .map(|backend| file.value(backend, "rbd_ceph_conf").unwrap_or(usual))
        .collect();
    (!rbd.is_empty()).then(|| rbd.contains(&backups))
}

fn separate_target(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = ini_files(cloud, rec, &[CINDER]) else { return };
    let same = files.iter().find(|(_, file)| same_ceph(file) == Some(true));
    if let Some((path, _)) = same
        && !rec.context().declarations.speak_of_rule(rec.rule().id)
    {
        rec.fail(*path, "volumes and backups are on the same Ceph cluster, and would be lost together")
            .compared("another storage system for backups", "the same");
        return;
    }
    let same = same.is_some();
    judge(rec, [CLOUD], |_, value| {
        let name = |fact| value.fact(fact).and_then(DeclaredValue::text);
        match (name("volumes"), name("backups")) {
            (Some(volumes), Some(backups)) if says_nothing(volumes) || says_nothing(backups) => {
                Judgement::Unusable
            }
            (Some(volumes), Some(backups)) if volumes.trim().eq_ignore_ascii_case(backups.trim()) => {
                Judgement::Breaks(format!("volumes and backups are both on {volumes}"))
            }
            (Some(_), Some(_)) if same => Judgement::Breaks(
                "the declaration contradicts cinder.conf, by which both are on the same Ceph cluster"
                    .to_owned(),
            ),
            (Some(_), Some(_)) => Judgement::Satisfies,
            _ => Judgement::Unusable,
        }
    });
}
