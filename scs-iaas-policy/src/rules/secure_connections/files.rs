//! Which of the configuration files are whose.

use std::collections::BTreeMap;

use crate::config::{ConfigFiles, Found, Ini, ReadIniError};

/// Services of OpenStack, by the first word of their files and of their database accounts.
const SERVICES: &[&str] = &[
    "aodh",
    "barbican",
    "blazar",
    "ceilometer",
    "cinder",
    "cloudkitty",
    "cyborg",
    "designate",
    "glance",
    "gnocchi",
    "heat",
    "ironic",
    "keystone",
    "magnum",
    "manila",
    "masakari",
    "mistral",
    "neutron",
    "nova",
    "octavia",
    "placement",
    "sahara",
    "senlin",
    "tacker",
    "trove",
    "vitrage",
    "watcher",
    "zaqar",
    "zun",
];

/// Directories of programs that have files of the same names in formats of their own.
const OTHERS: &[&str] =
    &["apache2", "httpd", "nginx", "haproxy", "logrotate.d", "supervisor", "systemd", "cron.d"];

/// Whether a name begins with that of a service, as `nova_api` and `glance-api.conf` do.
pub(super) fn is_of_service(name: &str) -> bool {
    let word = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    SERVICES.contains(&word.to_lowercase().as_str())
}

/// Whether a path is that of a service's configuration: `nova.conf`, `glance-api.conf`, `nova.conf.d/10-database.conf`.
fn is_service_file(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let directories: Vec<&str> = parts.collect();
    let of_directory = directories.first().is_some_and(|it| it.ends_with(".conf.d") && is_of_service(it));
    has_extension(name, "conf")
        && (is_of_service(name) || of_directory)
        && !directories.iter().any(|directory| OTHERS.contains(directory))
}

/// Whether a path ends in an extension.
pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, known)| known.eq_ignore_ascii_case(extension))
}

/// The configuration of services.
pub(super) fn of_services(files: &ConfigFiles) -> Vec<Found<'_, Ini>> {
    merged(files, is_service_file)
}

/// The files of a kind, each with the parts of its directory: `nova.conf` and what is in `nova.conf.d`, of which a later
/// one goes before an earlier one, as oslo.config reads them.
pub(super) fn merged(files: &ConfigFiles, wanted: impl Fn(&str) -> bool) -> Vec<Found<'_, Ini>> {
    let mut merged = Vec::new();
    let mut texts: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    // In the order of their paths, so that a file comes before its directory.
    for found in files.texts_where(wanted) {
        let (path, text) = match found {
            Found::File(path, text) => (path, text),
            Found::Unusable(path, reason) => {
                merged.push(Found::Unusable(path, reason));
                continue;
            }
        };
        if let Err(error) = text.parse::<Ini>() {
            merged.push(Found::Unusable(path, error.to_string()));
            continue;
        }
        let whole = path.rsplit_once('/').and_then(|(directory, _)| directory.strip_suffix(".d"));
        let whole = whole.filter(|whole| has_extension(whole, "conf")).unwrap_or(path);
        let (_, known) = texts.entry(whole).or_insert_with(|| (path, String::new()));
        known.push_str(&text);
        known.push('\n');
    }
    merged.extend(texts.into_values().map(|(path, text)| match text.parse() {
        Ok(file) => Found::File(path, file),
        Err(error) => Found::Unusable(path, ReadIniError::to_string(&error)),
    }));
    merged
}

/// The machine or container that a file is from: what stands before `/etc/`, or else its directory. The files of one make
/// one configuration.
pub(super) fn origin(path: &str) -> &str {
    if path.starts_with("etc/") || path.starts_with("/etc/") {
        return "";
    }
    match path.find("/etc/") {
        Some(end) => &path[..end],
        None => path.rsplit_once('/').map_or("", |(directory, _)| directory),
    }
}

/// The options in the query of a URL.
pub(super) fn query(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    pairs(query)
}

/// `name=value` pairs between `&`.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let query = query.split('#').next().unwrap_or_default();
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim().to_lowercase(), value.trim().to_owned())
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// A truth value as configuration files write it.
pub(super) fn is_on(value: &str) -> Option<bool> {
    match value.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_services_by_their_names() {
        for path in [
            "/etc/nova/nova.conf",
            "etc/glance-api.conf",
            "kolla/nova-compute/nova.conf",
            "nova.conf.d/1.conf",
        ] {
            assert!(is_service_file(path), "{path}");
        }
        for path in
            ["/etc/apache2/sites/keystone.conf", "libvirtd.conf", "nova/rabbitmq.conf", "nova/policy.yaml"]
        {
            assert!(!is_service_file(path), "{path}");
        }
    }

    #[test]
    fn files_of_one_machine_belong_together() {
        assert_eq!(origin("/etc/mysql/my.cnf"), "");
        assert_eq!(origin("db1/etc/mysql/conf.d/a.cnf"), "db1");
        assert_eq!(origin("mariadb-1/galera.cnf"), "mariadb-1");
        assert_eq!(origin("my.cnf"), "");
    }
}
