//! Database servers, and the services that connect to them.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::Fix;

use super::super::Rec;
use super::super::evidence::report_invalid_ingress;
use super::files::{Address, has_extension, is_on, pairs};
use super::services;
use crate::config::{ConfigFiles, Configuration, Found, Options, origin};
use crate::subject::{Cloud, source};

/// The sections that database servers read.
const SERVER: &[&str] = &["mysqld", "mariadb", "mariadbd", "server", "galera"];

/// The configuration of one database server.
#[derive(Default)]
struct Server {
    certificate: bool,
    key: bool,
    required: bool,
    off: Option<String>,
    files: Vec<String>,
}

fn is_of_server(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    has_extension(name, "cnf") || name == "postgresql.conf"
}

pub(super) fn server(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let mut servers: BTreeMap<&str, Server> = BTreeMap::new();
    let mut unusable = false;
    for found in files.options_advice(is_of_server) {
        match found {
            Found::Unusable(path, reason) => {
                unusable = true;
                rec.dnf(path, format!("cannot parse it: {reason}"));
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
            "the configuration of the database server is missing; add `my.cnf` and the files it includes, or `postgresql.conf`",
        );
    }
    for server in servers.values() {
        let subject = server.files.join(", ");
        if let Some(off) = &server.off {
            rec.fail(subject, format!("{off} disables TLS"));
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
                "it accepts TLS but does not require it; set `require_secure_transport = ON` to require it",
            );
        }
    }
}

/// `mysqld`, or `mysqld-8.0` for a specific version.
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

/// The protection of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Protection {
    Checked,
    /// There is no connection: the database is a file.
    Local,
    /// The option that has to be added.
    Unchecked(&'static str),
    /// An option that disables TLS, or the verification of the server.
    SwitchedOff(&'static str),
    Unknown,
}

/// A service's connection to its database: where it is configured, without its value, which holds a password.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Connection {
    file: String,
    place: String,
    service: &'static str,
    /// The account of the database.
    pub(super) user: Option<String>,
    /// Whether its server has accounts with the kind of SQL statements in the text.
    pub(super) is_mysql: bool,
    protection: Protection,
    /// Whether the service uses a client certificate.
    certificate: bool,
}

/// Options that hold a database URL, in any format.
fn is_of_database(section: &str, option: &str) -> bool {
    matches!(option, "connection" | "slave_connection")
        && (section.contains("database") || section.ends_with(":sqlalchemy"))
        || matches!((section, option), ("task_flow", "persistence_connection") | ("indexer", "url"))
}

const MYSQL: [&str; 2] = ["mysql", "mariadb"];
const POSTGRESQL: [&str; 2] = ["postgresql", "postgres"];

/// All connections in a configuration: the options that hold one, and others with the URL of a database server.
fn connections_of(service: &'static str, configuration: &Configuration<'_>) -> Vec<Connection> {
    let mut found = Vec::new();
    let settings = configuration.settings();
    let parameters: BTreeMap<&str, &str> = settings
        .iter()
        .filter(|setting| setting.option == "connection_parameters")
        .map(|setting| (setting.section, setting.value))
        .collect();
    for setting in settings.iter().filter(|setting| !setting.value.trim().is_empty()) {
        let address = Address::read(setting.value);
        let is_server = |address: &Address| {
            MYSQL.contains(&address.dialect.as_str()) || POSTGRESQL.contains(&address.dialect.as_str())
        };
        let is_known = is_of_database(&setting.section.to_lowercase(), setting.option)
            || setting.option == "sql_connection";
        if !is_known && !address.as_ref().is_some_and(is_server) {
            continue;
        }
        let mut address = address.unwrap_or_default();
        // oslo.db appends them to the URL.
        let parameters = parameters.get(setting.section).copied().unwrap_or_default();
        address.query.extend(pairs(parameters));
        let set = |name: &str| address.option(name).is_some();
        found.push(Connection {
            file: setting.path.to_owned(),
            place: format!("`[{}] {}`", setting.section, setting.option),
            service,
            user: address.user.clone(),
            is_mysql: MYSQL.contains(&address.dialect.as_str()),
            protection: protection(&address),
            certificate: set("ssl_cert") && set("ssl_key") || set("sslcert") && set("sslkey"),
        });
    }
    found
}

/// Driver options that override `ssl_ca` if they have one of these values, or any value if there are none.
const OVERRIDING: &[(&str, &[&str])] = &[
    // The driver treats any text as true.
    ("ssl_disabled", &[]),
    ("ssl_verify_cert", &["false", "0", "no", "none"]),
    ("ssl_mode", &["DISABLED", "PREFERRED"]),
];

