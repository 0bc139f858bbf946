//! Commands for live clouds: `scs inventory` and `scs cleanup`.

mod cleanup;

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::Args;
use scs_openstack::{Document, Part};

pub(crate) use cleanup::Cleanup;

use crate::app::diagnostic::{brief, visible};
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{CloudChoice, collect_all};

/// `scs inventory`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs inventory --os-cloud my-cloud -o cloud.json  what a user can see
  scs inventory --os-cloud my-cloud --probe key-manager,backup -o cloud.json
                                                   including live probes
  scs inventory --os-cloud my-cloud --as-admin     as an administrator
  scs check cloud.json                             check the inventory

Clouds are configured as for the OpenStack clients: in clouds.yaml, secure.yaml and the `OS_*` variables. \
OS_REGION_NAME, OS_CACERT, OS_CERT, OS_KEY and OS_INTERFACE also apply to clouds from a file.

If the cloud does not provide a part, the inventory contains the reason instead. Passwords and tokens are \
never included. A new file is readable only by its owner.

Exit status: 0 something was collected, 1 no service returned anything, 2 the cloud could not be queried.")]
pub(crate) struct InventoryCommand {
    #[command(flatten)]
    choice: CloudChoice,

    /// Name of the subject [default: the cloud's name]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
}

impl InventoryCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let clouds = self.choice.clouds()?;
        if clouds.len() > 1 {
            return Err(Failure::new("an inventory is about one cloud in one region, but several are given")
                .hint("`scs check --os-cloud … --save-inventory DIRECTORY` collects several"));
        }
        let documents = collect_all(&clouds, &self.choice, at)?;
        let documents: Vec<_> = documents.into_iter().collect::<Result<_, _>>()?;
        let mut output = Output::open_private(common.output.as_deref())?;
        let mut has_parts = true;
        for document in documents {
            let document = match &self.subject {
                Some(subject) => document.with_subject(subject),
                None => document,
            };
            document.write(&mut output)?;
            print_notices(&document);
            has_parts &= has_parts_of_services(&document);
        }
        output.finish()?;
        Ok(Exit::success_if(has_parts))
    }
}

/// The parts that come from the token and not from a service.
const OF_THE_TOKEN: [&str; 2] = ["services", "roles"];

/// Whether any service returned data.
fn has_parts_of_services(document: &Document) -> bool {
    document.parts().any(|(key, part)| !OF_THE_TOKEN.contains(&key) && !matches!(part, Part::Unavailable(_)))
}

/// Prints notices about an inventory and its missing parts to standard error.
fn print_notices(document: &Document) {
    let mut text = String::new();
    for notice in document.notices() {
        text.extend(["note: ", &brief(notice), "\n"]);
    }
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, reason) in document.unavailable() {
        missing.entry(reason).or_default().push(key);
    }
    for (reason, keys) in missing {
        text.extend(["note: unavailable: ", &keys.join(", "), ": ", &brief(reason), "\n"]);
    }
    if !has_parts_of_services(document) {
        text.extend(["error: no service of `", &visible(document.subject()), "` returned anything\n"]);
    }
    // If standard error is closed, the inventory is written anyway.
    let _ = io::stderr().write_all(text.as_bytes());
}
