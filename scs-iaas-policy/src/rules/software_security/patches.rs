//! Checks of the patch log.

use jiff::tz::TimeZone;

use super::super::Rec;
use super::in_use::was_maintained;
use super::window::{Timing, Window};
use crate::subject::{Advisory, Cloud, source};
use scs_standards::Listed;

const LOG: &str = "patch_log";

/// The entries of the log. An empty log proves nothing: there may have been advisories.
fn log<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<Advisory>> {
    let log = rec.needs(&cloud.patch_log, source::PATCH_LOG)?;
    log.report_unreadable(rec, LOG);
    if log.entries().is_empty() && log.broken().is_empty() {
        rec.dnf(
            LOG,
            "it has no entries; list the advisories, with `affected: false` if they do not affect the cloud",
        );
    }
    Some(log)
}

/// The name of an advisory with the affected software.
fn name(entry: &Advisory) -> String {
    match &entry.component {
        Some(component) => format!("{} ({component})", entry.advisory),
        None => entry.advisory.clone(),
    }
}

/// Whether the release in use was maintained when the advisory was published; `None` if unknown.
fn maintained(entry: &Advisory, rec: &Rec<'_>) -> Option<bool> {
    if entry.maintained_release.is_some() {
        return entry.maintained_release;
    }
    if entry.own_fix {
        return Some(false);
    }
    let disclosed = entry.disclosed?.start().to_zoned(TimeZone::UTC).date();
    was_maintained(rec, disclosed)
}

/// The advisories to judge: those for services on maintained releases, and those for which that is unknown, as the deadlines
/// are the same.
pub(super) fn services_in_time(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(log) = log(cloud, rec) else { return };
    let services: Vec<&Advisory> = log.entries().iter().filter(|entry| !entry.dependency).collect();
    if services.is_empty() && !log.entries().is_empty() {
        rec.dnf(LOG, "it has no service advisories; list those of OpenStack (OSSA, OSSN) as well");
    }
    let mut by_hand = 0;
    for entry in services {
        if maintained(entry, rec) == Some(false) {
            by_hand += 1;
        } else {
            in_time(entry, rec);
        }
    }
    if by_hand > 0 {
        let message = format!("{by_hand} concern unmaintained releases; see scs-0124-own-fix");
        rec.note(LOG, message);
    }
}

pub(super) fn dependencies_in_time(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(log) = log(cloud, rec) else { return };
    let mut dependencies = log.entries().iter().filter(|entry| entry.dependency).peekable();
    if dependencies.peek().is_none() && !log.entries().is_empty() {
        let message = "it has no dependency advisories (`dependency: true`), such as for the database, the message broker or libraries; list those as well";
        rec.dnf(LOG, message);
    }
    for entry in dependencies {
        in_time(entry, rec);
    }
}

pub(super) fn own_fixes_in_time(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(log) = log(cloud, rec) else { return };
    let mut upstream = 0;
    let mut own = 0;
    for entry in log.entries().iter().filter(|entry| !entry.dependency && entry.affected) {
        match maintained(entry, rec) {
            Some(true) => upstream += 1,
            Some(false) => {
                own += 1;
                in_time(entry, rec);
            }
            None => {
                let message = "it is unknown whether the release was maintained; set `maintained_release` to `true` or `false`, or declare the releases in use (scs-0124-release-maintained)";
                rec.miss(name(entry), message);
            }
        }
    }
    if own == 0 && upstream > 0 {
        rec.note(LOG, "all advisories concern maintained releases, so fixes come from upstream");
    } else if own == 0 && upstream == 0 && !log.entries().is_empty() {
        // Nothing had to be fixed; the releases in use decide.
        let at = rec.context().date();
        match was_maintained(rec, at) {
            Some(true) => {
                rec.note(LOG, "the releases in use are maintained, so fixes come from upstream");
            }
            Some(false) => {
                rec.note(LOG, "no advisory affected the services, so nothing had to be fixed");
            }
            None => {
                let message = "no advisory affected the services, but the releases in use are unknown; see scs-0124-release-maintained";
                rec.miss(LOG, message);
            }
        }
    }
}

