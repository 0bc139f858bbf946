//! The output of `nmap -oX`.

use scs_standards::Listed;
use scs_standards::listed::Broken;
use scs_standards::xml::{DocumentTypes, Element, Tag, walk};

use super::port::{KUBERNETES_PORTS, PortState, ScannedPort, Vantage};

/// The state of the parser.
#[derive(Default)]
struct Place {
    /// The TCP ports that were scanned, from `scaninfo`.
    scanned: Vec<(u16, u16)>,
    address: Option<String>,
    ports: Vec<(u16, Result<PortState, String>, Option<bool>)>,
    /// The state of the host's ports that are not listed individually.
    others: Vec<PortState>,
    port: Option<(u16, Result<PortState, String>, Option<bool>)>,
}

/// Parses the ports of all hosts. A document type is ignored, since nmap writes an empty one; one with entities is rejected.
pub(super) fn read(xml: &str, from: Vantage) -> Result<Listed<ScannedPort>, String> {
    let xml = xml.trim_start_matches('\u{feff}').trim_start();
    let mut place = Place::default();
    let mut is_nmap = false;
    let (mut entries, mut broken) = (Vec::new(), Vec::new());
    let walked = walk(xml.as_bytes(), DocumentTypes::Empty, |tag| {
        match tag {
            Tag::Start(element) => {
                is_nmap |= element.name == "nmaprun";
                place.element(&element)?;
            }
            Tag::End { name, .. } => place.end(name, from, &mut entries, &mut broken),
        }
        Ok::<_, String>(())
    });
    walked.map_err(|error| error.to_string())?;
    if is_nmap { Ok(Listed::new(entries, broken)) } else { Err("it has no element `nmaprun`".to_owned()) }
}

impl Place {
    fn element(&mut self, element: &Element<'_>) -> Result<(), String> {
        let attribute = |name: &str| element.attribute(name);
        match element.name {
            "scaninfo" if attribute("protocol")?.is_none_or(|it| it == "tcp") => {
                self.scanned.extend(ranges(&attribute("services")?.unwrap_or_default()));
            }
            "host" => {
                self.address = None;
                self.ports.clear();
                self.others.clear();
            }
            "address" if self.address.is_none() && attribute("addrtype")?.is_none_or(|it| it != "mac") => {
                self.address = attribute("addr")?;
            }
            "extraports" => {
                self.others.extend(attribute("state")?.and_then(|it| state(&it).ok()));
            }
            "port" if attribute("protocol")?.is_none_or(|it| it == "tcp") => {
                let port = attribute("portid")?.unwrap_or_default();
                let port = port.parse().map_err(|_| format!("`{port}` is not a port"))?;
                self.port = Some((port, Err("its state is missing".to_owned()), None));
            }
            "state" => {
                if let Some(port) = &mut self.port {
                    port.1 = state(&attribute("state")?.unwrap_or_default());
                }
            }
            "service" => {
                // Only a probed service shows whether it uses TLS; a name may come from a table.
                let (tunnel, method) = (attribute("tunnel")?, attribute("method")?);
                if let Some(port) = &mut self.port {
                    let tls = tunnel.as_deref() == Some("ssl");
                    let spoken = tls || method.as_deref() == Some("probed");
                    port.2 = port.2.or(spoken.then_some(tls));
                }
            }
            "script" if attribute("id")?.is_some_and(|id| id == "ssl-cert") => {
                if let Some(port) = &mut self.port {
                    port.2 = Some(true);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, from: Vantage, entries: &mut Vec<ScannedPort>, broken: &mut Vec<Broken>) {
        match name {
            "port" => self.ports.extend(self.port.take()),
            "host" => {
                let Some(host) = self.address.take() else { return };
                let mut listed: Vec<u16> = Vec::new();
                for (port, state, tls) in self.ports.drain(..) {
                    listed.push(port);
                    match state {
                        Ok(state) => {
                            entries.push(ScannedPort { host: host.clone(), port, from, state, tls });
                        }
                        Err(reason) => {
                            let number = entries.len() + broken.len() + 1;
                            broken.push(Broken::entry(number, format!("port {port} of `{host}`: {reason}")));
                        }
                    }
                }
                // The state of unlisted ports is only known if there is a single one. Only Kubernetes ports matter.
                if let [state] = self.others[..] {
                    let others = KUBERNETES_PORTS.iter().copied().filter(|port| {
                        !listed.contains(port)
                            && self.scanned.iter().any(|(first, last)| (first..=last).contains(&port))
                    });
                    entries.extend(others.map(|port| ScannedPort {
                        host: host.clone(),
                        port,
                        from,
                        state,
                        tls: None,
                    }));
                }
            }
            _ => {}
        }
    }
}

fn state(word: &str) -> Result<PortState, String> {
    match word {
        "open" => Ok(PortState::Open),
        "closed" => Ok(PortState::Closed),
        "filtered" => Ok(PortState::Filtered),
        other => Err(format!("the state `{other}` does not show whether it is open")),
    }
}

/// `22,80-90` as ranges.
fn ranges(services: &str) -> impl Iterator<Item = (u16, u16)> + '_ {
    services.split(',').filter_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nmap_results_are_parsed() {
        let scan = read(
            r#"<?xml version="1.0"?><!DOCTYPE nmaprun><?xml-stylesheet href="x"?><nmaprun scanner="nmap">
               <scaninfo type="connect" protocol="tcp" numservices="5" services="2379-2380,6443,10250"/>
               <host><status state="up"/><address addr="02:00:00:00:00:01" addrtype="mac"/><address addr="203.0.113.7" addrtype="ipv4"/>
               <ports><extraports state="filtered" count="2"/>
               <port protocol="tcp" portid="6443"><state state="open"/><service name="https" tunnel="ssl" method="probed"/></port>
               <port protocol="tcp" portid="10250"><state state="open"/><service name="http" method="probed"/></port>
               <port protocol="udp" portid="53"><state state="open|filtered"/></port>
               <port protocol="tcp" portid="80"><state state="open|filtered"/></port></ports></host></nmaprun>"#,
            Vantage::Outside,
        )
        .unwrap();
        let rows: Vec<_> = scan.entries().iter().map(|it| (it.port, it.state, it.tls)).collect();
        assert_eq!(
            rows,
            [
                (6443, PortState::Open, Some(true)),
                (10250, PortState::Open, Some(false)),
                (2379, PortState::Filtered, None),
                (2380, PortState::Filtered, None),
            ]
        );
        assert_eq!(scan.entries()[0].host, "203.0.113.7");
        assert_eq!(scan.broken().len(), 1);
    }

    #[test]
    fn invalid_results_are_errors() {
        for (xml, expected) in [
            ("<!DOCTYPE x [<!ENTITY a 'b'>]><nmaprun/>", "entities"),
            ("<nmaprun><host>", "truncated"),
            ("<testsuite/>", "no element"),
            ("x", "no element"),
        ] {
            let error = read(xml, Vantage::Inside).unwrap_err();
            assert!(error.contains(expected), "{xml}: {error}");
        }
        assert!(read(&"<a>".repeat(100), Vantage::Inside).is_err());
    }
}
