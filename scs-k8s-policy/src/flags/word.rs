//! The words of a container command, with variables that Kubernetes replaces.

use std::collections::BTreeMap;

/// The variables of a container; `None` for values from other sources.
pub(crate) type Environment = BTreeMap<String, Option<String>>;

/// The programs that run scripts.
pub(super) const SHELLS: [&str; 6] = ["sh", "ash", "bash", "dash", "ksh", "zsh"];

/// A word after Kubernetes has replaced its variables.
#[derive(Clone)]
pub(super) enum Word {
    Text(String),
    /// The text before an unknown variable, and its name.
    Unknown(String, String),
}

impl Word {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unknown(..) => None,
        }
    }

    pub(super) fn file_name(&self) -> Option<&str> {
        self.text()?.rsplit('/').next()
    }

    /// The known prefix.
    pub(super) fn flag_text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Unknown(text, _) => text,
        }
    }

    pub(super) fn is_shell(&self) -> bool {
        self.file_name().is_some_and(|name| SHELLS.contains(&name))
    }
}

/// A word with `$(NAME)` replaced, as by the kubelet: `$$` is a `$`, and unknown names are left unchanged.
pub(super) fn replaced(word: &str, environment: &Environment) -> Word {
    let mut text = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        if let Some(after) = behind.strip_prefix('$') {
            text.push('$');
            rest = after;
        } else if let Some((name, after)) = behind.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match environment.get(name) {
                Some(Some(value)) => text.push_str(value),
                Some(None) => return Word::Unknown(text, name.to_owned()),
                None => {
                    text.push_str("$(");
                    text.push_str(name);
                    text.push(')');
                }
            }
            rest = after;
        } else {
            text.push('$');
            rest = behind;
        }
    }
    text.push_str(rest);
    Word::Text(text)
}
