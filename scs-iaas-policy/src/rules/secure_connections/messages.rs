//! Message brokers, and the services that connect to them.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::Fix;

use super::super::Rec;
use super::super::evidence::{report_invalid_ingress, set_if};
use super::files::{Address, has_extension, is_on};
use super::services;
use crate::config::{ConfigFiles, Configuration, Found, Setting, origin};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

/// A service's broker URL: where it is configured, its driver, and whether it uses TLS. The URL itself holds a password.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Transport {
    file: String,
    place: String,
    service: &'static str,
    driver: Driver,
    tls: Result<Tls, String>,
}

/// The setting that decides whether a connection uses TLS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tls {
    On,
    /// The URL itself.
    OffInAddress,
    /// An option that is set, or can be set, in this file.
    OffInFile(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Driver {
    Rabbit,
    Amqp,
    Kafka,
    Other,
}

impl Driver {
    fn of(dialect: &str) -> Option<Self> {
        match dialect {
            "rabbit" | "kombu" => Some(Self::Rabbit),
            "amqp" | "qpid" => Some(Self::Amqp),
            "kafka" => Some(Self::Kafka),
            _ => None,
        }
    }

    /// Whether a setting turns TLS on or off, under its current or a deprecated name.
    fn is_set_by(self, setting: &Setting<'_>) -> bool {
        let (section, option, _) = self.option();
        let former = self == Self::Rabbit && setting.option == "rabbit_use_ssl";
        former || (setting.section, setting.option) == (section, option)
    }

    /// The section, option and value that turn TLS on.
    const fn option(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Kafka => ("oslo_messaging_kafka", "security_protocol", "SASL_SSL"),
            Self::Amqp => ("oslo_messaging_amqp", "ssl", "true"),
            Self::Rabbit | Self::Other => ("oslo_messaging_rabbit", "ssl", "true"),
        }
    }
}

/// Whether a service uses TLS: according to the query of the URL, which takes precedence over the driver's options.
fn uses_tls(main: &str, settings: &[Setting<'_>], driver: Driver, address: &Address) -> Result<Tls, String> {
    let setting = settings.iter().find(|setting| driver.is_set_by(setting));
    let file = setting.map_or(main, |setting| setting.path).to_owned();
    let in_file = |on: bool| if on { Tls::On } else { Tls::OffInFile(file.clone()) };
    let in_address = |on: bool| if on { Tls::On } else { Tls::OffInAddress };
    match driver {
        Driver::Rabbit | Driver::Amqp => {
            let of_address = address.option("ssl");
            let Some(value) = of_address.or(setting.map(|setting| setting.value)) else {
                return Ok(in_file(false));
            };
            let on = is_on(value).ok_or_else(|| "`ssl` is neither true nor false".to_owned())?;
            Ok(if of_address.is_some() { in_address(on) } else { in_file(on) })
        }
        Driver::Kafka => Ok(match address.option("security_protocol") {
            Some(protocol) => in_address(is_tls_protocol(protocol)),
            None => in_file(setting.is_some_and(|setting| is_tls_protocol(setting.value))),
        }),
        Driver::Other => Ok(Tls::On),
    }
}

fn is_tls_protocol(protocol: &str) -> bool {
    matches!(protocol.trim().to_uppercase().as_str(), "SSL" | "SASL_SSL")
}

/// The broker URLs in a configuration, in any option, and the options that earlier releases used instead.
fn transports_of(service: &'static str, configuration: &Configuration<'_>) -> Vec<Transport> {
    let mut found = Vec::new();
    let settings = configuration.settings();
    let main = configuration.main();
    let drivers = [Driver::Rabbit, Driver::Amqp, Driver::Kafka];
    let switches: Vec<Setting<'_>> =
        settings.iter().filter(|it| drivers.iter().any(|driver| driver.is_set_by(it))).copied().collect();
    for setting in settings.iter().filter(|setting| !setting.value.trim().is_empty()) {
        let address = Address::read(setting.value);
        let is_known = setting.option.ends_with("transport_url");
        let driver = address.as_ref().and_then(|address| Driver::of(&address.dialect));
        let (driver, address) = match (driver, address) {
            (Some(driver), Some(address)) => (driver, address),
            _ if is_known => (Driver::Other, Address::default()),
            _ => continue,
        };
        found.push(Transport {
            file: setting.path.to_owned(),
            place: format!("`[{}] {}`", setting.section, setting.option),
            service,
            driver,
            tls: uses_tls(main, &switches, driver, &address),
        });
    }
    let is_former = |setting: &&Setting<'_>| {
        matches!(setting.option, "rabbit_host" | "rabbit_hosts") && !setting.value.trim().is_empty()
    };
    if found.is_empty()
        && let Some(setting) = settings.iter().find(is_former)
    {
        found.push(Transport {
            file: setting.path.to_owned(),
            place: format!("`[{}] {}`", setting.section, setting.option),
            service,
            driver: Driver::Rabbit,
            tls: uses_tls(main, &switches, Driver::Rabbit, &Address::default()),
        });
    }
    found
}

