//! The groups and resources that the API server serves.

use scs_collector::Part;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::http::{Call, Http, JSON, RequestError};

/// The aggregated form, in one request, with the older forms after it.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// The groups whose resources rules read. In the old form, each version is a request.
const GROUPS: [&str; 2] = ["networking.k8s.io", "policy.networking.k8s.io"];

/// Fetches them in the aggregated form, or in the old one from servers before 1.27.
pub(super) async fn resources(http: &Http) -> Result<Part, RequestError> {
    let answer = match http.send(&Call::get("/apis").accept(AGGREGATED)).await {
        Err(RequestError::NotAcceptable { .. }) => http.send(&Call::get("/apis").accept(JSON)).await?,
        result => result?,
    };
    let groups: Value = answer.json("the API groups")?;
    if groups["kind"] == "APIGroupDiscoveryList" {
        return Ok(Part::Json(answer.text.into()));
    }
    if groups["kind"] != "APIGroupList" {
        return Err(RequestError::Unexpected {
            request: "GET /apis".to_owned(),
            expected: "the API groups".to_owned(),
            found: "other JSON".to_owned(),
        });
    }
    let mut pages = vec![answer.text.into_boxed_str()];
    for version in versions(&groups) {
        let answer = http.send(&Call::get(format!("/apis/{version}"))).await?;
        answer.json::<Box<RawValue>>("a list of resources")?;
        pages.push(answer.text.into());
    }
    Ok(Part::List(pages))
}

/// The versions of the groups.
fn versions(groups: &Value) -> Vec<String> {
    let groups = groups["groups"].as_array().into_iter().flatten();
    let groups = groups.filter(|group| group["name"].as_str().is_some_and(|name| GROUPS.contains(&name)));
    let versions = groups.flat_map(|group| group["versions"].as_array().into_iter().flatten());
    let is_plain =
        |version: &&str| version.bytes().all(|it| it.is_ascii_alphanumeric() || b"./-".contains(&it));
    versions.filter_map(|it| it["groupVersion"].as_str()).filter(is_plain).map(str::to_owned).collect()
}
