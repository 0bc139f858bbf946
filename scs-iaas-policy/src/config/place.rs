//! Assigns configuration files to services by path.

/// OpenStack services, by the first word of their file names and database accounts.
const SERVICES: &[&str] = &[
    "aodh",
    "barbican",
    "blazar",
    "ceilometer",
    "cinder",
    "cloudkitty",
    "cyborg",
    "designate",
    "freezer",
    "glance",
    "gnocchi",
    "heat",
    "ironic",
    "keystone",
    "magnum",
    "manila",
    "masakari",
    "mistral",
    "murano",
    "neutron",
    "nova",
    "octavia",
    "panko",
    "placement",
    "sahara",
    "senlin",
    "solum",
    "tacker",
    "trove",
    "vitrage",
    "watcher",
    "zaqar",
    "zun",
];

/// Directories of programs that use the same file names with different formats.
const OTHERS: &[&str] = &["apache2", "httpd", "nginx", "haproxy", "supervisor", "systemd", "domains"];

/// More files of Neutron, each with the program that reads it.
const PLUGINS: &[(&str, &str)] = &[
    ("ml2_conf.ini", "neutron-server"),
    ("plugin.ini", "neutron-server"),
    ("dhcp_agent.ini", "neutron-dhcp-agent"),
    ("l3_agent.ini", "neutron-l3-agent"),
    ("metadata_agent.ini", "neutron-metadata-agent"),
    ("openvswitch_agent.ini", "neutron-openvswitch-agent"),
    ("linuxbridge_agent.ini", "neutron-linuxbridge-agent"),
    ("ovn_agent.ini", "neutron-ovn-agent"),
];

/// The service whose name a word starts with, as in `nova_api` and `glance-api.conf`.
#[must_use]
pub(super) fn service_named(name: &str) -> Option<&'static str> {
    let word = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    let word = word.to_lowercase();
    SERVICES.iter().copied().find(|known| *known == word)
}

/// The service named by one of the words of a name, as in `os_glance`.
#[must_use]
pub fn service_within(name: &str) -> Option<&'static str> {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).find_map(service_named)
}

/// The order in which files are read: later ones take precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    /// `nova-dist.conf` of a package.
    Package,
    /// `nova.conf`.
    Service,
    /// `nova-compute.conf`.
    Program,
    /// `ml2_conf.ini`.
    Plugin,
    /// `nova.conf.d/*.conf`.
    ServiceDirectory,
    /// `nova-compute.conf.d/*.conf`.
    ProgramDirectory,
}

impl Layer {
    pub(super) const fn is_directory(self) -> bool {
        matches!(self, Self::ServiceDirectory | Self::ProgramDirectory)
    }
}

/// The service, machine and program of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'p> {
    /// The machine or container: the part of the path before `/etc/`, or a directory.
    pub origin: &'p str,
    pub service: &'static str,
    /// The only program that reads it; `None` if all programs of the service do.
    pub program: Option<&'p str>,
    pub layer: Layer,
}

