//! Clouds that are asked while the program runs: `scs inventory`, `scs cleanup`, and what `scs check --os-cloud` looks at.

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
#[command(after_help = "\
Examples:
  scs inventory --os-cloud my-cloud -o cloud.json  everything that APIs show to a user
  scs inventory --os-cloud my-cloud --probe key-manager,backup -o cloud.json
                                                   and round trips that make something for a while
  scs inventory --os-cloud my-cloud --as-admin     as an administrator, who sees more than users do
  scs check cloud.json                             what the standards make of it

Clouds are those of clouds.yaml, secure.yaml and the variables that begin with OS_, as for the OpenStack clients.
OS_REGION_NAME, OS_CACERT, OS_CERT, OS_KEY and OS_INTERFACE count for clouds of a file, too.
What a cloud does not give is in the inventory with the reason in its place. Passwords and tokens never are.
A new file can be read by its owner only.
Exit status: 0 something was collected, 1 no service of the cloud gave anything, 2 the cloud could not be asked.")]
pub(crate) struct InventoryCommand {
    #[command(flatten)]
    choice: CloudChoice,

    /// What the subject is called [default: as the cloud is]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
}

impl InventoryCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let clouds = self.choice.clouds()?;
        if clouds.len() > 1 {
            return Err(Failure::new("an inventory is about one cloud in one region, and several are named")
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
            tell(&document);
            has_parts &= has_parts_of_services(&document);
        }
        output.finish()?;
        Ok(Exit::success_if(has_parts))
    }
}

/// What is read from the token itself, whatever the services of the cloud do.
const OF_THE_TOKEN: [&str; 2] = ["services", "roles"];

/// Whether a service has given anything.
fn has_parts_of_services(document: &Document) -> bool {
    document.parts().any(|(key, part)| !OF_THE_TOKEN.contains(&key) && !matches!(part, Part::Unavailable(_)))
}

/// Says on standard error what is good to know of an inventory, and which parts it lacks.
fn tell(document: &Document) {
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
        text.extend(["error: no service of `", &visible(document.subject()), "` gave anything\n"]);
    }
    // Without a place for it, the inventory is there all the same.
    let _ = io::stderr().write_all(text.as_bytes());
}
