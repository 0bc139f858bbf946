//! Input files of the wrong kind, and the command that prints the right one.

use scs_registry::part::{Content, OtherContent, PartKind, recognize};

use crate::app::failure::Failure;

/// Rejects text that is clearly something other than a part of this kind.
pub(crate) fn refuse_others(name: &str, text: &str, wanted: PartKind) -> Result<(), Failure> {
    for document in recognize(text) {
        let other = match &document.content {
            Content::Part(part) => *part != wanted,
            // A list of this kind may be empty, and definitions of tools have formats of their own.
            Content::Unknown(_) | Content::Other(OtherContent::EmptyList | OtherContent::Names) => false,
            Content::Inventory(_) | Content::MixedList | Content::Other(_) => true,
            _ => false,
        };
        if other {
            return Err(refused(name, &document.content, Some(wanted)));
        }
    }
    Ok(())
}

/// The error for a file of another kind, with a hint; `wanted` is the kind that the command expects, or `None` if it accepts
/// all parts.
pub(crate) fn refused(name: &str, content: &Content, wanted: Option<PartKind>) -> Failure {
    let message = match wanted {
        Some(wanted) => format!("{name} is not a list of {wanted}: it is {content}"),
        None => format!("{name} is neither an inventory nor a part of one: it is {content}"),
    };
    let hint = hint(content, wanted);
    Failure::new(message).hint(hint)
}

fn hint(content: &Content, wanted: Option<PartKind>) -> String {
    let right = |wanted: Option<PartKind>| {
        let command = wanted.and_then(PartKind::command).unwrap_or("openstack flavor list --long -f json");
        format!("use the output of `{command}`")
    };
    match content {
        Content::Part(PartKind::Flavors) => "`scs flavor check` checks flavors".to_owned(),
        Content::Part(PartKind::Images) => "`scs image check` checks images".to_owned(),
        Content::Part(_) | Content::Inventory(_) | Content::MixedList => {
            "`scs check` checks inventories and all parts of them".to_owned()
        }
        Content::Other(other) => match other {
            OtherContent::Table | OtherContent::Csv => {
                let kubectl = "; for a cluster, `kubectl get nodes -o json`";
                let of_cluster = if wanted.is_none() { kubectl } else { "" };
                format!("add `-f json`: {}{of_cluster}", right(wanted))
            }
            OtherContent::Names => {
                format!("for lists of only names use `scs flavor check`; otherwise {}", right(wanted))
            }
            OtherContent::Terraform => format!("check the cloud itself: {}", right(wanted)),
            OtherContent::TestResults => {
                "`scs check --conformance-results FILE` reads those of a cluster; an inventory of a cloud has them as text under \
                 `tempest_results`"
                    .to_owned()
            }
            OtherContent::Kubeconfig => {
                "`scs k8s collect-script` prints the commands that create an inventory with it".to_owned()
            }
            OtherContent::CloudsYaml => "`scs check --os-cloud NAME` checks a cloud of this file".to_owned(),
            OtherContent::CheckResult if wanted.is_some() => {
                format!("give the list that was checked, not the report: {}", right(wanted))
            }
            OtherContent::CheckResult => "`scs certificate evaluate --results FILE` evaluates it".to_owned(),
            OtherContent::Report => "`scs report show` shows it".to_owned(),
            OtherContent::ScopeFile => "use `--scope FILE`".to_owned(),
            OtherContent::Declarations => "use `--declarations FILE`".to_owned(),
            OtherContent::SecurityGroupRules => {
                "add them to an inventory, under `security_group_rules_of_new_group` or `security_group_rules_of_default_group`"
                    .to_owned()
            }
            OtherContent::EmptyList => "name the file after the part, such as `volume-types.json` or `nodes.json`, or write `{\"volume_types\": []}`".to_owned(),
            OtherContent::KubernetesObjects(_) if wanted.is_none() => {
                "no rule uses these: leave the file out".to_owned()
            }
            OtherContent::Refusal(_) => "query the API again as a user with access".to_owned(),
            _ => right(wanted),
        },
        _ => right(wanted),
    }
}
