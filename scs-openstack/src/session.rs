//! A session with a cloud: a token, the catalog, and a client that uses both.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::{Method, StatusCode};
use rustls::crypto::CryptoProvider;
use scs_standards::roles::PRIVILEGED;
use tokio::sync::Mutex;
use url::Url;

use crate::auth::{self, Token};
use crate::catalog::{Api, Catalog, below};
use crate::config::{AuthMethod, CloudConfig};
use crate::http::{Answer, Call, Http, RequestError};
use crate::open_error::OpenError;
use crate::options::Options;
use scs_collector::{Redactor, Secret};

/// A session with a cloud.
///
/// An expired token is renewed once, if the credentials allow it. Dropping a session closes its connections.
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
    /// Opens a session by getting a token.
    ///
    /// The cryptography for TLS is that of the process: [`rustls::crypto::CryptoProvider::get_default`]. The program installs it
    /// once, at its start.
    ///
    /// # Errors
    ///
    /// If no TLS provider is installed, there is no token, or the user has the role `admin` or `manager` without [`Options::as_admin`].
    pub async fn open(cloud: &CloudConfig, options: &Options) -> Result<Self, OpenError> {
        if CryptoProvider::get_default().is_none() {
            return Err(OpenError::NoTlsProvider);
        }
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
        // Configured URLs may be sufficient.
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

    /// The configured cloud.
    #[must_use]
    pub const fn cloud(&self) -> &CloudConfig {
        &self.cloud
    }

    /// The roles of the token.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// The id of the token's project.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// The id of the user.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Whether the user has a role that sees more than ordinary users.
    #[must_use]
    pub fn is_privileged(&self) -> bool {
        self.roles.iter().any(|role| PRIVILEGED.contains(&role.as_str()))
    }

    pub(crate) const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The URL of an API.
    pub(crate) fn endpoint(&self, api: Api) -> Result<Url, RequestError> {
        self.catalog.endpoint(api, &self.cloud, self.project())
    }

    /// A request to an API; `path` starts with a slash and may have a query.
    pub(crate) fn call(&self, api: Api, method: Method, path: &str) -> Result<Call, RequestError> {
        Ok(Call::new(method, api.name, below(&self.endpoint(api)?, path)))
    }

    /// Sends a request with the token, and returns any response.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, RequestError> {
        self.reject_unencrypted(&call)?;
        let token = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
        let answer = self.http.send(call.clone().token("x-auth-token", &token)).await?;
        if answer.status == StatusCode::UNAUTHORIZED && self.renew(&token).await {
            let token = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
            return self.http.send(call.token("x-auth-token", &token)).await;
        }
        Ok(answer)
    }

    /// If Keystone uses https, the token is never sent over http, where it could be intercepted.
    fn reject_unencrypted(&self, call: &Call) -> Result<(), RequestError> {
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

    /// The JSON without the session's secrets; `None` if it has none.
    pub(crate) fn redacted(&self, json: &str) -> Option<String> {
        self.http.redactor.json(json)
    }

    /// The first line, without the session's secrets, truncated.
    pub(crate) fn redacted_line(&self, text: &str, most: usize) -> String {
        self.http.redactor.line(text, most)
    }

    /// Renews the token, once for all requests whose token was rejected.
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
                // Before it is used.
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
