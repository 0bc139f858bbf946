//! The facts that checks rest on: given with `--k8s-releases`, `--k8s-eol` and `--k8s-cves`, fetched, or built in.

use std::fmt::Display;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_facts::Key;
use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::ImageData;
use scs_k8s_policy::{CveRecords, EndsOfLife, KubernetesFacts, Releases};
use scs_registry::{Kind, Subject};

use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::Source;
use crate::source::fetched::Fetched;

/// All CVE records about Kubernetes have some ten MiB.
const LIMIT: Limit = Limit { bytes: 256 << 20, what: "such a list", hint: "check that it is the right file" };

/// The options for data about Kubernetes.
#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// Kubernetes releases, as returned by GitHub's API: `gh api --paginate --slurp
    /// repos/kubernetes/kubernetes/releases | jq add`
    #[arg(long, value_name = "FILE", help_heading = "Kubernetes data")]
    k8s_releases: Option<Source>,

    /// End-of-life dates of Kubernetes branches: a YAML list of `{branch, end-of-life}`
    #[arg(long, value_name = "FILE", help_heading = "Kubernetes data")]
    k8s_eol: Option<Source>,

    /// CVE records for Kubernetes: a JSON array of records in format 5.x
    #[arg(long, value_name = "FILE", help_heading = "Kubernetes data")]
    k8s_cves: Option<Source>,

    #[command(flatten)]
    fetched: Fetched,
}

/// The data, with notices about entries.
pub(crate) struct ReadFacts {
    pub(crate) facts: KubernetesFacts,
    /// The facts about images, if they are not the built-in ones.
    image_data: Option<ImageData>,
    /// The versions of Mozilla's TLS profile, if they are not the built-in ones.
    tls_profiles: Option<Arc<TlsProfiles>>,
    /// Notices about unreadable entries.
    pub(crate) left_out: Vec<String>,
    /// Notices about entries dated after the check.
    pub(crate) later: Vec<String>,
    /// Notices about the date and the origin of fetched facts about Kubernetes.
    pub(crate) of_clusters: Vec<String>,
    /// Notices about the date and the origin of fetched facts about clouds.
    of_clouds: Vec<String>,
}

impl ReadFacts {
    /// The date of the data about Kubernetes releases, if they are too old to tell which version is the newest.
    pub(crate) fn outdated_releases(&self, at: Timestamp) -> Option<Timestamp> {
        let as_of = self.facts.releases_as_of(at);
        as_of.filter(|_| !self.facts.releases_are_fresh(at))
    }

    /// All notices for a cluster.
    pub(crate) fn notices(&self) -> impl Iterator<Item = String> {
        self.of_clusters.iter().chain(&self.left_out).chain(&self.later).cloned()
    }

    /// A subject with these facts, and with the notices that concern it.
    pub(crate) fn applied<'a>(&'a self, subject: Subject<'a>, kind: Kind) -> Subject<'a> {
        match kind {
            Kind::Cluster => subject.with_facts(&self.facts).with_notices(self.notices()),
            Kind::Cloud => {
                let mut subject = subject.with_notices(self.of_clouds.iter().cloned());
                if let Some(data) = &self.image_data {
                    subject = subject.with_image_data(data);
                }
                if let Some(profiles) = &self.tls_profiles {
                    subject = subject.with_tls_profiles(profiles);
                }
                subject
            }
        }
    }
}

