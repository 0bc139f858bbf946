//! Variables with the address of a proxy.

use std::env;
use std::ffi::OsStr;

use url::Url;

use crate::error::UpdateError;

const VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// Checks the variables: the HTTP client ignores what it cannot read, and sends requests without the proxy.
pub(crate) fn check_environment() -> Result<(), UpdateError> {
    let set = VARIABLES.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    for (variable, value) in set {
        check(&value).map_err(|reason| UpdateError::Proxy { variable, reason })?;
    }
    Ok(())
}

/// The reason does not repeat the value, which may have a password in it.
fn check(value: &OsStr) -> Result<(), String> {
    let value = value.to_str().ok_or("it is not text")?.trim();
    if value.is_empty() {
        return Ok(());
    }
    let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let url: Url = url.parse().map_err(|error: url::ParseError| error.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(()),
        other => Err(format!("`{other}` is not supported; use http or https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_have_a_host_and_a_supported_scheme() {
        for value in ["", " ", "proxy.example:3128", "http://user:pw@proxy.example:3128", "https://[::1]:80/"]
        {
            assert_eq!(check(OsStr::new(value)), Ok(()), "{value}");
        }
        for (value, reason) in [
            ("http://", "empty host"),
            ("http://planted@[bad", "invalid IPv6 address"),
            ("proxy.example:port", "invalid port number"),
            ("socks5://proxy.example", "`socks5` is not supported; use http or https"),
        ] {
            assert_eq!(check(OsStr::new(value)), Err(reason.to_owned()), "{value}");
        }
    }
}
