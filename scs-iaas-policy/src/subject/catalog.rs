//! The service catalog.

use scs_standards::interface::Interface;
use scs_standards::{Given, Listed};
use serde::Deserialize;

/// An entry of the service catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The type, such as `block-storage`; the client prints the key as `Type`.
    #[serde(alias = "Type")]
    pub r#type: String,
    /// The provider's name of the service.
    #[serde(default, alias = "Name")]
    pub name: Option<String>,
    /// Whether the catalog shows it to users; true by default.
    #[serde(default, alias = "Enabled")]
    pub enabled: Option<bool>,
    /// Its endpoints; lists of services do not have them.
    #[serde(default, alias = "Endpoints")]
    pub endpoints: Option<Vec<Endpoint>>,
}

/// An endpoint of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Endpoint {
    /// The UUID.
    #[serde(default)]
    pub id: Option<String>,
    /// The interface.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The region id, as named by Keystone since version 3.
    #[serde(default)]
    pub region_id: Option<String>,
    /// The URL.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether the catalog shows it to users; true by default.
    #[serde(default)]
    pub enabled: Option<bool>,
}

impl Endpoint {
    /// The region; an empty name means no region.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        let named = [self.region.as_deref(), self.region_id.as_deref()];
        named.into_iter().flatten().find(|region| !region.trim().is_empty())
    }

    /// Whether it has an HTTP URL with a host.
    #[must_use]
    pub fn has_address(&self) -> bool {
        self.url.as_deref().is_some_and(|url| host_of(url).is_some())
    }
}

/// The host of an HTTP URL; `None` if the text is not such a URL.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(address) => address.split_once(']').map(|(address, _)| address)?,
        None => host.split(':').next()?,
    };
    let is_http = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let is_host = host.chars().any(char::is_alphanumeric) && !host.chars().any(char::is_whitespace);
    (is_http && is_host).then_some(host)
}

impl Service {
    /// Its endpoints that users see.
    pub fn shown_endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().flatten().filter(|endpoint| endpoint.enabled != Some(false))
    }

    /// Its endpoints for an interface.
    pub fn endpoints_of(&self, interface: Interface) -> impl Iterator<Item = &Endpoint> {
        self.shown_endpoints().filter(move |endpoint| endpoint.interface == Some(interface))
    }
}

/// The catalog as users see it, and the types of services hidden from it because they are disabled.
pub(crate) fn shown(services: Given<Listed<Service>>) -> (Given<Listed<Service>>, Vec<String>) {
    let Given::Data(listed) = services else { return (services, Vec::new()) };
    let (entries, broken) = listed.into_parts();
    let (disabled, entries): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|service: &Service| service.enabled == Some(false));
    let disabled = disabled.into_iter().map(|service| service.r#type).collect();
    (Given::Data(Listed::new(entries, broken)), disabled)
}
