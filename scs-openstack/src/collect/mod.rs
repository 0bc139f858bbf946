//! Collects the inventory of a cloud through its APIs.

mod flavors;
mod page;
mod pages;
mod scrub;

use futures_util::future::{BoxFuture, FutureExt, join, join_all};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

pub(crate) use pages::{List, each};

use crate::catalog::{BLOCK_STORAGE, COMPUTE, IDENTITY, IMAGE, NETWORK};
use crate::config::Verify;
use crate::http::RequestError;
use crate::session::Session;
use scs_collector::Event;
use scs_collector::{Document, Part};

/// Glance returns at most a thousand per page, and 25 by default.
const IMAGES: List = List::new(IMAGE, "/images?member_status=all", "images");
const VOLUME_TYPES: List = List::new(BLOCK_STORAGE, "/types?is_public=None", "volume_types");
const ROLES: List = List::new(IDENTITY, "/roles", "roles").whole();
const NETWORKS: List = List::new(NETWORK, "/networks", "networks");
const SUBNETS: List = List::new(NETWORK, "/subnets", "subnets");
const SUBNET_POOLS: List = List::new(NETWORK, "/subnetpools", "subnetpools");
const EXTENSIONS: List = List::new(NETWORK, "/extensions", "extensions").whole();
const DEFAULT_RULES: List =
    List::new(NETWORK, "/default-security-group-rules", "default_security_group_rules");

/// The result for a part; `None` if the cloud is too old to have it.
type Answer = Result<Option<Part>, RequestError>;

/// Collects everything that the APIs of a cloud show to its user; `at` is the current time.
///
/// All parts are requested concurrently. A part that cannot be collected is replaced by the reason, independently of the
/// others. Dropping the future cancels all requests.
pub async fn collect(session: &Session, at: Timestamp) -> Document {
    let mut document = Document::new("cloud", at, session.cloud().title());
    let mut asked: Vec<(&'static str, BoxFuture<'_, Answer>)> = vec![
        ("flavors", flavors::flavors(session).map(some).boxed()),
        ("images", list(session, "images", IMAGES).boxed()),
        ("volume_types", list(session, "volume_types", VOLUME_TYPES).boxed()),
        ("volume_type_encryption", encryption(session).boxed()),
        ("role_list", list(session, "role_list", ROLES).boxed()),
        ("default_security_group_rules", default_rules(session).boxed()),
        ("networks", list(session, "networks", NETWORKS).boxed()),
        ("subnets", list(session, "subnets", SUBNETS).boxed()),
        ("subnet_pools", list(session, "subnet_pools", SUBNET_POOLS).boxed()),
        ("extensions", list(session, "extensions", EXTENSIONS).boxed()),
        ("quotas", quotas(session).map(some).boxed()),
        ("availability_zones", zones(session).map(some).boxed()),
    ];
    let limits = session.options.limits;
    let time = limits.part_time.min(limits.run_time);
    let asked = asked.drain(..).map(|(key, answer)| async move {
        session.options.tell(Event::Started(key));
        let answer = timeout(time, answer).await.unwrap_or_else(|_| {
            let reason = format!("truncated: not complete within {} s", time.as_secs_f64());
            Ok(Some(Part::Unavailable(reason)))
        });
        session.options.tell(Event::Done(key));
        (key, answer)
    });
    let answers = join_all(asked).await;
    if *session.cloud().verify() == Verify::Off {
        document.notice(
            "the certificates of the cloud were not verified, because of `verify: false` or `insecure`; a different server may have responded"
                .to_owned(),
        );
    }
    document.push("services", Part::Json(own(session, session.catalog().raw.get())));
    document.push("roles", Part::Json(own(session, &json!(session.roles()).to_string())));
    for (key, answer) in answers {
        match answer {
            Ok(Some(part)) => document.push(key, part),
            Ok(None) => document.notice(format!("skipped `{key}`: the cloud has no API for it")),
            Err(error) => document.push(key, Part::Unavailable(error.to_string())),
        }
    }
    document
}

