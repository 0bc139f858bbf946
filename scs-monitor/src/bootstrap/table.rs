//! What the table of compatible clouds lists: data of the operator of the service, not of the service.

use serde::Deserialize;

/// The table: sections in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Table {
    /// The sections.
    pub sections: Vec<Section>,
}

/// A section: environments of one kind, with their state for one scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Section {
    /// The heading; a section without one continues the section before.
    #[serde(default)]
    pub title: Option<String>,
    /// What the section lists.
    #[serde(default)]
    pub text: Option<String>,
    /// The scope: its UUID or its name, such as `scs-compatible-iaas`.
    pub scope: String,
    /// Whether the environments are certified, as opposed to voluntarily listed.
    #[serde(default)]
    pub certified: bool,
    /// The heading of the column of links; without one there is no such column.
    #[serde(default)]
    pub links: Option<String>,
    /// The environments.
    #[serde(default)]
    pub entries: Vec<Entry>,
}

/// An environment in the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "FileEntry")]
#[non_exhaustive]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The address of its page.
    pub url: Option<String>,
    /// The description.
    pub description: String,
    /// The operator.
    pub operator: String,
    /// Its subject or its group.
    pub subjects: Subjects,
    /// Further addresses, such as that of its health monitor.
    pub links: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    name: String,
    url: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    operator: String,
    subject: Option<String>,
    group: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
}

impl TryFrom<FileEntry> for Entry {
    type Error = String;

    fn try_from(file: FileEntry) -> Result<Self, String> {
        let subjects = match (file.subject, file.group) {
            (Some(subject), None) => Subjects::Subject(subject),
            (None, Some(group)) => Subjects::Group(group),
            _ => return Err(format!("`{}` must have either `subject` or `group`", file.name)),
        };
        let FileEntry { name, url, description, operator, links, .. } = file;
        Ok(Self { name, url, description, operator, subjects, links })
    }
}

/// The subjects of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// A single subject.
    Subject(String),
    /// All subjects of a group.
    Group(String),
}

/// An address with its text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The text.
    pub text: String,
    /// The address; without one the text stands by itself.
    #[serde(default)]
    pub url: Option<String>,
}
