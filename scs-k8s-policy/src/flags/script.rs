//! Splits shell scripts with a single command into words.

use super::error::ReadFlagsError;

/// A word of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Text(String),
    /// `"$@"`: the parameters of the script, each a separate word.
    Parameters,
}

/// The placeholder for `"$@"` while splitting words; words of a command cannot contain it.
const PARAMETERS: char = '\0';

/// The words of a script, if it is one command without anything for a shell to evaluate.
pub(super) fn words(script: &str) -> Result<Vec<Word>, ReadFlagsError> {
    let joined = one_command(script.trim())?;
    let words =
        shlex::split(&joined).ok_or_else(|| ReadFlagsError::Script("an unclosed quote".to_owned()))?;
    let word = |word: String| if word.starts_with(PARAMETERS) { Word::Parameters } else { Word::Text(word) };
    Ok(words.into_iter().map(word).collect())
}

/// Whether a word sets a variable for the command after it.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    })
}

/// The script without line continuations, if it has nothing for a shell to evaluate.
fn one_command(script: &str) -> Result<String, ReadFlagsError> {
    let mut joined = String::with_capacity(script.len());
    let mut quote = None;
    let mut characters = script.chars();
    // The start of a word, where `#` starts a comment and `~` is a directory.
    let mut starts = true;
    while let Some(character) = characters.next() {
        if let (None, '"', true) = (quote, character, starts)
            && let Some(rest) = characters.as_str().strip_prefix("$@\"")
            && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
        {
            joined.push(PARAMETERS);
            characters = rest.chars();
            starts = false;
            continue;
        }
        let refused = match (quote, character) {
            (_, PARAMETERS) => Some("an invalid character"),
            (Some('\''), _) => None,
            (_, '\\') => match characters.next() {
                // A line continuation.
                Some('\n') => continue,
                Some(escaped) => {
                    joined.extend(['\\', escaped]);
                    starts = false;
                    continue;
                }
                None => Some("a trailing backslash"),
            },
            (_, '$') => Some("variables or substitutions (`$`)"),
            (_, '`') => Some("a substitution (backquotes)"),
            (None, '|') => Some("a pipe or an alternative (`|`)"),
            (None, '&') => Some("`&`"),
            (None, ';' | '\n') => Some("several commands"),
            (None, '<' | '>') => Some("a redirection"),
            (None, '(' | ')') => Some("parentheses"),
            (None, '{' | '}') => Some("braces"),
            (None, '[' | ']' | '?') => Some("a glob pattern"),
            (None, '#') if starts => Some("a comment"),
            (None, '~') if starts => Some("a home directory (`~`)"),
            _ => None,
        };
        if let Some(what) = refused {
            return Err(ReadFlagsError::Script(what.to_owned()));
        }
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        starts = quote.is_none() && matches!(character, ' ' | '\t' | '\r');
        joined.push(character);
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_command_is_split_into_words() {
        for (script, expected) in [
            ("exec kube-apiserver --a=b", vec!["exec", "kube-apiserver", "--a=b"]),
            (
                "  kube-apiserver --a='b c' \\\n  --d \"e,f\"\n",
                vec!["kube-apiserver", "--a=b c", "--d", "e,f"],
            ),
            ("GOGC=50 exec etcd --x=it\\'s", vec!["GOGC=50", "exec", "etcd", "--x=it's"]),
            ("etcd --x='$(a) | b; c' --y=\"\\$z\"", vec!["etcd", "--x=$(a) | b; c", "--y=$z"]),
            ("etcd --controllers=*,-ttl --x=a#b", vec!["etcd", "--controllers=*,-ttl", "--x=a#b"]),
            ("", vec![]),
        ] {
            let expected = expected.into_iter().map(|word| Word::Text(word.to_owned())).collect();
            assert_eq!(words(script), Ok(expected), "{script}");
        }
        assert_eq!(words("etcd \"$@\"").unwrap().last(), Some(&Word::Parameters));
        assert_eq!(words("etcd '\"$@\"'").unwrap().last(), Some(&Word::Text("\"$@\"".to_owned())));
    }

    #[test]
    fn scripts_are_not_evaluated() {
        for (script, expected) in [
            ("kube-apiserver --a=$B", "`$`"),
            ("kube-apiserver --a=\"$(cat b)\"", "`$`"),
            ("kube-apiserver --a=`cat b`", "backquotes"),
            ("kube-apiserver --a | tee log", "a pipe"),
            ("set -e; kube-apiserver", "several commands"),
            ("set -e\nkube-apiserver", "several commands"),
            ("kube-apiserver && true", "`&`"),
            ("kube-apiserver 2>&1", "a redirection"),
            ("kube-apiserver --a={b,c}", "braces"),
            ("kube-apiserver # --a", "a comment"),
            ("kube-apiserver --a='b", "an unclosed quote"),
            ("kube-apiserver \\", "a trailing backslash"),
        ] {
            let error = words(script).unwrap_err().to_string();
            assert!(error.contains(expected), "{script}: {error}");
        }
    }
}
