//! What DHCP tells machines about DNS servers.

use std::net::IpAddr;

use super::super::Rec;
use super::super::evidence::set_option;
use super::recursors;
use crate::config::{ConfigFiles, Found, Ini};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

/// The configuration files that are about DNS, as far as they can be read.
struct Files<'c> {
    /// `dhcp_agent.ini`.
    agents: Vec<(&'c str, Ini)>,
    /// `ml2_conf.ini`, or where the drivers stand otherwise.
    plugins: Vec<(&'c str, Ini)>,
    /// Whether one of them cannot be read.
    unusable: bool,
}

impl<'c> Files<'c> {
    fn read(files: &'c ConfigFiles, rec: &mut Rec<'_>) -> Self {
        let mut unusable = false;
        let mut of = |names: &[&str]| {
            let mut read = Vec::new();
            for found in files.ini(names) {
                match found {
                    Found::Unusable(path, reason) => {
                        unusable = true;
                        rec.dnf(path, format!("it cannot be read: {reason}"));
                    }
                    Found::File(path, file) => read.push((path, file)),
                }
            }
            read
        };
        let agents = of(&["dhcp_agent.ini"]);
        let plugins = of(&["ml2_conf.ini", "plugin.ini"]);
        Self { agents, plugins, unusable }
    }

    /// Whether Neutron uses a driver; `None` where no file says which it uses.
    fn uses(&self, drivers: &[&str]) -> Option<bool> {
        let mut known = None;
        for (_, file) in &self.plugins {
            let Some(used) = file.list("ml2", "mechanism_drivers") else { continue };
            known = Some(known == Some(true) || used.iter().any(|driver| drivers.contains(driver)));
        }
        known
    }

    fn uses_ovn(&self) -> Option<bool> {
        self.uses(&["ovn"])
    }
}

pub(super) fn local_resolv(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let files = Files::read(files, rec);
    for (path, file) in &files.agents {
        match file.flag("DEFAULT", "dnsmasq_local_resolv") {
            Some(Ok(true)) => {
                let message = "`dnsmasq_local_resolv` is on; set it to `false`, and name servers in `dnsmasq_dns_servers`";
                rec.fail(path, message)
                    .compared("dnsmasq_local_resolv = false", "true")
                    .fixed_by(set_option(path, "DEFAULT", "dnsmasq_local_resolv", "false"));
            }
            Some(Ok(false)) => {}
            None => {
                rec.note(path, "`dnsmasq_local_resolv` is not set, which means off");
            }
            Some(Err(_)) => {
                rec.dnf(path, "`dnsmasq_local_resolv` is no truth value");
            }
        }
    }
    if !files.agents.is_empty() || files.unusable {
        return;
    }
    if files.uses_ovn() == Some(true) && files.uses(&["openvswitch", "linuxbridge"]) == Some(false) {
        rec.note(FILES, "OVN tells machines about DNS servers by itself, so that there are no DHCP agents");
        return;
    }
    let message =
        "it has no `dhcp_agent.ini`; add those of all network nodes, or `ml2_conf.ini` where OVN is used";
    rec.miss(FILES, message);
}

/// The *DNS server setting*: the servers by file. `None` where it is not known, which is recorded.
pub(super) fn servers<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<(&'c str, Vec<String>)>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let files = Files::read(files, rec);
    let of = |path: &'c str, file: &Ini, section: &str, option: &str| {
        let servers = file.list(section, option).unwrap_or_default();
        (path, servers.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let agents = files.agents.iter().map(|(path, file)| of(path, file, "DEFAULT", "dnsmasq_dns_servers"));
    let ovn = files.plugins.iter().filter(|(_, file)| {
        let driver = file.list("ml2", "mechanism_drivers").is_some_and(|drivers| drivers.contains(&"ovn"));
        driver || file.value("ovn", "dns_servers").is_some()
    });
    let settings: Vec<_> =
        agents.chain(ovn.map(|(path, file)| of(path, file, "ovn", "dns_servers"))).collect();
    if settings.is_empty() {
        if !files.unusable {
            let message = "it has neither a `dhcp_agent.ini` nor an `ml2_conf.ini` with OVN, where the DNS servers for machines stand";
            rec.miss(FILES, message);
        }
        return None;
    }
    Some(settings)
}

/// The address of a server; dnsmasq takes a port behind `#`.
pub(super) fn address(server: &str) -> Option<IpAddr> {
    server.split('#').next().unwrap_or_default().trim().parse().ok()
}

pub(super) fn recursor_only(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(recursors) = recursors(rec) else { return };
    if recursors.is_empty() {
        rec.note("recursors", "there is no local recursor that machines could be told of");
        return;
    }
    let is_local = |server: &String| address(server).is_some_and(|address| recursors.contains(&address));
    let all = recursors.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(",");
    let Some(settings) = servers(cloud, rec) else { return };
    for (path, servers) in settings {
        let others: Vec<&str> =
            servers.iter().filter(|server| !is_local(server)).map(String::as_str).collect();
        let (section, option) = if path.ends_with("dhcp_agent.ini") {
            ("DEFAULT", "dnsmasq_dns_servers")
        } else {
            ("ovn", "dns_servers")
        };
        let fix = set_option(path, section, option, &all);
        if servers.is_empty() {
            let message = format!("`[{section}] {option}` names no server; set it to {all}");
            rec.fail(path, message).compared(&all, "nothing").fixed_by(fix);
        } else if !others.is_empty() {
            let message = format!(
                "`[{section}] {option}` names servers that are no local recursors: {}",
                others.join(", ")
            );
            rec.fail(path, message).compared(&all, servers.join(",")).fixed_by(fix);
        }
    }
    of_subnets(cloud, rec, is_local);
}

/// Subnets can name servers of their own, which go before the setting. Those of the provider should not lead past its
/// recursors.
fn of_subnets(cloud: &Cloud, rec: &mut Rec<'_>, is_local: impl Fn(&String) -> bool) {
    let (Some(networks), Some(subnets)) = (cloud.networks.data(), cloud.subnets.data()) else { return };
    for network in networks.entries().iter().filter(|network| network.shared == Some(true)) {
        let of_network =
            |subnet: &&crate::subject::Subnet| network.id.is_some() && subnet.network_id == network.id;
        for subnet in subnets.entries().iter().filter(of_network) {
            if subnet.dns_nameservers.iter().any(|server| !is_local(server)) {
                let servers = subnet.dns_nameservers.join(", ");
                let subject = format!("subnet {} of {}", subnet.name, network.name);
                rec.warn(
                    subject,
                    format!("it names servers of its own ({servers}), not all of which are local recursors"),
                );
            }
        }
    }
}
