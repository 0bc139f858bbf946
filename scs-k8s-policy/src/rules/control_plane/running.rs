//! A component with known flags, which rules judge and fixes change.

use std::borrow::Cow;

use crate::flags::{Flags, ReadFlagsError};
use crate::owner::Owner;
use crate::rules::Rec;
use crate::subject::{Component, ComponentKind, Node};

/// A running component with known flags.
pub(in crate::rules) struct Running<'c> {
    /// Its name in findings.
    pub(in crate::rules) subject: String,
    pub(in crate::rules) flags: Cow<'c, Flags>,
    pub(in crate::rules) kind: ComponentKind,
    pub(in crate::rules) origin: Origin<'c>,
    /// The owner of its flags.
    pub(in crate::rules) owner: Owner,
    /// Whether k3s or RKE2 has arguments for it on its node.
    pub(in crate::rules) has_arguments: bool,
}

/// The source of a component.
pub(in crate::rules) enum Origin<'c> {
    Pod(&'c Component),
    K3s(&'c Node),
    Declared,
}

impl Running<'_> {
    /// A value of its flags; records a finding if unknown.
    pub(in crate::rules) fn known<T>(
        &self,
        rec: &mut Rec<'_>,
        value: Result<T, ReadFlagsError>,
    ) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                rec.dnf(&self.subject, error.to_string());
                None
            }
        }
    }

    /// The words of the container's command, which the official suite checks.
    pub(in crate::rules) fn command(&self) -> Option<&[String]> {
        match self.origin {
            Origin::Pod(component) => Some(&component.command),
            Origin::K3s(_) | Origin::Declared => None,
        }
    }

    /// The flags that are not set, or empty.
    pub(in crate::rules) fn lacking(
        &self,
        flags: &[(&'static str, &'static str)],
    ) -> Vec<(&'static str, &'static str)> {
        let lacks = |flag: &str| matches!(self.flags.text(flag), Ok(None | Some("")));
        flags.iter().copied().filter(|(flag, _)| lacks(flag)).collect()
    }

    /// A flag as written in the command.
    pub(in crate::rules) fn shown(&self, flag: &str) -> String {
        match self.flags.text(flag) {
            Ok(None) => "not set".to_owned(),
            Ok(Some("")) => format!("--{flag}"),
            Ok(Some(value)) => format!("--{flag}={value}"),
            Err(error) => error.to_string(),
        }
    }
}
