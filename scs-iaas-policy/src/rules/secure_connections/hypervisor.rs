//! libvirt, and live migration.

use std::collections::BTreeMap;

use scs_standards::{Fix, Way};

use super::super::Rec;
use super::super::evidence::{report_invalid_ingress, set_if, set_options};
use super::files::is_on;
use crate::config::{Configuration, Found, Options};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

pub(super) fn live_migration(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let found = files.configurations("nova");
    report_invalid_ingress(rec, &found);
    let nodes = found.of_program(PROGRAM).into_iter().filter(|it| it.has_section("libvirt"));
    let nodes: Vec<&Configuration<'_>> = nodes.collect();
    if nodes.is_empty() && found.unusable.is_empty() {
        rec.miss(FILES, "the `nova.conf` of a compute node (with a section `[libvirt]`) is missing");
    }
    for node in nodes {
        migration_of(cloud, rec, node);
    }
}

/// The program that runs on compute nodes.
const PROGRAM: &str = "nova-compute";

fn migration_of(cloud: &Cloud, rec: &mut Rec<'_>, node: &Configuration<'_>) {
    let setting = |option: &str| node.setting("libvirt", option);
    let path_of = |option: &str| setting(option).map_or_else(|| node.main(), |setting| setting.path);
    let mut flag = |option: &str| match setting(option).map(|setting| setting.flag()) {
        None => Some(false),
        Some(Some(value)) => Some(value),
        Some(None) => {
            rec.dnf(path_of(option), format!("`[libvirt] {option}` is neither true nor false"));
            None
        }
    };
    let (Some(native), Some(tunnelled)) = (flag(NATIVE_TLS), flag("live_migration_tunnelled")) else {
        return;
    };
    // The URI takes precedence over the scheme; the default is `qemu+tcp`.
    let given = |option: &str| node.value("libvirt", option).filter(|value| !value.is_empty());
    let uri = given("live_migration_uri");
    let of_uri = uri
        .and_then(|uri| uri.split("://").next())
        .map(|scheme| scheme.rsplit('+').next().unwrap_or_default());
    let scheme = of_uri.or(given(SCHEME)).unwrap_or("tcp").to_lowercase();
    // A URI overrides the scheme.
    let by_tls = match uri {
        Some(_) => (path_of("live_migration_uri"), ("libvirt", "live_migration_uri", "qemu+tls://%s/system")),
        None => (path_of(SCHEME), ("libvirt", SCHEME, "tls")),
    };
    let with_tls = (path_of(NATIVE_TLS), ("libvirt", NATIVE_TLS, "true"));
    let (path, message, expected, actual, changes) = match (scheme.as_str(), native || tunnelled) {
        ("ssh" | "libssh" | "libssh2", _) | ("tls", true) => return,
        ("tls", false) => (
            with_tls.0,
            "libvirt connections use TLS, but the memory of the servers is sent unencrypted; set `[libvirt] live_migration_with_native_tls = true`",
            "live_migration_with_native_tls = true",
            "false",
            vec![with_tls],
        ),
        (_, true) => (
            by_tls.0,
            "the memory of the servers is encrypted, but libvirt connections do not use TLS; set `[libvirt] live_migration_scheme = tls`",
            "tls or ssh",
            known_scheme(&scheme),
            vec![by_tls],
        ),
        (_, false) => (
            by_tls.0,
            "live migration is not encrypted; set `[libvirt] live_migration_with_native_tls = true` and `live_migration_scheme = tls`",
            "tls or ssh",
            known_scheme(&scheme),
            vec![with_tls, by_tls],
        ),
    };
    rec.fail(path, message).compared(expected, actual).repaired_by(encrypting(cloud, &changes));
}

const NATIVE_TLS: &str = "live_migration_with_native_tls";
const SCHEME: &str = "live_migration_scheme";

