//! The edits that a fix makes to an inventory.

use std::collections::BTreeMap;

/// A JSON value, as far as fixes need it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(untagged))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// A mapping.
    Map(BTreeMap<String, Data>),
}

impl Data {
    /// Creates a mapping from entries.
    #[must_use]
    pub fn map<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// The string, or `None` for other values.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Data {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Data {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Data {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Data {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A property change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Change {
    /// The property name, as used in the API.
    pub property: String,
    /// The new value; `null` removes the property.
    pub value: Option<String>,
}

/// Selects an object within a part by the value of one of its fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Object {
    /// The path of the field, such as `["metadata", "name"]`.
    pub field: Vec<String>,
    /// The value of the field.
    pub value: String,
}

impl Object {
    /// Selects the OpenStack object with this id.
    #[must_use]
    pub fn with_id(id: impl Into<String>) -> Self {
        Self { field: vec!["id".to_owned()], value: id.into() }
    }

    /// Selects the OpenStack object with this name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { field: vec!["name".to_owned()], value: name.into() }
    }

    /// Selects the Kubernetes object with this name in its metadata.
    #[must_use]
    pub fn kubernetes(name: impl Into<String>) -> Self {
        Self { field: vec!["metadata".to_owned(), "name".to_owned()], value: name.into() }
    }
}

/// An edit to an inventory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "do", rename_all = "lowercase")
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Edit {
    /// Sets a value, whether or not it exists.
    Set {
        /// The key of the inventory, such as `flavors`.
        part: String,
        /// The object; `None` if the part is a mapping itself, such as `config_files`.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        object: Option<Object>,
        /// The keys that lead to the value.
        path: Vec<String>,
        /// The new value.
        value: Data,
    },
    /// Removes a value.
    Unset {
        /// The key of the inventory.
        part: String,
        /// The object.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        object: Option<Object>,
        /// The keys that lead to the value.
        path: Vec<String>,
    },
    /// Sets, adds or removes an argument of a command line. All other arguments are kept, so that several such edits combine in any
    /// order. The command line is a list of strings, or a string that contains such a list as JSON.
    Argument {
        /// The key of the inventory.
        part: String,
        /// The object.
        object: Object,
        /// The keys that lead to the command line.
        path: Vec<String>,
        /// The argument before its `=`, such as `--profiling`.
        name: String,
        /// The value after the `=`; `None` removes the argument.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        value: Option<String>,
    },
    /// Adds an object.
    Create {
        /// The key of the inventory.
        part: String,
        /// The object in the shape of the API.
        object: Data,
    },
    /// Removes an object.
    Delete {
        /// The key of the inventory.
        part: String,
        /// The object.
        object: Object,
    },
}

impl Edit {
    /// Sets a value of an object.
    #[must_use]
    pub fn set<P: Into<String>>(
        part: &str,
        object: Object,
        path: impl IntoIterator<Item = P>,
        value: impl Into<Data>,
    ) -> Self {
        let path = path.into_iter().map(Into::into).collect();
        Self::Set { part: part.to_owned(), object: Some(object), path, value: value.into() }
    }

    /// Removes a value of an object.
    #[must_use]
    pub fn unset<P: Into<String>>(part: &str, object: Object, path: impl IntoIterator<Item = P>) -> Self {
        let path = path.into_iter().map(Into::into).collect();
        Self::Unset { part: part.to_owned(), object: Some(object), path }
    }

    /// Replaces the content of a configuration file.
    #[must_use]
    pub fn file(path: impl Into<String>, content: impl Into<String>) -> Self {
        let value = Data::Text(content.into());
        Self::Set { part: "config_files".to_owned(), object: None, path: vec![path.into()], value }
    }

    /// Sets an option of a configuration file. The rest of the file is left out, because it may contain secrets.
    #[must_use]
    pub fn option(file: &str, section: &str, option: &str, value: &str) -> Self {
        let path = [file, section, option].map(str::to_owned).into();
        Self::Set { part: "config_files".to_owned(), object: None, path, value: value.into() }
    }

    /// Adds an object.
    #[must_use]
    pub fn create(part: &str, object: impl Into<Data>) -> Self {
        Self::Create { part: part.to_owned(), object: object.into() }
    }

    /// Removes an object.
    #[must_use]
    pub fn delete(part: &str, object: Object) -> Self {
        Self::Delete { part: part.to_owned(), object }
    }

    /// The key of the inventory that the edit applies to.
    #[must_use]
    pub fn part(&self) -> &str {
        match self {
            Self::Set { part, .. }
            | Self::Unset { part, .. }
            | Self::Argument { part, .. }
            | Self::Create { part, .. }
            | Self::Delete { part, .. } => part,
        }
    }
}
