//! Container commands and their flags.

use super::error::ReadFlagsError;
use super::given::{Flags, Value};
use super::invocation;
use super::word::{Environment, Word, replaced};

impl Flags {
    /// Parses the flags of a program from the words of a command: the program itself, after a wrapper, in a shell script, or
    /// only flags if the image has the program.
    ///
    /// # Errors
    ///
    /// If the command runs something else, or a shell would have to evaluate a part of it.
    pub fn read<W: AsRef<str>>(program: &str, command: &[W]) -> Result<Self, ReadFlagsError> {
        let words: Vec<&str> = command.iter().map(AsRef::as_ref).collect();
        read_command(program, &words, &Environment::default())
    }
}

/// Parses the flags of a program from the words of a command.
pub(crate) fn read_command(
    program: &str,
    command: &[&str],
    environment: &Environment,
) -> Result<Flags, ReadFlagsError> {
    let words: Vec<Word> = command.iter().map(|word| replaced(word, environment)).collect();
    let Some(first) = words.first() else { return Err(ReadFlagsError::NoCommand) };
    // Only arguments: the image has the program.
    if first.flag_text().starts_with('-') {
        return Ok(Flags { plain: true, ..flags(&words)? });
    }
    let invocation = invocation::find(program, &words)?;
    Ok(Flags { plain: invocation.plain, ..flags(&invocation.arguments)? })
}

/// Whether a command starts a program, or may.
pub(crate) fn may_start(program: &str, command: &[&str], environment: &Environment) -> bool {
    let words: Vec<Word> = command.iter().map(|word| replaced(word, environment)).collect();
    invocation::may_start(program, &words)
}

/// The flags in the words after a program.
fn flags(words: &[Word]) -> Result<Flags, ReadFlagsError> {
    let mut flags = Flags::default();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let text = word.flag_text();
        let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).filter(|name| !name.is_empty());
        let joined = name.and_then(|name| name.split_once('='));
        match (word, name, joined) {
            (_, None, _) if text == "--" => break,
            (Word::Unknown(_, variable), _, Some((name, _))) => {
                flags.push(name, Value::Variable(variable.clone()), true);
            }
            (Word::Unknown(_, variable), _, None) => return Err(ReadFlagsError::Variable(variable.clone())),
            (Word::Text(_), _, Some((name, value))) => flags.push(name, Value::Text(value.to_owned()), true),
            (Word::Text(_), Some(name), None) => {
                // The next word is the value, unless it is another flag; components have no positional arguments.
                let next = words.next_if(|next| next.text().is_some_and(|text| !is_flag(text)));
                let value =
                    next.and_then(Word::text).map_or(Value::Bare, |text| Value::Text(text.to_owned()));
                let joined = matches!(value, Value::Bare);
                flags.push(name, value, joined);
            }
            (Word::Text(_), None, None) => return Err(ReadFlagsError::Stray(text.to_owned())),
        }
    }
    Ok(flags)
}

