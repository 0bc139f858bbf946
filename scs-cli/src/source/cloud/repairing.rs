//! Repairs of live clouds: `--apply` of `scs flavor repair` and `scs image repair`.

use clap::Args;
use scs_openstack::{Applied, ApplyError, apply_to_flavor, apply_to_image};
use scs_standards::Change;
use serde_json::Value;

use super::live::{Kind, Live, LiveCloud};
use crate::app::diagnostic::visible;
use crate::app::failure::Failure;
use crate::source::live::{agreed, say};
use scs_report::counted;

/// The options of a repair for a live cloud.
#[derive(Debug, Args)]
pub(crate) struct LiveRepair {
    #[command(flatten)]
    pub(crate) cloud: LiveCloud,

    /// Show the changes of properties and make them after confirmation; other commands are only printed
    #[arg(long, requires = "os_cloud", help_heading = "Clouds")]
    pub(crate) apply: bool,

    /// Do not ask for confirmation
    #[arg(long, requires = "apply", help_heading = "Clouds")]
    yes: bool,
}

/// A resource whose properties have to change.
pub(crate) struct Wanted {
    /// The name to print.
    pub(crate) name: String,
    /// The id for requests: names are ambiguous.
    pub(crate) id: String,
    pub(crate) changes: Vec<Change>,
}

impl LiveRepair {
    /// Makes the changes, if `--apply` is given and the user agrees.
    pub(crate) fn make(&self, live: Option<&Live>, wanted: &[Wanted]) -> Result<(), Failure> {
        let Some(live) = live.filter(|_| self.apply) else { return Ok(()) };
        if wanted.is_empty() {
            return say("no properties to change; run the printed commands yourself\n");
        }
        say(&live.differences(wanted))?;
        if !self.yes && !confirmed(&live.kind.counted(wanted.len()))? {
            return say("no changes made\n");
        }
        for Wanted { name, id, changes } in wanted {
            let applied = live.runtime.block_on(async {
                match live.kind {
                    Kind::Flavors => apply_to_flavor(&live.session, id, changes).await,
                    Kind::Images => apply_to_image(&live.session, id, changes).await,
                }
            });
            let applied: Vec<Applied> = applied.map_err(|error| not_applied(&error))?;
            say(&format!("{}: made {}\n", visible(name), counted(applied.len(), "change")))?;
        }
        Ok(())
    }
}

impl Live {
    /// Shows the old and new values of the properties.
    fn differences(&self, wanted: &[Wanted]) -> String {
        let entries: Vec<Value> = serde_json::from_str(&self.text).unwrap_or_default();
        let mut text = String::new();
        for Wanted { name, id, changes } in wanted {
            let is = |entry: &&Value| entry["id"].as_str() == Some(id);
            let entry = entries.iter().find(is).unwrap_or(&Value::Null);
            let place = if self.kind == Kind::Flavors { &entry["extra_specs"] } else { entry };
            text.extend([format!("{}\n", visible(name))]);
            for Change { property, value } in changes {
                let known = match &place[property.as_str()] {
                    Value::Null | Value::Array(_) => None,
                    Value::String(known) => Some(known.clone()),
                    other => Some(other.to_string()),
                };
                if known == *value {
                    continue;
                }
                for (sign, value) in [("-", &known), ("+", value)] {
                    if let Some(value) = value {
                        text.extend([format!("  {sign} {}={}\n", visible(property), visible(value))]);
                    }
                }
            }
        }
        text
    }
}

/// Asks for confirmation on the terminal.
fn confirmed(what: &str) -> Result<bool, Failure> {
    agreed(
        &format!("make these changes to {what}?"),
        "use `--yes` to make the changes without confirmation, or leave out `--apply` to only show them",
    )
}

fn not_applied(error: &ApplyError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        ApplyError::NotAllowed { .. } => failure.hint("use a user with the role `admin` and `--as-admin`"),
        _ => failure.hint("changes reported above were made; the others were not"),
    }
}
