//! Reading flavors.

use scs_flavor_naming::FlavorList;
use scs_registry::part::PartKind;
use scs_standards::listed::{ListKind, ReadListError};

use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::Opened;
use crate::source::kinds;

/// Ten thousand flavors have less than ten MiB.
const LIMIT: Limit = Limit {
    bytes: 64 << 20,
    what: "a list of flavors",
    hint: "lists of only names, one per line, can be of any length: `scs flavor check --input names`",
};

/// Reads a list of flavors in any of its formats.
pub(crate) fn flavors(input: Opened) -> Result<FlavorList, Failure> {
    let name = input.name.clone();
    let text = files::text(input, LIMIT)?;
    kinds::refuse_others(&name, &text, PartKind::Flavors)?;
    text.parse().map_err(|error: ReadListError| {
        Failure::new(format!("{name}: {error}")).hint(match error {
            ReadListError::Json { .. } | ReadListError::Yaml { .. } => {
                "check that the file is complete; `openstack flavor list --long -f json > FILE` writes a complete one"
            }
            ReadListError::OtherKind { found: ListKind::Images, .. } => "`scs image check` checks images",
            ReadListError::OtherKind { .. } => "`scs check` checks inventories and all parts of them",
            _ => {
                "`openstack flavor list --long -f json` prints the required data; for a list of only names, one per line, \
                 use `scs flavor check --input names`"
            }
        })
    })
}
