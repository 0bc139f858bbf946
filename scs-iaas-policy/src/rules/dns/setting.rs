//! The DNS servers that DHCP announces.

use std::net::IpAddr;

use super::super::Rec;
use super::super::evidence::{report_invalid_ingress, safely_set, set_if};
use super::recursors;
use crate::config::{ConfigFiles, Configuration};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

/// The readable DNS configuration.
struct Files<'c> {
    /// Configurations of the DHCP agents.
    agents: Vec<Configuration<'c>>,
    /// Configurations of the server, which set the drivers.
    servers: Vec<Configuration<'c>>,
    /// Whether one of the files is unreadable.
    unusable: bool,
}

impl<'c> Files<'c> {
    fn read(files: &'c ConfigFiles, rec: &mut Rec<'_>) -> Self {
        let found = files.configurations("neutron");
        report_invalid_ingress(rec, &found);
        let of =
            |program: &str| found.usable.iter().filter(|it| it.program() == Some(program)).cloned().collect();
        Self {
            agents: of("neutron-dhcp-agent"),
            servers: of("neutron-server"),
            unusable: !found.unusable.is_empty(),
        }
    }

    /// Whether Neutron uses a driver; `None` if no file shows the drivers.
    fn uses(&self, drivers: &[&str]) -> Option<bool> {
        let mut known = None;
        for server in &self.servers {
            let Some(used) = server.setting("ml2", "mechanism_drivers") else { continue };
            known = Some(known == Some(true) || used.list().iter().any(|driver| drivers.contains(driver)));
        }
        known
    }

    fn uses_ovn(&self) -> Option<bool> {
        self.uses(&["ovn"])
    }
}

const LOCAL_RESOLV: &str = "dnsmasq_local_resolv";
const AGENT_SERVERS: &str = "dnsmasq_dns_servers";

pub(super) fn local_resolv(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let files = Files::read(files, rec);
    for agent in &files.agents {
        let setting = agent.setting("DEFAULT", LOCAL_RESOLV);
        let path = setting.map_or_else(|| agent_file(agent), |setting| setting.path);
        match setting.map(|setting| setting.flag()) {
            Some(Some(true)) => {
                let message = "`dnsmasq_local_resolv` is on; set it to `false` and list the DNS servers in `dnsmasq_dns_servers`";
                let options = [("DEFAULT", LOCAL_RESOLV, "false")];
                let names_servers =
                    agent.setting("DEFAULT", AGENT_SERVERS).is_some_and(|setting| !setting.list().is_empty());
                let fix = if names_servers {
                    safely_set(cloud, path, &options)
                } else {
                    // Otherwise DHCP would announce no working DNS server.
                    set_if(
                        cloud,
                        "Are DNS servers listed in `dnsmasq_dns_servers`? Otherwise list them first, or servers cannot resolve names.",
                        path,
                        &options,
                    )
                };
                rec.fail(path, message).compared("dnsmasq_local_resolv = false", "true").repaired_by(fix);
            }
            Some(Some(false)) => {}
            None => {
                rec.note(path, "`dnsmasq_local_resolv` is not set, so it is off");
            }
            Some(None) => {
                rec.dnf(path, "`dnsmasq_local_resolv` is neither true nor false");
            }
        }
    }
    if !files.agents.is_empty() || files.unusable {
        return;
    }
    if files.uses_ovn() == Some(true) && files.uses(&["openvswitch", "linuxbridge"]) == Some(false) {
        rec.note(FILES, "OVN announces DNS servers itself, without DHCP agents");
        return;
    }
    let message =
        "`dhcp_agent.ini` is missing; add the one of each network node, or `ml2_conf.ini` if OVN is used";
    rec.miss(FILES, message);
}

/// The agent's file in which to set an option that is not set yet.
fn agent_file<'c>(agent: &Configuration<'c>) -> &'c str {
    agent.file_named(|name| name == "dhcp_agent.ini").unwrap_or_else(|| agent.main())
}

fn server_file<'c>(server: &Configuration<'c>) -> &'c str {
    server.file_named(|name| matches!(name, "ml2_conf.ini" | "plugin.ini")).unwrap_or_else(|| server.main())
}

/// A *DNS server setting* in a file.
pub(super) struct ServerSetting {
    /// The file that has it, or in which it can be set.
    pub path: String,
    /// Section and option.
    pub option: (&'static str, &'static str),
    /// The servers in the setting.
    pub servers: Vec<String>,
}

/// The *DNS server settings*, by file. `None` if unknown, in which case a finding is recorded.
pub(super) fn servers(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Vec<ServerSetting>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    let files = Files::read(files, rec);
    let of = |configuration: &Configuration<'_>, usual: &str, option: (&'static str, &'static str)| {
        let setting = configuration.setting(option.0, option.1);
        let servers = setting.map(|setting| setting.list()).unwrap_or_default();
        ServerSetting {
            path: setting.map_or(usual, |setting| setting.path).to_owned(),
            option,
            servers: servers.into_iter().map(str::to_owned).collect(),
        }
    };
    let agents = files.agents.iter().map(|it| of(it, agent_file(it), ("DEFAULT", AGENT_SERVERS)));
    let ovn = files.servers.iter().filter(|server| {
        let drivers = server.setting("ml2", "mechanism_drivers");
        drivers.is_some_and(|drivers| drivers.list().contains(&"ovn"))
            || server.value("ovn", "dns_servers").is_some()
    });
    let settings: Vec<_> =
        agents.chain(ovn.map(|it| of(it, server_file(it), ("ovn", "dns_servers")))).collect();
    if settings.is_empty() {
        if !files.unusable {
            let message = "there is neither a `dhcp_agent.ini` nor an `ml2_conf.ini` with OVN, which list the DNS servers for servers";
            rec.miss(FILES, message);
        }
        return None;
    }
    Some(settings)
}

/// The address of a server; dnsmasq accepts a port after `#`.
pub(super) fn address(server: &str) -> Option<IpAddr> {
    server.split('#').next().unwrap_or_default().trim().parse().ok()
}

pub(super) fn recursor_only(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(recursors) = recursors(rec) else { return };
    if recursors.is_empty() {
        rec.note("recursors", "there is no local recursor to announce");
        return;
    }
    let is_local = |server: &String| address(server).is_some_and(|address| recursors.contains(&address));
    let all = recursors.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(",");
    let Some(settings) = servers(cloud, rec) else { return };
    for ServerSetting { path, option: (section, option), servers } in settings {
        let others: Vec<&str> =
            servers.iter().filter(|server| !is_local(server)).map(String::as_str).collect();
        let fix = || safely_set(cloud, &path, &[(section, option, &all)]);
        if servers.is_empty() {
            let message = format!("`[{section}] {option}` lists no DNS server; set it to {all}");
            rec.fail(&path, message).compared(&all, "nothing").repaired_by(fix());
        } else if !others.is_empty() {
            let message = format!(
                "`[{section}] {option}` lists DNS servers that are not local recursors: {}",
                others.join(", ")
            );
            rec.fail(&path, message).compared(&all, servers.join(",")).repaired_by(fix());
        }
    }
    of_subnets(cloud, rec, is_local);
}

/// Subnets can have their own servers, which take precedence over the setting. Those of the provider should not bypass its
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
                    format!("it has its own DNS servers ({servers}), not all of which are local recursors"),
                );
            }
        }
    }
}
