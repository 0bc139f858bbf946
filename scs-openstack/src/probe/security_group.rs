//! Shows the rules of a new security group, for clouds without rule templates.

use serde_json::{Value, json};

use super::end::{Ended, Found};
use super::steps::{New, Steps};
use crate::things::Kind;
use scs_collector::Part;

pub(super) async fn rules(steps: &Steps<'_>) -> Result<Found, Ended> {
    steps.tell("creates a security group");
    let name = steps.name("group");
    let body = json!({"security_group": {"name": name}});
    let id = "/security_group/id";
    let group = New { kind: Kind::SecurityGroup, name, path: "/security-groups", body, id };
    let (_, made) = steps.made(group).await?;
    match made.pointer("/security_group/security_group_rules") {
        Some(Value::Array(rules)) => {
            Ok(Found::Part(Part::Json(Value::from(rules.clone()).to_string().into())))
        }
        _ => Err(Ended::Failed("the new security group does not show its rules".to_owned())),
    }
}
