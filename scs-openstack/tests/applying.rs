//! Repairs: properties of flavors and images that are set, and those that are left unchanged.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use mock::{MockCloud, Reply, usual};
use scs_openstack::{ApplyError, apply_to_flavor, apply_to_image};
use scs_standards::Change;
use serde_json::json;

fn change(property: &str, value: Option<&str>) -> Change {
    Change { property: property.to_owned(), value: value.map(str::to_owned) }
}

#[tokio::test]
async fn only_different_extra_specs_of_flavors_are_set() {
    let cloud = MockCloud::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/compute/v2.1/flavors/f1/os-extra_specs") => {
            Reply::json(&json!({"extra_specs": {"scs:cpu-type": "shared-core", "old": "1"}}))
        }
        ("POST", "/compute/v2.1/flavors/f1/os-extra_specs") => Reply::json(&request.json()),
        ("DELETE", "/compute/v2.1/flavors/f1/os-extra_specs/old") => {
            Reply::Answer(200, Vec::new(), String::new())
        }
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    let changes = [
        change("scs:cpu-type", Some("shared-core")),
        change("scs:disk0-type", Some("ssd")),
        change("old", None),
    ];
    let applied = apply_to_flavor(&session, "f1", &changes).await.unwrap();
    assert_eq!(applied.len(), 2);
    assert_eq!((applied[0].before.as_deref(), applied[0].after.as_deref()), (None, Some("ssd")));
    let requests = cloud.requests();
    let posted = requests
        .iter()
        .find(|request| request.is("POST", "/compute/v2.1/flavors/f1/os-extra_specs"))
        .unwrap();
    assert_eq!(posted.json(), json!({"extra_specs": {"scs:disk0-type": "ssd"}}));
    // A name is not an id, and may be the id of another flavor.
    let error = apply_to_flavor(&session, "SCS-2V-8", &changes).await.unwrap_err();
    assert!(matches!(&error, ApplyError::Request { reason, .. } if reason.is_not_found()), "{error}");
}

#[tokio::test]
async fn images_get_all_changes_at_once() {
    let cloud = MockCloud::start(|request| match request.method.as_str() {
        "PATCH" => Reply::json(&json!({})),
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    let changes = [
        change("os_distro", Some("debian")),
        change("min_disk", Some("20")),
        change("os_purpose", Some("generic")),
        change("stale", None),
        change("tags", Some("a")),
        change("tags", Some("os:debian")),
    ];
    let applied = apply_to_image(&session, "i1", &changes).await.unwrap();
    assert_eq!(applied.len(), 4);
    let requests = cloud.requests();
    let patch = requests.iter().find(|request| request.method == "PATCH").unwrap();
    assert_eq!(patch.header("content-type"), Some("application/openstack-images-v2.1-json-patch"));
    assert_eq!(
        patch.json(),
        json!([
            {"op": "replace", "path": "/min_disk", "value": 20},
            {"op": "add", "path": "/os_purpose", "value": "generic"},
            {"op": "remove", "path": "/stale"},
            {"op": "replace", "path": "/tags", "value": ["a", "os:debian"]},
        ])
    );
    let error = apply_to_image(&session, "i1", &[change("min_ram", Some("much"))]).await.unwrap_err();
    assert!(matches!(error, ApplyError::Value { .. }), "{error}");
}

#[tokio::test]
async fn denied_changes_name_who_is_allowed() {
    let cloud = MockCloud::start(|request| match request.method.as_str() {
        "PATCH" => Reply::status(403, "You are not permitted to modify this image."),
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    let error = apply_to_image(&session, "i1", &[change("os_purpose", Some("generic"))]).await.unwrap_err();
    assert!(error.to_string().ends_with("it requires an administrator"), "{error}");
}
