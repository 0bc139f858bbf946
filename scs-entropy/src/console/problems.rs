//! Messages about unreadable lines.

use super::line::MARKER;
use crate::words::brief;

/// Messages, limited in number.
#[derive(Debug, Default)]
pub(super) struct Problems {
    messages: Vec<String>,
    more: u64,
}

impl Problems {
    const MOST: usize = 20;

    pub(super) fn report(&mut self, problem: String) {
        if self.messages.contains(&problem) {
            return;
        }
        if self.messages.len() < Self::MOST {
            self.messages.push(problem);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn into_sentences(mut self) -> Vec<String> {
        if self.more > 0 {
            self.messages.push(format!("… and {} more like this", self.more));
        }
        self.messages
    }
}

/// A line, quoted for a message.
pub(super) fn quoted(section: &str, text: &str) -> String {
    format!("`{MARKER}{}: {}`", brief(section), brief(text))
}
