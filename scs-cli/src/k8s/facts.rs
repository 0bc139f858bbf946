//! `--k8s-releases`, `--k8s-eol`, `--k8s-cves`: newer facts about Kubernetes than the program has.

use std::fmt::Display;

use clap::Args;
use scs_k8s_policy::{CveRecords, EndsOfLife, KubernetesFacts, Releases};

use crate::failure::Failure;
use crate::files::{self, Limit};
use crate::input::Source;

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

impl Facts {
    /// The program's facts with those of the files in their place, and what the reader should know of them.
    pub(crate) fn read(&self) -> Result<(KubernetesFacts, Vec<String>), Failure> {
        let mut facts = KubernetesFacts::embedded().clone();
        let mut notices = Vec::new();
        if let Some(source) = &self.k8s_releases {
            let releases = read(source, Releases::read, "an array with `tag_name` and `published_at`")?;
            let broken = releases.broken().iter().map(|broken| (broken.number, broken.reason.clone()));
            notices.extend(left_out(source, broken));
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
            facts = facts.with_cves(cves);
        }
        Ok((facts, notices))
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