/// Collects only the flavors, with their extra specs.
///
/// # Errors
///
/// If they cannot be collected.
pub async fn collect_flavors(session: &Session) -> Result<Part, RequestError> {
    flavors::flavors(session).await
}

/// Collects only the images.
///
/// # Errors
///
/// If they cannot be collected.
pub async fn collect_images(session: &Session) -> Result<Part, RequestError> {
    pages::all(session, "images", IMAGES).await
}

fn some(result: Result<Part, RequestError>) -> Answer {
    result.map(Some)
}

/// The text without the secrets of the session.
fn own(session: &Session, text: &str) -> Box<str> {
    session.redacted(text).map_or_else(|| text.into(), String::into_boxed_str)
}

async fn list(session: &Session, part: &'static str, list: List) -> Answer {
    pages::all(session, part, list).await.map(Some)
}

/// Neutron has rule templates since 2023.2. Before, only a new group shows the default rules; a probe creates one.
async fn default_rules(session: &Session) -> Answer {
    match list(session, "default_security_group_rules", DEFAULT_RULES).await {
        Err(error) if error.is_not_found() => Ok(None),
        result => result,
    }
}

/// Encryptions of volume types, which Cinder only shows to administrators.
async fn encryption(session: &Session) -> Answer {
    if !session.is_privileged() {
        let reason = "Cinder only shows it to administrators; collect it as one".to_owned();
        return Ok(Some(Part::Unavailable(reason)));
    }
    let mut types: Vec<(String, String)> = Vec::new();
    each(
        session,
        VOLUME_TYPES,
        |entries, _| {
            types.extend(entries.iter().filter_map(|entry| {
                let entry: Map<String, Value> = serde_json::from_str(entry.get()).ok()?;
                let text = |key: &str| entry.get(key)?.as_str().map(str::to_owned);
                Some((text("id")?, text("name").unwrap_or_default()))
            }));
        },
        |_| {},
    )
    .await?;
    let asked = types.into_iter().map(|(id, name)| async move {
        let call = session.call(BLOCK_STORAGE, Method::GET, &format!("/types/{id}/encryption"))?;
        let mut encryption: Map<String, Value> =
            session.send(call.counted()).await?.ok()?.json("an encryption")?;
        encryption.insert("volume_type".to_owned(), Value::from(name));
        encryption.entry("volume_type_id").or_insert_with(|| Value::from(id));
        Ok(own(session, &Value::Object(encryption).to_string()))
    });
    let answers: Result<Vec<_>, RequestError> = join_all(asked).await.into_iter().collect();
    answers.map(|answers| Some(Part::List(answers)))
}

async fn quotas(session: &Session) -> Result<Part, RequestError> {
    let Some(project) = session.project() else {
        return Ok(Part::Unavailable("the token has no project, and quotas belong to a project".to_owned()));
    };
    let raw =
        raw(session, session.call(NETWORK, Method::GET, &format!("/quotas/{project}"))?, "quotas").await?;
    Ok(Part::Json(own(session, raw.get())))
}

async fn raw(
    session: &Session,
    call: crate::http::Call,
    expected: &str,
) -> Result<Box<RawValue>, RequestError> {
    session.send(call.counted()).await?.ok()?.json(expected)
}

/// The compute and storage zones. A service that is not in the catalog has none; one that does not respond makes the part
/// unavailable, since its zones are unknown.
async fn zones(session: &Session) -> Result<Part, RequestError> {
    let of = |api| async move {
        match session.call(api, Method::GET, "/os-availability-zone") {
            Ok(call) => raw(session, call, "availability zones").await.map(Some),
            Err(_) => Ok(None),
        }
    };
    let (compute, volume) = join(of(COMPUTE), of(BLOCK_STORAGE)).await;
    let named = [("compute", compute?), ("volume", volume?)];
    let given: Vec<String> = named
        .iter()
        .filter_map(|(key, raw)| raw.as_ref().map(|raw| format!("\"{key}\":{}", raw.get())))
        .collect();
    if given.is_empty() {
        return session.endpoint(COMPUTE).map(|_| Part::Unavailable("no zones were returned".to_owned()));
    }
    Ok(Part::Json(own(session, &format!("{{{}}}", given.join(",")))))
}
