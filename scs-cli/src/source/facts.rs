//! `--k8s-releases`, `--k8s-eol`, `--k8s-cves`: newer facts about Kubernetes than the program has.

use std::fmt::Display;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_k8s_policy::{CveRecords, EndsOfLife, KubernetesFacts, Releases};

use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::Source;

/// The CVE records of all years about Kubernetes have some ten MiB.
const LIMIT: Limit =
    Limit { bytes: 256 << 20, what: "no such list", hint: "check that it is the file that you mean" };

/// What is known of Kubernetes.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "the options are called so")]
pub(crate) struct Facts {
    /// Releases of Kubernetes, as GitHub's API returns them: `gh api --paginate --slurp
    /// repos/kubernetes/kubernetes/releases | jq add`
    #[arg(long, value_name = "FILE", help_heading = "Facts about Kubernetes")]
    k8s_releases: Option<Source>,

    /// Ends of life of its branches: a YAML list of `{branch, end-of-life}`
    #[arg(long, value_name = "FILE", help_heading = "Facts about Kubernetes")]
    k8s_eol: Option<Source>,

    /// CVE records about it: a JSON array of records in the format 5.x
    #[arg(long, value_name = "FILE", help_heading = "Facts about Kubernetes")]
    k8s_cves: Option<Source>,
}

/// What was read, and what the reader should know of it.
pub(crate) struct ReadFacts {
    pub(crate) facts: KubernetesFacts,
    /// Of entries that cannot be read.
    pub(crate) left_out: Vec<String>,
    /// Of entries that are of later than the check.
    pub(crate) later: Vec<String>,
}

impl Facts {
    /// The program's facts with those of the files in their place.
    pub(crate) fn read(&self, at: Timestamp) -> Result<ReadFacts, Failure> {
        let mut facts = KubernetesFacts::embedded().clone();
        let (mut notices, mut later) = (Vec::new(), Vec::new());
        if let Some(source) = &self.k8s_releases {
            let releases = read(source, Releases::read, "an array with `tag_name` and `published_at`")?;
            let broken = releases.broken().iter().map(|broken| (broken.number, broken.reason.clone()));
            notices.extend(left_out(source, broken));
            let after = releases.after(at);
            let after =
                after.iter().map(|release| (release.number, &release.version, Some(release.published_at)));
            later.extend(of_later(source, after));
            facts = facts.with_releases(releases);
        }
        if let Some(source) = &self.k8s_eol {
            facts = facts.with_ends_of_life(read(
                source,
                EndsOfLife::read,
                "such as `- {branch: '1.36', end-of-life: 2027-06-28}`",
            )?);
        }
        if let Some(source) = &self.k8s_cves {
            let cves = read(source, CveRecords::read, "an array of CVE records, each with `cveMetadata`")?;
            let broken = cves.broken.iter().map(|(number, error)| (*number, error.to_string()));
            notices.extend(left_out(source, broken));
            let after = cves.after(at).map(|(number, record)| (number, record.id(), record.published_at()));
            later.extend(of_later(source, after));
            facts = facts.with_cves(cves);
        }
        Ok(ReadFacts { facts, left_out: notices, later })
    }
}

fn read<T, E: Display>(
    source: &Source,
    read: impl Fn(&str) -> Result<T, E>,
    expected: &str,
) -> Result<T, Failure> {
    let text = files::text(source.open()?, LIMIT)?;
    read(&text).map_err(|error| {
        Failure::new(format!("{}: {error}", source.name())).hint(format!("it should be {expected}"))
    })
}

/// Sentences about the entries of later than the check: the first ones, and how many more there are.
fn of_later<N: Display>(
    source: &Source,
    entries: impl Iterator<Item = (usize, N, Option<Timestamp>)>,
) -> Vec<String> {
    const TOLD: usize = 3;
    let name = source.name();
    let mut told = Vec::new();
    let mut more = 0_usize;
    for (number, entry, published) in entries {
        if told.len() == TOLD {
            more = more.saturating_add(1);
            continue;
        }
        let day = published.map(|at| at.to_zoned(TimeZone::UTC).date().to_string()).unwrap_or_default();
        told.push(format!(
            "{name}: entry {number} ({entry}) is of {day}, later than the check; it does not count"
        ));
    }
    match more {
        0 => {}
        1 => told.push(format!("{name}: 1 more entry is of later than the check; it does not count")),
        more => {
            told.push(format!("{name}: {more} more entries are of later than the check; they do not count"));
        }
    }
    told
}

/// One sentence about the entries that cannot be read.
fn left_out(source: &Source, broken: impl Iterator<Item = (usize, String)>) -> Option<String> {
    let broken: Vec<(usize, String)> = broken.collect();
    let (number, reason) = broken.first()?;
    let name = source.name();
    let more = match broken.len() {
        1 => String::new(),
        several => format!(", and {} more", several - 1),
    };
    Some(format!("{name}: entry {number} does not count: {reason}{more}"))
}
