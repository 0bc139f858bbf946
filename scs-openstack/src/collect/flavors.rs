//! Flavors with their extra specs.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};

use super::pages::{self, List};
use super::scrub::scrubbed;
use crate::catalog::COMPUTE;
use crate::http::RequestError;
use crate::session::Session;
use scs_collector::Part;

/// Since microversion 2.61, the list includes extra specs. Administrators also see private flavors; the request is allowed
/// for others as well.
const WITH_SPECS: List = List::new(COMPUTE, "/flavors/detail?is_public=None", "flavors")
    .header("openstack-api-version", "compute 2.61");
const WITHOUT_SPECS: List = List::new(COMPUTE, "/flavors/detail?is_public=None", "flavors");

pub(super) async fn flavors(session: &Session) -> Result<Part, RequestError> {
    match pages::all(session, "flavors", WITH_SPECS).await {
        // Nova before Rocky does not support the microversion.
        Err(RequestError::Status { status, .. }) if status == StatusCode::NOT_ACCEPTABLE.as_u16() => {
            one_by_one(session).await
        }
        result => result,
    }
}

/// Like `flavors`, with a request for the extra specs of each flavor.
async fn one_by_one(session: &Session) -> Result<Part, RequestError> {
    let mut flavors: Vec<Map<String, Value>> = Vec::new();
    pages::each(
        session,
        WITHOUT_SPECS,
        |entries, _| {
            flavors.extend(entries.iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()));
        },
        |_| {},
    )
    .await?;
    let completed = stream::iter(flavors)
        .map(|mut flavor| async move {
            let id = flavor.get("id").and_then(Value::as_str).unwrap_or_default();
            let call = session.call(COMPUTE, Method::GET, &format!("/flavors/{id}/os-extra_specs"))?;
            let specs: Value = session.send(call.counted()).await?.ok()?.json("extra specs")?;
            flavor.insert("extra_specs".to_owned(), specs.get("extra_specs").cloned().unwrap_or_default());
            Ok(scrubbed(session, &Value::Object(flavor).to_string()))
        })
        .buffered(session.options.parallel.max(1));
    completed.try_collect().await.map(Part::List)
}
