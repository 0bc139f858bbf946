//! The flags that a component of Kubernetes runs with, however they are written.

mod command;
mod invocation;
mod node_arguments;
mod script;

use thiserror::Error;

pub(crate) use command::{Environment, may_start, read_command};
pub(crate) use node_arguments::NodeArguments;

/// The flags of one running component, in the order given.
///
/// Kubernetes takes `_` for `-` in the names of flags, and so does this. Of a flag that is given several times the last value
/// counts, except where a flag is a list, whose values add up.
///
/// ```
/// use scs_k8s_policy::Flags;
///
/// let command = ["/bin/sh", "-c", "exec kube-apiserver --authorization-mode Node,RBAC --profiling=false"];
/// let flags = Flags::read("kube-apiserver", &command)?;
/// assert_eq!(flags.list("authorization-mode")?, Some(vec!["Node", "RBAC"]));
/// assert_eq!(flags.truth("profiling")?, Some(false));
/// assert_eq!(flags.text("secure-port")?, None);
///
/// // What a shell would have to compute is not guessed.
/// let piped = ["sh", "-c", "kube-apiserver --secure-port=$PORT"];
/// let error = Flags::read("kube-apiserver", &piped).unwrap_err();
/// assert!(error.to_string().contains("`$`"));
/// # Ok::<(), scs_k8s_policy::ReadFlagsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    flags: Vec<Flag>,
    /// Whether they stand one by one in the list of a command, and in no script.
    plain: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Flag {
    name: String,
    value: Value,
    /// Whether name and value are one word.
    joined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    /// A flag alone.
    Bare,
    Text(String),
    /// The value is that of a variable which is not known.
    Variable(String),
}

/// Flags, or the value of one, that cannot be known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadFlagsError {
    /// There is no command.
    #[error("it has neither a command nor arguments")]
    NoCommand,
    /// It runs something else.
    #[error("its command does not run `{0}`")]
    OtherProgram(String),
    /// It gives the program to something that may start it in another way.
    #[error("`{program}` is started by `{launcher}`, which may give it other flags")]
    Launcher {
        /// What is started instead.
        launcher: String,
        /// The program.
        program: String,
    },
    /// Several containers, none of which is known to run it.
    #[error("none of its {containers} containers is named `{program}` or starts it in its command")]
    NoContainer {
        /// How many there are.
        containers: usize,
        /// The program.
        program: String,
    },
    /// It is a script of which a shell would have to compute something.
    #[error("its command is a shell script with {0}, which is not computed here")]
    Script(String),
    /// It has a word that is the value of a variable.
    #[error("its command has the variable `{0}`, whose value the pod does not show")]
    Variable(String),
    /// It has a word that belongs to no flag.
    #[error("its command has `{0}`, which belongs to no flag")]
    Stray(String),
    /// The value of a flag is that of a variable.
    #[error("`--{flag}` is the value of the variable `{variable}`, which the pod does not show")]
    UnknownValue {
        /// The flag.
        flag: String,
        /// The variable.
        variable: String,
    },
    /// A flag that is true or false is neither.
    #[error("`--{flag}={value}` is neither true nor false")]
    NoTruth {
        /// The flag.
        flag: String,
        /// Its value.
        value: String,
    },
    /// All flags are in a file.
    #[error("its settings are in the file `{0}`, whose content is not in the inventory")]
    ConfigFile(String),
    /// It is no JSON list of arguments.
    #[error("the annotation with the node's arguments cannot be read: {0}")]
    NodeArguments(String),
}

impl Flags {
    /// Reads the flags of a program from the words of a command: the program alone, behind a wrapper, in a shell string, or
    /// flags alone where the image has the program.
    ///
    /// # Errors
    ///
    /// When the command runs something else, or when a shell would have to compute a part of it.
    pub fn read<W: AsRef<str>>(program: &str, command: &[W]) -> Result<Self, ReadFlagsError> {
        let words: Vec<&str> = command.iter().map(AsRef::as_ref).collect();
        read_command(program, &words, &Environment::default())
    }

    /// Flags of their names and values.
    pub(crate) fn of_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut flags = Self::default();
        for (name, value) in pairs {
            flags.push(&name.into(), Value::Text(value.into()), true);
        }
        flags
    }

    /// With variables in place of flags that are not given, as etcd reads `ETCD_NAME` for `--name`.
    pub(crate) fn or_variables(mut self, prefix: &str, environment: &Environment) -> Self {
        for (variable, value) in environment {
            let Some(name) = variable.strip_prefix(prefix) else { continue };
            let name = name.to_ascii_lowercase().replace('_', "-");
            if !self.has(&name) {
                let unknown = || Value::Variable(variable.clone());
                self.push(&name, value.clone().map_or_else(unknown, Value::Text), false);
            }
        }
        self
    }

    fn push(&mut self, name: &str, value: Value, joined: bool) {
        self.flags.push(Flag { name: name.replace('_', "-"), value, joined });
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// The names of the flags, each as often as it is given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().map(|flag| flag.name.as_str())
    }

    /// The values that are known, in the order given.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().filter_map(|flag| match &flag.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Bare | Value::Variable(_) => None,
        })
    }

    /// Whether a flag is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.last(name).is_some()
    }

    fn last(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// The value of a flag, the last one; empty for a flag alone.
    ///
    /// # Errors
    ///
    /// When it is that of a variable which is not known.
    pub fn text(&self, name: &str) -> Result<Option<&str>, ReadFlagsError> {
        self.last(name).map(|flag| flag.text()).transpose()
    }

    /// The values of a flag that is a list, of all times that it is given.
    ///
    /// # Errors
    ///
    /// When one of them is that of a variable which is not known.
    pub fn list(&self, name: &str) -> Result<Option<Vec<&str>>, ReadFlagsError> {
        let mut list = None;
        for flag in self.flags.iter().filter(|flag| flag.name == name) {
            let values = flag.text()?.split(',').map(str::trim).filter(|value| !value.is_empty());
            list.get_or_insert_with(Vec::new).extend(values);
        }
        Ok(list)
    }

    /// The value of a flag that is true or false; a flag alone is true.
    ///
    /// # Errors
    ///
    /// When it is neither, or that of a variable which is not known.
    pub fn truth(&self, name: &str) -> Result<Option<bool>, ReadFlagsError> {
        let Some(flag) = self.last(name) else { return Ok(None) };
        // The words that Go's `strconv.ParseBool` takes.
        match (&flag.value, flag.text()?) {
            (Value::Bare, _) | (_, "1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Some(true)),
            (_, "0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Some(false)),
            (_, value) => Err(ReadFlagsError::NoTruth { flag: name.to_owned(), value: value.to_owned() }),
        }
    }

    /// How often a flag is given.
    pub(crate) fn times(&self, name: &str) -> usize {
        self.flags.iter().filter(|flag| flag.name == name).count()
    }

    /// Whether all flags stand one by one in the list of a command.
    pub(crate) const fn is_in_list(&self) -> bool {
        self.plain
    }

    /// Whether a line for a flag can be put among those of a list; for one that is there, whether it is one line.
    pub(crate) fn is_one_line(&self, name: &str) -> bool {
        self.plain && self.times(name) < 2 && self.last(name).is_none_or(|flag| flag.joined)
    }
}

impl Flag {
    fn text(&self) -> Result<&str, ReadFlagsError> {
        match &self.value {
            Value::Bare => Ok(""),
            Value::Text(text) => Ok(text),
            Value::Variable(variable) => {
                Err(ReadFlagsError::UnknownValue { flag: self.name.clone(), variable: variable.clone() })
            }
        }
    }
}
