//! A component as the inventory shows it, with flags that may be unknown.

use std::borrow::Cow;

use super::running::Origin;
use crate::flags::{Flags, ReadFlagsError};
use crate::subject::ComponentKind;

/// A running component, or why its flags cannot be determined.
pub(super) struct Seen<'c> {
    pub(super) subject: String,
    pub(super) flags: Result<Cow<'c, Flags>, String>,
    pub(super) origin: Origin<'c>,
}

pub(super) fn unknown(kind: ComponentKind, error: &ReadFlagsError) -> String {
    format!("cannot determine the flags of this `{kind}`: {error}")
}
