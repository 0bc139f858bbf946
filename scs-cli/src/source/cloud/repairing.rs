//! Repairs of live clouds: `--os-cloud` and `--apply` of `scs flavor repair` and `scs image repair`.

use std::io::{self, BufRead, Cursor, IsTerminal, Write};

use clap::Args;
use scs_openstack::{
    Applied, ApplyError, Clouds, Environment, Options, Part, RequestError, Session, apply_to_flavor,
    apply_to_image, collect_flavors, collect_images,
};
use scs_standards::Change;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::collecting::{runtime, unopened};
use crate::app::diagnostic::visible;
use crate::app::failure::Failure;
use crate::app::input::Opened;
use scs_report::counted;

/// The options of a repair for a live cloud.
#[derive(Debug, Args)]
pub(crate) struct LiveRepair {
    /// Repair this cloud of clouds.yaml, instead of a file
    #[arg(long, value_name = "NAME", conflicts_with = "file", help_heading = "Clouds")]
    os_cloud: Option<String>,

    /// Region to repair [default: `OS_REGION_NAME`, or the first configured region]
    #[arg(long, value_name = "REGION", requires = "os_cloud", help_heading = "Clouds")]
    os_region_name: Option<String>,

    /// Proceed as a user with the role `admin` or `manager`, which most changes require
    #[arg(long, requires = "os_cloud", help_heading = "Clouds")]
    as_admin: bool,

    /// Show the changes of properties and make them after confirmation; other commands are only printed
    #[arg(long, requires = "os_cloud", help_heading = "Clouds")]
    pub(crate) apply: bool,

    /// Do not ask for confirmation
    #[arg(long, requires = "apply", help_heading = "Clouds")]
    yes: bool,
}

/// The kind of resource to repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flavors,
    Images,
}

impl Kind {
    fn counted(self, count: usize) -> String {
        counted(count, if self == Self::Flavors { "flavor" } else { "image" })
    }
}

/// A cloud and its resources to repair.
pub(crate) struct Live {
    runtime: Runtime,
    session: Session,
    kind: Kind,
    text: String,
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
    /// Opens the cloud, if one is named.
    pub(crate) fn open(&self, kind: Kind) -> Result<Option<Live>, Failure> {
        let Some(name) = &self.os_cloud else { return Ok(None) };
        let failed = |error: scs_openstack::ConfigError| Failure::new(error.to_string());
        let clouds = Clouds::read(&Environment::from_process()).map_err(failed)?;
        let cloud = clouds.cloud(Some(name), self.os_region_name.as_deref()).map_err(failed)?;
        let runtime = runtime()?;
        let options = Options::default().as_admin(self.as_admin);
        let (session, part) = runtime.block_on(async {
            let session = Session::open(&cloud, &options).await.map_err(|error| unopened(&cloud, &error))?;
            let part = match kind {
                Kind::Flavors => collect_flavors(&session).await,
                Kind::Images => collect_images(&session).await,
            };
            let part = part.map_err(|error: RequestError| Failure::new(error.to_string()))?;
            Ok::<(Session, Part), Failure>((session, part))
        })?;
        Ok(Some(Live { runtime, session, kind, text: part.to_json() }))
    }

    /// Makes the changes, if `--apply` is given and the user agrees.
    pub(crate) fn make(&self, live: Option<&Live>, wanted: &[Wanted]) -> Result<(), Failure> {
        let Some(live) = live.filter(|_| self.apply) else { return Ok(()) };
        if wanted.is_empty() {
            return report("no properties to change; run the printed commands yourself\n");
        }
        report(&live.differences(wanted))?;
        if !self.yes && !agreed(&live.kind.counted(wanted.len()))? {
            return report("no changes made\n");
        }
        for Wanted { name, id, changes } in wanted {
            let applied = live.runtime.block_on(async {
                match live.kind {
                    Kind::Flavors => apply_to_flavor(&live.session, id, changes).await,
                    Kind::Images => apply_to_image(&live.session, id, changes).await,
                }
            });
            let applied: Vec<Applied> = applied.map_err(|error| not_applied(&error))?;
            report(&format!("{}: made {}\n", visible(name), counted(applied.len(), "change")))?;
        }
        Ok(())
    }
}

impl Live {
    /// The resources as an input, as if read from a file.
    pub(crate) fn input(&self) -> Opened {
        let text = self.text.clone();
        let length = Some(text.len() as u64);
        Opened { name: self.name(), reader: Box::new(Cursor::new(text)), length }
    }

    /// The title of the cloud.
    pub(crate) fn name(&self) -> String {
        self.session.cloud().title()
    }

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

fn report(text: &str) -> Result<(), Failure> {
    io::stderr().write_all(text.as_bytes()).map_err(Failure::from)
}

/// Asks for confirmation on the terminal.
fn agreed(what: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("cannot ask for confirmation: standard input is not a terminal").hint(
            "use `--yes` to make the changes without confirmation, or leave out `--apply` to only show them",
        ));
    }
    report(&format!("make these changes to {what}? [y/N] "))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::unreadable("the answer", &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn not_applied(error: &ApplyError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        ApplyError::NotAllowed { .. } => failure.hint("use a user with the role `admin` and `--as-admin`"),
        _ => failure.hint("changes reported above were made; the others were not"),
    }
}
