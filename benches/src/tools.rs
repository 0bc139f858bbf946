//! Running other programs, with time and peak memory.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The time and memory of a run.
pub(crate) struct Run {
    pub(crate) seconds: f64,
    /// Peak memory in KiB; `None` if the system does not report it.
    pub(crate) peak_kib: Option<f64>,
    pub(crate) output: String,
    pub(crate) status: Option<i32>,
}

/// Where a program's standard input comes from.
#[derive(Clone, Copy)]
pub(crate) enum Input<'a> {
    Nothing,
    /// Through a pipe, as another program would feed it.
    Pipe(&'a Path),
}

/// The `scs` program that was built for release, if there is one.
pub(crate) fn scs() -> Option<PathBuf> {
    // `scs` is in the same directory as this program.
    let path = std::env::current_exe().ok()?.with_file_name("scs");
    path.is_file().then_some(path)
}

/// Whether a program is on the path.
pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

pub(crate) fn run(command: &mut Command, input: Input<'_>) -> io::Result<Run> {
    let output = tempfile::NamedTempFile::new()?;
    command.stdout(output.reopen()?).stderr(Stdio::null());
    command.stdin(match input {
        Input::Nothing => Stdio::null(),
        Input::Pipe(_) => Stdio::piped(),
    });
    let start = Instant::now();
    let mut child = command.spawn()?;
    let feeder = match (input, child.stdin.take()) {
        (Input::Pipe(path), Some(mut pipe)) => {
            let mut file = File::open(path)?;
            Some(thread::spawn(move || io::copy(&mut file, &mut pipe)))
        }
        _ => None,
    };
    let (seconds, peak_kib, status) = watch(&mut child, start)?;
    if let Some(feeder) = feeder {
        // A program that stops reading early closes the pipe, which is not an error.
        let _ = feeder.join();
    }
    Ok(Run { seconds, peak_kib, output: std::fs::read_to_string(output.path())?, status })
}

/// Waits for the end and polls peak memory. The kernel keeps the maximum, so only the last milliseconds are missed.
fn watch(child: &mut Child, start: Instant) -> io::Result<(f64, Option<f64>, Option<i32>)> {
    let mut peak = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((start.elapsed().as_secs_f64(), peak, status.code()));
        }
        peak = peak_kib(child.id()).or(peak);
        thread::sleep(Duration::from_millis(2));
    }
}

fn peak_kib(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}
