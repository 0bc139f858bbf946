//! `--conformance-results`: result files of a cluster's end-to-end tests.

use std::io::{self, BufRead, BufReader, Read};

use scs_k8s_policy::{ArchiveLimits, ConformanceResults};
use scs_registry::Kind;
use scs_standards::Given;
use scs_standards::junit::TestResults;
use serde_json::Value;

use super::inventories::Given as GivenInventory;
use crate::app::failure::Failure;
use crate::app::files::Limit;
use crate::app::input::{self, Opened, Source, refuse_other_encodings};

/// Sonobuoy's archives have some ten MiB; those of large clusters include logs.
const LIMIT: Limit = Limit {
    bytes: 512 << 20,
    what: "test results",
    hint: "give the archive of one run, or the file of results in it (`tar -xf ARCHIVE plugins/e2e/results/global/junit_01.xml`)",
};

/// The largest result file to keep unchanged; the output of tests is dropped from larger ones.
const LARGEST_TEXT: u64 = 64 << 20;
/// The maximum size after dropping the output of tests.
const SLIM: usize = 128 << 20;

/// The name of the part in the inventory.
const PART: &str = "conformance_results";

/// The hint that lists the supported files.
const FILES: &str = "give what `sonobuoy retrieve` writes, sonobuoy_results.yaml or JUnit XML";

/// The magic number of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Adds the results to the only inventory.
pub(crate) fn added(
    mut inventories: Vec<GivenInventory>,
    files: &[Source],
) -> Result<Vec<GivenInventory>, Failure> {
    if files.is_empty() {
        return Ok(inventories);
    }
    let (Some(one), true) = (inventories.pop(), inventories.is_empty()) else {
        return Err(Failure::new(
            "`--conformance-results` is about one cluster, but several inventories are given",
        )
        .hint(
            "check each cluster separately, or add the results to the inventories as `conformance_results`",
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
    // Keep the runs in the inventory: the newest run counts, whatever its source.
    match one.inventory.given(PART) {
        Given::Missing => {}
        Given::Data(json) => match serde_json::from_str(json) {
            Ok(Value::Array(known)) => runs.extend(known),
            Ok(known) => runs.push(known),
            Err(error) => return Err(Failure::new(format!("`{PART}` of {}: {error}", one.origin.path()))),
        },
        Given::Unusable(reason) => {
            return Err(Failure::new(format!("`{PART}` of {} cannot be used: {reason}", one.origin.path()))
                .hint("fix it or leave it out; a newer run in it would take precedence"));
        }
    }
    let inventory = one.inventory.with_part(PART, &Value::Array(runs));
    Ok(vec![GivenInventory { inventory, ..one }])
}

/// Reads a file in the form used by inventories. Most of an archive is logs, and most of a large file is the output of tests:
/// neither is kept in memory.
fn run(source: &Source) -> Result<Value, Failure> {
    let Opened { name, reader, length } = source.open()?;
    let too_large = || {
        Failure::new(format!("{name} is larger than {} MiB, too large for {}", LIMIT.bytes >> 20, LIMIT.what))
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
        .map_err(|_| Failure::new(format!("{name}: neither an archive nor text")).hint(FILES))?;
    ConformanceResults::read_text(&text)
        .map_err(|error| Failure::new(format!("{name}: {error}")).hint(FILES))?;
    Ok(Value::String(text))
}
