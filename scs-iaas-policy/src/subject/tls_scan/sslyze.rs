//! The JSON of sslyze 5 and 6.
//!
//! They differ for certificates: 5 has `leaf_certificate_subject_matches_hostname`, 6 checks the name while it validates the
//! path.

use std::borrow::Cow;

use scs_standards::Given;
use serde_json::{Map, Value};

use super::{Gap, Key, Place, TlsCertificate, TlsScan, TlsServer};
use crate::subject::moment::Moment;
use scs_standards::Broken;

/// The commands that scan protocols and suites.
const PROTOCOLS: [(&str, &str); 6] = [
    ("ssl_2_0_cipher_suites", "SSLv2"),
    ("ssl_3_0_cipher_suites", "SSLv3"),
    ("tls_1_0_cipher_suites", "TLSv1.0"),
    ("tls_1_1_cipher_suites", "TLSv1.1"),
    ("tls_1_2_cipher_suites", "TLSv1.2"),
    ("tls_1_3_cipher_suites", "TLSv1.3"),
];

/// The number of digits that exceeds a 64-bit number.
const HUGE: usize = 300;

/// The JSON without numbers that are too large to parse: sslyze writes the modulus of RSA keys as a number.
pub(super) fn without_huge_numbers(json: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let (mut copied, mut digits, mut in_text, mut escaped) = (0, 0, false, false);
    for (place, byte) in json.bytes().enumerate() {
        if in_text {
            (in_text, escaped) = (escaped || byte != b'"', byte == b'\\' && !escaped);
        } else if byte.is_ascii_digit() {
            digits += 1;
            continue;
        } else {
            in_text = byte == b'"';
        }
        if digits > HUGE {
            kept.push_str(json.get(copied..place - digits).unwrap_or_default());
            kept.push('0');
            copied = place;
        }
        digits = 0;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    kept.push_str(json.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

/// The scan; `None` if the results are not a list.
pub(super) fn read(output: &Map<String, Value>) -> Option<TlsScan> {
    let results = output.get("server_scan_results")?.as_array()?;
    let mut scan = TlsScan { at: output.get("date_scans_completed").and_then(moment), ..TlsScan::default() };
    for (number, result) in (1..).zip(results) {
        match server(result) {
            Some(server) => scan.servers.push(server),
            None => scan.broken.push(Broken::entry(number, "it has no `server_location`")),
        }
    }
    for refused in output.get("invalid_server_strings").and_then(Value::as_array).into_iter().flatten() {
        let text = |key| refused.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(place) = Place::read(text("server_string")) {
            let problem = Some(format!("sslyze: {}", text("error_message")));
            scan.servers.push(TlsServer { place, problem, ..TlsServer::default() });
        }
    }
    Some(scan)
}

fn server(result: &Value) -> Option<TlsServer> {
    let location = result.get("server_location")?;
    let host = location.get("hostname")?.as_str()?.to_lowercase();
    let port = location.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok())?;
    let mut server = TlsServer { place: Place { host, port }, ..TlsServer::default() };
    let status = result.get("scan_status").and_then(Value::as_str).unwrap_or("without a status");
    let Some(commands) = result.get("scan_result").filter(|result| result.is_object()) else {
        server.problem = Some(format!("sslyze has no result ({status})"));
        return Some(server);
    };
    protocols_and_suites(commands, &mut server);
    server.curves = completed(commands, "elliptic_curves").read(|result| {
        // `null` if the server does not support the key exchange at all.
        let curves = result.get("supported_curves").ok_or("it has no `supported_curves`")?;
        let curves = curves.as_array().into_iter().flatten();
        Ok::<_, &str>(curves.filter_map(|curve| text(curve, "name")).collect())
    });
    server.hsts_max_age = completed(commands, "http_headers").read(|result| {
        if let Some(error) = result.get("http_error_trace").and_then(Value::as_str) {
            let last = error.lines().last().unwrap_or_default();
            return Err(format!("the server did not answer the request ({last})"));
        }
        let header = result.get("strict_transport_security_header");
        let header = header.ok_or("it has no `strict_transport_security_header`")?;
        Ok(header.get("max_age").and_then(Value::as_i64))
    });
    let deployments = completed(commands, "certificate_info").read(|result| {
        let deployments = result.get("certificate_deployments").and_then(Value::as_array);
        deployments.ok_or("it has no `certificate_deployments`")
    });
    server.certificates = map(&deployments, |list| list.iter().map(certificate).collect());
    server.keys = map(&deployments, |list| list.iter().filter_map(key).collect());
    Some(server)
}

fn map<T, U>(given: &Given<T>, with: impl FnOnce(&T) -> U) -> Given<U> {
    match given {
        Given::Missing => Given::Missing,
        Given::Unusable(reason) => Given::Unusable(reason.clone()),
        Given::Data(data) => Given::Data(with(data)),
    }
}

/// The result of a completed command.
fn completed<'v>(commands: &'v Value, command: &str) -> Given<&'v Value> {
    let Some(attempt) = commands.get(command) else { return Given::Missing };
    let status = attempt.get("status").and_then(Value::as_str).unwrap_or_default();
    match attempt.get("result").filter(|result| result.is_object()) {
        Some(result) if matches!(status, "COMPLETED" | "") => Given::Data(result),
        _ if status == "NOT_SCHEDULED" => Given::Missing,
        _ => {
            let reason = attempt.get("error_reason").and_then(Value::as_str).unwrap_or("no result");
            Given::Unusable(format!("sslyze's `{command}`: {reason}"))
        }
    }
}

