//! The topic whether a cloud is open to the public, on which the networks of a provider depend.

use scs_standards::{CLOUD, DeclaredValue, Fact, fact, needed_fact};

use super::Rec;

/// The topic that says whether anybody can become a customer of the cloud.
pub(crate) const PUBLIC_CLOUD: &str = "public-cloud";
/// What is asked about it.
pub(crate) const KINDS: &str = "whether the cloud is open to the public, `public` or `private`";

/// Whether the cloud is a public one; `None` where that is not said, or cannot be used.
pub(crate) fn said_public(rec: &Rec<'_>) -> Option<bool> {
    match fact(rec, &[PUBLIC_CLOUD]) {
        Fact::Declared(value) => kind(value),
        Fact::Undeclared | Fact::Unusable(_) => None,
    }
}

/// Whether the cloud is a public one; where that is not known, a finding says so.
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
