//! The source of an inventory, and how to pass it to another command.

use scs_kubernetes::ClusterConfig;
use scs_openstack::CloudConfig;
use scs_standards::shell::quote;

use crate::app::input::STANDARD_INPUT;

/// The source of an inventory.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The name of a file or standard input.
    File(String),
    /// Files that together form one inventory.
    Files(Vec<String>),
    /// A live cloud or cluster whose inventory was not saved.
    Live {
        /// The options that select it.
        options: String,
        /// The suggested file name for its inventory.
        file: String,
    },
}

impl Origin {
    /// The origin of an inventory read from files.
    pub(crate) fn of_files(mut names: Vec<String>) -> Self {
        match names.pop() {
            Some(one) if names.is_empty() => Self::File(one),
            last => {
                names.extend(last);
                Self::Files(names)
            }
        }
    }

    /// The origin of an inventory that was collected and not saved.
    pub(crate) fn cloud(cloud: &CloudConfig) -> Self {
        // The only region in the configuration does not have to be named.
        let region = cloud.region().filter(|_| cloud.title() != cloud.name());
        let region = region.map(|region| format!(" --os-region-name {}", quote(region))).unwrap_or_default();
        Self::Live {
            options: format!("--os-cloud {}{region}", quote(cloud.name())),
            file: file_name(&cloud.title()),
        }
    }

    /// The origin of the inventory of a cluster, with the options that select it.
    pub(crate) fn cluster(cluster: &ClusterConfig, options: String) -> Self {
        Self::Live { options, file: file_name(cluster.title()) }
    }

    /// The arguments of `scs check`.
    pub(crate) fn arguments(&self) -> String {
        match self {
            Self::File(name) => argument(name),
            Self::Files(names) => names.iter().map(|name| argument(name)).collect::<Vec<_>>().join(" "),
            Self::Live { options, .. } => options.clone(),
        }
    }

    /// The files as arguments for another command, and the command that creates them if they do not exist.
    pub(crate) fn as_files(&self) -> (String, Option<String>) {
        match self {
            Self::File(_) | Self::Files(_) => (self.arguments(), None),
            Self::Live { options, file } => {
                let file = quote(file);
                let command = format!("scs inventory {options} -o {file}");
                (file, Some(command))
            }
        }
    }

    /// The next step after a repair.
    pub(crate) const fn check_again(&self) -> &'static str {
        match self {
            Self::File(_) | Self::Files(_) => "collect a new inventory and check again",
            Self::Live { .. } => "check again",
        }
    }

    /// The path for reports that refer to a file.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::File(name) | Self::Live { file: name, .. } => name,
            Self::Files(names) => names.first().map_or("", String::as_str),
        }
    }
}

/// A file as an argument.
fn argument(name: &str) -> String {
    if name == STANDARD_INPUT { "-".to_owned() } else { quote(name) }
}

/// The suggested file name for the inventory of a cloud.
pub(crate) fn file_name(title: &str) -> String {
    let file: String =
        title.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    format!("{}.json", file.trim_matches('-'))
}
