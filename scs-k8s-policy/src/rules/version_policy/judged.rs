//! The result of a version according to the text, for the API server and for other components.

use scs_standards::{Hint, Verdict};

use crate::due::{Cause, Due};
use crate::facts::KubernetesFacts;
use crate::standing::{Gap, Maintenance, Standing};
use crate::version::{Branch, K8sVersion};

/// A result with its reason, and the data that would change it.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) reason: String,
    pub(crate) hint: Option<Hint>,
}

impl Judged {
    pub(super) const fn new(verdict: Verdict, reason: String) -> Self {
        Self { verdict, reason, hint: None }
    }

    fn unknown(gap: &Gap<'_>) -> Self {
        Self { verdict: Verdict::Dnf, reason: gap.to_string(), hint: gap.hint() }
    }
}

/// The result according to the text, with the reason.
pub(super) fn by_text(
    version: &K8sVersion,
    standing: &Standing<'_>,
    maintenance: Maintenance,
    facts: &KubernetesFacts,
    at: jiff::Timestamp,
) -> Judged {
    match standing {
        Standing::Overdue(due) => {
            let release = &due.release.version;
            let deadline = due.until.strftime("%Y-%m-%d %H:%M UTC");
            let mut message = format!("{release} was due by {deadline} ({})", why(due));
            if let Some(newest) = newest(version, facts, at).filter(|newest| *newest != release) {
                message = format!("{message}; the newest patch is {newest}");
            }
            Judged::new(Verdict::Fail, message)
        }
        Standing::Unknown(gap) => Judged::unknown(gap),
        Standing::InTime(_) if maintenance == Maintenance::Unknown => {
            Judged::unknown(&Gap::NoEndOfLife(version.branch()))
        }
        Standing::InTime(None) => {
            let known = facts.releases_as_of(at);
            let known =
                known.map_or_else(String::new, |as_of| format!(", as of {}", as_of.strftime("%Y-%m-%d")));
            Judged::new(Verdict::Pass, format!("it is the newest patch of its branch{known}"))
        }
        Standing::InTime(Some(due)) => Judged::new(
            Verdict::Pass,
            format!(
                "it is in time; {} is due by {} ({})",
                due.release.version,
                due.until.strftime("%Y-%m-%d %H:%M UTC"),
                why(due)
            ),
        ),
    }
}

/// The reason why a release is due, as text.
pub(super) fn why(due: &Due<'_>) -> String {
    let published = due.release.published_at.strftime("%Y-%m-%d");
    match due.cause {
        Cause::Patch => format!("released {published}"),
        Cause::Critical(record) => format!("released {published}, fixes {} (critical)", record.id()),
    }
}

/// The newest release of a version's branch, if newer than the version.
pub(super) fn newest<'f>(
    version: &K8sVersion,
    facts: &'f KubernetesFacts,
    at: jiff::Timestamp,
) -> Option<&'f K8sVersion> {
    let known = facts.releases().of(version.branch()).filter(|release| release.published_at <= at);
    known.map(|release| &release.version).max().filter(|newest| **newest > version.upstream())
}

/// The message that a branch is past its end of life.
pub(super) fn ended(branch: Branch, maintenance: Maintenance) -> String {
    match maintenance {
        Maintenance::EndedOn(end) => format!("{branch} reached its end of life on {end}"),
        _ => format!("{branch} is past its end of life"),
    }
}
