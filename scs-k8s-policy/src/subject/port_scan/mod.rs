//! Port scans of a cluster's hosts, from outside and from inside.

mod nmap;
mod port;

use scs_standards::Listed;
use scs_standards::listed::{Broken, ReadPartError};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

pub(crate) use port::KUBERNETES_PORTS;
pub use port::{PortState, ScannedPort, Vantage};

/// Error: not a port scan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadPortScanError {
    /// It is not a list.
    #[error(transparent)]
    Part(#[from] ReadPartError),
    /// It is not a result of nmap.
    #[error("not a result of `nmap -oX`: {0}")]
    Nmap(String),
    /// The vantage is missing.
    #[error(
        "the nmap result does not show where it was run from; provide it as `{{outside: …}}` or `{{inside: …}}`"
    )]
    NoVantage,
}

/// The results for a vantage.
#[derive(Deserialize)]
struct Sides {
    outside: Option<Box<RawValue>>,
    inside: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct PortFrom {
    host: String,
    port: u16,
    state: PortState,
    #[serde(default)]
    tls: Option<bool>,
}

/// Parses a scan: a list of `{host, port, from: outside | inside, state: open | closed | filtered, tls}`, or a mapping with
/// `outside` and `inside`, each such a list without `from` or the XML output of `nmap -sT -sV -oX -`.
///
/// # Errors
///
/// If it is something else. Unreadable entries are kept as broken.
///
/// ```
/// use scs_k8s_policy::{Vantage, read_port_scan};
///
/// let scan = read_port_scan(
///     r#"{"outside": [{"host": "a", "port": 6443, "state": "open", "tls": true}],
///         "inside": "<nmaprun><host><address addr='10.0.0.1'/><ports><port portid='2379'><state state='closed'/></port></ports></host></nmaprun>"}"#,
/// )?;
/// assert_eq!(scan.entries().len(), 2);
/// assert_eq!((scan.entries()[1].host.as_str(), scan.entries()[1].from), ("10.0.0.1", Vantage::Inside));
/// # Ok::<(), scs_k8s_policy::ReadPortScanError>(())
/// ```
pub fn read_port_scan(json: &str) -> Result<Listed<ScannedPort>, ReadPortScanError> {
    match json.trim_start().as_bytes().first() {
        Some(b'"') => Err(ReadPortScanError::NoVantage),
        Some(b'{') => {
            let sides: Sides =
                serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
            if sides.outside.is_none() && sides.inside.is_none() {
                return Ok(Listed::read(json, "ports")?);
            }
            let (mut entries, mut broken) = (Vec::new(), Vec::new());
            for (from, side) in [(Vantage::Outside, sides.outside), (Vantage::Inside, sides.inside)] {
                let Some(side) = side else { continue };
                let before = entries.len() + broken.len();
                let (ports, unread) = one_side(side.get(), from)?.into_parts();
                entries.extend(ports);
                broken.extend(
                    unread.into_iter().map(|entry| Broken { number: before + entry.number, ..entry }),
                );
            }
            Ok(Listed::new(entries, broken))
        }
        _ => Ok(Listed::read(json, "ports")?),
    }
}

fn one_side(json: &str, from: Vantage) -> Result<Listed<ScannedPort>, ReadPortScanError> {
    if json.starts_with('"') {
        let xml: String =
            serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        return nmap::read(&xml, from).map_err(ReadPortScanError::Nmap);
    }
    Ok(Listed::read_each(json, "ports", |port| {
        serde_json::from_str(port)
            .map(|PortFrom { host, port, state, tls }| Some(ScannedPort { host, port, from, state, tls }))
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_broken_entries() {
        let scan = read_port_scan(
            r#"[{"host": "a", "port": 6443, "from": "outside", "state": "open", "tls": null},
                {"host": "a", "port": 70000, "from": "outside", "state": "open"},
                {"host": "a", "port": 22, "from": "moon", "state": "open"}, 7]"#,
        )
        .unwrap();
        assert_eq!((scan.entries().len(), scan.broken().len()), (1, 3));
        let sides =
            read_port_scan(r#"{"outside": [{"host": "a", "port": 1, "state": "open"}, 7], "inside": [8]}"#);
        let numbers: Vec<usize> = sides.unwrap().broken().iter().map(|broken| broken.number).collect();
        assert_eq!(numbers, [2, 3]);
    }

    #[test]
    fn invalid_scans_are_errors() {
        assert_eq!(read_port_scan("\"<nmaprun/>\""), Err(ReadPortScanError::NoVantage));
        for json in ["7", "{}", "{\"outside\": 7}", "{\"inside\": \"x\"}"] {
            assert!(read_port_scan(json).is_err(), "{json}");
        }
    }
}
