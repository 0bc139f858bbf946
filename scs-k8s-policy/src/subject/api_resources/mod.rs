//! The resources that an API server serves, in any format of the API or `kubectl`.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

/// The known groups, versions and resources of an API server.
///
/// ```
/// use scs_k8s_policy::{ApiResources, Served};
///
/// let listed = ApiResources::read(
///     r#"[{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies", "kind": "NetworkPolicy"}]},
///         {"kind": "APIGroupList", "groups": [{"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}]}]}]"#,
/// )?;
/// assert_eq!(listed.serves("networking.k8s.io", "v1", "networkpolicies"), Served::Yes);
/// // Only groups are listed, not their resources.
/// assert_eq!(listed.serves("apps", "v1", "daemonsets"), Served::Unknown);
/// // The list of groups is complete.
/// assert_eq!(listed.has_group("policy.networking.k8s.io"), Served::No);
/// # Ok::<(), scs_k8s_policy::ReadApiResourcesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiResources {
    /// By group and version; `None` if the resources of a version are not listed.
    versions: BTreeMap<(String, String), Option<BTreeSet<String>>>,
    /// Whether the list of groups is complete.
    all_groups: bool,
    /// Whether a resource is only listed under one version, although others may have it.
    one_version: bool,
}

/// Whether a resource is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The lists do not show it.
    Unknown,
}

/// Error: not a list of resources.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadApiResourcesError {
    /// It is not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is of an unexpected type.
    #[error(
        "expected the output of `kubectl get --raw /apis/GROUP/VERSION`, `kubectl get --raw /apis` or `kubectl api-resources`, found {0}"
    )]
    Shape(String),
    /// The API server returned an error.
    #[error("the API server answered with an error: {0}")]
    Refused(String),
}

impl ApiResources {
    /// Whether a version of a group serves a resource, by its plural name.
    #[must_use]
    pub fn serves(&self, group: &str, version: &str, resource: &str) -> Served {
        match self.versions.get(&(group.to_owned(), version.to_owned())) {
            Some(Some(names)) if names.contains(resource) => Served::Yes,
            Some(Some(_)) if !self.one_version => Served::No,
            Some(None) => Served::Unknown,
            Some(Some(_)) | None => match self.serves_any(group, resource) {
                // Under another version, which may not be the only one.
                Served::Yes if self.one_version => Served::Unknown,
                Served::Yes if self.all_groups => Served::No,
                Served::Yes => Served::Unknown,
                known => known,
            },
        }
    }

    /// Whether any version of a group serves a resource.
    #[must_use]
    pub fn serves_any(&self, group: &str, resource: &str) -> Served {
        let mut known = if self.all_groups { Served::No } else { Served::Unknown };
        for (_, names) in self.versions.iter().filter(|((name, _), _)| name == group) {
            match names {
                Some(names) if names.contains(resource) => return Served::Yes,
                Some(_) => {}
                None => known = Served::Unknown,
            }
        }
        known
    }

    /// Whether a group is served in any version.
    #[must_use]
    pub fn has_group(&self, group: &str) -> Served {
        match self.versions_of(group).next() {
            Some(_) => Served::Yes,
            None if self.all_groups => Served::No,
            None => Served::Unknown,
        }
    }

    /// The listed versions of a group.
    pub fn versions_of(&self, group: &str) -> impl Iterator<Item = &str> {
        self.versions.keys().filter(move |(name, _)| name == group).map(|(_, version)| version.as_str())
    }
}

#[cfg(test)]
mod tests {
    use Served::{No, Unknown, Yes};
    use proptest::prelude::*;

    use serde_json::Value;

    use super::*;

    const GROUP: &str = "networking.k8s.io";

    fn read(json: &str) -> ApiResources {
        ApiResources::read(json).unwrap()
    }

    fn answers(listed: &ApiResources) -> [Served; 4] {
        [
            listed.serves(GROUP, "v1", "networkpolicies"),
            listed.serves(GROUP, "v1beta1", "networkpolicies"),
            listed.serves(GROUP, "v1", "nothing"),
            listed.has_group("policy.networking.k8s.io"),
        ]
    }

    #[test]
    fn each_format_is_parsed() {
        let resources = r#"{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies"}]}"#;
        assert_eq!(answers(&read(resources)), [Yes, Unknown, No, Unknown]);
        let groups = r#"{"kind": "APIGroupList", "groups": [{"name": "networking.k8s.io", "versions": [{"groupVersion": "networking.k8s.io/v1", "version": "v1"}]}]}"#;
        assert_eq!(answers(&read(groups)), [Unknown, Unknown, Unknown, No]);
        assert_eq!(answers(&read(&format!("[{groups}, {resources}]"))), [Yes, No, No, No]);
        assert_eq!(
            answers(&read(&format!(r#"[{resources}, "404 page not found\n", ""]"#))),
            answers(&read(resources))
        );
        let discovery = r#"{"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "networking.k8s.io"}, "versions": [{"version": "v1", "resources": [{"resource": "networkpolicies"}], "freshness": "Current"}]},
            {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]}]}"#;
        assert_eq!(answers(&read(discovery)), [Yes, No, No, No]);
        assert_eq!(read(discovery).serves_any("metrics.k8s.io", "nodes"), Unknown);
        let kubectl = r#"{"kind": "APIResourceList", "groupVersion": "", "resources": [{"name": "pods", "version": "v1"}, {"name": "networkpolicies", "group": "networking.k8s.io", "version": "v1"}]}"#;
        assert_eq!(answers(&read(kubectl)), [Yes, Unknown, No, No]);
    }

    #[test]
    fn kubectl_tables_are_parsed() {
        let table = "NAME SHORTNAMES APIVERSION NAMESPACED KIND VERBS CATEGORIES\n\
            pods             po      v1                     true   Pod            create,get  all\n\
            bindings                 v1                     true   Binding        create\n\
            networkpolicies  netpol  networking.k8s.io/v1   true   NetworkPolicy  create,get\n";
        let whole = read(&Value::from(table).to_string());
        assert_eq!(answers(&whole), [Yes, Unknown, No, No]);
        assert_eq!(whole.serves("", "v1", "bindings"), Yes);
        let cut = format!("{table}error: unable to retrieve the complete list of server APIs: x\n");
        assert_eq!(answers(&read(&Value::from(cut).to_string())), [Yes, Unknown, Unknown, Unknown]);
        // Only one group, if requested.
        let one = "networkpolicies  netpol  networking.k8s.io/v1   true   NetworkPolicy\n";
        assert_eq!(read(&Value::from(one).to_string()).has_group("apps"), Unknown);
    }

    #[test]
    fn unexpected_input_is_an_error() {
        for (json, expected) in [
            ("7", "found a number without `kind`"),
            ("[]", "an empty list"),
            ("[\"404 page not found\\n\"]", "an empty list"),
            ("\"404 page not found\\n\"", "another string"),
            (r#"{"kind": "Status", "message": "forbidden"}"#, "with an error: forbidden"),
            (r#"[{"kind": "Pod"}]"#, "found a `Pod`"),
            ("{", "not valid JSON"),
            (r#"{"kind": "APIGroupList", "groups": 7}"#, "not valid JSON"),
        ] {
            let error = ApiResources::read(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
        assert_eq!(read(r#"{"kind": "APIGroupList", "groups": null}"#).has_group("apps"), No);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", table in "([a-z/0-9.]{0,8} {0,3}(true|false)? {0,3}){0,12}\n?") {
            let _ = ApiResources::read(&text);
            let _ = ApiResources::read(&Value::from(table).to_string());
        }
    }
}
