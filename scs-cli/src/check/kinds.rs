//! Files of the wrong kind, and the command that prints the right one.

use scs_registry::part::{Content, OtherContent};

use crate::failure::Failure;

/// What is wrong with a file of another kind, and what to give in its place.
pub(super) fn refused(name: &str, content: &Content) -> Failure {
    Failure::new(format!("{name} is neither an inventory nor a part of one: it is {content}")).hint(hint(content))
}

/// What prints a part in a form that is read.
const RIGHT: &str = "`openstack flavor list --long -f json` and `kubectl get nodes -o json` print parts that are read";

fn hint(content: &Content) -> String {
    match content {
        Content::Other(other) => match other {
            OtherContent::Table | OtherContent::Csv => format!("add `-f json` or `-o json`: {RIGHT}"),
            OtherContent::Names => {
                format!("`scs flavor check` checks names of flavors; {RIGHT}")
            }
            OtherContent::Terraform => format!("check what the cloud has: {RIGHT}"),
            OtherContent::TestResults => {
                "`scs check --conformance-results FILE` takes those of a cluster; an inventory of a cloud has them as a text under \
                 `tempest_results`"
                    .to_owned()
            }
            OtherContent::Kubeconfig => {
                "`scs k8s collect-script` prints the commands that make an inventory with it".to_owned()
            }
            OtherContent::CloudsYaml => "`scs check --os-cloud NAME` asks a cloud of this file".to_owned(),
            OtherContent::CheckResult => "`scs certificate evaluate --results FILE` evaluates it".to_owned(),
            OtherContent::Report => "`scs report show` shows it".to_owned(),
            OtherContent::ScopeFile => "give it as `--scope FILE`".to_owned(),
            OtherContent::Declarations => "give them as `--declarations FILE`".to_owned(),
            OtherContent::SecurityGroupRules => {
                "put them into an inventory, under `security_group_rules_of_new_group` or `security_group_rules_of_default_group`"
                    .to_owned()
            }
            OtherContent::EmptyList => "say of what: `{\"flavors\": []}`".to_owned(),
            OtherContent::Refusal(_) => "ask the API again, as a user who may read it".to_owned(),
            _ => RIGHT.to_owned(),
        },
        _ => RIGHT.to_owned(),
    }
}