/// The broker URLs of all services, and the services in the catalog that need one but have none.
fn transports(cloud: &Cloud, files: &ConfigFiles, rec: &mut Rec<'_>) -> Vec<Transport> {
    let mut transports: BTreeSet<Transport> = BTreeSet::new();
    for service in files.services() {
        let found = files.configurations(service);
        report_invalid_ingress(rec, &found);
        // Programs share files.
        transports.extend(found.usable.iter().flat_map(|it| transports_of(service, it)));
    }
    let transports: Vec<Transport> = transports.into_iter().collect();
    of_all_services(cloud, files, rec, &transports);
    transports
}

/// Every service in the catalog has to have a configuration, with a broker URL if it needs one.
fn of_all_services(cloud: &Cloud, files: &ConfigFiles, rec: &mut Rec<'_>, transports: &[Transport]) {
    let Some(projects) = services::of_catalog(cloud, rec) else { return };
    let given = files.services();
    let asked = projects.keys().copied().filter(|project| !services::WITHOUT_MESSAGES.contains(project));
    let without = asked.filter(|project| !transports.iter().any(|it| it.service == *project));
    let (silent, absent): (Vec<&str>, Vec<&str>) = without.partition(|project| given.contains(project));
    let silent: Vec<&str> =
        silent.into_iter().filter(|project| !services::OPTIONAL_MESSAGES.contains(project)).collect();
    if !absent.is_empty() {
        let message = format!(
            "the configuration of these services in the catalog is missing: {}; every service has to use TLS to the broker",
            absent.join(", ")
        );
        rec.miss(FILES, message);
    }
    if !silent.is_empty() {
        let message = format!(
            "the configuration of these services has no `transport_url`: {}; add the file that has it",
            silent.join(", ")
        );
        rec.miss(FILES, message);
    }
}

fn judge_clients<'t>(cloud: &Cloud, rec: &mut Rec<'_>, transports: impl Iterator<Item = &'t Transport>) {
    for Transport { file, place, driver, tls, .. } in transports {
        let (section, option, value) = driver.option();
        match tls {
            Ok(Tls::On) => {}
            Ok(Tls::OffInFile(path)) => {
                let message = format!(
                    "{place} connects to the broker without TLS; set `[{section}] {option} = {value}`"
                );
                let question = "Does the broker listen with TLS on the port in the URL? Otherwise enable TLS there first, or the service loses its connection.";
                rec.fail(path, message)
                    .compared(format!("{option} = {value}"), "no TLS")
                    .repaired_by(set_if(cloud, question, path, &[(section, option, value)]));
            }
            Ok(Tls::OffInAddress) => {
                let message = format!("{place} disables TLS, regardless of `[{section}] {option}`");
                rec.fail(file, message).compared(format!("{option} = {value}"), "no TLS").repaired_by(
                    Fix::advice(format!(
                        "once the broker listens with TLS on the port in the URL, remove `{option}` from the query of {place}, set `[{section}] {option} = {value}`, and restart the service"
                    )),
                );
            }
            Err(reason) => {
                rec.dnf(file, format!("cannot tell whether {place} uses TLS: {reason}"));
            }
        }
    }
}

/// How a broker listens, and the files that show it.
#[derive(Default)]
struct Broker {
    tls: bool,
    plain: bool,
    files: Vec<String>,
}

/// Messages about missing parts of a kind of messaging.
struct Missing {
    /// No service uses it.
    users: &'static str,
    /// The configuration of the broker is missing.
    broker: &'static str,
}

/// Judges the services that use a kind of broker, and records missing configuration. Returns whether there is anything to
/// judge.
fn judge_services(
    cloud: &Cloud,
    transports: &[Transport],
    used: impl Fn(&&Transport) -> bool,
    no_broker: bool,
    missing: &Missing,
    rec: &mut Rec<'_>,
) -> bool {
    if transports.is_empty() && no_broker {
        let message = "no service configuration has a `transport_url`; add the configuration of all services and of the broker";
        rec.miss(FILES, message);
        return false;
    }
    if no_broker && !transports.iter().any(|transport| used(&transport)) {
        rec.note(FILES, missing.users);
        return false;
    }
    judge_clients(cloud, rec, transports.iter().filter(used));
    if transports.is_empty() {
        let message = "no service configuration has a `transport_url`; add the configuration of all services";
        rec.miss(FILES, message);
    }
    if no_broker {
        rec.miss(FILES, missing.broker);
    }
    true
}

pub(super) fn rabbit(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let transports = transports(cloud, files, rec);
    let brokers = rabbit_brokers(files, rec);
    let used = |transport: &&Transport| matches!(transport.driver, Driver::Rabbit | Driver::Amqp);
    let messages = Missing {
        users: "none of the services in the inventory uses RabbitMQ or Qpid",
        broker: "the configuration of the broker (`rabbitmq.conf`) is missing, so it is unknown whether it supports TLS",
    };
    if !judge_services(cloud, &transports, used, brokers.is_empty(), &messages, rec) {
        return;
    }
    for broker in brokers.values() {
        let subject = broker.files.join(", ");
        if !broker.tls {
            let message = "the broker does not listen with TLS; set `listeners.ssl.default = 5671` and its `ssl_options` (Qpid: `ssl-cert-db`)";
            rec.fail(subject, message).compared("a listener with TLS", "not set").repaired_by(Fix::advice(
                "give the broker a certificate and a TLS listener; remove the plain listener once every service uses TLS",
            ));
        } else if broker.plain {
            rec.warn(
                subject,
                "the broker also listens without TLS; set `listeners.tcp = none` (Qpid: `require-encryption = yes`)",
            );
        }
    }
}

