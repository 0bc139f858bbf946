//! Where an inventory came from, and how a further command is given it.

use scs_openstack::CloudConfig;
use scs_standards::shell::quote;

/// Where an inventory came from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// A file, or standard input, by its name.
    File(String),
    /// A cloud that was asked, and whose answers are kept nowhere.
    Cloud {
        /// The options that choose it.
        options: String,
        /// What a file of its inventory would be called.
        file: String,
    },
}

impl Origin {
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
    pub(super) fn arguments(&self) -> &str {
        match self {
            Self::File(name) => name,
            Self::Cloud { options, .. } => options,
        }
    }

    /// The file to give to another command, and the command that makes it where it is not there.
    pub(super) fn as_file(&self) -> (&str, Option<String>) {
        match self {
            Self::File(name) => (name, None),
            Self::Cloud { options, file } => (file, Some(format!("scs inventory {options} -o {file}"))),
        }
    }

    /// What follows on a repair.
    pub(super) const fn and_again(&self) -> &'static str {
        match self {
            Self::File(_) => ", collect the inventory anew and check it again",
            Self::Cloud { .. } => " and check again",
        }
    }

    /// As a reference of a file.
    pub(super) fn path(&self) -> &str {
        self.as_file().0
    }
}

/// What the inventory of a cloud is called as a file.
pub(crate) fn file_name(title: &str) -> String {
    let file: String =
        title.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    format!("{}.json", file.trim_matches('-'))
}
