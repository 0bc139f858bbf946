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

/// `1 block`, `2 blocks`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
