//! The catalogue of services.

use serde::Deserialize;

/// An entry of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// The type, such as `block-storage`; the client writes it with a capital.
    #[serde(alias = "Type")]
    pub r#type: String,
    /// What the provider calls it.
    #[serde(default, alias = "Name")]
    pub name: Option<String>,
    /// Where it answers.
    #[serde(default, alias = "Endpoints")]
    pub endpoints: Vec<Endpoint>,
}

/// An address of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Endpoint {
    /// The id.
    #[serde(default)]
    pub id: Option<String>,
    /// For whom.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// Where.
    #[serde(default)]
    pub region: Option<String>,
    /// The same, as Keystone names it since version 3.
    #[serde(default)]
    pub region_id: Option<String>,
    /// The address.
    #[serde(default)]
    pub url: Option<String>,
}

/// For whom an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interface {
    /// For everybody.
    Public,
    /// Within the provider's network.
    Internal,
    /// For administrators.
    Admin,
}

impl Interface {
    /// The word of the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }
}

impl Endpoint {
    /// Where it is.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.region.as_deref().or(self.region_id.as_deref())
    }
}

impl Service {
    /// Its endpoints of an interface.
    pub fn endpoints_of(&self, interface: Interface) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.interface == Some(interface))
    }
}
