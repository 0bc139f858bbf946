//! libvirt, and the migration of running machines.

use super::super::Rec;
use super::super::evidence::set_option;
use super::files::{has_extension, is_on, merged};
use crate::config::{Found, Ini, Options};
use crate::subject::{Cloud, source};

const FILES: &str = source::CONFIG_FILES.name;

pub(super) fn live_migration(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let is_nova = |path: &str| {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        name.starts_with("nova") && has_extension(name, "conf") || parts.next() == Some("nova.conf.d")
    };
    let mut some = false;
    for found in merged(files, is_nova) {
        match found {
            Found::Unusable(path, reason) => {
                some = true;
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, file) if file.sections().any(|section| section == "libvirt") => {
                some = true;
                migration_of(rec, path, &file);
            }
            Found::File(..) => {}
        }
    }
    if !some {
        rec.miss(FILES, "it has no `nova.conf` of a compute node (with a section `[libvirt]`)");
    }
}

fn migration_of(rec: &mut Rec<'_>, path: &str, file: &Ini) {
    let mut flag = |option: &str| match file.flag("libvirt", option) {
        None => Some(false),
        Some(Ok(value)) => Some(value),
        Some(Err(_)) => {
            rec.dnf(path, format!("`[libvirt] {option}` is no truth value"));
            None
        }
    };
    let (Some(native), Some(tunnelled)) =
        (flag("live_migration_with_native_tls"), flag("live_migration_tunnelled"))
    else {
        return;
    };
    // The address goes before the scheme; without both it is `qemu+tcp`.
    let uri = file.value("libvirt", "live_migration_uri").filter(|uri| !uri.is_empty());
    let of_uri = uri
        .and_then(|uri| uri.split("://").next())
        .map(|scheme| scheme.rsplit('+').next().unwrap_or_default());
    let scheme = file.value("libvirt", "live_migration_scheme").filter(|scheme| !scheme.is_empty());
    let scheme = of_uri.or(scheme).unwrap_or("tcp").to_lowercase();
    let with_tls = set_option(path, "libvirt", "live_migration_with_native_tls", "true");
    // An address that is set hides the scheme.
    let by_tls = match uri {
        Some(_) => set_option(path, "libvirt", "live_migration_uri", "qemu+tls://%s/system"),
        None => set_option(path, "libvirt", "live_migration_scheme", "tls"),
    };
    match (scheme.as_str(), native || tunnelled) {
        ("ssh" | "libssh" | "libssh2" | "tls", true) | ("ssh" | "libssh" | "libssh2", false) => {}
        ("tls", false) => {
            let message = "libvirt is reached with TLS, but the memory of the machines goes unencrypted; set `[libvirt] live_migration_with_native_tls = true`";
            rec.fail(path, message)
                .compared("live_migration_with_native_tls = true", "false")
                .fixed_by(with_tls);
        }
        (_, true) => {
            let message = "the memory of the machines is encrypted, but libvirt is reached without TLS; set `[libvirt] live_migration_scheme = tls`";
            rec.fail(path, message).compared("tls or ssh", known_scheme(&scheme)).fixed_by(by_tls);
        }
        (_, false) => {
            let message = "live migration is not encrypted; set `[libvirt] live_migration_with_native_tls = true` and `live_migration_scheme = tls`";
            rec.fail(path, message)
                .compared("tls or ssh", known_scheme(&scheme))
                .fixed_by(format!("{with_tls} && {by_tls}"));
        }
    }
}

/// A word of the closed vocabulary, and nothing else of an address.
fn known_scheme(scheme: &str) -> &str {
    if matches!(scheme, "tcp" | "unix" | "tls") { scheme } else { "another transport" }
}

pub(super) fn libvirt_exposed(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let is_libvirt = |path: &str| {
        matches!(path.rsplit('/').next().unwrap_or_default(), "libvirtd.conf" | "virtproxyd.conf")
    };
    let found = files.options_where(is_libvirt);
    if found.is_empty() {
        rec.miss(FILES, "it has no `libvirtd.conf` (or `virtproxyd.conf`)");
    }
    for found in found {
        match found {
            Found::Unusable(path, reason) => {
                rec.dnf(path, format!("it cannot be read: {reason}"));
            }
            Found::File(path, options) => exposure_of(rec, path, &options),
        }
    }
}

/// Judges where libvirt listens. Its defaults: TLS on, plain TCP off, on all addresses, TCP with SASL, TLS with the
/// certificates of clients checked.
fn exposure_of(rec: &mut Rec<'_>, path: &str, options: &Options) {
    let value = |option: &str| options.value(&[""], option);
    let flag = |option: &str, default: bool| value(option).map_or(Some(default), is_on);
    let (Some(tls), Some(tcp), Some(unverified)) =
        (flag("listen_tls", true), flag("listen_tcp", false), flag("tls_no_verify_certificate", false))
    else {
        rec.dnf(path, "one of `listen_tls`, `listen_tcp` and `tls_no_verify_certificate` is neither 0 nor 1");
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
        let message = "libvirt listens with TLS and does not check the certificates of clients";
        match value("auth_tls").unwrap_or("none") {
            "none" => rec.fail(path, format!("{message}; set `tls_no_verify_certificate = 0`")),
            _ => {
                rec.warn(path, format!("{message}, only who they are by SASL; certificates are recommended"))
            }
        };
    }
    if tls && !unverified && value("tls_allowed_dn_list").is_none() {
        let message = "libvirt takes every client certificate of its authority; `tls_allowed_dn_list` would name those of the compute nodes";
        rec.note(path, message);
    }
}

fn is_local(address: &str) -> bool {
    let address = address.trim().trim_start_matches('[').trim_end_matches(']');
    let parsed = address.parse::<std::net::IpAddr>();
    parsed.map_or_else(|_| address.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}
