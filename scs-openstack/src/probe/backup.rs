//! Backs up a volume and restores the backup.

use std::time::Duration;

use serde_json::json;

use super::end::{Ended, Found};
use super::steps::{New, Steps};
use crate::things::Kind;

/// The timeout of each step; the official suite waits 110 s.
const LIMIT: Duration = Duration::from_mins(2);

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<Found, Ended> {
    steps.tell("creates a volume");
    let name = steps.name("volume");
    let body = json!({"volume": {"name": name, "size": 1}});
    let new = New { kind: Kind::Volume, name, path: "/volumes", body, id: "/volume/id" };
    let (volume, _) = steps.made(new).await?;
    steps.ready(Kind::Volume, &volume, "available", LIMIT).await?;
    steps.tell("backs it up");
    let name = steps.name("backup");
    let body = json!({"backup": {"name": name, "volume_id": volume}});
    let new = New { kind: Kind::Backup, name, path: "/backups", body, id: "/backup/id" };
    let (backup, _) = steps.made(new).await?;
    steps.ready(Kind::Backup, &backup, "available", LIMIT).await?;
    steps.tell("restores the backup");
    let name = steps.name("restored");
    let body = json!({"restore": {"name": name}});
    let path = format!("/backups/{backup}/restore");
    let new = New { kind: Kind::Volume, name, path: &path, body, id: "/restore/volume_id" };
    let (restored, _) = steps.made(new).await?;
    steps.ready(Kind::Volume, &restored, "available", LIMIT).await?;
    steps.ready(Kind::Backup, &backup, "available", LIMIT).await?;
    steps.tell("deletes everything");
    Ok(Found::Nothing)
}
