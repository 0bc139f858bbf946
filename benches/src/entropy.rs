//! Our tests of FIPS 140-2 against `rngtest`, on the same random bytes in the same run.

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use scs_benches::Random;
use scs_entropy::fips::FipsSummary;

use crate::in_process::to_f64;
use crate::table::{Row, median, print};
use crate::tools::is_installed;

const BYTES: usize = 25_000_000;
const ROUNDS: usize = 7;
const SEED: u64 = 0x0101;

pub(crate) fn run() -> std::io::Result<()> {
    let mut random = Random::new(SEED);
    let bytes: Vec<u8> = (0..BYTES / 8).flat_map(|_| random.bits().to_le_bytes()).collect();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&bytes)?;
    let megabytes = to_f64(bytes.len()) / 1e6;
    let compares = is_installed("rngtest");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut summary, mut report) = (FipsSummary::default(), String::new());
    for _ in 0..ROUNDS {
        // Both read the file, which is in the page cache.
        let start = Instant::now();
        summary = black_box(FipsSummary::from_reader(std::fs::File::open(file.path())?, None)?);
        ours.push(start.elapsed().as_secs_f64());
        if compares {
            let start = Instant::now();
            let output = Command::new("rngtest")
                .stdin(std::fs::File::open(file.path())?)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()?
                .wait_with_output()?;
            theirs.push(start.elapsed().as_secs_f64());
            report = String::from_utf8_lossy(&output.stderr).into_owned();
        }
    }
    let ours = median(ours);
    let mut rows = vec![Row::new("scs-entropy", format!("{:.0} MB/s", megabytes / ours))];
    if compares {
        let theirs = median(theirs);
        rows.push(Row::new("rngtest", format!("{:.0} MB/s", megabytes / theirs)));
        rows.push(Row::at_least("rngtest / scs-entropy", theirs / ours, 5.0, "x"));
        let same = summary.lines().all(|line| report.lines().any(|theirs| theirs == line));
        rows.push(Row::new("the same figures", if same { "yes" } else { "NO" }));
    } else {
        println!("\n`rngtest` is not installed (apt-get install rng-tools5): not compared.");
    }
    print(&format!("FIPS 140-2 over {megabytes:.0} MB, median of {ROUNDS} interleaved rounds"), &rows);
    Ok(())
}
