//! Interfaces of the endpoints in OpenStack's service catalog.

/// The interface of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Interface {
    /// For all users.
    #[default]
    Public,
    /// Within the provider's network.
    Internal,
    /// For administrators.
    Admin,
}

impl Interface {
    /// All interfaces.
    pub const ALL: [Self; 3] = [Self::Public, Self::Internal, Self::Admin];

    /// The name used in the catalog.
    ///
    /// ```
    /// assert_eq!(scs_standards::interface::Interface::Public.name(), "public");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }
}