fn protection(address: &Address) -> Protection {
    let dialect = address.dialect.as_str();
    if MYSQL.contains(&dialect) {
        let undone = OVERRIDING.iter().find(|(option, values)| {
            let set = address.option(option);
            set.is_some_and(|set| values.is_empty() || values.iter().any(|it| it.eq_ignore_ascii_case(set)))
        });
        return match (address.option("ssl_ca"), undone) {
            (Some(_), Some((option, _))) => Protection::SwitchedOff(option),
            (Some(_), None) => Protection::Checked,
            (None, _) => Protection::Unchecked("ssl_ca=/path/to/ca.pem"),
        };
    }
    if POSTGRESQL.contains(&dialect) {
        let verified = address.option("sslmode").is_some_and(|mode| mode.starts_with("verify-"));
        return if verified && address.option("sslrootcert").is_some() {
            Protection::Checked
        } else {
            Protection::Unchecked("sslmode=verify-full&sslrootcert=/path/to/ca.pem")
        };
    }
    if dialect == "sqlite" { Protection::Local } else { Protection::Unknown }
}

/// The connections of all services with a configuration, and these services.
fn all_connections(
    files: &ConfigFiles,
    rec: Option<&mut Rec<'_>>,
) -> (Vec<Connection>, BTreeSet<&'static str>) {
    let mut connections: BTreeSet<Connection> = BTreeSet::new();
    let mut services = BTreeSet::new();
    let mut unread = Vec::new();
    for service in files.services() {
        let found = files.configurations(service);
        services.insert(service);
        for configuration in &found.usable {
            // Programs share files.
            connections.extend(connections_of(service, configuration));
        }
        unread.push(found);
    }
    if let Some(rec) = rec {
        for found in &unread {
            report_invalid_ingress(rec, found);
        }
    }
    (connections.into_iter().collect(), services)
}

/// The accounts used by connections.
pub(super) fn users(cloud: &Cloud) -> BTreeSet<String> {
    let Some(files) = cloud.config_files.data() else { return BTreeSet::new() };
    let (connections, _) = all_connections(files, None);
    connections.into_iter().filter(|it| it.is_mysql).filter_map(|it| it.user).collect()
}

/// The services whose connection has an account, or that need none.
pub(super) fn connected(cloud: &Cloud) -> BTreeSet<&'static str> {
    let Some(files) = cloud.config_files.data() else { return BTreeSet::new() };
    let (connections, _) = all_connections(files, None);
    let needs_none = |it: &Connection| !it.is_mysql || it.user.is_some();
    connections.iter().filter(|it| needs_none(it)).map(|it| it.service).collect()
}

pub(super) fn clients(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let (connections, given) = all_connections(files, Some(rec));
    if let Some(projects) = services::of_catalog(cloud, rec) {
        let of_database = |project: &&str| !services::WITHOUT_DATABASE.contains(project);
        let without = |project: &&str| !connections.iter().any(|it| it.service == *project);
        let missing: Vec<&str> = projects.keys().copied().filter(of_database).filter(without).collect();
        let (silent, absent): (Vec<&str>, Vec<&str>) = missing.into_iter().partition(|it| given.contains(it));
        if !absent.is_empty() {
            let message = format!(
                "the configuration of these services in the catalog is missing: {}; every service has to verify its database server",
                absent.join(", ")
            );
            rec.miss(source::CONFIG_FILES.name, message);
        }
        if !silent.is_empty() {
            let message = format!(
                "the configuration of these services has no database connection (`[database] connection`): {}; add the file that has it",
                silent.join(", ")
            );
            rec.miss(source::CONFIG_FILES.name, message);
        }
    }
    for Connection { file, place, protection, .. } in connections {
        match protection {
            Protection::Checked => {}
            Protection::Local => {
                rec.note(file, format!("{place} is a database file, which needs no connection"));
            }
            Protection::Unchecked(missing) => {
                let message =
                    format!("{place} does not verify the server; add `{missing}` to the query of the URL");
                rec.fail(file, message).compared(missing, "not set").repaired_by(Fix::advice(format!(
                    "once the database server supports TLS, add `{missing}` to the query of the URL in {place}, and restart the service"
                )));
            }
            Protection::SwitchedOff(option) => {
                let message =
                    format!("{place} has `{option}`, which overrides `ssl_ca`: the server is not verified");
                rec.fail(file, message).compared("only ssl_ca", option).repaired_by(Fix::advice(format!(
                    "remove `{option}` from the query of the URL in {place}, and restart the service"
                )));
            }
            Protection::Unknown => {
                rec.dnf(file, format!("{place} is not a URL of MySQL, MariaDB or PostgreSQL"));
            }
        }
    }
}

/// The number of services with client certificates, and the number of connections; `None` if unknown.
pub(super) fn certificates(cloud: &Cloud) -> Option<(usize, usize)> {
    let (connections, _) = all_connections(cloud.config_files.data()?, None);
    let with = connections.iter().filter(|connection| connection.certificate).count();
    (!connections.is_empty()).then_some((with, connections.len()))
}
