//! `--conformance-results`: what end-to-end tests of a cluster came to, in the files in which they leave it.

use std::io::{self, BufRead, BufReader, Read};

use scs_k8s_policy::{ArchiveLimits, ConformanceResults};
use scs_registry::Kind;
use scs_standards::Given;
use scs_standards::junit::TestResults;
use serde_json::Value;

use super::inventories::Given as Taken;
use crate::app::failure::Failure;
use crate::app::files::Limit;
use crate::app::input::{self, Opened, Source, refuse_other_encodings};

/// Sonobuoy's archives have some ten MiB; those of large clusters have their logs in them.
const LIMIT: Limit = Limit {
    bytes: 512 << 20,
    what: "no results of tests",
    hint: "give the archive of one run, or the file of results in it (`tar -xf ARCHIVE plugins/e2e/results/global/junit_01.xml`)",
};

/// The largest file of results that is kept as it is; of a larger one, what tests have printed is left out.
const LARGEST_TEXT: u64 = 64 << 20;
/// How much is kept of it then.
const SLIM: usize = 128 << 20;

/// The part of the inventory.
const PART: &str = "conformance_results";

/// What is read.
const FILES: &str = "give what `sonobuoy retrieve` writes, sonobuoy_results.yaml or JUnit XML";

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The inventories, with the results in the one that is there.
pub(crate) fn added(mut inventories: Vec<Taken>, files: &[Source]) -> Result<Vec<Taken>, Failure> {
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
    let files = input::all_files(files, &["gz", "tgz", "xml", "yaml", "yml", "json"])?;
    let mut runs: Vec<Value> = files.iter().map(run).collect::<Result<_, _>>()?;
    // Runs of the inventory stay: the newest one counts, wherever it is.
    match one.inventory.given(PART) {
        Given::Missing => {}
        Given::Data(json) => match serde_json::from_str(json) {
            Ok(Value::Array(known)) => runs.extend(known),
            Ok(known) => runs.push(known),
            Err(error) => return Err(Failure::new(format!("`{PART}` of {}: {error}", one.origin.path()))),
        },
        Given::Unusable(reason) => {
            return Err(Failure::new(format!("`{PART}` of {} cannot be used: {reason}", one.origin.path()))
                .hint("correct it or leave it out; a newer run in it would count"));
        }
    }
    let inventory = one.inventory.with_part(PART, &Value::Array(runs));
    Ok(vec![Taken { inventory, ..one }])
}

/// A file as an inventory has it. Most of an archive are logs, and most of a large file is what tests have printed: neither is
/// ever held.
fn run(source: &Source) -> Result<Value, Failure> {
    let Opened { name, reader, length } = source.open()?;
    let too_large = || {
        Failure::new(format!("{name} is larger than {} MiB; {} is", LIMIT.bytes >> 20, LIMIT.what))
            .hint(LIMIT.hint)
    };
    if length.is_some_and(|length| length > LIMIT.bytes) {
        return Err(too_large());
    }
    let mut reader = BufReader::with_capacity(1 << 16, reader.take(LIMIT.bytes + 1));
    let unreadable = |error: io::Error| Failure::unreadable(&name, &error);
    let head = reader.fill_buf().map_err(unreadable)?;
    if head.starts_with(&GZIP) {
        return ConformanceResults::part_of_archive(&mut reader, ArchiveLimits::default()).map_err(|error| {
            if reader.get_ref().limit() == 0 {
                too_large()
            } else {
                Failure::new(format!("{name}: {error}")).hint(LIMIT.hint)
            }
        });
    }
    refuse_other_encodings(&name, head)?;
    let mut start = Vec::new();
    reader.by_ref().take(LARGEST_TEXT + 1).read_to_end(&mut start).map_err(unreadable)?;
    if start.len() as u64 > LARGEST_TEXT {
        let begins_like_xml =
            start.trim_ascii_start().starts_with(b"<") || start.starts_with(b"\xEF\xBB\xBF<");
        if !begins_like_xml {
            return Err(too_large());
        }
        let whole = start.as_slice().chain(&mut reader);
        let slim = TestResults::slimmed(BufReader::with_capacity(1 << 16, whole), SLIM);
        if reader.get_ref().limit() == 0 {
            return Err(too_large());
        }
        let slim = slim.map_err(|error| Failure::new(format!("{name}: {error}")).hint(LIMIT.hint))?;
        return Ok(Value::String(slim));
    }
    let text = String::from_utf8(start)
        .map_err(|_| Failure::new(format!("{name}: neither an archive nor a text")).hint(FILES))?;
    ConformanceResults::read_text(&text)
        .map_err(|error| Failure::new(format!("{name}: {error}")).hint(FILES))?;
    Ok(Value::String(text))
}
