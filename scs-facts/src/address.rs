//! Addresses as they are stored and printed: without credentials and parameters, which may be secret.

use url::Url;

/// An address without a user, a password, parameters and a fragment.
pub(crate) fn public(url: &str) -> String {
    let Ok(mut parsed) = url.parse::<Url>() else {
        // What is not an address may still have a secret in it.
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let (scheme, rest) = url[..end].split_once("://").unwrap_or(("", &url[..end]));
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        return if scheme.is_empty() { rest.to_owned() } else { format!("{scheme}://{rest}") };
    };
    // It fails only for addresses that cannot have a user.
    let _ = (parsed.set_username(""), parsed.set_password(None));
    parsed.set_query(None);
    parsed.set_fragment(None);
    parsed.to_string()
}

/// A public address without its scheme.
pub(crate) fn shown(url: &str) -> String {
    let public = public(url);
    public.split_once("://").map_or(public.as_str(), |(_, rest)| rest).to_owned()
}

/// The address of a file in a directory, whose address may have parameters.
pub(crate) fn in_directory(directory: &str, file: &str) -> String {
    let end = directory.find(['?', '#']).unwrap_or(directory.len());
    let (path, parameters) = directory.split_at(end);
    format!("{}/{file}{parameters}", path.trim_end_matches('/'))
}

/// An address with a further parameter.
pub(crate) fn with_parameter(url: &str, parameter: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}{parameter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_have_no_secrets() {
        for (url, expected) in [
            ("https://user:pw@mirror.example:8443/a/b?token=x#y", "https://mirror.example:8443/a/b"),
            ("https://mirror.example/a?token=a@b", "https://mirror.example/a"),
            ("https://user:pw@[bad/a?token=x", "https://[bad/a"),
        ] {
            let public = public(url);
            assert!(!public.contains("token") && !public.contains("pw@"), "{public}");
            assert_eq!(public, expected);
        }
        assert_eq!(shown("https://user:pw@mirror.example/a?token=x"), "mirror.example/a");
    }

    #[test]
    fn parameters_stay_at_the_end() {
        assert_eq!(in_directory("https://x/release", "stable.txt"), "https://x/release/stable.txt");
        assert_eq!(in_directory("https://x/cve?token=a", "CVE-1"), "https://x/cve/CVE-1?token=a");
        assert_eq!(with_parameter("https://x/a", "page=2"), "https://x/a?page=2");
        assert_eq!(with_parameter("https://x/a?token=b", "page=2"), "https://x/a?token=b&page=2");
    }
}
