//! Compaction and backups of etcd.

use jiff::{SignedDuration, Timestamp, ToSpan};
use scs_standards::{CLUSTER, Fix, Judgment, is_vacuous, judge};

use super::super::Rec;
use super::super::control_plane::{Running, running};
use crate::period::later;
use crate::subject::{Cluster, ComponentKind, EtcdBackup, source};

pub(super) fn compaction_mode(cluster: &Cluster, rec: &mut Rec<'_>) {
    const FLAG: &str = "auto-compaction-mode";
    let Some(members) = running(cluster, rec, ComponentKind::Etcd) else { return };
    for member in members {
        match member.known(rec, member.flags.text(FLAG)) {
            Some(Some("periodic")) | None => {}
            Some(Some(other)) => {
                let message = format!("etcd compacts its history by `{other}`, not periodically");
                compacted(&member, rec, FLAG, message);
            }
            Some(None) => compacted(&member, rec, FLAG, format!("`--{FLAG}` is not set")),
        }
    }
}

/// The required value of both flags.
const COMPACTION: [(&str, &str); 2] =
    [("auto-compaction-mode", "periodic"), ("auto-compaction-retention", "8h")];

/// Records that one of the two flags is wrong. Both change together: a duration is not a number of revisions, and etcd would
/// not start.
fn compacted(member: &Running<'_>, rec: &mut Rec<'_>, flag: &str, message: String) {
    let is_good = |name: &str, value: &str| match member.flags.text(name) {
        Ok(Some(own)) if name == COMPACTION[0].0 => own == value,
        Ok(Some(own)) => retention(own) == retention(value),
        Ok(None) | Err(_) => false,
    };
    let wanted = COMPACTION.iter().find(|(name, _)| *name == flag).map_or("", |(_, value)| *value);
    let changes: Vec<_> = COMPACTION.iter().copied().filter(|(name, value)| !is_good(name, value)).collect();
    rec.fail(&member.subject, message)
        .compared(format!("--{flag}={wanted}"), member.shown(flag))
        .repaired_by(member.set_all(&changes));
}

pub(super) fn compaction_retention(cluster: &Cluster, rec: &mut Rec<'_>) {
    const FLAG: &str = "auto-compaction-retention";
    let Some(members) = running(cluster, rec, ComponentKind::Etcd) else { return };
    for member in members {
        let Some(value) = member.known(rec, member.flags.text(FLAG)) else { continue };
        match value.map(retention) {
            Some(Some(kept)) if kept == SignedDuration::from_hours(8) => {}
            Some(Some(_)) => {
                let message =
                    format!("etcd keeps a different part of its history: `{}`", value.unwrap_or_default());
                compacted(&member, rec, FLAG, message);
            }
            Some(None) => {
                let message = format!("`--{FLAG}` is not a duration: `{}`", value.unwrap_or_default());
                rec.dnf(&member.subject, message);
            }
            None => compacted(&member, rec, FLAG, format!("`--{FLAG}` is not set")),
        }
    }
}

/// A Go duration, such as `8h0m0s`; etcd treats a plain number as hours.
fn retention(text: &str) -> Option<SignedDuration> {
    if let Ok(hours) = text.parse::<u32>() {
        return Some(SignedDuration::from_hours(hours.into()));
    }
    text.parse().ok()
}

/// The backups up to the time of the check, newest first; `None` with a finding if there are none.
fn backups<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<Vec<&'c EtcdBackup>> {
    let listed = rec.needs(&cluster.etcd_backups, source::ETCD_BACKUPS)?;
    // An unreadable entry may be the missing backup.
    if !listed.report_unreadable(rec, source::ETCD_BACKUPS.name) {
        return None;
    }
    let at = rec.context().at;
    let mut backups: Vec<&EtcdBackup> = listed.entries().iter().filter(|backup| backup.at <= at).collect();
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.at));
    if backups.is_empty() {
        let later = if listed.entries().is_empty() { "" } else { ": all are dated after the check" };
        rec.fail("etcd", format!("there is no backup of etcd{later}"));
        return None;
    }
    Some(backups)
}

