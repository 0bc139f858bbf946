//! Database servers, and the services that connect to them.

use std::collections::BTreeMap;

use super::super::Rec;
use super::files::{has_extension, is_on, of_services, origin, pairs, query};
use crate::config::{Found, Ini, Options};
use crate::subject::{Cloud, source};

/// The sections that such servers read.
const SERVER: &[&str] = &["mysqld", "mariadb", "mariadbd", "server", "galera"];

/// What is known of one database server.
#[derive(Default)]
struct Server {
    certificate: bool,
    key: bool,
    required: bool,
    off: Option<String>,
    files: Vec<String>,
}

fn is_of_database(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    has_extension(name, "cnf") || name == "postgresql.conf"
}

pub(super) fn server(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let mut servers: BTreeMap<&str, Server> = BTreeMap::new();
    let mut unusable = false;
    for found in files.options_where(is_of_database) {
        match found {
            Found::Unusable(path, reason) => {
                unusable = true;
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, options) => {
                let postgresql = path.ends_with("postgresql.conf");
                if postgresql || options.sections().any(is_server_section) {
                    let server = servers.entry(origin(path)).or_default();
                    server.files.push(path.to_owned());
                    if postgresql {
                        of_postgresql(server, path, &options);
                    } else {
                        of_mysql(server, path, &options);
                    }
                }
            }
        }
    }
    if servers.is_empty() && !unusable {
        rec.miss(
            source::CONFIG_FILES.name,
            "it has no configuration of a database server; add `my.cnf` and what it includes, or `postgresql.conf`",
        );
    }
    for server in servers.values() {
        let subject = server.files.join(", ");
        if let Some(off) = &server.off {
            rec.fail(subject, format!("{off} switches TLS off"));
        } else if !(server.certificate && server.key || server.required) {
            let missing = match (server.certificate, server.key) {
                (false, true) => "`ssl_cert` is",
                (true, false) => "`ssl_key` is",
                _ => "`ssl_cert` and `ssl_key` are",
            };
            let message = format!("{missing} not set for the server; without them it does not accept TLS");
            rec.fail(subject, message).compared("ssl_cert and ssl_key", "not set");
        } else if !server.required {
            rec.note(
                subject,
                "it accepts TLS and does not ask for it; `require_secure_transport = ON` would",
            );
        }
    }
}

/// `mysqld`, and `mysqld-8.0` for one version.
fn is_server_section(section: &str) -> bool {
    SERVER
        .iter()
        .any(|known| section == *known || section.strip_prefix(known).is_some_and(|it| it.starts_with('-')))
}

fn of_mysql(server: &mut Server, path: &str, options: &Options) {
    let sections: Vec<&str> = options.sections().filter(|section| is_server_section(section)).collect();
    let value = |option| options.value(&sections, option);
    let set = |option| value(option).is_some_and(|value| !value.is_empty());
    server.certificate |= set("ssl_cert");
    server.key |= set("ssl_key");
    // An option without a value is on.
    let on = |option| value(option).is_some_and(|value| value.is_empty() || is_on(value) == Some(true));
    server.required |= on("require_secure_transport");
    if on("skip_ssl") || value("ssl").and_then(is_on) == Some(false) {
        server.off = Some(format!("`ssl` in {path}"));
    }
    if value("tls_version").is_some_and(str::is_empty) {
        server.off = Some(format!("an empty `tls_version` in {path}"));
    }
}

fn of_postgresql(server: &mut Server, path: &str, options: &Options) {
    // The names of certificate and key have defaults.
    match options.value(&[""], "ssl").map(is_on) {
        Some(Some(true)) => (server.certificate, server.key) = (true, true),
        _ => server.off = Some(format!("`ssl`, which is not on, in {path}")),
    }
}