impl Facts {
    /// The given files, by the fact that they replace.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Key, &Source)> {
        let files = [
            (Key::KubernetesReleases, &self.k8s_releases),
            (Key::KubernetesEndsOfLife, &self.k8s_eol),
            (Key::KubernetesCves, &self.k8s_cves),
        ];
        files.into_iter().filter_map(|(key, file)| file.as_ref().map(|file| (key, file)))
    }

    /// The choice between built-in and fetched facts.
    pub(crate) const fn fetched(&self) -> &Fetched {
        &self.fetched
    }

    /// Reads the files. For everything that has no file, the newer one of fetched and built-in data counts.
    pub(crate) fn read(&self, at: Timestamp) -> Result<ReadFacts, Failure> {
        let mut facts = KubernetesFacts::embedded().clone();
        let (mut notices, mut later, mut of_clusters) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(source) = &self.k8s_releases {
            let releases =
                read(source, str::parse::<Releases>, "an array with `tag_name` and `published_at`")?;
            let broken = releases.broken().iter().map(|broken| (broken.number, broken.reason.clone()));
            notices.extend(left_out(source, broken));
            let after = releases.after(at);
            let after =
                after.iter().map(|release| (release.number, &release.version, Some(release.published_at)));
            later.extend(later_notices(source, after));
            facts = facts.with_releases(releases);
        } else if let Some((stored, releases)) =
            self.fetched.newer::<Releases>(Key::KubernetesReleases, &mut of_clusters)
        {
            let broken = releases.broken().iter().map(|broken| (broken.number, broken.reason.clone()));
            notices.extend(left_out(&Source::File(stored.path), broken));
            facts = facts.with_releases_as_of(releases, stored.metadata.as_of);
        }
        if let Some(source) = &self.k8s_eol {
            facts = facts.with_ends_of_life(read(
                source,
                str::parse::<EndsOfLife>,
                "such as `- {branch: '1.36', end-of-life: 2027-06-28}`",
            )?);
        } else if let Some((_, ends)) =
            self.fetched.newer::<EndsOfLife>(Key::KubernetesEndsOfLife, &mut of_clusters)
        {
            facts = facts.with_ends_of_life(ends);
        }
        if let Some(source) = &self.k8s_cves {
            let cves =
                read(source, str::parse::<CveRecords>, "an array of CVE records, each with `cveMetadata`")?;
            let broken = cves.broken.iter().map(|(number, error)| (*number, error.to_string()));
            notices.extend(left_out(source, broken));
            let after = cves.after(at).map(|(number, record)| (number, record.id(), record.published_at()));
            later.extend(later_notices(source, after));
            facts = facts.with_cves(cves);
        } else if let Some((stored, cves)) =
            self.fetched.newer::<CveRecords>(Key::KubernetesCves, &mut of_clusters)
        {
            facts = facts.with_cves_as_of(cves, stored.metadata.as_of);
        }
        let mut of_clouds = Vec::new();
        let image_data = self.fetched.image_data(&mut of_clouds);
        let profiles = self.fetched.newer::<TlsProfiles>(Key::MozillaTls, &mut of_clouds);
        let tls_profiles = profiles.map(|(_, profiles)| Arc::new(profiles));
        Ok(ReadFacts { facts, image_data, tls_profiles, left_out: notices, later, of_clusters, of_clouds })
    }
}

fn read<T, E: Display>(
    source: &Source,
    read: impl Fn(&str) -> Result<T, E>,
    expected: &str,
) -> Result<T, Failure> {
    let text = files::text(source.open()?, LIMIT)?;
    read(&text).map_err(|error| {
        Failure::new(format!("{}: {error}", source.name())).hint(format!("expected {expected}"))
    })
}

/// Notices about entries dated after the check: the first ones, and the number of the others.
fn later_notices<N: Display>(
    source: &Source,
    entries: impl Iterator<Item = (usize, N, Option<Timestamp>)>,
) -> Vec<String> {
    const LISTED: usize = 3;
    let name = source.name();
    let mut notices = Vec::new();
    let mut more = 0_usize;
    for (number, entry, published) in entries {
        if notices.len() == LISTED {
            more = more.saturating_add(1);
            continue;
        }
        let day = published.map(|at| at.to_zoned(TimeZone::UTC).date().to_string()).unwrap_or_default();
        notices.push(format!("{name}: entry {number} ({entry}) is dated {day}, after the check; ignored"));
    }
    match more {
        0 => {}
        1 => notices.push(format!("{name}: 1 more entry is dated after the check; ignored")),
        more => {
            notices.push(format!("{name}: {more} more entries are dated after the check; ignored"));
        }
    }
    notices
}

/// A notice about unreadable entries.
fn left_out(source: &Source, broken: impl Iterator<Item = (usize, String)>) -> Option<String> {
    let broken: Vec<(usize, String)> = broken.collect();
    let (number, reason) = broken.first()?;
    let name = source.name();
    let more = match broken.len() {
        1 => String::new(),
        several => format!(" and {} more", several - 1),
    };
    Some(format!("{name}: ignored entry {number}{more}: {reason}"))
}