/// Judges one advisory by its deadline.
fn in_time(entry: &Advisory, rec: &mut Rec<'_>) {
    let name = name(entry);
    if !entry.affected {
        rec.note(name, "the cloud is not affected");
        return;
    }
    let Some(score) = entry.score else {
        rec.dnf(name, "it has no CVSS score (`score`), which sets the deadline");
        return;
    };
    let Some(window) = Window::of(score) else {
        rec.dnf(name, format!("`{score}` is not a CVSS score; scores range from 0.0 to 10.0"));
        return;
    };
    if window == Window::Nothing {
        rec.note(name, "its CVSS score is 0.0, which has no deadline");
        return;
    }
    let Some(disclosed) = entry.disclosed else {
        rec.dnf(name, "its disclosure date (`disclosed`) is missing");
        return;
    };
    let Some(deadline) = window.deadline(disclosed) else {
        rec.dnf(name, format!("its disclosure date {disclosed} is out of range"));
        return;
    };
    let now = rec.context().at;
    let allowed = format!("{} for CVSS {score:.1}, by {deadline}", window.name());
    match entry.fixed.filter(|fixed| fixed.start() <= now) {
        Some(fixed) => match window.timing(disclosed, fixed) {
            Timing::InTime => {}
            Timing::Late => {
                let message = format!("disclosed on {disclosed} but fixed on {fixed}, too late");
                rec.fail(name, message).compared(allowed, fixed);
            }
            Timing::Unclear => {
                let message = format!(
                    "fixed on {fixed}, the day of its deadline ({}); add the time of day to the disclosure and the fix",
                    window.name()
                );
                rec.dnf(name, message);
            }
        },
        None if now > deadline => {
            let message = format!("disclosed on {disclosed} and not fixed; the deadline was {deadline}");
            rec.fail(name, message).compared(allowed, "not fixed");
        }
        None => {
            rec.note(name, format!("not fixed yet; due by {deadline}"));
        }
    }
}

pub(super) fn notices(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(log) = log(cloud, rec) else { return };
    let now = rec.context().at;
    for entry in log.entries() {
        let fixed = entry.fixed.filter(|fixed| fixed.start() <= now);
        if entry.affected && fixed.is_none() {
            rec.note(name(entry), "not fixed yet; notify the OSBA once it is");
            continue;
        }
        let about = if entry.affected { "of the fix" } else { "that the cloud is not affected" };
        let notice = entry.notice.as_ref();
        let sent = notice.and_then(|notice| notice.sent);
        let statement = notice.and_then(|notice| notice.statement.as_deref()).map(str::trim);
        let statement = statement.filter(|words| !words.is_empty());
        match (sent, statement, fixed.filter(|_| entry.affected)) {
            (Some(sent), _, _) if sent.start() > now => {
                rec.fail(
                    name(entry),
                    format!("the OSBA was not notified {about}: the notice is dated {sent}"),
                );
            }
            (Some(sent), _, Some(fixed)) if sent.start() < fixed.start() && sent.end() <= fixed.start() => {
                let message = format!(
                    "the OSBA was notified on {sent}, before the fix on {fixed}; send a notice of the fix"
                );
                rec.fail(name(entry), message).compared(format!("a notice after {fixed}"), sent);
            }
            (Some(_), _, _) | (None, Some(_), None) => {}
            (None, Some(_), Some(_)) => {
                rec.dnf(
                    name(entry),
                    "the date of the notice to the OSBA is missing; add `notice: {sent: …}`",
                );
            }
            (None, None, _) => {
                rec.fail(
                    name(entry),
                    format!("the OSBA was not notified {about}; send a notice and record the date"),
                );
            }
        }
    }
}
