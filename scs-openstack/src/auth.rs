//! Authentication: requests to Keystone, and its answers.
//!
//! The methods `password` and `token` use the SDK's plugins. Application credentials are implemented here, since their
//! plugin puts the domain of a user where Keystone does not look.

use std::collections::HashMap;

use openstack_sdk_auth_core::types::{Domain, Project, System};
use openstack_sdk_auth_core::{AuthTokenScope, OpenStackMultifactorAuthMethod};
use openstack_sdk_auth_password::PasswordAuthenticator;
use openstack_sdk_auth_token::TokenAuthenticator;
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::catalog::{Catalog, below, identity};
use crate::config::{AuthMethod, CloudConfig, Credentials, Scope};
use crate::http::{Answer, Call, Http, LONGEST_MESSAGE, message};
use crate::open_error::OpenError;
use scs_collector::Secret;

/// A token with its metadata.
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) catalog: Catalog,
    pub(crate) roles: Vec<String>,
    pub(crate) project: Option<String>,
    pub(crate) user: Option<String>,
}

pub(crate) async fn token(http: &Http, cloud: &CloudConfig) -> Result<Token, OpenError> {
    let url = below(&identity(cloud.auth_url.clone()), "/auth/tokens");
    // A second token is harmless.
    let mut call = Call::new(Method::POST, "identity", url.clone()).json(&body(cloud)?);
    call.repeatable = true;
    let answer = http.send(call).await?;
    if answer.status == StatusCode::UNAUTHORIZED || is_gone(cloud, &answer) {
        let second_factor = answer.header("openstack-auth-receipt").is_some();
        return Err(OpenError::NotAuthenticated {
            cloud: cloud.name.clone(),
            hint: if second_factor {
                "the user needs a second factor; use an application credential"
            } else {
                match cloud.credentials.method {
                    AuthMethod::Password => "check the user, its domain and its password",
                    AuthMethod::Token => "the token has expired or was revoked; get a new one",
                    AuthMethod::ApplicationCredential => {
                        "check the application credential: it may have expired or been deleted"
                    }
                }
            },
            message: http.redactor.line(&message(&answer.body), LONGEST_MESSAGE),
        });
    }
    let answer = answer.ok()?;
    let Some(secret) = answer.header("x-subject-token").map(Secret::from) else {
        return Err(OpenError::NoToken { url });
    };
    let body: Body = answer.json("a token")?;
    Ok(Token {
        secret,
        roles: body.token.roles.into_iter().map(|role| role.name).collect(),
        project: body.token.project.map(|project| project.id),
        user: body.token.user.map(|user| user.id),
        catalog: Catalog::new(body.token.catalog.unwrap_or_else(empty)),
    })
}

/// Whether Keystone does not know the token or application credential: it returns 404, as for any missing object; for
/// unknown paths, it returns this message.
fn is_gone(cloud: &CloudConfig, answer: &Answer) -> bool {
    let said = message(&answer.body);
    answer.status == StatusCode::NOT_FOUND
        && cloud.credentials.method != AuthMethod::Password
        && !said.is_empty()
        && !said.starts_with("The resource could not be found")
}

fn empty() -> Box<RawValue> {
    RawValue::from_string("[]".to_owned()).unwrap_or_default()
}

#[derive(Deserialize)]
struct Body {
    token: TokenBody,
}

#[derive(Deserialize)]
struct TokenBody {
    #[serde(default)]
    catalog: Option<Box<RawValue>>,
    #[serde(default)]
    roles: Vec<Named>,
    #[serde(default)]
    project: Option<Identified>,
    #[serde(default)]
    user: Option<Identified>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

fn body(cloud: &CloudConfig) -> Result<Value, OpenError> {
    let credentials = &cloud.credentials;
    let values: HashMap<String, SecretString> =
        credentials.values.iter().map(|(key, value)| ((*key).to_owned(), value.inner().clone())).collect();
    let (method, mut identity) = match credentials.method {
        AuthMethod::Password => PasswordAuthenticator.get_auth_data(&values),
        AuthMethod::Token => TokenAuthenticator.get_auth_data(&values),
        AuthMethod::ApplicationCredential => {
            Ok(("application_credential", application_credential(credentials)))
        }
    }
    .map_err(|error| OpenError::Method { reason: error.to_string() })?;
    identity["methods"] = json!([method]);
    let mut auth = json!({"identity": identity});
    if let Some(scope) = scope(&cloud.scope) {
        auth["scope"] = scope;
    }
    Ok(json!({"auth": auth}))
}

fn application_credential(credentials: &Credentials) -> Value {
    let value = |key: &str| credentials.values.get(key).map(|value| Value::from(value.expose()));
    let mut credential = json!({"secret": value("application_credential_secret")});
    if let Some(id) = value("application_credential_id") {
        credential["id"] = id;
    } else {
        credential["name"] = value("application_credential_name").unwrap_or_default();
        credential["user"] = match value("user_id") {
            Some(id) => json!({"id": id}),
            None => json!({"name": value("username"), "domain": match value("user_domain_id") {
                Some(id) => json!({"id": id}),
                None => json!({"name": value("user_domain_name")}),
            }}),
        };
    }
    json!({"application_credential": credential})
}

fn scope(scope: &Scope) -> Option<Value> {
    let domain = |id: &Option<String>, name: &Option<String>| {
        let name = name.clone().filter(|_| id.is_none());
        (id.is_some() || name.is_some()).then(|| Domain { id: id.clone(), name })
    };
    let scope = match scope {
        Scope::Inherent => return None,
        Scope::System => AuthTokenScope::System(System { all: Some(true) }),
        Scope::Domain { id, name } => AuthTokenScope::Domain(domain(id, name)?),
        Scope::Project { id: Some(id), .. } => {
            AuthTokenScope::Project(Project { id: Some(id.clone()), name: None, domain: None })
        }
        Scope::Project { id: None, name, domain_id, domain_name } => AuthTokenScope::Project(Project {
            id: None,
            name: name.clone(),
            domain: domain(domain_id, domain_name),
        }),
    };
    serde_json::to_value(scope).ok()
}