/// The fix that encrypts migration: options in possibly several files.
fn encrypting(cloud: &Cloud, changes: &[(&str, (&str, &str, &str))]) -> Fix {
    let question = "Do all compute nodes have certificates for QEMU and libvirt, and does libvirt listen with TLS? Otherwise set that up first, or servers can no longer be migrated.";
    let mut by_file: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for (path, option) in changes {
        by_file.entry(path).or_default().push(*option);
    }
    let ways: Option<Vec<Way>> =
        by_file.iter().map(|(path, options)| set_options(cloud, path, options)).collect();
    match (ways, by_file.first_key_value()) {
        (Some(ways), _) => {
            let commands: Vec<&str> = ways.iter().map(|way| way.command.as_str()).collect();
            let edits = ways.iter().flat_map(|way| way.edits.clone());
            Fix::choose(question, [Way::new(commands.join(" && "), edits)])
        }
        (None, Some((path, options))) => set_if(cloud, question, path, options),
        (None, None) => Fix::advice(question),
    }
}

/// A word from the closed vocabulary, and no other part of the URI.
fn known_scheme(scheme: &str) -> &str {
    if matches!(scheme, "tcp" | "unix" | "tls") { scheme } else { "another transport" }
}

pub(super) fn libvirt_exposed(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let is_libvirt = |path: &str| {
        matches!(path.rsplit('/').next().unwrap_or_default(), "libvirtd.conf" | "virtproxyd.conf")
    };
    let found = files.options_advice(is_libvirt);
    if found.is_empty() {
        rec.miss(FILES, "`libvirtd.conf` (or `virtproxyd.conf`) is missing");
    }
    for found in found {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("cannot parse it: {reason}"));
            }
            Found::File(path, options) => exposure_of(rec, path, &options),
        }
    }
}

/// Judges how libvirt listens. Its defaults: TLS on, plain TCP off, on all addresses, TCP with SASL, TLS with verified
/// client certificates.
fn exposure_of(rec: &mut Rec<'_>, path: &str, options: &Options) {
    let value = |option: &str| options.value(&[""], option);
    let flag = |option: &str, default: bool| value(option).map_or(Some(default), is_on);
    let (Some(tls), Some(tcp), Some(unverified)) =
        (flag("listen_tls", true), flag("listen_tcp", false), flag("tls_no_verify_certificate", false))
    else {
        rec.dnf(path, "`listen_tls`, `listen_tcp` or `tls_no_verify_certificate` is neither 0 nor 1");
        return;
    };
    let address = value("listen_addr").unwrap_or("0.0.0.0");
    if is_local(address) {
        rec.note(path, format!("libvirt listens on {address} only"));
        return;
    }
    if tcp {
        let message = match value("auth_tcp").unwrap_or("sasl") {
            "none" => "libvirt listens on the network without authentication and encryption",
            _ => "libvirt listens on the network without encryption",
        };
        let message = format!(
            "{message} (`listen_tcp`); set `listen_tcp = 0`, or `listen_addr = \"127.0.0.1\"` for SSH"
        );
        rec.fail(path, message).compared("listen_tcp = 0", "listen_tcp = 1");
    }
    if tls && unverified {
        let message = "libvirt listens with TLS but does not verify client certificates";
        match value("auth_tls").unwrap_or("none") {
            "none" => rec.fail(path, format!("{message}; set `tls_no_verify_certificate = 0`")),
            _ => rec.warn(
                path,
                format!("{message} and only authenticates them with SASL; certificates are recommended"),
            ),
        };
    }
    if tls && !unverified && value("tls_allowed_dn_list").is_none() {
        let message = "libvirt accepts any client certificate from its authority; use `tls_allowed_dn_list` to restrict it to the compute nodes";
        rec.note(path, message);
    }
}

fn is_local(address: &str) -> bool {
    let address = address.trim().trim_start_matches('[').trim_end_matches(']');
    let parsed = address.parse::<std::net::IpAddr>();
    parsed.map_or_else(|_| address.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}
