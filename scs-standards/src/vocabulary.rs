//! The errors of parsing a word of a closed vocabulary, such as the name of a level.

/// Defines the error of a `FromStr` that accepts the given words.
macro_rules! parse_error {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("expected {}, found `{found}`", $expected)]
        pub struct $name {
            found: String,
        }

        impl $name {
            fn new(found: &str) -> Self {
                Self { found: $crate::vocabulary::shortened(found) }
            }

            /// The text that was found, shortened to 80 characters.
            #[must_use]
            pub fn found(&self) -> &str {
                &self.found
            }
        }
    };
}
pub(crate) use parse_error;

/// Shortens a text to 80 characters.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
