//! The rules that a new security group has, for clouds that do not tell.

use serde_json::{Value, json};

use super::steps::Steps;
use super::{Ended, Found};
use crate::catalog::NETWORK;
use crate::document::Part;

pub(super) async fn rules(steps: &Steps<'_>) -> Result<Found, Ended> {
    steps.tell("makes a security group");
    let group = json!({"security_group": {"name": steps.name("group")}});
    let made = steps.made(NETWORK, "/security-groups", &group).await?;
    match made.pointer("/security_group/security_group_rules") {
        Some(Value::Array(rules)) => {
            Ok(Found::Part(Part::Json(Value::from(rules.clone()).to_string().into())))
        }
        _ => Err(Ended::Failed("the new security group does not tell its rules".to_owned())),
    }
}
