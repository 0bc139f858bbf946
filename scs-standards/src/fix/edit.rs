//! What a repair changes in an inventory.

use std::collections::BTreeMap;

/// A value as JSON has it, in as far as repairs write it.
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
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// A mapping.
    Map(BTreeMap<String, Data>),
}

impl Data {
    /// A mapping of these entries.
    #[must_use]
    pub fn map<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// The text, where it is one.
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

/// A property that gets another value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Change {
    /// The property, under the name that the API knows.
    pub property: String,
    /// Its new value; `null` removes it.
    pub value: Option<String>,
}

/// Which object of a part: that of which a field has a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Object {
    /// The path of the field, such as `["metadata", "name"]`.
    pub field: Vec<String>,
    /// Its value.
    pub value: String,
}

impl Object {
    /// The object of an OpenStack API that has this id.
    #[must_use]
    pub fn with_id(id: impl Into<String>) -> Self {
        Self { field: vec!["id".to_owned()], value: id.into() }
    }

    /// The object of an OpenStack API that has this name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { field: vec!["name".to_owned()], value: name.into() }
    }

    /// The Kubernetes object that has this name in its metadata.
    #[must_use]
    pub fn kubernetes(name: impl Into<String>) -> Self {
        Self { field: vec!["metadata".to_owned(), "name".to_owned()], value: name.into() }
    }
}

/// One change of an inventory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "do", rename_all = "lowercase")
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Edit {
    /// A value is set, whether there was one or not.
    Set {
        /// The key of the inventory, such as `flavors`.
        part: String,
        /// The object; none where the part is itself a mapping, such as `config_files`.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        object: Option<Object>,
        /// The keys that lead to the value.
        path: Vec<String>,
        /// The new value.
        value: Data,
    },
    /// A value is removed.
    Unset {
        /// The key of the inventory.
        part: String,
        /// The object.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        object: Option<Object>,
        /// The keys that lead to the value.
        path: Vec<String>,
    },
    /// A word of a command line is set, added or removed. All other words stay, so that several such changes go together in any
    /// order. The line is a list of texts, or a text with such a list as JSON.
    Argument {
        /// The key of the inventory.
        part: String,
        /// The object.
        object: Object,
        /// The keys that lead to the command line.
        path: Vec<String>,
        /// What the word is before its `=`, such as `--profiling`.
        name: String,
        /// What stands behind the `=`; none removes the word.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        value: Option<String>,
    },
    /// An object is added.
    Create {
        /// The key of the inventory.
        part: String,
        /// The object as the API would show it.
        object: Data,
    },
    /// An object is removed.
    Delete {
        /// The key of the inventory.
        part: String,
        /// The object.
        object: Object,
    },
}

impl Edit {
    /// A value of an object is set.
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

    /// A value of an object is removed.
    #[must_use]
    pub fn unset<P: Into<String>>(part: &str, object: Object, path: impl IntoIterator<Item = P>) -> Self {
        let path = path.into_iter().map(Into::into).collect();
        Self::Unset { part: part.to_owned(), object: Some(object), path }
    }

    /// A file of the configuration gets another content.
    #[must_use]
    pub fn file(path: impl Into<String>, content: impl Into<String>) -> Self {
        let value = Data::Text(content.into());
        Self::Set { part: "config_files".to_owned(), object: None, path: vec![path.into()], value }
    }

    /// An option of a configuration file gets another value. What else the file has stays out of it: that may be a secret.
    #[must_use]
    pub fn option(file: &str, section: &str, option: &str, value: &str) -> Self {
        let path = [file, section, option].map(str::to_owned).into();
        Self::Set { part: "config_files".to_owned(), object: None, path, value: value.into() }
    }

    /// An object is added.
    #[must_use]
    pub fn create(part: &str, object: impl Into<Data>) -> Self {
        Self::Create { part: part.to_owned(), object: object.into() }
    }

    /// An object is removed.
    #[must_use]
    pub fn delete(part: &str, object: Object) -> Self {
        Self::Delete { part: part.to_owned(), object }
    }

    /// The key of the inventory that it changes.
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
