//! Finds the program in the words of a command: after wrappers, and in shell scripts.

use super::error::ReadFlagsError;
use super::script;
use super::word::{SHELLS, Word};

/// An invocation of a program.
pub(super) struct Invocation {
    /// The words after the program.
    pub(super) arguments: Vec<Word>,
    /// Whether the program is the command's first word.
    pub(super) plain: bool,
}

/// A wrapper: a program that starts the one after its own options.
struct Wrapper {
    name: &'static str,
    /// Its options that take the next word as value.
    valued: &'static [&'static str],
    /// The number of its own words after its options.
    words: usize,
}

const fn wrapper(name: &'static str, valued: &'static [&'static str], words: usize) -> Wrapper {
    Wrapper { name, valued, words }
}

const WRAPPERS: [Wrapper; 22] = [
    wrapper("busybox", &[], 0),
    wrapper("catatonit", &[], 0),
    wrapper("chpst", &["-u", "-U", "-b", "-e", "-/", "-n", "-l", "-L"], 0),
    wrapper("chrt", &["-T", "-P", "-D"], 1),
    wrapper("command", &[], 0),
    wrapper("dumb-init", &["-r", "--rewrite"], 0),
    wrapper("env", &["-u", "--unset", "-C", "--chdir"], 0),
    wrapper("exec", &["-a"], 0),
    wrapper("go-runner", &["-log-file", "--log-file"], 0),
    wrapper("gosu", &[], 1),
    wrapper("hyperkube", &[], 0),
    wrapper("ionice", &["-c", "--class", "-n", "--classdata"], 0),
    wrapper("kube-log-runner", &["-log-file", "--log-file"], 0),
    wrapper("nice", &["-n", "--adjustment"], 0),
    wrapper("nohup", &[], 0),
    wrapper("setpriv", &["--reuid", "--regid", "--groups"], 0),
    wrapper("setsid", &[], 0),
    wrapper("stdbuf", &["-i", "-o", "-e"], 0),
    wrapper("su-exec", &[], 1),
    wrapper("taskset", &[], 1),
    wrapper("timeout", &["-k", "--kill-after", "-s", "--signal"], 1),
    wrapper("tini", &["-p", "-e"], 0),
];

/// Whether a program is a wrapper or a shell.
pub(crate) fn starts_others(name: &str) -> bool {
    SHELLS.contains(&name) || WRAPPERS.iter().any(|wrapper| wrapper.name == name)
}

/// Maximum nesting of shells; a pod needs one or two.
const DEPTH: usize = 4;
/// Maximum number of words in a command. Parameters passed on several times could be arbitrarily many.
const MAX_WORDS: usize = 100_000;

/// Finds where a command starts a program.
pub(super) fn find(program: &str, words: &[Word]) -> Result<Invocation, ReadFlagsError> {
    let mut words = words.to_vec();
    for depth in 0..=DEPTH {
        let Some(at) = started(&words) else { return Err(ReadFlagsError::NoCommand) };
        if let Some(setting) = words[..at].iter().find(|word| word.flag_text().starts_with("ETCD_")) {
            let name = setting.flag_text().split('=').next().unwrap_or_default();
            return Err(ReadFlagsError::Script(format!("the variable `{name}`")));
        }
        let word = &words[at];
        if let Word::Unknown(_, variable) = word {
            return Err(ReadFlagsError::Variable(variable.clone()));
        }
        if word.file_name() == Some(program) {
            let plain = depth == 0 && at == 0;
            return Ok(Invocation { arguments: words.split_off(at + 1), plain });
        }
        if !word.is_shell() {
            return Err(other(program, word, &words[at + 1..]));
        }
        words = in_shell(&words[at + 1..])?;
    }
    Err(ReadFlagsError::Script("shells in shells".to_owned()))
}

/// The error for a command that starts something else, which may in turn start the program.
fn other(program: &str, first: &Word, rest: &[Word]) -> ReadFlagsError {
    let program = program.to_owned();
    let mut texts = rest.iter().filter_map(Word::text);
    if texts.any(|text| is_program(text, &program)) {
        return ReadFlagsError::Launcher { launcher: first.flag_text().to_owned(), program };
    }
    ReadFlagsError::OtherProgram(program)
}

/// Whether a word is a program, by its name or its path in a program directory, since `/var/lib/etcd` is a directory.
fn is_program(word: &str, program: &str) -> bool {
    match word.rsplit_once('/') {
        None => word == program,
        Some((directory, name)) => name == program && (directory.is_empty() || directory.ends_with("bin")),
    }
}

/// The index of the started word: the first after wrappers and assignments.
fn started(words: &[Word]) -> Option<usize> {
    let mut at = 0;
    loop {
        let word = words.get(at)?;
        if word.text().is_some_and(script::is_assignment) {
            at += 1;
            continue;
        }
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| word.file_name() == Some(wrapper.name)) else {
            return Some(at);
        };
        at += 1;
        while let Some(option) = words.get(at).and_then(Word::text).filter(|text| text.starts_with('-')) {
            at += if wrapper.valued.contains(&option) { 2 } else { 1 };
            if option == "--" {
                break;
            }
        }
        at += wrapper.words;
    }
}

