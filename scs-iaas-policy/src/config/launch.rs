//! Files on the command lines of programs: systemd units, Kolla's `config.json` and other texts with commands.

use super::place::{origin, service_named};

/// A file or directory on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// `--config-file PATH`
    File(String),
    /// `--config-dir PATH`
    Directory(String),
}

/// The command line of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Launch {
    /// Its machine or container.
    pub origin: String,
    pub service: &'static str,
    pub program: String,
    /// The files, in the order of the command line, in which they are read.
    pub named: Vec<Named>,
}

const FILE: &str = "--config-file";
const DIRECTORY: &str = "--config-dir";

/// The commands in a text that refer to configuration files of a service.
pub(super) fn launches(path: &str, text: &str) -> Vec<Launch> {
    if !text.contains("--config-") {
        return Vec::new();
    }
    let whole = text.replace("\\\n", " ");
    whole
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| of(path, line))
        .collect()
}

fn of(path: &str, line: &str) -> Option<Launch> {
    let separates =
        |letter: char| letter.is_whitespace() || matches!(letter, '=' | '"' | '\'' | ',' | '[' | ']');
    let words: Vec<&str> = line.split(separates).filter(|word| !word.is_empty()).collect();
    let first = words.iter().position(|word| matches!(*word, FILE | DIRECTORY))?;
    let name_of = |word: &str| {
        let name = word.rsplit('/').next().unwrap_or_default();
        let name = name.strip_prefix("openstack-").unwrap_or(name);
        let name = name.strip_suffix(".service").unwrap_or(name);
        service_named(name).map(|service| (service, name.to_owned()))
    };
    let by_command = words[..first].iter().rev().find_map(|word| name_of(word));
    // Options without a program belong to the program that the file or its directory is named after.
    let (service, program) = by_command.or_else(|| {
        path.rsplit('/').find_map(|part| name_of(part.strip_suffix(".service.d").unwrap_or(part)))
    })?;
    let named = words.windows(2).filter_map(|pair| match *pair {
        [FILE, path] => Some(Named::File(path.to_owned())),
        [DIRECTORY, path] => Some(Named::Directory(path.trim_end_matches('/').to_owned())),
        _ => None,
    });
    Some(Launch { origin: origin(path).to_owned(), service, program, named: named.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_units_and_containers_are_parsed() {
        let unit = "[Service]\n# --config-file /no\nExecStart=/usr/bin/nova-api --config-file=/etc/nova/a.conf \\\n  --config-dir /etc/nova/b/\n";
        let read = launches("/usr/lib/systemd/system/openstack-nova-api.service", unit);
        let [launch] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(
            (launch.origin.as_str(), launch.service, launch.program.as_str()),
            ("", "nova", "nova-api")
        );
        assert_eq!(
            launch.named,
            [Named::File("/etc/nova/a.conf".into()), Named::Directory("/etc/nova/b".into())]
        );
        let kolla = r#"{"command": "neutron-server --config-file /etc/neutron/neutron.conf"}"#;
        let read = launches("/etc/kolla/neutron-server/config.json", kolla);
        assert_eq!(read[0].origin, "/etc/kolla/neutron-server");
        let default = "DAEMON_ARGS=\"--config-file=/etc/keystone/other.conf\"";
        assert_eq!(launches("/etc/default/keystone", default)[0].program, "keystone");
    }
}
