//! The flags of a component and their values.

use super::error::ReadFlagsError;
use super::word::Environment;

/// The flags of a running component, in the order given.
///
/// As in Kubernetes, `_` and `-` are equivalent in flag names. If a flag is given several times, the last value applies,
/// except for lists, whose values accumulate.
///
/// ```
/// use scs_k8s_policy::Flags;
///
/// let command = ["/bin/sh", "-c", "exec kube-apiserver --authorization-mode Node,RBAC --profiling=false"];
/// let flags = Flags::read("kube-apiserver", &command)?;
/// assert_eq!(flags.list("authorization-mode")?, Some(vec!["Node", "RBAC"]));
/// assert_eq!(flags.bool_value("profiling")?, Some(false));
/// assert_eq!(flags.text("secure-port")?, None);
///
/// // Shell expansions are not guessed.
/// let piped = ["sh", "-c", "kube-apiserver --secure-port=$PORT"];
/// let error = Flags::read("kube-apiserver", &piped).unwrap_err();
/// assert!(error.to_string().contains("`$`"));
/// # Ok::<(), scs_k8s_policy::ReadFlagsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub(super) flags: Vec<Flag>,
    /// Whether they are separate words of a command list, not in a script.
    pub(super) plain: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flag {
    name: String,
    value: Value,
    /// Whether name and value are one word.
    joined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A flag without a value.
    Bare,
    Text(String),
    /// The value comes from an unknown variable.
    Variable(String),
}

impl Flags {
    /// Creates flags from names and values.
    pub(crate) fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut flags = Self::default();
        for (name, value) in pairs {
            flags.push(&name.into(), Value::Text(value.into()), true);
        }
        flags
    }

    /// Adds variables for flags that are not given, as etcd reads `ETCD_NAME` for `--name`.
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

    pub(super) fn push(&mut self, name: &str, value: Value, joined: bool) {
        self.flags.push(Flag { name: name.replace('_', "-"), value, joined });
    }

    /// Their number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether there are no flags.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// The names of the flags, repeated as often as given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().map(|flag| flag.name.as_str())
    }

    /// The known values, in the order given.
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

    /// The last value of a flag; empty for a flag without a value.
    ///
    /// # Errors
    ///
    /// If it comes from an unknown variable.
    pub fn text(&self, name: &str) -> Result<Option<&str>, ReadFlagsError> {
        self.last(name).map(|flag| flag.text()).transpose()
    }

    /// The values of a list flag, from all its occurrences.
    ///
    /// # Errors
    ///
    /// If one of them comes from an unknown variable.
    pub fn list(&self, name: &str) -> Result<Option<Vec<&str>>, ReadFlagsError> {
        let mut list = None;
        for flag in self.flags.iter().filter(|flag| flag.name == name) {
            let values = flag.text()?.split(',').map(str::trim).filter(|value| !value.is_empty());
            list.get_or_insert_with(Vec::new).extend(values);
        }
        Ok(list)
    }

    /// The value of a boolean flag; true for a flag without a value.
    ///
    /// # Errors
    ///
    /// If it is not a boolean, or comes from an unknown variable.
    pub fn bool_value(&self, name: &str) -> Result<Option<bool>, ReadFlagsError> {
        let Some(flag) = self.last(name) else { return Ok(None) };
        // The values that Go's `strconv.ParseBool` accepts.
        match (&flag.value, flag.text()?) {
            (Value::Bare, _) | (_, "1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Some(true)),
            (_, "0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Some(false)),
            (_, value) => Err(ReadFlagsError::NoTruth { flag: name.to_owned(), value: value.to_owned() }),
        }
    }

    /// The number of times a flag is given.
    pub(crate) fn times(&self, name: &str) -> usize {
        self.flags.iter().filter(|flag| flag.name == name).count()
    }

    /// Whether all flags are separate words of a command list.
    pub(crate) const fn is_in_list(&self) -> bool {
        self.plain
    }

    /// Whether a line for a flag can be added to a command list; for an existing flag, whether it is a single line.
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