pub(super) fn backup(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(backups) = backups(cluster, rec) else { return };
    let (newest, at) = (backups[0].at, rec.context().at);
    let age = at.duration_since(newest);
    if age > SignedDuration::from_hours(7 * 24) {
        let days = age.as_hours() / 24;
        rec.fail("etcd", format!("the newest backup of etcd is from {newest}, {days} days ago"))
            .compared("at most 7 days", format!("{days} days"))
            .repaired_by(Fix::advice(
                "save a snapshot of etcd with `etcdctl snapshot save` now, and schedule a job for it at least once a week",
            ));
    }
}

/// The longest gap before a backup of an age, in the recommended scheme: ten minutes for two hours, an hour for a day, a day
/// for two weeks, a week for three months, a month for two years, then a year.
fn longest_gap(made: Timestamp, at: Timestamp) -> SignedDuration {
    let hours = SignedDuration::from_hours;
    let (day, month, year) = (hours(24), hours(31 * 24), hours(366 * 24));
    let reaches = [
        (later(made, 2.hours()), SignedDuration::from_mins(10)),
        (later(made, 1.day()), hours(1)),
        (later(made, 14.days()), day),
        (later(made, 3.months()), day * 7),
        (later(made, 2.years()), month),
    ];
    reaches.into_iter().find(|(end, _)| at <= *end).map_or(year, |(_, gap)| gap)
}

pub(super) fn backup_scheme(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(backups) = backups(cluster, rec) else { return };
    // Backups made after the inventory are not in it.
    let at = rec.context().at;
    let now = cluster.collected_at.map_or(at, |collected| collected.min(at));
    if backups.len() < 2 {
        rec.fail("etcd", format!("a single backup of etcd is kept, from {}", backups[0].at))
            .compared("many recent ones and fewer older ones", "1");
        return;
    }
    let newest = backups[0].at;
    let (age, longest) = (now.duration_since(newest), longest_gap(now, now));
    if is_too_long(age, longest) {
        rec.fail("etcd", format!("no backup of etcd is kept between {newest} and {now}"))
            .compared(format!("at most {longest:#}"), format!("{age:#}"));
        return;
    }
    for pair in backups.windows(2) {
        let (newer, older) = (pair[0].at, pair[1].at);
        let (gap, longest) = (newer.duration_since(older), longest_gap(older, now));
        if is_too_long(gap, longest) {
            rec.fail("etcd", format!("no backup of etcd is kept between {older} and {newer}"))
                .compared(format!("at most {longest:#}"), format!("{gap:#}"));
            return;
        }
    }
}

/// Whether a gap is too long, with a tolerance for the start times of jobs.
fn is_too_long(gap: SignedDuration, longest: SignedDuration) -> bool {
    gap > longest + longest / 10
}

pub(super) fn backup_encrypted(cluster: &Cluster, rec: &mut Rec<'_>) {
    let known = match &cluster.etcd_backups {
        scs_standards::Given::Data(listed) => {
            if !listed.report_unreadable(rec, source::ETCD_BACKUPS.name) {
                return;
            }
            listed.entries()
        }
        scs_standards::Given::Unusable(_) => {
            rec.needs(&cluster.etcd_backups, source::ETCD_BACKUPS);
            return;
        }
        scs_standards::Given::Missing => &[],
    };
    let open: Vec<_> = known.iter().filter(|backup| backup.encrypted == Some(false)).collect();
    if let [first, ..] = open[..] {
        let message = format!(
            "{} of {} backups are not encrypted, such as that from {}",
            open.len(),
            known.len(),
            first.at
        );
        rec.fail("etcd", message).compared("encrypted", "not encrypted");
        return;
    }
    if !known.is_empty() && known.iter().all(|backup| backup.encrypted == Some(true)) {
        return;
    }
    judge(rec, [CLUSTER], |_, value| match value.text().map(str::trim) {
        Some("nothing" | "none") => Judgment::Breaks("backups of etcd are not encrypted".to_owned()),
        Some(means) if !is_vacuous(means) => Judgment::Satisfies,
        _ => Judgment::Unusable,
    });
}
