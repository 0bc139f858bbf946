//! Networks, subnets, subnet pools and security group rules as Neutron returns them.

use serde::Deserialize;

/// A security group rule, or a rule template, as returned by Neutron or listed by the client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SecurityGroupRule {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// `ingress` or `egress`.
    #[serde(default, alias = "Direction")]
    pub direction: Option<String>,
    /// `IPv4` or `IPv6`.
    #[serde(default, alias = "Ethertype")]
    pub ethertype: Option<String>,
    /// The remote group; `PARENT` in a template means the group that the rule will be in.
    #[serde(default, alias = "Remote Security Group")]
    pub remote_group_id: Option<String>,
    /// The remote address group.
    #[serde(default, alias = "Remote Address Group")]
    pub remote_address_group_id: Option<String>,
    /// The remote IP prefix.
    #[serde(default, alias = "IP Range")]
    pub remote_ip_prefix: Option<String>,
    /// The protocol; all if not set.
    #[serde(default, alias = "IP Protocol", deserialize_with = "text_or_number")]
    pub protocol: Option<String>,
    /// First and last port as printed by the client, such as `22:22`.
    #[serde(default, alias = "Port Range")]
    pub port_range: Option<String>,
    /// The first port.
    #[serde(default)]
    pub port_range_min: Option<i64>,
    /// The last port.
    #[serde(default)]
    pub port_range_max: Option<i64>,
    /// The group that the rule is in.
    #[serde(default, alias = "Security Group")]
    pub security_group_id: Option<String>,
    /// For a template: whether the default group of a project gets it.
    #[serde(default, alias = "Used in default Security Group")]
    pub used_in_default_sg: Option<bool>,
    /// For a template: whether other groups get it.
    #[serde(default, alias = "Used in custom Security Group")]
    pub used_in_non_default_sg: Option<bool>,
}

/// Protocols are names or numbers.
fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    Ok(Option::<Either>::deserialize(deserializer)?.map(|either| match either {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    }))
}

/// A network that the project sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Network {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, alias = "Name")]
    pub name: String,
    /// Whether it is external, so routers can use it as their gateway.
    #[serde(default, rename = "router:external", alias = "Router Type", deserialize_with = "external")]
    pub external: Option<bool>,
    /// Whether it is shared with all projects.
    #[serde(default, alias = "Shared")]
    pub shared: Option<bool>,
    /// Whether it is the default.
    #[serde(default)]
    pub is_default: Option<bool>,
    /// Whether port security is enabled.
    #[serde(default)]
    pub port_security_enabled: Option<bool>,
    /// The project that owns it.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The UUIDs of its subnets.
    #[serde(default, alias = "Subnets")]
    pub subnets: Vec<String>,
}

/// `true`, or `External` as printed by the client.
fn external<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Flag(bool),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Either::Flag(external)) => Ok(Some(external)),
        Some(Either::Text(text)) => match text.as_str() {
            "External" => Ok(Some(true)),
            "Internal" => Ok(Some(false)),
            other => Err(serde::de::Error::custom(format!("`{other}` is neither External nor Internal"))),
        },
    }
}

impl Network {
    /// Whether it is a provider network: external or shared.
    #[must_use]
    pub fn is_of_provider(&self) -> bool {
        self.external == Some(true) || self.shared == Some(true)
    }
}

/// A subnet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Subnet {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, alias = "Name")]
    pub name: String,
    /// The UUID of its network.
    #[serde(default, alias = "Network")]
    pub network_id: Option<String>,
    /// The IP version, 4 or 6.
    #[serde(default, alias = "IP Version")]
    pub ip_version: Option<u8>,
    /// The prefixes.
    #[serde(default, alias = "Subnet")]
    pub cidr: Option<String>,
    /// The DNS servers that DHCP announces.
    #[serde(default, alias = "Name Servers")]
    pub dns_nameservers: Vec<String>,
    /// Whether DHCP is enabled.
    #[serde(default, alias = "DHCP")]
    pub enable_dhcp: Option<bool>,
}

/// A subnet pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SubnetPool {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, alias = "Name")]
    pub name: String,
    /// The IP version, 4 or 6.
    #[serde(default)]
    pub ip_version: Option<u8>,
    /// Whether it is shared with all projects.
    #[serde(default, alias = "Shared")]
    pub shared: Option<bool>,
    /// Whether it is the default.
    #[serde(default, alias = "Default Subnet Pool")]
    pub is_default: Option<bool>,
    /// The prefixes.
    #[serde(default, alias = "Prefixes")]
    pub prefixes: Vec<String>,
    /// The default prefix length of a subnet.
    #[serde(default, alias = "Default Prefix Length", deserialize_with = "number_or_text")]
    pub default_prefixlen: Option<u8>,
    /// The minimum prefix length of a subnet.
    #[serde(default, deserialize_with = "number_or_text")]
    pub min_prefixlen: Option<u8>,
    /// The maximum prefix length of a subnet.
    #[serde(default, deserialize_with = "number_or_text")]
    pub max_prefixlen: Option<u8>,
    /// The quota of each project; for IPv6, in /64s.
    #[serde(default)]
    pub default_quota: Option<u64>,
}

/// Older releases of Neutron return prefix lengths as strings.
fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u8),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Either::Number(number)) => Ok(Some(number)),
        Some(Either::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// An extension of Neutron's API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Extension {
    /// Its alias, such as `dns-integration`.
    #[serde(alias = "Alias")]
    pub alias: String,
}
