//! Commands of containers without what no rule reads.

use super::{reads_flag, reads_program, reads_value, reads_variable};

/// What is left of a text that no rule reads.
const LEFT: &str = "…";

/// Characters that a shell treats specially. Rules name the construct that they do not evaluate, so that they stay.
const SPECIAL: [char; 18] =
    ['$', '`', '|', '&', ';', '<', '>', '(', ')', '{', '}', '[', ']', '?', '\\', '\'', '"', '='];

/// Words of a shell after which a command starts.
const KEYWORDS: [&str; 7] = ["if", "then", "else", "do", "while", "until", "!"];

/// The words of a container's `command` or `args` with only those values that rules read: names of flags stay, and so do programs
/// that start others; everything else may be a secret and becomes `…`. The answer of every rule stays the same.
///
/// ```
/// use scs_k8s_policy::reduced_command;
///
/// let words = ["kube-apiserver", "--secure-port=6443", "--license=AB12", "sh", "-c", "login joe p4ss"].map(str::to_owned);
/// assert_eq!(
///     reduced_command(&words),
///     ["kube-apiserver", "--secure-port=6443", "--license=…", "sh", "-c", "… … …"]
/// );
/// ```
#[must_use]
pub fn reduced_command(words: &[String]) -> Vec<String> {
    let mut reduced = Vec::with_capacity(words.len());
    // The flag whose value may be the next word.
    let mut flag: Option<&str> = None;
    for (index, word) in words.iter().enumerate() {
        let before = flag.take();
        if word.contains(char::is_whitespace) && !word.starts_with('-') && before.is_none_or(is_short) {
            reduced.push(script(word));
            continue;
        }
        if is_flag(word) {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word.as_str(), None),
            };
            let shown = flag_name(name);
            if let Some(value) = value {
                reduced.push(format!("{shown}={}", value_of(name, value)));
            } else {
                flag = Some(name);
                reduced.push(shown);
            }
            continue;
        }
        reduced.push(match before {
            // `-c` may be followed by a script without blanks, and switches of wrappers by a program.
            Some(name) if is_short(name) => script(word),
            Some(name) => value_of(name, word),
            None => positional(word, index == 0),
        });
    }
    reduced
}

/// Whether a word is a flag, and not a negative number.
fn is_flag(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.parse::<f64>().is_err())
}

/// Whether a flag has a single dash.
fn is_short(name: &str) -> bool {
    !name.starts_with("--")
}

/// The name of a flag; of one with a single dash only if rules read it, or if it is too short for a value: `-pSECRET`.
fn flag_name(name: &str) -> String {
    const SHORT: usize = 3;
    let bare = name.trim_start_matches('-');
    let is_kept = !is_short(name)
        || reads_flag(bare)
        || bare.len() <= SHORT && bare.bytes().all(|it| it.is_ascii_alphabetic());
    if is_kept { name.to_owned() } else { format!("-{LEFT}") }
}

/// The value of a flag, if rules read it.
fn value_of(flag: &str, value: &str) -> String {
    // A switch of a wrapper may be followed by a program.
    let is_kept = value.is_empty() || reads_value(value) || reads_program(value);
    if is_kept || reads_flag(flag.trim_start_matches('-')) {
        return value.to_owned();
    }
    LEFT.to_owned()
}

/// A word that belongs to no flag. Only the first word is certainly a program.
fn positional(word: &str, is_first: bool) -> String {
    if let Some((name, value)) = assignment(word) {
        return format!("{name}={}", if reads_variable(name) { value } else { LEFT });
    }
    let is_path = word.starts_with('/') && word.bytes().all(|it| it.is_ascii_graphic());
    if reads_program(word) || is_first && is_path { word.to_owned() } else { LEFT.to_owned() }
}

/// The name and the value of an assignment. Names of secrets in lower case, such as those of Base64 with padding, are none.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_');
    is_name.then_some((name, value))
}

