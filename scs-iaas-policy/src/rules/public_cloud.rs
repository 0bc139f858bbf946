//! The topic for whether a cloud is open to the public, which affects rules for provider networks.

use scs_standards::{CLOUD, DeclaredValue, Fact, fact, needed_fact};

use super::Rec;

/// The topic for whether anybody can become a customer of the cloud.
pub(crate) const PUBLIC_CLOUD: &str = "public-cloud";
/// The question about the topic.
pub(crate) const KINDS: &str = "whether the cloud is open to the public, `public` or `private`";

/// Whether the cloud is public; `None` if that is not declared, or the declaration is unusable.
pub(crate) fn declared_public(rec: &Rec<'_>) -> Option<bool> {
    match fact(rec, &[PUBLIC_CLOUD]) {
        Fact::Declared(value) => kind(value),
        Fact::Undeclared | Fact::Unusable(_) => None,
    }
}

/// Whether the cloud is public; records a finding if unknown.
pub(crate) fn is_public(rec: &mut Rec<'_>) -> Option<bool> {
    let value = needed_fact(rec, &[PUBLIC_CLOUD], KINDS)?;
    let public = kind(value);
    if public.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{PUBLIC_CLOUD}` is neither `public` nor `private`"));
    }
    public
}

fn kind(value: &DeclaredValue) -> Option<bool> {
    match value {
        DeclaredValue::Flag(public) => Some(*public),
        value => scs_standards::either(value, "public", "private"),
    }
}
