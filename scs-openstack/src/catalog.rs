//! The service catalog of a token.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::config::CloudConfig;
use crate::http::RequestError;

/// A supported service: its types, newest first, and the API version used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Api {
    /// The type, for messages.
    pub(crate) name: &'static str,
    /// All its types in catalogs.
    types: &'static [&'static str],
    /// The path to append to a URL without a version; `{project}` is the project's id.
    version: &'static str,
}

pub(crate) const IDENTITY: Api = Api { name: "identity", types: &["identity"], version: "v3" };
pub(crate) const COMPUTE: Api = Api { name: "compute", types: &["compute"], version: "v2.1" };
pub(crate) const IMAGE: Api = Api { name: "image", types: &["image"], version: "v2" };
pub(crate) const NETWORK: Api = Api { name: "network", types: &["network"], version: "v2.0" };
pub(crate) const BLOCK_STORAGE: Api = Api {
    name: "block-storage",
    types: &["block-storage", "volumev3", "block-store", "volume"],
    version: "v3/{project}",
};
pub(crate) const KEY_MANAGER: Api = Api { name: "key-manager", types: &["key-manager"], version: "v1" };
pub(crate) const OBJECT_STORE: Api = Api { name: "object-store", types: &["object-store"], version: "" };

/// The catalog as returned by Keystone, and its parsed entries.
pub(crate) struct Catalog {
    pub(crate) raw: Box<RawValue>,
    services: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    endpoints: Vec<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(default)]
    interface: String,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    region_id: Option<String>,
    #[serde(default)]
    url: String,
}

impl Catalog {
    /// Parses it; an invalid entry does not affect the others.
    pub(crate) fn new(raw: Box<RawValue>) -> Self {
        let entries: Vec<Box<RawValue>> = serde_json::from_str(raw.get()).unwrap_or_default();
        let services = entries.iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()).collect();
        Self { raw, services }
    }

    /// Whether it has no services.
    pub(crate) fn is_empty(&self) -> bool {
        self.services.is_empty()
    }

    /// The regions of the services.
    pub(crate) fn regions(&self) -> BTreeSet<&str> {
        let endpoints = self.services.iter().flat_map(|service| &service.endpoints);
        let named = endpoints.flat_map(|endpoint| [&endpoint.region, &endpoint.region_id]);
        named.filter_map(|region| region.as_deref()).filter(|region| !region.is_empty()).collect()
    }

    /// The URL of an API, with its version.
    pub(crate) fn endpoint(
        &self,
        api: Api,
        cloud: &CloudConfig,
        project: Option<&str>,
    ) -> Result<Url, RequestError> {
        let named = api.types.iter().find_map(|known| cloud.endpoints.get(*known));
        let found = || api.types.iter().find_map(|known| self.address(known, cloud));
        let address = named.map(String::as_str).or_else(found);
        let no_service = || RequestError::NoService {
            service: api.name.to_owned(),
            interface: cloud.interface.name(),
            region: cloud.region.clone(),
        };
        let url = Url::parse(address.ok_or_else(no_service)?).map_err(|_| no_service())?;
        Ok(with_version(url, api, project))
    }

    fn address(&self, known: &str, cloud: &CloudConfig) -> Option<&str> {
        let here = |endpoint: &Endpoint| match &cloud.region {
            None => true,
            Some(region) => [&endpoint.region, &endpoint.region_id].contains(&&Some(region.clone())),
        };
        let interface =
            |endpoint: &Endpoint| endpoint.interface.trim_end_matches("URL") == cloud.interface.name();
        self.services
            .iter()
            .filter(|service| service.r#type == known)
            .flat_map(|service| &service.endpoints)
            .find(|endpoint| interface(endpoint) && here(endpoint))
            .map(|endpoint| endpoint.url.as_str())
    }
}

/// Whether a path segment is a version: `v3`, `v2.1`.
fn is_version(piece: &str) -> bool {
    piece.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// The URL with the API version added if missing, without a trailing slash.
fn with_version(mut url: Url, api: Api, project: Option<&str>) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    let versioned = path.split('/').any(is_version);
    let path = if versioned || api.version.is_empty() {
        path
    } else {
        format!("{path}/{}", api.version.replace("{project}", project.unwrap_or_default()))
    };
    url.set_path(path.trim_end_matches('/'));
    url
}

/// The URL of Keystone's v3 API, with or without a version in the configuration.
pub(crate) fn identity(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/');
    let path = match path.rsplit_once('/') {
        Some((before, last)) if is_version(last) => format!("{before}/v3"),
        _ => format!("{path}/v3"),
    };
    url.set_path(&path);
    url.set_query(None);
    url
}

/// A URL with a path appended.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(query);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_address(api: Api, given: &str, expected: &str) {
        let url = with_version(Url::parse(given).unwrap(), api, Some("p1"));
        assert_eq!(url.as_str(), expected);
    }

    #[test]
    fn urls_get_a_missing_version() {
        assert_address(IMAGE, "http://c:9292", "http://c:9292/v2");
        assert_address(IMAGE, "https://c/image/", "https://c/image/v2");
        assert_address(NETWORK, "http://c:9696/v2.0/", "http://c:9696/v2.0");
        assert_address(COMPUTE, "http://c/compute/v2.1", "http://c/compute/v2.1");
        assert_address(BLOCK_STORAGE, "http://c/volume", "http://c/volume/v3/p1");
        assert_address(BLOCK_STORAGE, "http://c/v3/p1", "http://c/v3/p1");
        assert_address(OBJECT_STORE, "http://c/swift/v1/AUTH_p1", "http://c/swift/v1/AUTH_p1");
    }

    #[test]
    fn keystone_is_used_at_version_3() {
        for given in ["http://c:5000", "http://c:5000/", "http://c:5000/v3/", "http://c:5000/v2.0"] {
            assert_eq!(identity(Url::parse(given).unwrap()).as_str(), "http://c:5000/v3", "{given}");
        }
        assert_eq!(identity(Url::parse("http://c/identity").unwrap()).as_str(), "http://c/identity/v3");
    }
}