impl<'p> Place<'p> {
    /// The place of a service's file; `None` for other files.
    pub(super) fn of(path: &'p str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or_default();
        let directories: Vec<&str> = path.split('/').rev().skip(1).collect();
        let foreign = |directory: &&str| {
            let of_parts = directory.strip_suffix(".d").is_some_and(|whole| !whole.ends_with("conf"));
            OTHERS.contains(directory) || of_parts
        };
        if directories.iter().any(foreign) || is_kolla_source(path) {
            return None;
        }
        let origin = origin(path);
        if let Some((_, program)) = PLUGINS.iter().find(|(plugin, _)| *plugin == name) {
            return Some(Self { origin, service: "neutron", program: Some(program), layer: Layer::Plugin });
        }
        let stem = name.strip_suffix(".conf")?;
        // `nova.conf.d/*.conf`
        if let Some(whole) = directories.first().and_then(|directory| directory.strip_suffix(".conf.d")) {
            let service = service_named(whole)?;
            let program = (whole != service).then_some(whole);
            let layer = if program.is_some() { Layer::ProgramDirectory } else { Layer::ServiceDirectory };
            let origin = instance(origin, parent(parent(path)), service);
            return Some(Self { origin, service, program, layer });
        }
        // `neutron/conf.d/common/*.conf`, `neutron/conf.d/neutron-server/*.conf` and `neutron/conf.d/*.conf`
        let below = directories.iter().take(2).position(|directory| *directory == "conf.d");
        if let Some((below, service)) =
            below.and_then(|below| Some((below, service_named(directories.get(below + 1)?)?)))
        {
            let program = directories.first().copied().filter(|it| below == 1 && *it != "common");
            let layer = if program.is_some() { Layer::ProgramDirectory } else { Layer::ServiceDirectory };
            return Some(Self { origin, service, program, layer });
        }
        let service = service_named(stem)?;
        let rest = stem.strip_prefix(service).unwrap_or_default();
        if rest == "-dist" {
            return Some(Self { origin, service, program: None, layer: Layer::Package });
        }
        let origin = instance(origin, parent(path), service);
        let program = (!rest.is_empty()).then_some(stem);
        let layer = if program.is_some() { Layer::Program } else { Layer::Service };
        Some(Self { origin, service, program, layer })
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The machine, or a separate directory for another instance of a service: `/etc/nova-cell2` next to `/etc/nova`.
fn instance<'p>(origin: &'p str, base: &'p str, service: &str) -> &'p str {
    let within = base.strip_prefix(origin).unwrap_or(base).trim_start_matches('/');
    let is_usual = within.strip_prefix("etc").is_none_or(|rest| {
        let rest = rest.trim_start_matches('/');
        rest.is_empty() || rest == service
    });
    if is_usual { origin } else { base }
}

/// Whether a file is a source that Kolla generates service files from, which no service reads.
pub(super) fn is_kolla_source(path: &str) -> bool {
    path.contains("kolla/config/")
}

/// Path components after which a machine's own tree starts.
const TREES: &[&str] = &["/etc/", "/usr/share/", "/usr/lib/", "/lib/systemd/"];

/// The machine or container of a file: the part of the path before `/etc/`, or its directory. The files of one machine form
/// one configuration. Kolla has a directory for each container.
#[must_use]
pub fn origin(path: &str) -> &str {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    if let Some(start) = path.find("kolla/").filter(|_| !is_kolla_source(path)) {
        let below = start + "kolla/".len();
        if let Some(length) = path.get(below..).and_then(|rest| rest.find('/')) {
            return &path[..below + length];
        }
    }
    for tree in TREES {
        if path.starts_with(tree.trim_start_matches('/')) {
            return "";
        }
        if let Some(end) = path.find(tree) {
            return &path[..end];
        }
    }
    // A subdirectory of the service's.
    let mut whole = directory;
    while let Some((parent, last)) = whole.rsplit_once('/') {
        if !last.ends_with("conf.d") && !matches!(last, "plugins" | "ml2" | "common") {
            break;
        }
        whole = parent;
    }
    if whole.ends_with(".conf.d") { "" } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_assigned_to_services_by_name() {
        let of = |path| Place::of(path).map(|it| (it.origin, it.service, it.program, it.layer));
        for (path, expected) in [
            ("/etc/nova/nova.conf", ("", "nova", None, Layer::Service)),
            ("etc/glance-api.conf", ("", "glance", Some("glance-api"), Layer::Program)),
            ("/etc/kolla/nova-compute/nova.conf", ("/etc/kolla/nova-compute", "nova", None, Layer::Service)),
            ("nova.conf.d/1.conf", ("", "nova", None, Layer::ServiceDirectory)),
            ("host1/nova.conf.d/1.conf", ("host1", "nova", None, Layer::ServiceDirectory)),
            ("h/etc/nova/nova-api.conf.d/1.conf", ("h", "nova", Some("nova-api"), Layer::ProgramDirectory)),
            ("/usr/share/nova/nova-dist.conf", ("", "nova", None, Layer::Package)),
            ("/etc/neutron/conf.d/common/x.conf", ("", "neutron", None, Layer::ServiceDirectory)),
            (
                "/etc/neutron/conf.d/neutron-server/x.conf",
                ("", "neutron", Some("neutron-server"), Layer::ProgramDirectory),
            ),
            ("/etc/neutron/plugins/ml2/ml2_conf.ini", ("", "neutron", Some("neutron-server"), Layer::Plugin)),
            ("/root/.nova/nova.conf", ("/root/.nova", "nova", None, Layer::Service)),
            ("/etc/nova.conf", ("", "nova", None, Layer::Service)),
            ("/etc/nova-cell2/nova.conf", ("/etc/nova-cell2", "nova", None, Layer::Service)),
            (
                "n/etc/nova-cell2/nova.conf.d/1.conf",
                ("n/etc/nova-cell2", "nova", None, Layer::ServiceDirectory),
            ),
        ] {
            assert_eq!(of(path), Some(expected), "{path}");
        }
        for path in [
            "/etc/apache2/sites/keystone.conf",
            "libvirtd.conf",
            "nova/rabbitmq.conf",
            "nova/policy.yaml",
            "/etc/logrotate.d/nova.conf",
            "/etc/kolla/config/nova.conf",
            "/etc/keystone/domains/keystone.users.conf",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }

    #[test]
    fn files_of_a_machine_are_grouped() {
        assert_eq!(origin("/etc/mysql/my.cnf"), "");
        assert_eq!(origin("db1/etc/mysql/conf.d/a.cnf"), "db1");
        assert_eq!(origin("mariadb-1/galera.cnf"), "mariadb-1");
        assert_eq!(origin("my.cnf"), "");
        assert_eq!(origin("neutron/plugins/ml2/ml2_conf.ini"), "neutron");
    }

    #[test]
    fn services_are_found_in_names() {
        assert_eq!(service_within("os_glance"), Some("glance"));
        assert_eq!(service_within("nova_api"), Some("nova"));
        assert_eq!(service_within("monitor"), None);
    }
}
