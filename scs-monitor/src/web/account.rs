//! Who asks: HTTP basic authentication against the accounts of the bootstrap file.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::Error;
use crate::bootstrap::{Role, Roles};
use crate::credentials::Attempt;
use crate::page::WITH_FINDINGS;
use crate::service::Service;
use crate::store::Actor;

/// The authenticated account of a request.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The subject of the account.
    pub(super) subject: String,
    roles: Roles,
    address: IpAddr,
}

impl Account {
    /// Requires a role, unless the account asks for its own subject.
    pub(super) fn require(&self, subject: Option<&str>, role: Role) -> Result<(), Error> {
        if subject == Some(&self.subject) || self.roles.contains(role) {
            Ok(())
        } else {
            Err(Error::denied("Permission denied"))
        }
    }

    /// Requires a role, unless the account asks for several subjects with its own one among them.
    pub(super) fn require_any<'s>(
        &self,
        mut subjects: impl Iterator<Item = &'s str>,
        role: Role,
    ) -> Result<(), Error> {
        self.require(subjects.find(|subject| *subject == self.subject), role)
    }

    /// The account in the audit log.
    pub(super) fn actor(&self) -> Actor {
        Actor { account: self.subject.clone(), address: Some(self.address) }
    }
}

/// Name and password of an `Authorization` header.
pub(super) struct Basic {
    pub(super) name: String,
    pub(super) password: String,
}

impl Basic {
    /// Reads the header; `None` if there is none of this scheme.
    ///
    /// # Errors
    ///
    /// If it is not readable.
    pub(super) fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let value = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let (scheme, encoded) =
            value.split_at(value.iter().position(|it| *it == b' ').unwrap_or(value.len()));
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return Ok(None);
        }
        let read = || {
            let text = String::from_utf8(STANDARD.decode(encoded.trim_ascii()).ok()?).ok()?;
            let (name, password) = text.split_once(':')?;
            Some(Self { name: name.to_owned(), password: password.to_owned() })
        };
        read().map(Some).ok_or_else(|| Error::unauthorized("Invalid authentication credentials"))
    }
}

impl FromRequestParts<Service> for Account {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Error> {
        let Some(Basic { name, password }) = Basic::from_headers(&parts.headers)? else {
            return Err(Error::unauthorized("Not authenticated"));
        };
        let address = address(parts, service.settings().behind_proxy);
        let config = service.config();
        let account = config.bootstrap.account(&name);
        let hashes = account.map(|account| account.api_keys.clone()).unwrap_or_default();
        let roles = account.map(|account| account.roles).unwrap_or_default();
        let (credentials, now, subject) = (service.credentials().clone(), service.now(), name.clone());
        if credentials.is_known(&name, &password, &hashes, now) {
            return Ok(Self { subject, roles, address });
        }
        // The place is held until the hash is done, even if the client does not wait for it.
        let place = credentials.places.clone().acquire_owned().await;
        let verify = move || {
            let _place = place;
            credentials.verify(&name, &password, &hashes, address, now)
        };
        let attempt = tokio::task::spawn_blocking(verify).await.unwrap_or(Attempt::Rejected);
        match attempt {
            Attempt::Accepted => Ok(Self { subject, roles, address }),
            Attempt::Rejected => Err(Error::unauthorized("Incorrect username or password")),
            Attempt::Limited => {
                tracing::warn!(account = subject, %address, "too many failed logins");
                Err(Error::new(StatusCode::TOO_MANY_REQUESTS, "too many failed logins; try again later"))
            }
        }
    }
}

/// The account of a request that has credentials; wrong ones are an error.
pub(super) struct Anyone(pub(super) Option<Account>);

impl FromRequestParts<Service> for Anyone {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Error> {
        if parts.headers.contains_key(AUTHORIZATION) {
            return Account::from_request_parts(parts, service).await.map(|account| Self(Some(account)));
        }
        Ok(Self(None))
    }
}

/// The account of a visitor who asks for findings with `?findings=show`, which requires a login. Without it, pages are the same
/// for everyone, with or without credentials.
pub(super) struct FindingsReader(pub(super) Option<Account>);

impl FromRequestParts<Service> for FindingsReader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        // Markdown and fragments ignore parameters, as those of the official monitor do.
        let is_page = parts.uri.path().starts_with("/page/");
        if is_page && form_urlencoded::parse(query).any(|(key, value)| (&*key, &*value) == WITH_FINDINGS) {
            return Account::from_request_parts(parts, service).await.map(|account| Self(Some(account)));
        }
        Ok(Self(None))
    }
}

/// The address of the client: that of the connection, or what the reverse proxy says.
fn address(parts: &Parts, behind_proxy: bool) -> IpAddr {
    let forwarded = || {
        let value = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    let connection = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    behind_proxy.then(forwarded).flatten().or_else(connection).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