/// The words of the script in `sh -c SCRIPT NAME PARAMETER…`, given the words after the shell.
fn in_shell(words: &[Word]) -> Result<Vec<Word>, ReadFlagsError> {
    let mut words = words.iter();
    let mut is_script = false;
    let script = loop {
        match words.next() {
            Some(Word::Text(option)) if option.starts_with('-') && !option.starts_with("--") => {
                is_script |= option.contains('c');
                // `-o pipefail`, and `-eo pipefail`.
                if option.ends_with('o') {
                    words.next();
                }
            }
            Some(Word::Text(script)) if is_script => break script,
            Some(Word::Text(_)) => return Err(ReadFlagsError::Script("a command in a file".to_owned())),
            Some(Word::Unknown(_, variable)) => return Err(ReadFlagsError::Variable(variable.clone())),
            None => return Err(ReadFlagsError::NoCommand),
        }
    };
    // The first word after the script is its name.
    let parameters = words.as_slice().get(1..).unwrap_or_default();
    let mut inner = Vec::new();
    for word in script::words(script)? {
        match word {
            script::Word::Text(text) => inner.push(Word::Text(text)),
            script::Word::Parameters => inner.extend_from_slice(parameters),
        }
        if inner.len() > MAX_WORDS {
            return Err(ReadFlagsError::Script(format!("more than {MAX_WORDS} words")));
        }
    }
    Ok(inner)
}

/// Whether a command starts a program, or passes it to something that may: a script of several commands, or an unknown
/// program.
pub(super) fn may_start(program: &str, words: &[Word]) -> bool {
    // Flags alone do not show the program.
    if words.first().is_some_and(|first| first.flag_text().starts_with('-')) {
        return false;
    }
    match find(program, words) {
        Ok(_) | Err(ReadFlagsError::Launcher { .. }) => true,
        Err(_) => {
            let Some(at) = started(words).filter(|at| words[*at].is_shell()) else { return false };
            words[at..].iter().filter_map(Word::text).any(|word| script_starts(word, program))
        }
    }
}

/// Whether a command in a script starts a program, as far as visible without a shell.
fn script_starts(script: &str, program: &str) -> bool {
    let joined = script.replace("\\\n", " ");
    joined.split([';', '|', '&', '\n', '(', ')', '{', '}', '`']).any(|command| {
        let words = command.split_whitespace();
        let words =
            words.skip_while(|word| ["if", "then", "else", "do", "while", "until", "!"].contains(word));
        starts(program, &words.collect::<Vec<_>>())
    })
}

/// Whether the words of a simple command in a script start a program.
fn starts(program: &str, words: &[&str]) -> bool {
    let words: Vec<Word> = words.iter().map(|word| Word::Text((*word).to_owned())).collect();
    started(&words).is_some_and(|at| words[at].file_name() == Some(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_started_by_scripts_are_found() {
        for (script, expected) in [
            ("set -e\nexec kube-apiserver --a=b", true),
            ("A=b kube-apiserver --a=$(cat b) | tee log", true),
            ("if [ -e /x ]; then /usr/bin/kube-apiserver; fi", true),
            ("echo kube-apiserver; pidof kube-apiserver", false),
            ("", false),
        ] {
            assert_eq!(script_starts(script, "kube-apiserver"), expected, "{script}");
        }
    }
}
