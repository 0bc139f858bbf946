//! Where an inventory came from, and how a further command is given it.

use scs_openstack::CloudConfig;
use scs_standards::shell::quote;

use crate::app::input::STANDARD_INPUT;

/// Where an inventory came from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// A file, or standard input, by its name.
    File(String),
    /// Several files, which are one inventory together.
    Files(Vec<String>),
    /// A cloud that was asked, and whose answers are kept nowhere.
    Cloud {
        /// The options that choose it.
        options: String,
        /// What a file of its inventory would be called.
        file: String,
    },
}

impl Origin {
    /// Files, by their names.
    pub(crate) fn of_files(mut names: Vec<String>) -> Self {
        match names.pop() {
            Some(one) if names.is_empty() => Self::File(one),
            last => {
                names.extend(last);
                Self::Files(names)
            }
        }
    }

    /// A cloud whose inventory was not saved.
    pub(crate) fn cloud(cloud: &CloudConfig) -> Self {
        // Where the configuration has it alone, it goes without saying.
        let region = cloud.region().filter(|_| cloud.title() != cloud.name());
        let region = region.map(|region| format!(" --os-region-name {}", quote(region))).unwrap_or_default();
        Self::Cloud {
            options: format!("--os-cloud {}{region}", quote(cloud.name())),
            file: file_name(&cloud.title()),
        }
    }

    /// The arguments of `scs check`.
    pub(crate) fn arguments(&self) -> String {
        match self {
            Self::File(name) => argument(name),
            Self::Files(names) => names.iter().map(|name| argument(name)).collect::<Vec<_>>().join(" "),
            Self::Cloud { options, .. } => options.clone(),
        }
    }

    /// The files to give to another command, as arguments, and the command that makes them where they do not exist.
    pub(crate) fn as_files(&self) -> (String, Option<String>) {
        match self {
            Self::File(_) | Self::Files(_) => (self.arguments(), None),
            Self::Cloud { options, file } => {
                let file = quote(file);
                let command = format!("scs inventory {options} -o {file}");
                (file, Some(command))
            }
        }
    }

    /// The step after a repair.
    pub(crate) const fn check_again(&self) -> &'static str {
        match self {
            Self::File(_) | Self::Files(_) => "collect a new inventory and check again",
            Self::Cloud { .. } => "check again",
        }
    }

    /// As a reference of a file.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::File(name) | Self::Cloud { file: name, .. } => name,
            Self::Files(names) => names.first().map_or("", String::as_str),
        }
    }
}

/// A file as an argument.
fn argument(name: &str) -> String {
    if name == STANDARD_INPUT { "-".to_owned() } else { quote(name) }
}

/// What the inventory of a cloud is called as a file.
pub(crate) fn file_name(title: &str) -> String {
    let file: String =
        title.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    format!("{}.json", file.trim_matches('-'))
}
