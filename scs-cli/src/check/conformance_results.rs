//! `--conformance-results`: what end-to-end tests of a cluster came to, in the files in which they leave it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_registry::Kind;
use serde_json::{Value, json};

use super::Given;
use crate::failure::Failure;
use crate::files::{self, Limit};
use crate::input::Source;

/// Sonobuoy's archives have some ten MiB; those of large clusters have their logs in them.
const LIMIT: Limit = Limit {
    bytes: 512 << 20,
    what: "no results of tests",
    hint: "give the archive of one run, or the file of results in it (`tar -xf ARCHIVE plugins/e2e/results/global/junit_01.xml`)",
};

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The inventories, with the results in the one that is there.
pub(super) fn added(mut inventories: Vec<Given>, files: &[Source]) -> Result<Vec<Given>, Failure> {
    if files.is_empty() {
        return Ok(inventories);
    }
    let (Some(one), true) = (inventories.pop(), inventories.is_empty()) else {
        return Err(Failure::new(
            "`--conformance-results` is about one cluster, but several inventories are given",
        )
        .hint(
            "check each cluster by itself, or put the results into the inventories as `conformance_results`",
        ));
    };
    if one.inventory.kind() != Kind::Cluster {
        return Err(Failure::new(format!(
            "`--conformance-results` is about a cluster, and {} is a cloud",
            one.origin.path()
        ))
        .hint(
            "give the inventory of the cluster; `scs k8s collect-script` prints the commands that make it",
        ));
    }
    let runs: Vec<Value> = files.iter().map(run).collect::<Result<_, _>>()?;
    let inventory = one.inventory.with_part("conformance_results", &Value::Array(runs));
    Ok(vec![Given { inventory, ..one }])
}

/// A file as an inventory has it.
fn run(source: &Source) -> Result<Value, Failure> {
    let bytes = files::bytes(source.open()?, LIMIT)?;
    if bytes.starts_with(&GZIP) {
        return Ok(json!({ "sonobuoy_tarball": STANDARD.encode(bytes) }));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("{}: neither an archive nor a text", source.name()))
            .hint("give what `sonobuoy retrieve` writes, sonobuoy_results.yaml or JUnit XML")
    })?;
    Ok(Value::String(text))
}
