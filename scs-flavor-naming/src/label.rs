//! Kubernetes label values, because of which version 2 changed the separators (scs-0100-v3, *Previous
//! standard versions*).

/// Whether a text is a valid value of a Kubernetes label: at most 63 letters, digits, `-`, `_` and `.`, with a letter or
/// digit at both ends. `SCS-2C-4-` is a flavor name but not a label value (C-022).
///
/// ```
/// use scs_flavor_naming::is_label_value;
/// assert!(is_label_value("SCS-2C-4-10n_z3"));
/// assert!(!is_label_value("SCS-2C-4-"));
/// assert!(!is_label_value("SCS-2C:4"));
/// ```
#[must_use]
pub fn is_label_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    bytes.len() <= 63
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
