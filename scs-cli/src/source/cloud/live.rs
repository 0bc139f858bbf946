//! `--os-cloud` of commands about one kind of resource.

use std::io::Cursor;

use clap::Args;
use scs_openstack::{
    CloudConfig, Clouds, Environment, Options, Part, Probe, RequestError, Session, collect_flavors,
    collect_images,
};
use scs_report::counted;
use tokio::runtime::Runtime;

use super::choice::CloudChoice;
use super::collecting::unopened;
use crate::app::failure::Failure;
use crate::app::input::Opened;
use crate::source::live::runtime;

/// The options that select one live cloud instead of a file.
#[derive(Clone, Debug, Args)]
pub(crate) struct LiveCloud {
    /// Query this cloud of clouds.yaml, instead of reading a file
    #[arg(long, value_name = "NAME", help_heading = "Clouds")]
    pub(super) os_cloud: Option<String>,

    /// Region to query [default: `OS_REGION_NAME`, or the first configured region]
    #[arg(long, value_name = "REGION", requires = "os_cloud", help_heading = "Clouds")]
    pub(super) os_region_name: Option<String>,

    /// Proceed as a user with the role `admin` or `manager`
    #[arg(long, requires = "os_cloud", help_heading = "Clouds")]
    pub(super) as_admin: bool,
}

/// The kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flavors,
    Images,
}

impl Kind {
    pub(super) fn counted(self, count: usize) -> String {
        counted(count, if self == Self::Flavors { "flavor" } else { "image" })
    }
}

/// A cloud and its resources of one kind.
pub(crate) struct Live {
    pub(super) runtime: Runtime,
    pub(super) session: Session,
    pub(super) kind: Kind,
    pub(super) text: String,
}

impl LiveCloud {
    /// Opens the cloud and reads its resources, if a cloud is named.
    pub(crate) fn open(&self, kind: Kind) -> Result<Option<Live>, Failure> {
        let Some(name) = &self.os_cloud else { return Ok(None) };
        let failed = |error: scs_openstack::ConfigError| Failure::new(error.to_string());
        let clouds = Clouds::read(&Environment::from_process()).map_err(failed)?;
        let cloud: CloudConfig = clouds.cloud(Some(name), self.os_region_name.as_deref()).map_err(failed)?;
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

    /// The selection of this cloud for its inventory and a probe, if a cloud is named.
    pub(crate) fn probed_by(&self, probe: Probe) -> Option<CloudChoice> {
        let name = self.os_cloud.clone()?;
        Some(CloudChoice {
            os_cloud: vec![name],
            os_region_name: self.os_region_name.iter().cloned().collect(),
            probe: vec![crate::source::live::Probe::Cloud(probe)],
            as_admin: self.as_admin,
        })
    }

    /// The options as arguments of another command.
    pub(crate) fn arguments(&self) -> Option<String> {
        use scs_standards::written::shell::option;
        let cloud = option("--os-cloud", self.os_cloud.as_ref()?);
        let region = self.os_region_name.as_ref().map(|region| option("--os-region-name", region));
        let admin = self.as_admin.then(|| "--as-admin".to_owned());
        Some([Some(cloud), region, admin].into_iter().flatten().collect::<Vec<_>>().join(" "))
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
}
