//! Stores, finds and deletes a secret.

use reqwest::Method;
use serde_json::json;

use super::end::{Ended, Found};
use super::steps::{New, Steps};
use crate::catalog::KEY_MANAGER;
use crate::things::{Kind, named};

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<Found, Ended> {
    let name = steps.name("secret");
    steps.tell("stores a secret");
    let body = json!({
        "name": name,
        "payload": "foo",
        "payload_content_type": "text/plain",
        "secret_type": "opaque",
    });
    let secret = New { kind: Kind::Secret, name: name.clone(), path: "/secrets", body, id: "/secret_ref" };
    let (id, _) = steps.made(secret).await?;
    steps.tell("lists it");
    let found = steps
        .until_canceled(async { Ok(named(steps.session, Kind::Secret, |known| known == name).await?) })
        .await?;
    if !found.iter().any(|secret| secret.id == id) {
        return Err(Ended::Failed("the secret was stored but cannot be found".to_owned()));
    }
    steps.tell("deletes it");
    let call = steps.session.call(KEY_MANAGER, Method::DELETE, &Kind::Secret.path(&id))?;
    steps.make(call).await?;
    steps.forget(&id);
    Ok(Found::Nothing)
}
