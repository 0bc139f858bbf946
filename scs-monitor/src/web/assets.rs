//! `/assets/{hash}/{name}`: files that browsers may keep, since a changed one has another address.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::error::Error;
use super::query::Path;
use crate::page::assets::find;

const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) async fn show(Path((hash, name)): Path<(String, String)>) -> Result<Response, Error> {
    let asset = find(&hash, &name).ok_or_else(Error::not_found)?;
    Ok(([(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, FOREVER)], asset.text).into_response())
}
