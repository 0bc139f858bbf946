//! A connection to a cloud: a token, the catalog, and a client that uses both.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::{Method, StatusCode};
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use crate::auth::{self, Token};
use crate::catalog::{Api, Catalog, below};
use crate::config::{AuthMethod, CloudConfig, listed};
use crate::http::{Answer, Call, CertificateFileError, Http, RequestError};
use crate::options::Options;
use crate::secret::{Redactor, Secret};

/// Why there is no session.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Keystone does not take the credentials.
    #[error("`{cloud}` does not take the credentials: {hint}{}", bracketed(message))]
    NotAuthenticated {
        /// The cloud.
        cloud: String,
        /// What to look at.
        hint: &'static str,
        /// What Keystone says.
        message: String,
    },
    /// The user may do more than users may.
    #[error(
        "the user of `{cloud}` has the role `{role}`, and sees more than users do; take one with the role `member`, or say that an administrator is meant"
    )]
    Privileged {
        /// The cloud.
        cloud: String,
        /// The role.
        role: String,
    },
    /// A certificate or a key is of no use.
    #[error(transparent)]
    Certificate(#[from] CertificateFileError),
    /// Keystone does not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// What answers is no Keystone.
    #[error("{url} answers without a token; is it the address of Keystone?")]
    NoToken {
        /// The address.
        url: Url,
    },
    /// The token is of no use.
    #[error(
        "the token of `{cloud}` is for no project, so that its catalog is empty; set `project_name` with `project_domain_name`, or `project_id`"
    )]
    NoProject {
        /// The cloud.
        cloud: String,
    },
    /// The catalog has no service in the region that is asked for.
    #[error("the catalog has no region `{region}`; it has {}", listed(regions))]
    UnknownRegion {
        /// The region that was asked for.
        region: String,
        /// Those that the catalog has.
        regions: Vec<String>,
    },
    /// The credentials do not make a request.
    #[error("the credentials are incomplete: {reason}")]
    Method {
        /// What is missing.
        reason: String,
    },
}

fn bracketed(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" ({message})") }
}

/// The roles with which the official suite refuses to run.
const PRIVILEGED: [&str; 2] = ["admin", "manager"];

/// A connection to a cloud.
///
/// A token that has expired is replaced once, where the credentials allow it. Dropping a session closes its connections.
pub struct Session {
    pub(crate) cloud: CloudConfig,
    pub(crate) options: Options,
    http: Http,
    token: RwLock<Secret>,
    renewed: Mutex<bool>,
    catalog: Catalog,
    roles: Vec<String>,
    project: Option<String>,
    user: Option<String>,
}

impl Session {
    /// Gets a token.
    ///
    /// # Errors
    ///
    /// When there is none, and when the user has the role `admin` or `manager` without [`Options::as_admin`].
    pub async fn open(cloud: &CloudConfig, options: &Options) -> Result<Self, OpenError> {
        let redactor = Arc::new(Redactor::default());
        cloud.credentials.secrets().for_each(|secret| redactor.add(secret));
        let http = Http::new(cloud, options, redactor)?;
        let Token { secret, catalog, roles, project, user } = auth::token(&http, cloud).await?;
        if let Some(role) = roles.iter().find(|role| PRIVILEGED.contains(&role.as_str()))
            && !options.as_admin
        {
            return Err(OpenError::Privileged { cloud: cloud.name.clone(), role: role.clone() });
        }
        if project.is_none() && catalog.is_empty() {
            return Err(OpenError::NoProject { cloud: cloud.name.clone() });
        }
        http.redactor.add(&secret);
        let regions = catalog.regions();
        // Where addresses are configured, they may be all that is needed.
        if let Some(region) = cloud.region().filter(|_| cloud.endpoints.is_empty())
            && !regions.is_empty()
            && !regions.contains(region)
        {
            return Err(OpenError::UnknownRegion {
                region: region.to_owned(),
                regions: regions.into_iter().map(str::to_owned).collect(),
            });
        }
        Ok(Self {
            cloud: cloud.clone(),
            options: options.clone(),
            http,
            token: RwLock::new(secret),
            renewed: Mutex::new(false),
            catalog,
            roles,
            project,
            user,
        })
    }

    /// The cloud as it is configured.
    #[must_use]
    pub const fn cloud(&self) -> &CloudConfig {
        &self.cloud
    }

    /// The roles of the token.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// The id of the project that the token is for.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// The id of the user.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Whether the user has one of the roles that see more than users do.
    #[must_use]
    pub fn is_privileged(&self) -> bool {
        self.roles.iter().any(|role| PRIVILEGED.contains(&role.as_str()))
    }

    pub(crate) const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Where an API answers.
    pub(crate) fn endpoint(&self, api: Api) -> Result<Url, RequestError> {
        self.catalog.endpoint(api, &self.cloud, self.project())
    }

    /// A request to an API; `path` begins with a slash and may have a query.
    pub(crate) fn call(&self, api: Api, method: Method, path: &str) -> Result<Call, RequestError> {
        Ok(Call::new(method, api.name, below(&self.endpoint(api)?, path)))
    }

    /// Sends a request with the token, and hands back whatever is answered.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, RequestError> {
        self.refuse_unencrypted(&call)?;
        let token = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
        let answer = self.http.send(call.clone().token("x-auth-token", &token)).await?;
        if answer.status == StatusCode::UNAUTHORIZED && self.renew(&token).await {
            let token = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
            return self.http.send(call.token("x-auth-token", &token)).await;
        }
        Ok(answer)
    }

    /// Where Keystone is asked by https, the token goes nowhere by http: whoever listens could use it.
    fn refuse_unencrypted(&self, call: &Call) -> Result<(), RequestError> {
        if self.cloud.auth_url.scheme() == call.url.scheme() || call.url.scheme() == "https" {
            return Ok(());
        }
        Err(RequestError::Unencrypted {
            service: call.service.to_owned(),
            request: call.name(),
            address: call.url.origin().ascii_serialization(),
        })
    }

    /// Sends a request without the token.
    pub(crate) async fn send_without_token(&self, call: Call) -> Result<Answer, RequestError> {
        self.http.send(call).await
    }

    /// The JSON without what is secret here; `None` where nothing is.
    pub(crate) fn redacted(&self, json: &str) -> Option<String> {
        self.http.redactor.json(json)
    }

    /// The first line of it, without what is secret here, and not too much of it.
    pub(crate) fn redacted_line(&self, text: &str, most: usize) -> String {
        self.http.redactor.line(text, most)
    }

    /// Gets another token, once for all who find theirs refused.
    async fn renew(&self, refused: &Secret) -> bool {
        if self.cloud.credentials.method == AuthMethod::Token {
            return false;
        }
        let mut renewed = self.renewed.lock().await;
        let current = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
        if current.expose() != refused.expose() {
            return true;
        }
        if *renewed {
            return false;
        }
        *renewed = true;
        match auth::token(&self.http, &self.cloud).await {
            Ok(token) => {
                // Before anybody can use it.
                self.http.redactor.add(&token.secret);
                *self.token.write().unwrap_or_else(PoisonError::into_inner) = token.secret;
                true
            }
            Err(_) => false,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("cloud", &self.cloud)
            .field("roles", &self.roles)
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}
