//! Whether there is a key manager.

use scs_standards::CLOUD;

use super::super::Rec;
use super::super::evidence::offers;
use crate::subject::Cloud;

pub(super) const TYPE: &[&str] = &["key-manager"];

/// Whether there is a key manager to check; records a note if there is none, and a finding if that is unknown.
pub(super) fn has_key_manager(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    match offers(cloud, rec, TYPE) {
        Some(true) => true,
        Some(false) => {
            rec.note(CLOUD, "not applicable: there is no key manager");
            false
        }
        None => false,
    }
}