fn rabbit_brokers<'f>(files: &'f ConfigFiles, rec: &mut Rec<'_>) -> BTreeMap<&'f str, Broker> {
    let mut brokers: BTreeMap<&str, Broker> = BTreeMap::new();
    let is_broker = |path: &str| {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let included =
            parts.next() == Some("conf.d") && path.contains("rabbitmq") && has_extension(name, "conf");
        name == "rabbitmq.conf" || included
    };
    let mut found = files.options_advice(is_broker);
    // Files in `conf.d` are read after the main file.
    found.sort_by_key(|found| match found {
        Found::Unusable(path, _) | Found::File(path, _) => (path.contains("/conf.d/"), *path),
    });
    let mut listeners: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for found in found {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("cannot parse it: {reason}"));
            }
            Found::File(path, options) => {
                brokers.entry(origin(path)).or_default().files.push(path.to_owned());
                let known = listeners.entry(origin(path)).or_default();
                known.extend(options.plain().map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
        }
    }
    for (machine, options) in listeners {
        let broker = brokers.entry(machine).or_default();
        let is_off = |kind: &str| options.get(&format!("listeners.{kind}")).is_some_and(|it| it == "none");
        let tls = options
            .iter()
            .any(|(name, value)| name.starts_with("listeners.ssl.") && !value.is_empty() && value != "none");
        broker.tls = tls && !is_off("ssl");
        broker.plain = !is_off("tcp");
    }
    qpid_brokers(files, rec, &mut brokers);
    // The older format is an Erlang term.
    for found in files.texts_matching(|path| path.ends_with("/rabbitmq.config") || path == "rabbitmq.config")
    {
        if let Found::File(path, text) = found {
            let broker = brokers.entry(origin(path)).or_default();
            let dense: String = text.lines().filter(|line| !line.trim_start().starts_with('%')).collect();
            let dense: String = dense.split_whitespace().collect();
            broker.tls |= dense.contains("{ssl_listeners,[") && !dense.contains("{ssl_listeners,[]");
            broker.plain |= !dense.contains("{tcp_listeners,[]");
            broker.files.push(path.to_owned());
        }
    }
    brokers
}

/// Qpid's broker, which needs a certificate database and can be configured to reject unencrypted connections.
fn qpid_brokers<'f>(files: &'f ConfigFiles, rec: &mut Rec<'_>, brokers: &mut BTreeMap<&'f str, Broker>) {
    for found in files.options_advice(|path| path.rsplit('/').next() == Some("qpidd.conf")) {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("cannot parse it: {reason}"));
            }
            Found::File(path, options) => {
                let set = |option: &str| options.value(&[""], option).filter(|value| !value.is_empty());
                let broker = brokers.entry(origin(path)).or_default();
                broker.files.push(path.to_owned());
                broker.tls |= set("ssl_cert_db").is_some();
                broker.plain |= set("require_encryption").and_then(is_on) != Some(true);
            }
        }
    }
}

pub(super) fn kafka(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let transports = transports(cloud, files, rec);
    let used = |transport: &&Transport| transport.driver == Driver::Kafka;
    let is_broker = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name == "server.properties" || name == "broker.properties" || name == "kafka.properties"
    };
    let brokers = files.options_advice(is_broker);
    let messages = Missing {
        users: "none of the services in the inventory uses Kafka",
        broker: "the configuration of Kafka (`server.properties`) is missing, so it is unknown whether it listens with TLS",
    };
    if !judge_services(cloud, &transports, used, brokers.is_empty(), &messages, rec) {
        return;
    }
    for found in brokers {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("cannot parse it: {reason}"));
            }
            Found::File(path, options) => {
                let value = |option| {
                    options.plain().filter(|(name, _)| *name == option).last().map(|(_, value)| value)
                };
                let map = value("listener.security.protocol.map").unwrap_or_default();
                let mapped = |name: &str| {
                    let pair = map.split(',').filter_map(|pair| pair.split_once(':'));
                    let known = pair.into_iter().find(|(known, _)| known.trim().eq_ignore_ascii_case(name));
                    known.map_or_else(|| name.to_owned(), |(_, protocol)| protocol.to_owned())
                };
                let listeners = value("listeners").unwrap_or("PLAINTEXT://:9092");
                let names = listeners.split(',').filter_map(|listener| listener.trim().split("://").next());
                if !names.into_iter().any(|name| is_tls_protocol(&mapped(name))) {
                    let message = "Kafka does not listen with TLS; add a listener such as `SASL_SSL://:9093`";
                    rec.fail(path, message).compared("a listener with SSL or SASL_SSL", "none");
                }
            }
        }
    }
}
