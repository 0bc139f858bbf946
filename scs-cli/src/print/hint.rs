//! Hints of findings, worded with the options of the program.

use scs_openstack::Probe;
use scs_registry::Kind;
use scs_registry::part::PartKind;
use scs_standards::{FactList, Hint};

/// The option that supplies the missing input; `None` if the message already says how to get it.
pub(crate) fn worded(hint: &Hint) -> Option<String> {
    match hint {
        Hint::Facts(list) => Some(facts(*list)),
        Hint::Part(part) => of_part(part),
        hint => Some(hint.to_string()),
    }
}

fn facts(list: FactList) -> String {
    match list {
        FactList::KubernetesReleases => {
            "`scs facts update` fetches newer releases; `--k8s-releases FILE` takes a list, as printed by \
             `gh api --paginate --slurp repos/kubernetes/kubernetes/releases | jq add`"
        }
        FactList::KubernetesEndsOfLife => {
            "`scs facts update` fetches newer end-of-life dates; `--k8s-eol FILE` takes a list of them"
        }
        FactList::KubernetesCves => {
            "`scs facts update` fetches CVE records; `--k8s-cves FILE` takes a JSON array of them; or update to the \
             newer release"
        }
        FactList::DistributionReleases => {
            "`scs facts update` fetches a newer release calendar; `scs image check --releases FILE` takes one"
        }
        FactList::MozillaTls => "`scs facts update` fetches the newest version of the profile",
        list => return Hint::Facts(list).to_string(),
    }
    .to_owned()
}

fn of_part(part: &str) -> Option<String> {
    if let Some(probe) = Probe::ALL.into_iter().find(|probe| probe.part() == part) {
        return Some(format!("`scs check --os-cloud NAME --probe {probe}` creates `{part}`"));
    }
    match part {
        "conformance_results" => {
            Some("`--conformance-results FILE` takes Sonobuoy's archive or JUnit XML".to_owned())
        }
        "earlier_images" => Some(
            "`scs image check --previous FILE` takes an earlier list; in an inventory it is `earlier_images`"
                .to_owned(),
        ),
        _ => {
            // Messages about clusters quote the command of `kubectl` themselves.
            let command = PartKind::of_key(Kind::Cloud, part)?.command()?;
            Some(format!("`{command}` prints `{part}`"))
        }
    }
}
