//! The configuration of a cloud: its URL, credentials and certificate verification.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use scs_standards::interface::Interface;
use url::Url;

use super::environment::Environment;
use super::error::ConfigError;
use super::settings::Settings;
use scs_collector::Secret;

/// The verification of server certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verify {
    /// With the system's certificate authorities.
    System,
    /// Only with the certificate authorities in this file.
    Authorities(PathBuf),
    /// No verification.
    Off,
}

/// The authentication method of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMethod {
    /// With a password.
    Password,
    /// With an existing token.
    Token,
    /// With an application credential.
    ApplicationCredential,
}

/// The credentials of a user.
#[derive(Clone)]
pub struct Credentials {
    /// The method.
    pub(crate) method: AuthMethod,
    /// The values by configuration key.
    pub(crate) values: BTreeMap<&'static str, Secret>,
}

impl Credentials {
    /// The authentication method of a user.
    #[must_use]
    pub const fn method(&self) -> AuthMethod {
        self.method
    }

    /// The secret values.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        SECRET.iter().filter_map(|key| self.values.get(key))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("method", &self.method)
            .field("given", &self.values.keys())
            .finish()
    }
}

/// The scope of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The scope of the credentials themselves, as for application credentials.
    Inherent,
    /// A project, by id, or by name in a domain.
    Project {
        /// The project or domain id.
        id: Option<String>,
        /// The project or domain name.
        name: Option<String>,
        /// The id of the domain.
        domain_id: Option<String>,
        /// The name of the domain.
        domain_name: Option<String>,
    },
    /// A domain.
    Domain {
        /// The project or domain id.
        id: Option<String>,
        /// The project or domain name.
        name: Option<String>,
    },
    /// The system as a whole.
    System,
}

/// A configured cloud.
#[derive(Clone, Debug)]
pub struct CloudConfig {
    pub(crate) name: String,
    pub(crate) region: Option<String>,
    /// Whether its configuration has only this region.
    pub(crate) only_region: bool,
    pub(crate) auth_url: Url,
    pub(crate) credentials: Credentials,
    pub(crate) scope: Scope,
    pub(crate) interface: Interface,
    pub(crate) verify: Verify,
    /// Our client certificate, and its key if that is in a separate file.
    pub(crate) certificate: Option<(PathBuf, Option<PathBuf>)>,
    pub(crate) timeout: Option<Duration>,
    /// URLs that override those in the catalog.
    pub(crate) endpoints: BTreeMap<String, String>,
}

const USER: &[&str] = &["user_id", "username", "user_domain_id", "user_domain_name"];
const SECRET: &[&str] = &["password", "token", "application_credential_secret"];

impl CloudConfig {
    /// The name of the cloud.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name, with the region if the configuration has several.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.region {
            Some(region) if !self.only_region => format!("{} ({region})", self.name),
            _ => self.name.clone(),
        }
    }

    /// The selected region.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The URL of Keystone.
    #[must_use]
    pub const fn auth_url(&self) -> &Url {
        &self.auth_url
    }

    /// The credentials.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The scope of the token.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The catalog interface that is used.
    #[must_use]
    pub const fn interface(&self) -> Interface {
        self.interface
    }

    /// The verification of server certificates.
    #[must_use]
    pub const fn verify(&self) -> &Verify {
        &self.verify
    }

    pub(super) fn of(
        settings: &Settings,
        name: String,
        region: Option<String>,
        only_region: bool,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let credentials = credentials(settings)?;
        let scope = match credentials.method {
            AuthMethod::ApplicationCredential => Scope::Inherent,
            _ => scope(settings)?,
        };
        let file = |path: String| environment.expanded(&path);
        let verify = settings.flag("verify")? != Some(false) && settings.flag("insecure")? != Some(true);
        let verify = match (verify, settings.own(&["cacert"])?) {
            (false, _) => Verify::Off,
            (true, Some(path)) => Verify::Authorities(file(path)),
            (true, None) => Verify::System,
        };
        let key = settings.own(&["key"])?.map(file);
        Ok(Self {
            auth_url: auth_url(settings, region.as_deref())?,
            credentials,
            scope,
            interface: interface(settings)?,
            verify,
            certificate: settings.own(&["cert"])?.map(|path| (file(path), key)),
            timeout: timeout(settings)?,
            endpoints: settings
                .ending_with("_endpoint_override")
                .map(|(service, address)| (service.replace('_', "-"), address))
                .collect(),
            only_region,
            name,
            region,
        })
    }
}

