//! The credentials of a user.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kube::config::AuthInfo;
use secrecy::{ExposeSecret, SecretString};

use super::environment::Environment;
use super::error::ConfigError;
use super::overrides::Overrides;
use super::pem::{self, Place};
use super::{beside, nonempty};

/// Credentials, as the client reads them.
pub(super) struct Credentials {
    pub(super) info: AuthInfo,
    pub(super) has_certificate: bool,
    /// The file with the token, which may be renewed.
    pub(super) token_file: Option<PathBuf>,
}

/// The user in a file with the overrides and absolute paths.
pub(super) fn overridden(
    user: Option<&AuthInfo>,
    overrides: &Overrides,
    file: &Path,
    environment: &Environment,
) -> AuthInfo {
    let mut user = user.cloned().unwrap_or_default();
    for path in [&mut user.token_file, &mut user.client_certificate, &mut user.client_key] {
        if let Some(given) = nonempty(path.as_ref()) {
            *path = Some(beside(file, given));
        }
    }
    let resolved = |path: &PathBuf| environment.resolved(path).display().to_string();
    if overrides.gives_credentials() {
        user = without_credentials(user, overrides.gives_certificate());
    }
    if let Some(token) = &overrides.token {
        user.token = Some(token.inner().clone());
        user.token_file = None;
    }
    if let Some(path) = &overrides.client_certificate {
        user.client_certificate = Some(resolved(path));
        user.client_certificate_data = None;
    }
    if let Some(path) = &overrides.client_key {
        user.client_key = Some(resolved(path));
        user.client_key_data = None;
    }
    if let Some(name) = &overrides.impersonate {
        user.impersonate = Some(name.clone());
    }
    if let Some(uid) = &overrides.impersonate_uid {
        user.impersonate_uid = Some(uid.clone());
    }
    if !overrides.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(overrides.impersonate_groups.clone());
    }
    user
}

/// A user without the credentials of its file, with its certificate only if the other half of one is given. Otherwise the user
/// could be another one than that of the given credentials: API servers prefer certificates to tokens.
fn without_credentials(user: AuthInfo, with_certificate: bool) -> AuthInfo {
    let mut kept = AuthInfo {
        impersonate: user.impersonate,
        impersonate_groups: user.impersonate_groups,
        impersonate_uid: user.impersonate_uid,
        impersonate_user_extra: user.impersonate_user_extra,
        ..AuthInfo::default()
    };
    if with_certificate {
        kept.client_certificate = user.client_certificate;
        kept.client_certificate_data = user.client_certificate_data;
        kept.client_key = user.client_key;
        kept.client_key_data = user.client_key_data;
    }
    kept
}

/// Reads the credentials of a user, with the files that they are in.
pub(super) fn read(user: &AuthInfo, place: &Place) -> Result<Credentials, ConfigError> {
    if user.auth_provider.is_some() {
        return Err(ConfigError::AuthProvider { place: place.text.clone() });
    }
    let mut info = AuthInfo { token: token(user, place)?, ..AuthInfo::default() };
    let has_certificate = certificate(user, place, &mut info)?;
    if info.token.is_none() {
        info.username = nonempty(user.username.as_ref()).map(str::to_owned);
        info.password.clone_from(&user.password);
    }
    impersonate(user, place, &mut info)?;
    let token_file = nonempty(user.token_file.as_ref()).map(PathBuf::from);
    Ok(Credentials { info, has_certificate, token_file })
}

/// Sets the client certificate and its key, if there are any.
fn certificate(user: &AuthInfo, place: &Place, info: &mut AuthInfo) -> Result<bool, ConfigError> {
    let path = |path: &Option<String>| nonempty(path.as_ref()).map(PathBuf::from);
    let (certificate_key, certificate) = pem::data_or_file(
        place,
        ("client-certificate-data", user.client_certificate_data.as_deref()),
        ("client-certificate", path(&user.client_certificate).as_deref()),
    )?;
    let data = user.client_key_data.as_ref().map(ExposeSecret::expose_secret);
    let file = path(&user.client_key);
    let (key_key, key) =
        pem::data_or_file(place, ("client-key-data", data), ("client-key", file.as_deref()))?;
    let missing = |key: &'static str| ConfigError::Missing { place: place.text.clone(), key };
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            pem::certificates(place, certificate_key, &certificate)?;
            pem::check_key(place, key_key, &key)?;
            info.client_certificate_data = Some(STANDARD.encode(certificate));
            info.client_key_data = Some(SecretString::from(STANDARD.encode(key)));
            Ok(true)
        }
        (Some(_), None) => Err(missing("client-key")),
        (None, Some(_)) => Err(missing("client-certificate")),
        (None, None) => Ok(false),
    }
}

/// The token, or that in the token file, which is newer.
fn token(user: &AuthInfo, place: &Place) -> Result<Option<SecretString>, ConfigError> {
    let given = user.token.as_ref().map(ExposeSecret::expose_secret).filter(|token| !token.is_empty());
    let file = nonempty(user.token_file.as_ref()).map(|path| pem::read(place, "tokenFile", Path::new(path)));
    let (key, text) = match (given, file) {
        (_, Some(Ok(bytes))) => ("tokenFile", String::from_utf8_lossy(&bytes).into_owned()),
        (Some(token), _) => ("token", token.to_owned()),
        (None, Some(Err(error))) => return Err(error),
        (None, None) => return Ok(None),
    };
    let text = text.trim();
    let invalid =
        |reason: &str| ConfigError::Value { place: place.text.clone(), key, reason: reason.to_owned() };
    if text.is_empty() {
        return Err(invalid("it is empty"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid("it is not a token: it has spaces or other characters that no token has"));
    }
    Ok(Some(SecretString::from(text)))
}

fn impersonate(user: &AuthInfo, place: &Place, info: &mut AuthInfo) -> Result<(), ConfigError> {
    info.impersonate = nonempty(user.impersonate.as_ref()).map(str::to_owned);
    info.impersonate_uid = nonempty(user.impersonate_uid.as_ref()).map(str::to_owned);
    info.impersonate_groups = user.impersonate_groups.clone().filter(|groups| !groups.is_empty());
    info.impersonate_user_extra = user.impersonate_user_extra.clone().filter(|extra| !extra.is_empty());
    let has_more = info.impersonate_uid.is_some()
        || info.impersonate_groups.is_some()
        || info.impersonate_user_extra.is_some();
    if has_more && info.impersonate.is_none() {
        return Err(ConfigError::Missing { place: place.text.clone(), key: "as" });
    }
    Ok(())
}
