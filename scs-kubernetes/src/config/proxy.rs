//! The proxy of a cluster: `proxy-url`, or the proxy variables.

use std::net::IpAddr;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::environment::Environment;

/// A proxy, and where it is configured.
#[derive(Clone)]
pub(crate) struct Proxy {
    intercept: Intercept,
    /// The key or variable.
    pub(crate) from: String,
}

/// The kind of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyKind {
    Http,
    Https,
    Socks,
}

impl Proxy {
    /// The proxy set in a kubeconfig; `None` if its URL is invalid.
    pub(super) fn of_key(url: &str, server: &Uri) -> Option<Self> {
        let matcher = Matcher::builder().all(url.to_owned()).build();
        Self::new(matcher.intercept(server)?, "`proxy-url`".to_owned())
    }

    /// The proxy for a server by the variables. Like kubectl, it is not used for this machine.
    pub(super) fn of_variables(environment: &Environment, server: &Uri) -> Option<Self> {
        if server.host().is_none_or(is_this_machine) {
            return None;
        }
        let no = environment.either("NO_PROXY", "no_proxy").map_or("", |(_, value)| value);
        let (name, url) = match server.scheme_str() {
            Some("https") => environment.either("HTTPS_PROXY", "https_proxy")?,
            _ => environment.either("HTTP_PROXY", "http_proxy")?,
        };
        let matcher = Matcher::builder().all(url.to_owned()).no(no.to_owned()).build();
        Self::new(matcher.intercept(server)?, format!("`{name}`"))
    }

    fn new(intercept: Intercept, from: String) -> Option<Self> {
        let proxy = Self { intercept, from };
        proxy.kind().is_some().then_some(proxy)
    }

    /// The kind, by the scheme of the URL; `None` for an unknown one.
    pub(crate) fn kind(&self) -> Option<ProxyKind> {
        match self.uri().scheme_str()? {
            "http" => Some(ProxyKind::Http),
            "https" => Some(ProxyKind::Https),
            "socks5" | "socks5h" => Some(ProxyKind::Socks),
            _ => None,
        }
    }

    /// The URL without user and password.
    pub(crate) fn uri(&self) -> &Uri {
        self.intercept.uri()
    }

    /// The value of the header `Proxy-Authorization`.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        self.intercept.basic_auth().cloned()
    }

    /// User and password, for SOCKS.
    pub(crate) fn credentials(&self) -> Option<(String, String)> {
        self.intercept.raw_auth().map(|(user, password)| (user.to_owned(), password.to_owned()))
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxy").field("uri", self.uri()).field("from", &self.from).finish_non_exhaustive()
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(server: &str, variables: &[(&str, &str)]) -> Option<String> {
        let environment = Environment::new("/", variables.iter().copied());
        let proxy = Proxy::of_variables(&environment, &server.parse().unwrap())?;
        Some(format!("{} {}", proxy.from, proxy.uri()))
    }

    #[test]
    fn variables_name_the_proxy_of_other_machines() {
        let https = ("HTTPS_PROXY", "http://me:secret@proxy.example:3128");
        for (server, no, expected) in [
            ("https://api.example:6443", "", Some("`HTTPS_PROXY` http://proxy.example:3128/")),
            ("https://127.0.0.1:6443", "", None),
            ("https://localhost:6443", "", None),
            ("https://[::1]:6443", "", None),
            ("http://api.example:8080", "", None),
            ("https://api.example:6443", "example", None),
            ("https://10.8.0.2:6443", "10.0.0.0/8", None),
            ("https://api.example:6443", "other.example,*", None),
        ] {
            assert_eq!(proxy(server, &[https, ("no_proxy", no)]).as_deref(), expected, "{server} {no}");
        }
        assert_eq!(proxy("https://api.example", &[("https_proxy", "ftp://proxy.example")]), None);
    }

    #[test]
    fn credentials_are_not_printed() {
        let server = "https://api.example".parse().unwrap();
        let proxy = Proxy::of_key("socks5://me:secret@proxy.example:1080", &server).unwrap();
        assert_eq!(proxy.kind(), Some(ProxyKind::Socks));
        assert_eq!(proxy.credentials(), Some(("me".to_owned(), "secret".to_owned())));
        assert!(!format!("{proxy:?} {}", proxy.uri()).contains("secret"));
    }
}
