//! Message brokers, and the services that connect to them.

use std::collections::BTreeMap;

use super::super::Rec;
use super::super::evidence::set_option;
use super::files::{has_extension, is_on, of_services, origin, query};
use crate::config::{ConfigFiles, Found, Ini};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

/// A service's address of a broker: where it is configured, by which driver, and whether over TLS. The address itself holds
/// a password.
struct Transport {
    file: String,
    place: String,
    driver: Driver,
    tls: Result<bool, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Driver {
    Rabbit,
    Amqp,
    Kafka,
    Other,
}

impl Driver {
    fn of(url: &str) -> Self {
        let scheme = url.split("://").next().unwrap_or_default().to_lowercase();
        match scheme.split('+').next() {
            Some("rabbit" | "kombu") => Self::Rabbit,
            Some("amqp" | "qpid") => Self::Amqp,
            Some("kafka") => Self::Kafka,
            _ => Self::Other,
        }
    }

    /// The section, the option and the value that switch TLS on.
    const fn option(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Kafka => ("oslo_messaging_kafka", "security_protocol", "SASL_SSL"),
            Self::Amqp => ("oslo_messaging_amqp", "ssl", "true"),
            Self::Rabbit | Self::Other => ("oslo_messaging_rabbit", "ssl", "true"),
        }
    }
}

/// Whether a service uses TLS: by the query of the address, which goes before the options of the driver.
fn uses_tls(file: &Ini, driver: Driver, url: &str) -> Result<bool, String> {
    let given = query(url);
    let of_query =
        |name: &str| given.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let flag = |section: &str, option: &str| file.flag(section, option);
    let said = match driver {
        Driver::Rabbit | Driver::Amqp => {
            if let Some(value) = of_query("ssl") {
                return is_on(value).ok_or_else(|| "`ssl` in the address is no truth value".to_owned());
            }
            if driver == Driver::Rabbit {
                flag("oslo_messaging_rabbit", "ssl")
                    .or_else(|| flag("oslo_messaging_rabbit", "rabbit_use_ssl"))
            } else {
                flag("oslo_messaging_amqp", "ssl")
            }
        }
        Driver::Kafka => {
            let of_file = || file.value("oslo_messaging_kafka", "security_protocol");
            let protocol = of_query("security_protocol").or_else(of_file).unwrap_or("PLAINTEXT");
            return Ok(is_tls_protocol(protocol));
        }
        Driver::Other => None,
    };
    said.unwrap_or(Ok(false)).map_err(|_| "`ssl` is no truth value".to_owned())
}

fn is_tls_protocol(protocol: &str) -> bool {
    matches!(protocol.trim().to_uppercase().as_str(), "SSL" | "SASL_SSL")
}

fn transports(files: &ConfigFiles, rec: &mut Rec<'_>) -> Vec<Transport> {
    let mut transports = Vec::new();
    for found in of_services(files) {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, file) => {
                for section in ["DEFAULT", "oslo_messaging_notifications"] {
                    let Some(url) = file.value(section, "transport_url").filter(|url| !url.is_empty()) else {
                        continue;
                    };
                    let driver = Driver::of(url);
                    transports.push(Transport {
                        file: path.to_owned(),
                        place: format!("`[{section}] transport_url`"),
                        driver,
                        tls: uses_tls(&file, driver, url),
                    });
                }
            }
        }
    }
    transports
}

fn judge_clients<'t>(rec: &mut Rec<'_>, transports: impl Iterator<Item = &'t Transport>) {
    for Transport { file, place, driver, tls } in transports {
        match tls {
            Ok(true) => {}
            Ok(false) => {
                let (section, option, value) = driver.option();
                let message =
                    format!("{place} leads to the broker without TLS; set `[{section}] {option} = {value}`");
                rec.fail(file, message)
                    .compared(format!("{option} = {value}"), "no TLS")
                    .fixed_by(set_option(file, section, option, value));
            }
            Err(reason) => {
                rec.dnf(file, format!("whether {place} is used with TLS cannot be read: {reason}"));
            }
        }
    }
}

/// How a broker listens, and the files that say so.
#[derive(Default)]
struct Broker {
    tls: bool,
    plain: bool,
    files: Vec<String>,
}

pub(super) fn rabbit(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let transports = transports(files, rec);
    let brokers = rabbit_brokers(files, rec);
    let used = |transport: &&Transport| matches!(transport.driver, Driver::Rabbit | Driver::Amqp);
    if transports.is_empty() && brokers.is_empty() {
        let message = "no service's configuration in it has a `transport_url`; add those of all services, and that of the broker";
        rec.miss(FILES, message);
        return;
    }
    if !transports.iter().any(|transport| used(&transport)) && brokers.is_empty() {
        rec.note(FILES, "neither RabbitMQ nor Qpid is used; all services have brokers of other kinds");
        return;
    }
    judge_clients(rec, transports.iter().filter(used));
    if transports.is_empty() {
        rec.miss(FILES, "no service's configuration in it has a `transport_url`; add those of all services");
    }
    if brokers.is_empty() {
        let message = "it has no configuration of the broker (`rabbitmq.conf`), so that nobody can say whether it offers TLS";
        rec.miss(FILES, message);
    }
    for broker in brokers.values() {
        let subject = broker.files.join(", ");
        if !broker.tls {
            let message = "the broker does not listen with TLS; set `listeners.ssl.default = 5671` and its `ssl_options`";
            rec.fail(subject, message).compared("listeners.ssl", "not set");
        } else if broker.plain {
            rec.warn(subject, "the broker listens without TLS as well; set `listeners.tcp = none`");
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
    for found in files.options_where(is_broker) {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, options) => {
                let broker = brokers.entry(origin(path)).or_default();
                if broker.files.is_empty() {
                    broker.plain = true;
                }
                broker.files.push(path.to_owned());
                for (name, value) in options.plain() {
                    if name.starts_with("listeners.ssl.") {
                        broker.tls |= !value.is_empty() && value != "none";
                    } else if name == "listeners.tcp" && value == "none" {
                        broker.plain = false;
                    }
                }
            }
        }
    }
    // The older form is a term of Erlang.
    for found in files.texts_where(|path| path.ends_with("/rabbitmq.config") || path == "rabbitmq.config") {
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

pub(super) fn kafka(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let transports = transports(files, rec);
    let used = |transport: &&Transport| transport.driver == Driver::Kafka;
    let is_broker = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name == "server.properties" || name == "broker.properties" || name == "kafka.properties"
    };
    let brokers = files.options_where(is_broker);
    if transports.is_empty() && brokers.is_empty() {
        let message = "no service's configuration in it has a `transport_url`; add those of all services, and that of the broker";
        rec.miss(FILES, message);
        return;
    }
    if !transports.iter().any(|transport| used(&transport)) && brokers.is_empty() {
        rec.note(FILES, "Kafka is not used; all services have brokers of other kinds");
        return;
    }
    judge_clients(rec, transports.iter().filter(used));
    if transports.is_empty() {
        rec.miss(FILES, "no service's configuration in it has a `transport_url`; add those of all services");
    }
    if brokers.is_empty() {
        let message = "it has no configuration of Kafka (`server.properties`), so that nobody can say whether it listens with TLS";
        rec.miss(FILES, message);
    }
    for found in brokers {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("it cannot be read: {reason}"));
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
