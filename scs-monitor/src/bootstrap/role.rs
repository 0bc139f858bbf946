//! What an account may do beyond its own subject.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Something that an account may do for any subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Read what is not public.
    ReadAny,
    /// Post reports of subjects that delegate to the account.
    AppendAny,
    /// Manage the service.
    Admin,
    /// Approve results.
    Approve,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::ReadAny, Self::AppendAny, Self::Admin, Self::Approve];

    /// The name in bootstrap files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadAny => "read_any",
            Self::AppendAny => "append_any",
            Self::Admin => "admin",
            Self::Approve => "approve",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::ReadAny => 1,
            Self::AppendAny => 2,
            Self::Admin => 4,
            Self::Approve => 8,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error: unknown role.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown role `{0}`; expected read_any, append_any, admin or approve")]
pub struct ParseRoleError(String);

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| ParseRoleError(name.to_owned()))
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Whether a role is in the set.
    #[must_use]
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | role.bit()))
    }
}
