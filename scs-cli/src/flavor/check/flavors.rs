//! Flavors with all their properties: Nova's JSON, the OpenStack client's JSON, flavor-manager's YAML.

use super::{Check, InputChoice};
use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::input::Opened;

/// Checks flavors. NOT YET: to be filled in; names are checked by [`super::names::check_names`].
pub(super) fn check_flavors(inputs: Vec<Opened>, check: &Check, _: &Common) -> Result<Outcome, Failure> {
    let names: Vec<_> = inputs.into_iter().map(|input| input.name).collect();
    let failure = Failure::new(format!(
        "{}: checking flavors with their properties is not possible yet",
        names.join(", ")
    ));
    Err(match check.input {
        InputChoice::Auto => {
            failure.hint("if this is a list of names, one per line, say so with `--input names`")
        }
        _ => failure.hint(
            "names alone can be checked: `openstack flavor list -f value -c Name | scs flavor check -`",
        ),
    })
}
