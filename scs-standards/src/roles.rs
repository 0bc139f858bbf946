//! Roles of OpenStack users. The standards require what an ordinary user can do, so the rights of others prove nothing.

/// The role of ordinary users in Keystone.
pub const MEMBER: &str = "member";

/// The roles with which the official test suite refuses to run.
pub const PRIVILEGED: [&str; 2] = ["admin", "manager"];

/// Why a user is not an ordinary one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOrdinary<'r> {
    /// The user has privileged roles.
    Privileged(Vec<&'r str>),
    /// The user does not have the role `member`.
    NoMember,
}

/// Why a user with these roles is not an ordinary one, like the official test suite; `None` for an ordinary user.
///
/// ```
/// use scs_standards::roles::{NotOrdinary, not_ordinary};
///
/// assert_eq!(not_ordinary(&["member", "reader"]), None);
/// assert_eq!(not_ordinary(&["member", "admin"]), Some(NotOrdinary::Privileged(vec!["admin"])));
/// assert_eq!(not_ordinary(&["reader"]), Some(NotOrdinary::NoMember));
/// ```
#[must_use]
pub fn not_ordinary<T: AsRef<str>>(roles: &[T]) -> Option<NotOrdinary<'_>> {
    let roles = || roles.iter().map(AsRef::as_ref);
    let privileged: Vec<&str> = roles().filter(|role| PRIVILEGED.contains(role)).collect();
    if !privileged.is_empty() {
        return Some(NotOrdinary::Privileged(privileged));
    }
    (!roles().any(|role| role == MEMBER)).then_some(NotOrdinary::NoMember)
}
