//! Asks the API server which rights the user has.

use futures_util::future::join_all;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Right, Target};
use crate::http::{Call, RequestError};
use crate::session::Session;

/// The answer of the API server about a right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Granted {
    /// The user has it.
    Yes,
    /// The user does not have it.
    No,
    /// The authorizer could not tell; the reason.
    Unknown(String),
}

/// Asks for each right whether the user has it, in order and side by side. What several parts need is asked once.
///
/// Each question is a POST of a `SelfSubjectAccessReview`, which every authenticated user may create, and which changes nothing.
///
/// # Errors
///
/// The first error of a request.
pub async fn review(session: &Session, rights: &[Right]) -> Result<Vec<Granted>, RequestError> {
    let same = |one: &Right, other: &Right| (one.verb, one.target) == (other.verb, other.target);
    let mut asked: Vec<&Right> = Vec::new();
    for right in rights {
        if !asked.iter().any(|known| same(known, right)) {
            asked.push(right);
        }
    }
    let granted: Vec<Granted> = join_all(asked.iter().map(|right| one(session, right)))
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    let of = |right: &Right| {
        asked.iter().position(|known| same(known, right)).and_then(|place| granted.get(place))
    };
    Ok(rights.iter().filter_map(of).cloned().collect())
}

async fn one(session: &Session, right: &Right) -> Result<Granted, RequestError> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        allowed: bool,
        #[serde(default)]
        denied: bool,
        #[serde(default)]
        evaluation_error: String,
    }
    const PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": spec(right),
    });
    let answer = session.http().send(&Call::send(Method::POST, PATH, &body).repeatable()).await?;
    let Review { status } = answer.json("a SelfSubjectAccessReview")?;
    Ok(match status {
        Status { allowed: true, .. } => Granted::Yes,
        // Without an explicit denial, an authorizer that failed might have allowed it.
        Status { denied: false, evaluation_error, .. } if !evaluation_error.is_empty() => {
            Granted::Unknown(scs_collector::one_line(&evaluation_error, 200))
        }
        Status { .. } => Granted::No,
    })
}

fn spec(right: &Right) -> Value {
    match right.target {
        Target::Path(path) => json!({"nonResourceAttributes": {"path": path, "verb": right.verb}}),
        Target::Resource { group, resource, subresource, namespace, name } => {
            let mut attributes = json!({"verb": right.verb, "group": group, "resource": resource});
            for (key, value) in [("subresource", subresource), ("namespace", namespace), ("name", name)] {
                if let Some(value) = value {
                    attributes[key] = json!(value);
                }
            }
            json!({"resourceAttributes": attributes})
        }
    }
}