fn auth_url(settings: &Settings, region: Option<&str>) -> Result<Url, ConfigError> {
    let text = settings
        .auth(&["auth_url"])?
        .ok_or_else(|| settings.missing("auth.auth_url", "; set it to Keystone's URL, `https://…/v3`"))?;
    // The only placeholder used in profiles.
    let text = text.replace("{region_name}", region.unwrap_or_default());
    let url = Url::parse(&text)
        .map_err(|error| settings.invalid("auth.auth_url", format!("not a URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(settings.invalid("auth.auth_url", "expected a URL without a user and a password"));
    }
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(settings.invalid("auth.auth_url", "it does not start with `https://` or `http://`")),
    }
}

fn credentials(settings: &Settings) -> Result<Credentials, ConfigError> {
    let method = method(settings)?;
    let mut values = BTreeMap::new();
    let mut take = |keys: &[&'static str]| -> Result<(), ConfigError> {
        if let Some(text) = settings.auth(keys)? {
            values.insert(keys[0], Secret::from(text));
        }
        Ok(())
    };
    match method {
        AuthMethod::Token => take(&["token", "auth_token"])?,
        AuthMethod::Password => take(&["password"])?,
        AuthMethod::ApplicationCredential => {
            take(&["application_credential_id"])?;
            take(&["application_credential_name"])?;
            take(&["application_credential_secret"])?;
        }
    }
    if method != AuthMethod::Token {
        take(&["user_id"])?;
        take(&["username", "user_name"])?;
        take(&["user_domain_id", "domain_id", "default_domain_id"])?;
        take(&["user_domain_name", "domain_name", "default_domain_name"])?;
    }
    let has = |key: &str| values.contains_key(key);
    let user =
        |hint| match (has("user_id"), has("username"), has("user_domain_id") || has("user_domain_name")) {
            (true, _, _) | (_, true, true) => Ok(()),
            (false, false, _) => Err(settings.missing("auth.username", hint)),
            (false, true, false) => {
                Err(settings.missing("auth.user_domain_name", "; a `username` needs a domain"))
            }
        };
    let secret = |key, what: &str| {
        let hint = format!(
            "; put {what} into `secure.yaml`, under the same keys, or name no cloud and set the `OS_*` variables"
        );
        if has(key) { Ok(()) } else { Err(settings.missing(&format!("auth.{key}"), &hint)) }
    };
    match method {
        AuthMethod::Token => secret("token", "a token")?,
        AuthMethod::Password => {
            user("; without a user, set `auth_type` to `token` or `v3applicationcredential`")?;
            secret("password", "a password")?;
        }
        AuthMethod::ApplicationCredential => {
            if !has("application_credential_id") {
                if !has("application_credential_name") {
                    return Err(settings.missing("auth.application_credential_id", ""));
                }
                user("; an application credential without an id needs its user")?;
            }
            secret("application_credential_secret", "the secret")?;
        }
    }
    debug_assert!(
        values.keys().all(|key| USER.contains(key) || key.starts_with("application") || SECRET.contains(key))
    );
    Ok(Credentials { method, values })
}

/// The default of `auth_type`, which clients default to `password`, depends on the given credentials.
fn method(settings: &Settings) -> Result<AuthMethod, ConfigError> {
    match settings.own(&["auth_type", "auth_plugin"])?.as_deref() {
        Some("password" | "v3password") => Ok(AuthMethod::Password),
        Some("token" | "v3token") => Ok(AuthMethod::Token),
        Some("v3applicationcredential" | "v3application_credential" | "application_credential") => {
            Ok(AuthMethod::ApplicationCredential)
        }
        Some(_) => Err(settings.invalid(
            "auth_type",
            "`password`, `token` and `v3applicationcredential` are supported; for others, get a token, such as with `openstack token issue`, and set `auth_type: token`",
        )),
        None if settings.auth(&["password"])?.is_some() => Ok(AuthMethod::Password),
        None if settings.auth(&["application_credential_secret"])?.is_some() => {
            Ok(AuthMethod::ApplicationCredential)
        }
        None if settings.auth(&["token", "auth_token"])?.is_some() => Ok(AuthMethod::Token),
        None => Ok(AuthMethod::Password),
    }
}

fn scope(settings: &Settings) -> Result<Scope, ConfigError> {
    let id = settings.auth(&["project_id", "tenant_id"])?;
    let name = settings.auth(&["project_name", "tenant_name"])?;
    if id.is_some() || name.is_some() {
        let domain_id = settings.auth(&["project_domain_id", "domain_id", "default_domain_id"])?;
        let domain_name = settings.auth(&["project_domain_name", "domain_name", "default_domain_name"])?;
        if id.is_none() && domain_id.is_none() && domain_name.is_none() {
            let hint = "; a `project_name` needs a domain";
            return Err(settings.missing("auth.project_domain_name", hint));
        }
        return Ok(Scope::Project { id, name, domain_id, domain_name });
    }
    let (id, name) = (settings.auth(&["domain_id"])?, settings.auth(&["domain_name"])?);
    if id.is_some() || name.is_some() {
        return Ok(Scope::Domain { id, name });
    }
    Ok(match settings.auth(&["system_scope"])? {
        Some(_) => Scope::System,
        None => Scope::Inherent,
    })
}

fn interface(settings: &Settings) -> Result<Interface, ConfigError> {
    let word = settings.own(&["interface", "endpoint_type"])?;
    let Some(word) = word.as_deref() else { return Ok(Interface::Public) };
    let word = word.strip_suffix("URL").unwrap_or(word);
    let known = Interface::ALL.into_iter().find(|interface| interface.name() == word);
    known.ok_or_else(|| settings.invalid("interface", "expected `public`, `internal` or `admin`"))
}

fn timeout(settings: &Settings) -> Result<Option<Duration>, ConfigError> {
    let Some(text) = settings.own(&["api_timeout"])? else { return Ok(None) };
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    match seconds {
        Some(seconds) => Ok(Some(Duration::from_secs_f64(seconds))),
        None => Err(settings.invalid("api_timeout", "expected a number of seconds")),
    }
}
