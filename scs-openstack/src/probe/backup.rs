//! A volume that is backed up, and a backup that is restored.

use std::time::Duration;

use serde_json::json;

use super::steps::{Steps, text};
use super::{Ended, Found};
use crate::catalog::BLOCK_STORAGE;
use crate::things::Kind;

/// How long each step may take; the official suite waits 110 s.
const LIMIT: Duration = Duration::from_mins(2);

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<Found, Ended> {
    steps.tell("makes a volume");
    let volume = json!({"volume": {"name": steps.name("volume"), "size": 1}});
    let made = steps.made(BLOCK_STORAGE, "/volumes", &volume).await?;
    let volume = text(&made, "/volume/id")?;
    steps.ready(Kind::Volume, volume, "available", LIMIT).await?;
    steps.tell("backs it up");
    let backup = json!({"backup": {"name": steps.name("backup"), "volume_id": volume}});
    let made = steps.made(BLOCK_STORAGE, "/backups", &backup).await?;
    let backup = text(&made, "/backup/id")?;
    steps.ready(Kind::Backup, backup, "available", LIMIT).await?;
    steps.tell("restores the backup");
    let restore = json!({"restore": {"name": steps.name("restored")}});
    let path = format!("/backups/{backup}/restore");
    let made = steps.made(BLOCK_STORAGE, &path, &restore).await?;
    let restored = text(&made, "/restore/volume_id")?;
    steps.ready(Kind::Volume, restored, "available", LIMIT).await?;
    steps.ready(Kind::Backup, backup, "available", LIMIT).await?;
    steps.tell("deletes all of it");
    Ok(Found::Nothing)
}
