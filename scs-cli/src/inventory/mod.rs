//! Clouds that are asked while the program runs: `scs inventory`, `scs cleanup`, and what `scs check --os-cloud` looks at.

mod choice;
mod cleanup;
mod collecting;
mod progress;
mod repairing;
mod stop;

use clap::Args;

pub(crate) use choice::{CloudChoice, Collected};
pub(crate) use cleanup::Cleanup;
pub(crate) use repairing::{Kind, LiveRepair, Wanted};

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::output::Output;

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
What a cloud does not give is in the inventory with the reason in its place. Passwords and tokens never are.")]
pub(crate) struct InventoryCommand {
    #[command(flatten)]
    choice: CloudChoice,

    /// What the subject is called [default: as the cloud is]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
}

impl InventoryCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let at = crate::at::now(common.at);
        let clouds = self.choice.clouds()?;
        if clouds.len() > 1 {
            return Err(Failure::new("an inventory is about one cloud in one region, and several are named")
                .hint("`scs check --os-cloud … --save-inventory DIRECTORY` collects several"));
        }
        let documents = collecting::collect_all(&clouds, &self.choice, at)?;
        let documents: Vec<_> = documents.into_iter().collect::<Result<_, _>>()?;
        let mut output = Output::open(common.output.as_deref())?;
        for document in documents {
            let document = match &self.subject {
                Some(subject) => document.with_subject(subject),
                None => document,
            };
            document.write(&mut output)?;
        }
        output.finish()?;
        Ok(Outcome::Fine)
    }
}
