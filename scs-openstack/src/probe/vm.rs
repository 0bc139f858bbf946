//! Boots a virtual machine that reports its entropy on its console.
//!
//! Image, flavor and network are chosen as in the official suite.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::end::{Ended, Found};
use super::steps::{New, Steps, text};
use crate::catalog::{COMPUTE, IMAGE, NETWORK};
use crate::collect::{List, each};
use crate::things::{Kind, PAUSE};
use scs_collector::{Part, one_line};

/// The boot timeout of the server.
const BOOT: Duration = Duration::from_secs(500);
/// The timeout for the console output.
const TALK: Duration = Duration::from_mins(5);
/// The package with `rngtest`.
const PACKAGE: &str = "rng-tools5";
/// The markers of relevant lines and of the last line.
const MARKER: &str = "_scs-test-";
const END: &str = "_scs-test-end";

pub(super) async fn console(steps: &Steps<'_>) -> Result<Found, Ended> {
    steps.tell("chooses an image, a flavor and a network");
    let image = image(steps).await?;
    let flavor = flavor(steps, &image).await?;
    let network = network(steps).await?;
    steps.tell(&format!("boots {} as {}", image.name, flavor.name));
    let server = server(steps, &image, &flavor, &network).await?;
    steps.ready(Kind::Server, &server, "ACTIVE", BOOT).await?;
    steps.tell("reads the console");
    let text = read(steps, &server).await?;
    steps.tell("deletes everything");
    Ok(Found::Part(Part::Json(json!({"output": text}).to_string().into())))
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Image {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    os_distro: Option<String>,
    #[serde(default)]
    os_version: Option<String>,
    #[serde(default)]
    min_ram: u64,
    #[serde(default)]
    min_disk: u64,
}

impl Image {
    /// The preference of an image: Debian before Ubuntu, both before others; newer releases before older ones.
    fn rank(&self) -> (u8, u32) {
        let (Some(distribution), Some(version)) = (&self.os_distro, &self.os_version) else { return (0, 0) };
        let version = version.trim().to_lowercase();
        match distribution.trim().to_lowercase().as_str() {
            "debian" => (2, debian(&version)),
            "ubuntu" => (1, ubuntu(&version)),
            _ => (0, 0),
        }
    }
}

fn debian(version: &str) -> u32 {
    match version {
        "buster" => 10,
        "bullseye" => 11,
        "bookworm" => 12,
        "trixie" => 13,
        number => number.parse().unwrap_or(0),
    }
}

fn ubuntu(version: &str) -> u32 {
    match version.split_once('.') {
        Some((year, month)) if year.len() == 2 && month.len() == 2 => year
            .parse::<u32>()
            .ok()
            .zip(month.parse::<u32>().ok())
            .map_or(0, |(year, month)| 100 * year + month),
        _ => 0,
    }
}

async fn image(steps: &Steps<'_>) -> Result<Image, Ended> {
    const IMAGES: List = List::new(IMAGE, "/images?member_status=all", "images");
    let mut best: Option<Image> = None;
    let take = |entries: &[&RawValue], _: &str| {
        for image in entries.iter().filter_map(|entry| serde_json::from_str::<Image>(entry.get()).ok()) {
            let offered = matches!(image.visibility.as_str(), "public" | "community");
            if offered && best.as_ref().is_none_or(|best| image.rank() > best.rank()) {
                best = Some(image);
            }
        }
    };
    steps.until_canceled(async { Ok(each(steps.session, IMAGES, take, |_| {}).await?) }).await?;
    best.ok_or_else(|| Ended::Failed("there is no public image to boot".to_owned()))
}

#[derive(Clone, Debug, Deserialize)]
struct Flavor {
    id: String,
    #[serde(default)]
    name: String,
    vcpus: u64,
    ram: u64,
    disk: u64,
    #[serde(default)]
    extra_specs: std::collections::BTreeMap<String, Value>,
}

impl Flavor {
    /// The official `vcpus + ram / 3 + disk / 10`, in sixtieths so it is an integer.
    fn cost(&self) -> u64 {
        60_u64
            .saturating_mul(self.vcpus)
            .saturating_add(20_u64.saturating_mul(self.ram))
            .saturating_add(6_u64.saturating_mul(self.disk))
    }

    fn has_generator(&self) -> bool {
        let allowed = self.extra_specs.get("hw_rng:allowed").and_then(Value::as_str);
        allowed.is_some_and(|allowed| allowed.eq_ignore_ascii_case("true"))
    }
}

async fn flavor(steps: &Steps<'_>, image: &Image) -> Result<Flavor, Ended> {
    const FLAVORS: List =
        List::new(COMPUTE, "/flavors/detail", "flavors").header("openstack-api-version", "compute 2.61");
    let mut best: Option<Flavor> = None;
    let take = |entries: &[&RawValue], _: &str| {
        for flavor in entries.iter().filter_map(|entry| serde_json::from_str::<Flavor>(entry.get()).ok()) {
            let order = |flavor: &Flavor| (!flavor.has_generator(), flavor.cost());
            if flavor.ram >= image.min_ram && best.as_ref().is_none_or(|best| order(&flavor) < order(best)) {
                best = Some(flavor);
            }
        }
    };
    steps.until_canceled(async { Ok(each(steps.session, FLAVORS, take, |_| {}).await?) }).await?;
    best.ok_or_else(|| {
        Ended::Failed(format!(
            "no flavor has the {} MiB of RAM that the image `{}` needs",
            image.min_ram, image.name
        ))
    })
}

/// A separate network, with a router to an external network for the packages.
async fn network(steps: &Steps<'_>) -> Result<String, Ended> {
    let external = steps.get(NETWORK, "/networks?router%3Aexternal=true").await?;
    let external = external.pointer("/networks/0/id").and_then(Value::as_str);
    let external = external.ok_or_else(|| Ended::Failed("there is no external network".to_owned()))?;
    steps.tell("creates a network with a router");
    let name = steps.name("network");
    let body = json!({"network": {"name": name}});
    let new = New { kind: Kind::Network, name, path: "/networks", body, id: "/network/id" };
    let (network, _) = steps.made(new).await?;
    let body = json!({"subnet": {
        "name": steps.name("subnet"),
        "network_id": network,
        "ip_version": 4,
        "cidr": "10.1.0.0/24",
        "gateway_ip": "10.1.0.1",
        "enable_dhcp": true,
        "allocation_pools": [{"start": "10.1.0.100", "end": "10.1.0.199"}],
        "dns_nameservers": ["9.9.9.9"],
    }});
    let made = steps.added(NETWORK, "/subnets", &body).await?;
    let subnet = text(&made, "/subnet/id")?;
    let name = steps.name("router");
    let body = json!({"router": {"name": name, "external_gateway_info": {"network_id": external}}});
    let new = New { kind: Kind::Router, name, path: "/routers", body, id: "/router/id" };
    let (router, _) = steps.made(new).await?;
    let path = format!("/routers/{router}/add_router_interface");
    let call = steps.session.call(NETWORK, Method::PUT, &path)?.json(&json!({"subnet_id": subnet}));
    steps.make(call).await?;
    Ok(network)
}

/// A server on its own volume, which also has the name of the run.
async fn server(steps: &Steps<'_>, image: &Image, flavor: &Flavor, network: &str) -> Result<String, Ended> {
    // `min_disk` is not always correct.
    let size = image.min_disk.max(8);
    let name = steps.name("boot");
    let body = json!({"volume": {"name": name, "size": size, "imageRef": image.id}});
    let new = New { kind: Kind::Volume, name, path: "/volumes", body, id: "/volume/id" };
    let (volume, _) = steps.made(new).await?;
    steps.ready(Kind::Volume, &volume, "available", BOOT).await?;
    let user_data = scs_entropy::userdata::with_package(PACKAGE);
    let name = steps.name("server");
    let body = json!({"server": {
        "name": name,
        "flavorRef": flavor.id,
        "networks": [{"uuid": network}],
        "user_data": STANDARD.encode(user_data),
        "block_device_mapping_v2": [{
            "boot_index": 0,
            "uuid": volume,
            "source_type": "volume",
            "destination_type": "volume",
            "delete_on_termination": true,
        }],
    }});
    let new = New { kind: Kind::Server, name, path: "/servers", body, id: "/server/id" };
    Ok(steps.made(new).await?.0)
}

/// The relevant lines of the console. All others may have passwords generated by the image.
async fn read(steps: &Steps<'_>, server: &str) -> Result<String, Ended> {
    let end = Instant::now() + TALK;
    let path = format!("/servers/{server}/action");
    loop {
        let mut call =
            steps.session.call(COMPUTE, Method::POST, &path)?.json(&json!({"os-getConsoleOutput": {}}));
        call.repeatable = true;
        let answer = steps.until_canceled(async { Ok(steps.session.send(call).await?) }).await?;
        // A newly booted server has no console yet.
        let console = if matches!(answer.status.as_u16(), 404 | 409) {
            String::new()
        } else {
            let value: Value = answer.ok()?.json("a console")?;
            value.get("output").and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if console.contains(END) {
            return Ok(marked_lines(&console));
        }
        if console.contains("Failed to run module scripts-user") {
            return Err(Ended::Failed("cloud-init could not run the commands in the server".to_owned()));
        }
        if Instant::now() >= end {
            let marked = console.lines().filter(|line| line.contains(MARKER)).count();
            return Err(Ended::Failed(format!(
                "the server's console has no `{END}` after {} s, and {marked} marked lines",
                TALK.as_secs()
            )));
        }
        steps.pause(PAUSE).await?;
    }
}

fn marked_lines(console: &str) -> String {
    let counts = |line: &&str| line.contains(MARKER) || line.contains("Linux version ");
    let lines: Vec<String> = console.lines().filter(counts).map(|line| one_line(line, 2_000)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_comes_before_ubuntu_and_new_before_old() {
        let image = |distribution: &str, version: &str| Image {
            os_distro: Some(distribution.to_owned()),
            os_version: Some(version.to_owned()),
            ..Image::default()
        };
        let mut ranks = [
            ("Debian", "bookworm"),
            ("debian", "11"),
            ("ubuntu", "24.04"),
            ("ubuntu", "22.04"),
            ("ubuntu", "jammy"),
            ("arch", "1"),
        ]
        .map(|(distribution, version)| image(distribution, version).rank());
        assert!(ranks.is_sorted_by(|a, b| a > b), "{ranks:?}");
        ranks.sort_unstable();
        assert_eq!(ranks[0], (0, 0));
    }

    #[test]
    fn only_marked_lines_are_kept() {
        let console = "Linux version 6.8.0\nroot password: swordfish\n[ 1.0] _scs-test-end\n";
        assert_eq!(marked_lines(console), "Linux version 6.8.0\n[ 1.0] _scs-test-end");
    }
}
