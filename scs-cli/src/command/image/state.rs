//! The state of an image in words.

/// The state of an image in tables. Findings and the calendar call an outdated image overdue; `outdated` is the word of the JSON
/// output.
pub(super) fn state_in_words(state: &'static str) -> &'static str {
    if state == "outdated" { "overdue" } else { state }
}
