//! `scs check` on the inventory of a large cloud, and the cold start of commands that look something up.

use std::path::Path;
use std::process::Command;

use scs_benches::image_list;
use serde_json::{Value, json};

use crate::in_process::to_f64;
use crate::table::{Row, median, print};
use crate::tools::{self, Input};

const FLAVORS: usize = 1_000;
const IMAGES: usize = 10_000;
const FLAWED_PERCENT: usize = 2;
const ROUNDS: usize = 9;
const COLD_ROUNDS: usize = 100;
const SEED: u64 = 0x0003;
const AT: &str = "2026-11-24T00:00:00Z";

/// A cloud with good flavors and mostly good images.
fn inventory() -> Option<Value> {
    let images: Value = serde_json::from_str(&image_list(SEED, IMAGES, FLAWED_PERCENT)).ok()?;
    let flavor = |number: usize| {
        let (cpus, gib) = (1 + number % 64, 1 + number / 8);
        let name = format!("SCS-{cpus}V-{gib}");
        json!({"name": name, "vcpus": cpus, "ram": 1024 * gib, "disk": 0,
               "extra_specs": {"scs:name-v2": name, "scs:cpu-type": "shared-core"}})
    };
    let flavors: Vec<Value> = (0..FLAVORS).map(flavor).collect();
    Some(json!({"kind": "cloud", "flavors": flavors, "images": images.get("images")?}))
}

pub(crate) fn run() -> std::io::Result<()> {
    let Some(scs) = tools::scs() else {
        println!("inventories: build `target/release/scs` first: cargo build --release -p scs-cli");
        return Ok(());
    };
    let Some(inventory) = inventory() else { return Ok(()) };
    let json = inventory.to_string();
    let yaml = serde_saphyr::to_string(&inventory).map_err(std::io::Error::other)?;
    let mut rows = Vec::new();
    for (what, text, suffix, target) in
        [("scs check, JSON", &json, ".json", 150.0), ("scs check, YAML", &yaml, ".yaml", 1000.0)]
    {
        let file = tempfile::Builder::new().suffix(suffix).tempfile()?;
        std::fs::write(file.path(), text)?;
        let (mut seconds, mut peak) = (Vec::new(), 0.0_f64);
        for _ in 0..ROUNDS {
            let mut command = Command::new(&scs);
            let run = tools::run(command.args(["check", "--at", AT]).arg(file.path()), Input::Nothing)?;
            seconds.push(run.seconds);
            peak = peak.max(run.peak_kib.unwrap_or(0.0));
        }
        rows.push(Row::at_most(what, median(seconds) * 1e3, target, "ms"));
        rows.push(Row::new(format!("{what}, peak memory"), format!("{:.1} MiB", peak / 1024.0)));
    }
    for arguments in [&["standards", "show", "scs-0102-v2"][..], &["standards", "list"], &["--help"]] {
        let what = format!("scs {}, cold", arguments.join(" "));
        let mut milliseconds = Vec::with_capacity(COLD_ROUNDS);
        for _ in 0..COLD_ROUNDS {
            let start = std::time::Instant::now();
            Command::new(&scs).args(arguments).output()?;
            milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        }
        rows.push(Row::at_most(&what, median(milliseconds), 10.0, "ms"));
        if let Some(count) = instructions(&scs, arguments) {
            rows.push(Row::new(format!("{what}, instructions"), format!("{:.1} M Ir", count / 1e6)));
        }
    }
    let size = to_f64(json.len()) / 1e6;
    print(
        &format!(
            "An inventory of {FLAVORS} flavors and {IMAGES} images, {size:.1} MB of JSON, median of {ROUNDS} rounds"
        ),
        &rows,
    );
    Ok(())
}

/// The instructions of a whole run, counted by callgrind where that is installed.
fn instructions(scs: &Path, arguments: &[&str]) -> Option<f64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(scs).args(arguments);
    let report = String::from_utf8_lossy(&command.output().ok()?.stderr).into_owned();
    let (_, collected) = report.split_once("Collected : ")?;
    collected.split_whitespace().next()?.parse().ok()
}
