//! A file in the inventory, read in the expected format.

/// A file parsed in the expected format.
#[derive(Clone, Debug)]
pub enum Found<'a, T> {
    /// Unreadable: path and reason.
    Unusable(&'a str, String),
    /// Readable: path and content.
    File(&'a str, T),
}
