//! Untrusted text in messages.

/// The beginning of a text, suitable for a message.
pub(crate) fn brief(text: &str) -> String {
    const MOST: usize = 80;
    let mut brief: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        brief.push('…');
    }
    brief
}
