//! The rules about images compared with the official functions: the whole process, and only the rules. Both use their default
//! number of threads: ours all cores, the official functions one. `RAYON_NUM_THREADS=1` limits ours to one, too.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use scs_benches::image_list;
use scs_image_metadata::{IMAGE_DOCUMENTS, ImageList, ImageSet, check_images};
use scs_standards::{Context, Declarations, Profile};

use crate::in_process::to_f64;
use crate::table::{Row, median, print};
use crate::tools::{self, Input};

const IMAGES: usize = 10_000;
const FLAWED_PERCENT: usize = 2;
const ROUNDS: usize = 9;
const SEED: u64 = 0x0102;
const AT: &str = "2026-11-24T00:00:00Z";
/// The time in seconds.
const NOW: &str = "1795478400";

pub(crate) fn run() -> std::io::Result<()> {
    let text = image_list(SEED, IMAGES, FLAWED_PERCENT);
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), &text)?;
    let mut rows = vec![Row::new(
        "typing and checking, without the process",
        format!("{:.2} us/image", rules(&text) * 1e6),
    )];
    let official = std::env::var_os("SCS_OFFICIAL_DIR").map(PathBuf::from);
    match (tools::scs(), official) {
        (Some(scs), Some(official)) => compare(&mut rows, &text, file.path(), &scs, &official)?,
        (None, _) => println!("images: build `target/release/scs` first: cargo build --release -p scs-cli"),
        (_, None) => println!(
            "images: SCS_OFFICIAL_DIR names no checkout of the official repository; nothing to compare with"
        ),
    }
    let size = to_f64(text.len()) / 1e6;
    print(
        &format!(
            "{IMAGES} images, {size:.1} MB of JSON, {FLAWED_PERCENT} % with a flaw, median of {ROUNDS} rounds"
        ),
        &rows,
    );
    Ok(())
}

/// Seconds that one image takes: typing its metadata, and all rules of all documents.
fn rules(text: &str) -> f64 {
    let Ok(list) = text.parse::<ImageList>() else { return f64::NAN };
    let declarations = Declarations::default();
    let Ok(at) = AT.parse() else { return f64::NAN };
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let mut seconds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let list = list.clone();
        let start = Instant::now();
        let set = ImageSet::from(list);
        black_box(check_images(&set, &context, &IMAGE_DOCUMENTS));
        seconds.push(start.elapsed().as_secs_f64() / to_f64(IMAGES));
    }
    median(seconds)
}

fn compare(rows: &mut Vec<Row>, text: &str, file: &Path, scs: &Path, official: &Path) -> std::io::Result<()> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/official_images.py");
    let (mut ours, mut theirs, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    let (mut our_peak, mut their_peak) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        let run =
            tools::run(Command::new(scs).args(["image", "check", "--at", AT]).arg(file), Input::Nothing)?;
        ours.push(run.seconds);
        our_peak = our_peak.max(run.peak_kib.unwrap_or(0.0));
        let mut python = Command::new("python3");
        let run = tools::run(python.arg(&driver).arg(official).arg(file).arg(NOW), Input::Nothing)?;
        theirs.push(run.seconds);
        their_peak = their_peak.max(run.peak_kib.unwrap_or(0.0));
        alone.push(run.output.trim().parse().unwrap_or(f64::NAN));
    }
    let (ours, theirs, alone) = (median(ours), median(theirs), median(alone) / to_f64(IMAGES));
    rows.push(Row::new("official functions, without the process", format!("{:.2} us/image", alone * 1e6)));
    rows.push(Row::at_least("official functions / rules", alone / rules(text), 30.0, "x"));
    rows.push(Row::new("scs image check, whole process", format!("{:.1} ms", ours * 1e3)));
    rows.push(Row::new("official functions, whole process", format!("{:.1} ms", theirs * 1e3)));
    rows.push(Row::at_least("official process / scs", theirs / ours, 10.0, "x"));
    rows.push(Row::new("peak memory of scs", format!("{:.1} MiB", our_peak / 1024.0)));
    rows.push(Row::new("peak memory of the official process", format!("{:.1} MiB", their_peak / 1024.0)));
    rows.push(Row::at_most("peak of scs / official", our_peak / their_peak, 0.5, "x"));
    Ok(())
}
