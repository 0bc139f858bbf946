//! Runs official functions: a Python driver reads one document per line and prints one answer per line.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// Gives documents to a driver, and returns the lines of its answer.
///
/// # Errors
///
/// If `python3` is missing, or if the driver does not read all documents or does not print text.
pub fn answers(driver: &Path, arguments: &[&str], documents: &[String]) -> io::Result<Vec<String>> {
    let mut python = Command::new("python3")
        .arg(driver)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let input = python.stdin.take();
    let lines: Vec<String> = documents.iter().map(|document| document.replace('\n', " ") + "\n").collect();
    // The driver prints while it reads, so that neither may wait for the other.
    let feeder = thread::spawn(move || match input {
        Some(mut input) => lines.iter().try_for_each(|line| input.write_all(line.as_bytes())),
        None => Ok(()),
    });
    let output = python.wait_with_output()?;
    feeder.join().map_err(|_| io::Error::other("the documents could not be written"))??;
    let text = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    Ok(text.lines().map(str::to_owned).collect())
}