/// Whether a word is a flag, not a negative number.
fn is_flag(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.parse::<f64>().is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(program: &str, command: &[&str]) -> Result<Flags, ReadFlagsError> {
        Flags::read(program, command)
    }

    #[test]
    fn every_flag_notation_is_parsed() {
        for command in [
            &["kube-apiserver", "--a=b", "--c", "--d=1,2"][..],
            &["/usr/local/bin/kube-apiserver", "--a", "b", "--c", "--d", "1,2"],
            &["--a=b", "-c", "-d=1", "--d=2"],
            &["sh", "-c", "exec kube-apiserver --a=b --c --d='1,2'"],
            &["/bin/bash", "-e", "-xc", "/usr/bin/kube-apiserver --a b \\\n --c --d=1,2"],
            &[
                "/go-runner",
                "--log-file=/x",
                "--also-stdout",
                "/usr/local/bin/kube-apiserver",
                "--a=b",
                "--c",
                "--d=1,2",
            ],
            &["tini", "--", "kube-apiserver", "--a=x", "--a=b", "--c=true", "--d=1,2"],
        ] {
            let flags = read("kube-apiserver", command).unwrap();
            assert_eq!(flags.text("a"), Ok(Some("b")), "{command:?}");
            assert_eq!(flags.bool_value("c"), Ok(Some(true)), "{command:?}");
            assert_eq!(flags.list("d"), Ok(Some(vec!["1", "2"])), "{command:?}");
            assert!(!flags.has("e"));
        }
        for (command, expected) in [
            // The script counts, not the parameters it ignores.
            (&["/bin/sh", "-c", "exec kube-apiserver --a=x", "kube-apiserver", "--a=b"][..], "x"),
            (&["/bin/sh", "-c", "exec kube-apiserver --a=x \"$@\"", "kube-apiserver"], "x"),
            (&["/bin/sh", "-c", "exec kube-apiserver --a=x \"$@\"", "kube-apiserver", "--a=b"], "b"),
            (&["sh", "-ec", "exec \"$@\"", "--", "kube-apiserver", "--a=b"], "b"),
            (&["bash", "-eo", "pipefail", "-c", "nice -n 5 env -u X A=b kube-apiserver --a=b"], "b"),
            (&["sh", "-c", "bash -c 'kube-apiserver --a=b'"], "b"),
            (
                &[
                    "tini",
                    "--",
                    "sh",
                    "-c",
                    "timeout -k 5 10 kube-apiserver --a=x",
                    "kube-apiserver",
                    "--a=b",
                ],
                "x",
            ),
            (&["/hyperkube", "kube-apiserver", "--a=b"], "b"),
        ] {
            let flags = read("kube-apiserver", command).unwrap();
            assert_eq!(flags.text("a"), Ok(Some(expected)), "{command:?}");
        }
        // The directory is not a program.
        let flags = read("etcd", &["--a=b", "--data-dir", "/var/lib/etcd", "--name", "etcd"]).unwrap();
        assert_eq!(flags.text("a"), Ok(Some("b")));
        assert!(read("etcd", &["tar", "-c", "/var/lib/etcd"]).is_err());
        let flags = read("etcd", &["etcd", "--client_cert_auth", "--n", "-1", "--", "x"]).unwrap();
        assert_eq!(flags.names().collect::<Vec<_>>(), ["client-cert-auth", "n"]);
        assert_eq!(flags.text("n"), Ok(Some("-1")));
    }

    #[test]
    fn invalid_flags_are_errors() {
        // Shells that pass their parameters on several times.
        let all = "\"$@\" ".repeat(2_000);
        let inner = format!("kube-apiserver {all}");
        let outer = format!("sh -c '{inner}' x {all}");
        let bomb = ["sh", "-c", &outer, "x", "a", "b", "c", "d"];
        for (command, expected) in [
            (&[][..], "neither a command nor arguments"),
            (&["sleep", "infinity"], "does not run `kube-apiserver`"),
            (&["sh", "-c", "sleep infinity"], "does not run `kube-apiserver`"),
            (&["sh", "/start.sh"], "a command in a file"),
            // A script's parameters are not what it starts.
            (&["sh", "/start.sh", "kube-apiserver", "--a=b"], "a command in a file"),
            (&["sh", "-c", "echo kube-apiserver --a=b"], "started by `echo`"),
            (&["/start.sh", "kube-apiserver", "--a=b"], "started by `/start.sh`"),
            (&["nice", "-n", "5", "echo", "kube-apiserver"], "started by `echo`"),
            (&["sh", "-c", "sleep 9", "kube-apiserver", "--a=b"], "does not run `kube-apiserver`"),
            (&["sh", "-c", "exec kube-apiserver $@", "kube-apiserver", "--a=b"], "`$`"),
            (&["sh", "-c", "exec kube-apiserver --a=\"$@\"", "kube-apiserver", "b"], "`$`"),
            (&["env", "--"], "neither a command nor arguments"),
            (&bomb, "more than 100000 words"),
            (
                &["sh", "-c", "exec kube-apiserver --authorization-mode=AlwaysAllow --help; sleep 1"],
                "several commands",
            ),
            (&["sh", "-c"], "neither a command nor arguments"),
            (&["kube-apiserver", "--a=b", "c"], "`c`, which does not belong to any flag"),
        ] {
            let error = read("kube-apiserver", command).unwrap_err().to_string();
            assert!(error.contains(expected), "{command:?}: {error}");
        }
        let flags = read("etcd", &["etcd", "--client-cert-auth=yes"]).unwrap();
        assert_eq!(
            flags.bool_value("client-cert-auth").unwrap_err().to_string(),
            "`--client-cert-auth=yes` is neither true nor false"
        );
    }

    #[test]
    fn variables_of_the_pod_are_replaced() {
        let environment: Environment =
            [("A".to_owned(), Some("b".to_owned())), ("IP".to_owned(), None)].into();
        let read = |command: &[&str]| read_command("etcd", command, &environment);
        let flags =
            read(&["etcd", "--a=$(A)", "--ip=https://$(IP):1", "--c=$$(A)", "--d=$(NO)", "--e=$"]).unwrap();
        assert_eq!(flags.text("a"), Ok(Some("b")));
        assert!(flags.text("ip").unwrap_err().to_string().contains("the variable `IP`"));
        assert_eq!(flags.text("c"), Ok(Some("$(A)")));
        assert_eq!(flags.text("d"), Ok(Some("$(NO)")));
        assert_eq!(flags.text("e"), Ok(Some("$")));
        assert_eq!(read(&["etcd", "--x", "$(IP)"]), Err(ReadFlagsError::Variable("IP".to_owned())));
        assert_eq!(read(&["sh", "-c", "etcd --x=$(IP)"]), Err(ReadFlagsError::Variable("IP".to_owned())));
        assert_eq!(read(&["sh", "-c", "etcd --x=$(A)"]).unwrap().text("x"), Ok(Some("b")));
        let unknown = read(&["sh", "-c", "etcd \"$@\"", "etcd", "$(IP)"]);
        assert_eq!(unknown, Err(ReadFlagsError::Variable("IP".to_owned())));
        // Variables set in the script apply to flags that are not given.
        assert!(read(&["sh", "-c", "ETCD_CLIENT_CERT_AUTH=false exec etcd"]).is_err());
    }
}
