//! Addresses of hosts, and the ones of etcd in the flags of API servers.

use std::net::IpAddr;

use crate::flags::{Flags, ReadFlagsError};

/// A name or address, normalized for comparison.
pub(super) fn written(host: &str) -> String {
    let host = host.trim().trim_start_matches('[').trim_end_matches([']', '.']);
    host.parse::<IpAddr>()
        .map_or_else(|_| host.to_ascii_lowercase(), |address| address.to_canonical().to_string())
}

/// Whether an address belongs to the host.
pub(super) fn is_loopback(host: &str) -> bool {
    let host = written(host);
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The etcd URLs of an API server, including those for single resources (`GROUP/RESOURCE#URL;URL`).
pub(super) fn etcd_endpoints(flags: &Flags) -> Result<Vec<&str>, ReadFlagsError> {
    let mut endpoints = flags.list("etcd-servers")?.unwrap_or_default();
    for overrides in flags.list("etcd-servers-overrides")?.unwrap_or_default() {
        let urls = overrides.split_once('#').map_or(overrides, |(_, urls)| urls);
        endpoints.extend(urls.split(';').map(str::trim).filter(|url| !url.is_empty()));
    }
    Ok(endpoints)
}

/// The host of a URL.
pub(super) fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    if let Some((host, _)) = behind.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        return host;
    }
    behind.split([':', '/']).next().unwrap_or(behind)
}
