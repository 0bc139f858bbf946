//! A secret that is stored, found and deleted.

use reqwest::Method;
use serde_json::json;

use super::steps::{Steps, text};
use super::{Ended, Found};
use crate::catalog::KEY_MANAGER;
use crate::things::{Kind, last_piece, named};

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<Found, Ended> {
    let name = steps.name("secret");
    steps.tell("stores a secret");
    let secret = json!({
        "name": name,
        "payload": "foo",
        "payload_content_type": "text/plain",
        "secret_type": "opaque",
    });
    let made = steps.made(KEY_MANAGER, "/secrets", &secret).await?;
    let id = last_piece(text(&made, "/secret_ref")?).unwrap_or_default().to_owned();
    steps.tell("looks for it");
    let found = steps
        .until_cancelled(async { Ok(named(steps.session, Kind::Secret, |known| known == name).await?) })
        .await?;
    if !found.iter().any(|secret| secret.id == id) {
        return Err(Ended::Failed("the secret was stored and cannot be found".to_owned()));
    }
    steps.tell("deletes it");
    let call = steps.session.call(KEY_MANAGER, Method::DELETE, &Kind::Secret.path(&id))?;
    steps.make(call).await?;
    Ok(Found::Nothing)
}
