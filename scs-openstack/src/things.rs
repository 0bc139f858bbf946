//! Objects in a cloud created by probes: how to find them by name, and how to delete them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::catalog::{Api, BLOCK_STORAGE, COMPUTE, KEY_MANAGER, NETWORK};
use crate::collect::{List, each};
use crate::http::RequestError;
use crate::session::Session;

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Server,
    Backup,
    Volume,
    Router,
    Network,
    SecurityGroup,
    Secret,
}

impl Kind {
    /// All kinds, in an order in which they can be deleted.
    pub(crate) const ALL: [Self; 7] = [
        Self::Server,
        Self::Backup,
        Self::Volume,
        Self::Router,
        Self::Network,
        Self::SecurityGroup,
        Self::Secret,
    ];

    /// The display name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Backup => "volume backup",
            Self::Volume => "volume",
            Self::Router => "router",
            Self::Network => "network",
            Self::SecurityGroup => "security group",
            Self::Secret => "secret",
        }
    }

    /// The list of the project's objects, including their owner. Neutron shows administrators the objects of all projects,
    /// and everybody the shared ones.
    const fn list(self) -> List {
        let list = match self {
            Self::Server => List::new(COMPUTE, "/servers/detail?name=%5E_scs-", "servers"),
            Self::Backup => List::new(BLOCK_STORAGE, "/backups", "backups"),
            Self::Volume => List::new(BLOCK_STORAGE, "/volumes/detail", "volumes"),
            Self::Router => List::new(NETWORK, "/routers", "routers").own(),
            Self::Network => List::new(NETWORK, "/networks", "networks").own(),
            Self::SecurityGroup => List::new(NETWORK, "/security-groups", "security_groups").own(),
            Self::Secret => List::new(KEY_MANAGER, "/secrets", "secrets"),
        };
        list.uncounted()
    }

    pub(crate) const fn api(self) -> Api {
        self.list().api
    }

    /// Whether deletion takes a while.
    const fn lingers(self) -> bool {
        matches!(self, Self::Server | Self::Backup | Self::Volume)
    }

    /// The path of an object.
    pub(crate) fn path(self, id: &str) -> String {
        let all = match self {
            Self::Server => "/servers",
            Self::Backup => "/backups",
            Self::Volume => "/volumes",
            Self::Router => "/routers",
            Self::Network => "/networks",
            Self::SecurityGroup => "/security-groups",
            Self::Secret => "/secrets",
        };
        format!("{all}/{id}")
    }

    /// Whether a listed object belongs to the project, according to its project field.
    ///
    /// Without a project, this is unknown. Objects without a project field are ours if the service lists no others, as in
    /// Nova, Cinder and Barbican.
    fn is_own(self, session: &Session, project: Option<&str>) -> bool {
        match (session.project(), project) {
            (Some(own), Some(project)) => own == project,
            (Some(_), None) => !self.list().own || !session.is_privileged(),
            (None, _) => false,
        }
    }
}

/// An existing object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) name: String,
}

/// An entry of a list.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    secret_ref: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    project_id: Option<String>,
    #[serde(default)]
    tenant_id: Option<String>,
    #[serde(default, rename = "os-vol-tenant-attr:tenant_id")]
    volume_project: Option<String>,
    #[serde(default, rename = "os-backup-project-attr:project_id")]
    backup_project: Option<String>,
}

impl Entry {
    /// The project id, in the key used by its service.
    fn project(&self) -> Option<&str> {
        [&self.project_id, &self.tenant_id, &self.volume_project, &self.backup_project]
            .into_iter()
            .find_map(Option::as_deref)
    }
}

/// The project's own objects of a kind with a wanted name; empty if the cloud does not have the service.
pub(crate) async fn named(
    session: &Session,
    kind: Kind,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Thing>, RequestError> {
    let mut things = Vec::new();
    let result = each(
        session,
        kind.list(),
        |entries, _| {
            let entries = entries.iter().filter_map(|entry| serde_json::from_str::<Entry>(entry.get()).ok());
            things.extend(entries.filter(|entry| kind.is_own(session, entry.project())).filter_map(
                |entry| {
                    let reference = || entry.secret_ref.as_deref().and_then(last_piece).map(str::to_owned);
                    let id = entry.id.clone().or_else(reference)?;
                    let name = entry.name.filter(|name| wanted(name))?;
                    Some(Thing { kind, id, name })
                },
            ));
        },
        |_| {},
    )
    .await;
    match result {
        Ok(()) => Ok(things),
        Err(RequestError::NoService { .. } | RequestError::NotFound { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The text after the last slash.
pub(crate) fn last_piece(reference: &str) -> Option<&str> {
    reference.trim_end_matches('/').rsplit('/').next().filter(|piece| !piece.is_empty())
}

/// The deletion timeout.
const LIMIT: Duration = Duration::from_mins(3);
/// The polling interval.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// Deletes an object, and waits until it is gone. Retries if it is still in use or not yet ready.
pub(crate) async fn remove(session: &Session, thing: &Thing) -> Result<(), RequestError> {
    let end = Instant::now() + LIMIT;
    if thing.kind == Kind::Router {
        disconnect(session, &thing.id).await?;
    }
    let path = thing.kind.path(&thing.id);
    loop {
        let answer = session.send(session.call(thing.kind.api(), Method::DELETE, &path)?).await?;
        match answer.status {
            status if status.is_success() || status == StatusCode::NOT_FOUND => break,
            StatusCode::CONFLICT | StatusCode::BAD_REQUEST if Instant::now() < end => sleep(PAUSE).await,
            _ => return answer.ok().map(|_| ()),
        }
    }
    while thing.kind.lingers() {
        let answer = session.send(session.call(thing.kind.api(), Method::GET, &path)?).await?;
        if answer.status == StatusCode::NOT_FOUND {
            break;
        }
        let value: Value = answer.ok()?.json(thing.kind.name())?;
        let status = value.as_object().and_then(|outer| outer.values().next()?.get("status")?.as_str());
        // A server in `ERROR` stays so while being deleted.
        if Instant::now() >= end || status == Some("error_deleting") {
            return Err(RequestError::Status {
                service: thing.kind.api().name.to_owned(),
                request: format!("DELETE {path}"),
                status: StatusCode::ACCEPTED.as_u16(),
                message: format!("it still exists, as `{}`", status.unwrap_or("unknown")),
            });
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Removes a router's interfaces, which would prevent its deletion.
async fn disconnect(session: &Session, router: &str) -> Result<(), RequestError> {
    #[derive(Deserialize)]
    struct Ports {
        ports: Vec<Port>,
    }
    #[derive(Deserialize)]
    struct Port {
        id: String,
        #[serde(default)]
        device_owner: String,
    }
    let path = format!("/ports?device_id={router}");
    let answer = session.send(session.call(NETWORK, Method::GET, &path)?).await?.ok()?;
    for port in answer.json::<Ports>("ports")?.ports {
        if port.device_owner.contains("router_interface") {
            let path = format!("/routers/{router}/remove_router_interface");
            let call = session.call(NETWORK, Method::PUT, &path)?.json(&json!({"port_id": port.id}));
            match session.send(call).await?.ok() {
                Ok(_) | Err(RequestError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
