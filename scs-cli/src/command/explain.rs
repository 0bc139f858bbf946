//! `scs explain`: whatever has an id in an output, such as a rule, a test case, a document or a probe.

use clap::Args;
use jiff::tz::TimeZone;
use scs_facts::Key;
use scs_kubernetes::Right;
use scs_registry::docs::DocsStyle;
use scs_registry::explain::{Explanation, ProbeTopic, Topic, explain};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::fetched::{Fetched, ignored, origin};
use crate::source::live::Probe;

/// `scs explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs explain scs-0102-prop-min_disk       a rule or test case: what it asks, why, what passes and fails, how to repair it
  scs explain scs-0100-v3                  a version of a standard with its rules
  scs explain 0100                         a standard with its versions
  scs explain C-018                        a difference between `--profile text` and `--profile official`
  scs explain kubernetes                   a file of facts: what it holds and how old it is
  scs explain pvc                          a live probe: what it creates, and which rights it needs
  scs explain pods                         a part of an inventory: which rules need it
  scs explain SCS-open                     a certification level
  scs explain scs-0104-v1-2                a module of a scope
  scs explain level-sbom                   a topic of declarations

Exit status: 0 success, 2 nothing has the id.")]
pub(crate) struct Explain {
    /// Id of a rule, test case, document, standard, difference or module, or the name of a file of facts, a probe, a part of an
    /// inventory, a level or a topic of declarations
    #[arg(value_name = "ID")]
    id: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The options that replace a file of facts.
fn options(facts: &str) -> Option<&'static str> {
    match facts {
        "kubernetes" => Some(
            "`scs facts update` fetches newer data; `scs check` and `scs k8s` take them with `--k8s-releases`, `--k8s-eol` and `--k8s-cves`",
        ),
        "kubernetes-cves" => Some(
            "`scs facts update` fetches newer records; `scs check` and `scs k8s` take them with `--k8s-cves`",
        ),
        "releases" => {
            Some("`scs facts update` fetches a newer calendar; `scs image` takes one with `--releases`")
        }
        "mozilla-tls" => Some("`scs facts update` fetches newer versions"),
        "scs-compatible-iaas" | "scs-compatible-kaas" => Some(
            "`scs facts update` fetches the official file; `scs check` and `scs certificate` take it with `--scope`",
        ),
        _ => None,
    }
}

impl Explain {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let mut explanation = explain(&self.id, today).map_err(|error| {
            let hint = error.meant.as_ref().map_or_else(
                || {
                    "`scs standards list` lists documents, `scs standards docs rules` lists rules and test cases, \
                     `scs facts list` facts, `scs certificate questionnaire` declarations"
                        .to_owned()
                },
                |meant| format!("did you mean `{meant}`?"),
            );
            Failure::new(error.to_string()).hint(hint)
        })?;
        for topic in &mut explanation.topics {
            if let Topic::Probe(probe) = topic {
                complete(probe);
            }
        }
        let text = |_| explanation.text() + &replaced_by(&explanation);
        let markdown = || explanation.markdown(&DocsStyle::default());
        listing::print_with(common, self.format, &explanation, text, markdown)?;
        Ok(Exit::Success)
    }
}

/// The fetched editions of a file of facts.
fn fetched(facts: &str) -> &'static [Key] {
    match facts {
        "kubernetes" => &[Key::KubernetesReleases, Key::KubernetesEndsOfLife],
        "kubernetes-cves" => &[Key::KubernetesCves],
        "releases" => &[Key::DistributionReleases],
        "mozilla-tls" => &[Key::MozillaTls],
        "scs-compatible-iaas" => &[Key::ScsCompatibleIaas],
        "scs-compatible-kaas" => &[Key::ScsCompatibleKaas],
        _ => &[],
    }
}

/// Adds what the collectors know about a probe.
fn complete(topic: &mut ProbeTopic) {
    match topic.name.parse::<Probe>() {
        Ok(Probe::Cloud(probe)) => {
            probe.plan().clone_into(&mut topic.plan);
            topic.rights = vec![probe.needs().to_owned()];
            "at the end, after a failure and after Ctrl-C; `scs cleanup --os-cloud NAME` deletes what a crashed run left behind, by \
             the name of the run".clone_into(&mut topic.cleanup);
        }
        Ok(Probe::Cluster(probe)) => {
            probe.plan().clone_into(&mut topic.plan);
            let optional = |right: &Right| if right.optional { " (optional)" } else { "" };
            topic.rights = probe.rights().iter().map(|right| format!("{right}{}", optional(right))).collect();
            topic.rights.push(format!("`scs k8s rights --probe {probe}` prints them as a role"));
            "at the end, after a failure and after Ctrl-C; `scs cleanup --context NAME` deletes what a crashed run left behind: \
             namespaces with the name of a run and the label `scs.community/probe`".clone_into(&mut topic.cleanup);
        }
        Err(_) => {}
    }
}

/// How a file of facts is replaced, and what has been fetched.
fn replaced_by(explanation: &Explanation) -> String {
    let mut text = String::new();
    for topic in &explanation.topics {
        let Topic::Facts(facts) = topic else { continue };
        if let Some(options) = options(&facts.name) {
            text.extend(["Replace:     ", options, "\n"]);
        }
        for key in fetched(&facts.name) {
            let line = match Fetched::from_environment().stored(*key) {
                Ok(None) => continue,
                Ok(Some(stored)) => origin(&stored),
                Err(broken) => ignored(&broken),
            };
            text.extend(["Fetched:     ", &line, "\n"]);
        }
    }
    text
}
