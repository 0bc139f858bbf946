//! Reads configuration files with a size limit, and rejects devices and pipes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The maximum file size in bytes, much more than any `clouds.yaml` or certificate bundle.
const LARGEST: u64 = 16 << 20;

/// The content of a regular file.
///
/// # Errors
///
/// If it cannot be read, is a directory, a device or a named pipe, or is larger than 16 MiB.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Opening a named pipe would block until something writes to it.
    if !metadata.is_file() {
        return Err(io::Error::other("it is a device or a named pipe, not a file"));
    }
    read_stream(path)
}

/// The content of a file, or of a stream such as `<(…)`, given by the user.
///
/// # Errors
///
/// If it cannot be read or is larger than 16 MiB.
pub fn read_stream(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(content)
}