fn protocols_and_suites(commands: &Value, server: &mut TlsServer) {
    let (mut protocols, mut suites) = (Vec::new(), Vec::new());
    for (command, protocol) in PROTOCOLS {
        let result = match completed(commands, command) {
            Given::Data(result) => result,
            Given::Missing => {
                server.gaps.push(Gap { what: protocol.to_owned(), reason: None });
                continue;
            }
            Given::Unusable(reason) => {
                server.gaps.push(Gap { what: protocol.to_owned(), reason: Some(reason) });
                continue;
            }
        };
        let Some(accepted) = result.get("accepted_cipher_suites").and_then(Value::as_array) else {
            let reason = Some(format!("sslyze's `{command}` has no `accepted_cipher_suites`"));
            server.gaps.push(Gap { what: protocol.to_owned(), reason });
            continue;
        };
        let mut some = false;
        for suite in accepted {
            some = true;
            if let Some(name) = suite.get("cipher_suite").and_then(|suite| text(suite, "name")) {
                suites.push(name);
            }
            exchange(suite, server);
        }
        let supported = result.get("is_tls_version_supported").and_then(Value::as_bool);
        if supported.unwrap_or(some) {
            protocols.push(protocol.to_owned());
        }
    }
    if server.gaps.len() < PROTOCOLS.len() {
        server.protocols = Given::Data(protocols);
        server.ciphers = Given::Data(suites);
    } else if let Some(reason) = server.gaps.iter().find_map(|gap| gap.reason.clone()) {
        server.protocols = Given::Unusable(reason.clone());
        server.ciphers = Given::Unusable(reason);
    }
}

/// The key exchange sizes. OpenSSL reports 253 bits for X25519.
fn exchange(suite: &Value, server: &mut TlsServer) {
    let Some(exchange) = suite.get("ephemeral_key") else { return };
    let Some(size) = exchange.get("size").and_then(Value::as_u64).and_then(|size| u32::try_from(size).ok())
    else {
        return;
    };
    let smaller = |known: Option<u32>, size: u32| Some(known.map_or(size, |known| known.min(size)));
    match exchange.get("type_name").and_then(Value::as_str) {
        Some("DH") => server.dh_size = smaller(server.dh_size, size),
        Some("ECDH") => {
            let size = if size == 253 { 256 } else { size };
            server.ecdh_size = smaller(server.ecdh_size, size);
        }
        _ => {}
    }
}

fn certificate(deployment: &Value) -> TlsCertificate {
    let leaf = leaf(deployment);
    let paths = deployment.get("path_validation_results").and_then(Value::as_array);
    let valid = |path: &Value| {
        let said = path.get("was_validation_successful").and_then(Value::as_bool);
        said.unwrap_or_else(|| path.get("verified_certificate_chain").is_some_and(Value::is_array))
    };
    let chain_valid = paths.map(|paths| paths.iter().any(valid));
    let said = deployment.get("leaf_certificate_subject_matches_hostname").and_then(Value::as_bool);
    TlsCertificate {
        not_before: leaf.and_then(|leaf| leaf.get("not_valid_before")).and_then(moment),
        not_after: leaf.and_then(|leaf| leaf.get("not_valid_after")).and_then(moment),
        chain_valid,
        // In version 6, a path is only valid for the name.
        names_match: said.or(chain_valid),
    }
}

fn key(deployment: &Value) -> Option<Key> {
    let key = leaf(deployment)?.get("public_key")?;
    let algorithm = text(key, "algorithm")?.to_lowercase();
    let known = [("rsa", "rsa"), ("elliptic", "ecdsa"), ("ed25519", "ed25519"), ("ed448", "ed448")];
    let known = known.iter().find(|(part, _)| algorithm.contains(part)).map(|(_, name)| (*name).to_owned());
    let size = key.get("key_size").and_then(Value::as_u64).and_then(|size| u32::try_from(size).ok());
    Some(Key { r#type: known.unwrap_or(algorithm), size })
}

fn leaf(deployment: &Value) -> Option<&Value> {
    deployment.get("received_certificate_chain")?.as_array()?.first()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn moment(value: &Value) -> Option<Moment> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_numbers_are_dropped_but_strings_are_kept() {
        let digits = "7".repeat(617);
        let json = format!(r#"{{"text": "\"{digits}", "rsa_n": {digits}, "ec_x": -{digits}, "size": 2048}}"#);
        assert!(serde_json::from_str::<Value>(&json).is_err());
        let read: Value = serde_json::from_str(&without_huge_numbers(&json)).unwrap();
        assert_eq!(read["text"], format!("\"{digits}"));
        assert_eq!((&read["rsa_n"], &read["size"]), (&Value::from(0), &Value::from(2048)));
        assert_eq!(without_huge_numbers(r#"{"a": 12, "b": "\\"}"#), r#"{"a": 12, "b": "\\"}"#);
    }
}