/// How a connection is protected.
enum Protection {
    Checked,
    /// There is no connection: a database in a file.
    Local,
    Unchecked(&'static str),
    Unknown,
}

/// A service's connection to its database: where it is configured, and nothing of what it says, as that holds a password.
struct Connection {
    file: String,
    place: String,
    protection: Protection,
    /// Whether the service shows a certificate of its own.
    certificate: bool,
}

fn connections_of(path: &str, file: &Ini) -> Vec<Connection> {
    let mut found = Vec::new();
    let mut sections: Vec<&str> = file.sections().collect();
    sections.sort_unstable();
    sections.dedup();
    for section in sections.into_iter().filter(|section| section.to_lowercase().contains("database")) {
        let parameters = file.value(section, "connection_parameters").map(pairs).unwrap_or_default();
        for option in ["connection", "slave_connection"] {
            let Some(url) = file.value(section, option).filter(|url| !url.is_empty()) else { continue };
            let given: Vec<_> = query(url).into_iter().chain(parameters.clone()).collect();
            let set = |name: &str| given.iter().any(|(known, value)| known == name && !value.is_empty());
            found.push(Connection {
                file: path.to_owned(),
                place: format!("`[{section}] {option}`"),
                protection: protection(url, &given),
                certificate: set("ssl_cert") && set("ssl_key") || set("sslcert") && set("sslkey"),
            });
        }
    }
    found
}

fn protection(url: &str, given: &[(String, String)]) -> Protection {
    let set = |name: &str| given.iter().find(|(known, value)| known == name && !value.is_empty());
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_lowercase()).unwrap_or_default();
    let (dialect, _) = scheme.split_once('+').unwrap_or((&scheme, ""));
    match dialect {
        "mysql" | "mariadb" if set("ssl_ca").is_some() => Protection::Checked,
        "mysql" | "mariadb" => Protection::Unchecked("ssl_ca=/path/to/ca.pem"),
        "postgresql" | "postgres" => {
            let verified = set("sslmode").is_some_and(|(_, mode)| mode.starts_with("verify-"));
            if verified && set("sslrootcert").is_some() {
                Protection::Checked
            } else {
                Protection::Unchecked("sslmode=verify-full&sslrootcert=/path/to/ca.pem")
            }
        }
        "sqlite" => Protection::Local,
        _ => Protection::Unknown,
    }
}

/// The connections of all services; `None` where that is recorded already.
fn connections(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Vec<Connection>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let mut connections = Vec::new();
    let mut unusable = false;
    for found in of_services(files) {
        match found {
            Found::Unusable(path, reason) => {
                unusable = true;
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, file) => connections.extend(connections_of(path, &file)),
        }
    }
    if connections.is_empty() && !unusable {
        let message = "no service's configuration in it has a connection to a database (`[database] connection`); add those of all services";
        rec.miss(source::CONFIG_FILES.name, message);
        return None;
    }
    Some(connections)
}

pub(super) fn clients(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(connections) = connections(cloud, rec) else { return };
    for Connection { file, place, protection, .. } in connections {
        match protection {
            Protection::Checked => {}
            Protection::Local => {
                rec.note(file, format!("{place} is a database in a file, which needs no connection"));
            }
            Protection::Unchecked(missing) => {
                let message =
                    format!("{place} does not check the server; add `{missing}` to the query of the address");
                rec.fail(file, message).compared(missing, "not set");
            }
            Protection::Unknown => {
                rec.dnf(file, format!("{place} is no address of MySQL, MariaDB or PostgreSQL"));
            }
        }
    }
}

/// How many services show certificates of their own, and how many connections there are; `None` where nothing is known.
pub(super) fn certificates(cloud: &Cloud) -> Option<(usize, usize)> {
    let files = cloud.config_files.data()?;
    let connections: Vec<Connection> = of_services(files)
        .into_iter()
        .filter_map(|found| match found {
            Found::File(path, file) => Some(connections_of(path, &file)),
            Found::Unusable(..) => None,
        })
        .flatten()
        .collect();
    let with = connections.iter().filter(|connection| connection.certificate).count();
    (!connections.is_empty()).then_some((with, connections.len()))
}