/// A script, of which only the words of [`reduced_command`] and what a shell treats specially are left.
fn script(text: &str) -> String {
    let mut reduced = String::with_capacity(text.len());
    // The flag or variable whose value follows, and the quote in which the text is.
    let (mut named, mut quote): (Option<String>, Option<char>) = (None, None);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() || SPECIAL.contains(&first) {
            match (first, quote) {
                ('\'' | '"', None) => quote = Some(first),
                ('\'' | '"', Some(open)) if open == first => quote = None,
                // A blank may stand between a flag and its value, and in the quotes of its value.
                _ => {}
            }
            let ends = matches!(first, ';' | '|' | '&' | '\n' | '(' | ')' | '{' | '}' | '`');
            if ends && quote.is_none() {
                named = None;
            }
            reduced.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|it: char| it.is_whitespace() || SPECIAL.contains(&it)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        let is_joined = after.starts_with('=');
        if is_flag(word) && quote.is_none() {
            reduced.push_str(&flag_name(word));
            named = Some(word.to_owned());
            continue;
        }
        let is_variable = is_joined && assignment(&format!("{word}=")).is_some();
        if is_variable && quote.is_none() {
            reduced.push_str(word);
            named = Some(word.to_owned());
            continue;
        }
        let is_value = named.as_deref().is_some_and(|named| match named.strip_prefix('-') {
            Some(_) => reads_flag(named.trim_start_matches('-')),
            None => reads_variable(named),
        });
        let is_kept = is_value || reads_program(word) || reads_value(word) || KEYWORDS.contains(&word);
        reduced.push_str(if is_kept { word } else { LEFT });
        // The value of a flag has ended, unless more of it follows in its quotes or after a special character.
        if quote.is_none() && after.starts_with(char::is_whitespace) {
            named = None;
        }
    }
    reduced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduced(words: &[&str]) -> Vec<String> {
        reduced_command(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn only_values_that_rules_read_are_kept() {
        for (words, expected) in [
            (
                &["--db-password=p", "--license", "p", "--v=2"][..],
                &["--db-password=…", "--license", "…", "--v=…"][..],
            ),
            (&["kube-apiserver", "--secure-port", "6443"], &["kube-apiserver", "--secure-port", "6443"]),
            (
                &["etcd", "--client_cert_auth=true", "--x", "-1"],
                &["etcd", "--client_cert_auth=true", "--x", "…"],
            ),
            (&["/opt/run", "p", "-pSECRET", "-a", "p"], &["/opt/run", "…", "-…", "-a", "…"]),
            (&["env", "DB=p", "ETCD_NAME=n", "c2VjcmV0Cg=="], &["env", "DB=…", "ETCD_NAME=n", "…"]),
            (&["/go-runner", "--x", "/bin/etcd", "--y=p"], &["/go-runner", "--x", "/bin/etcd", "--y=…"]),
            (&["tini", "--", "sh", "-ec", "/start"], &["tini", "--", "sh", "-ec", "…"]),
            (
                &["--tls-private-key-file=/system/secrets/kubernetes/k", "--kubeconfig=/etc/rancher/rke2/x"],
                &["--tls-private-key-file=/system/secrets/kubernetes/k", "--kubeconfig=/etc/rancher/rke2/x"],
            ),
        ] {
            assert_eq!(reduced(words), expected, "{words:?}");
        }
    }

    #[test]
    fn scripts_keep_programs_and_constructs() {
        for (script, expected) in [
            (
                "exec kube-apiserver --secure-port=$PORT --x=p",
                "exec kube-apiserver --secure-port=$PORT --x=…",
            ),
            ("export PW=p; etcd --a 'p q' | tee p", "… PW=…; etcd --a '… …' | … …"),
            (
                "if [ -e /x ]; then /usr/bin/kube-apiserver; fi",
                "if [ -e … ]; then /usr/bin/kube-apiserver; …",
            ),
            ("curl -H \"Authorization: Bearer p\" https://u:p@h", "… -H \"… … …\" …"),
            (
                "kube-apiserver --secure-port 1 --authorization-mode 'A,B'",
                "kube-apiserver --secure-port 1 --authorization-mode 'A,B'",
            ),
        ] {
            assert_eq!(reduced(&["sh", "-c", script])[2], expected, "{script}");
        }
    }
}
