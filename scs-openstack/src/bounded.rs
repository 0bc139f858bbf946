//! Reading files of a configuration, which are small, and not the devices and pipes that somebody has put in their place.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read: no `clouds.yaml` and no bundle of certificates comes near.
const LARGEST: u64 = 16 << 20;

/// The content of a regular file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Opening a named pipe would wait for whoever writes to it.
    if !metadata.is_file() {
        return Err(io::Error::other("it is a device or a named pipe, not a file"));
    }
    read_stream(path)
}

/// The content of a file or of a stream, such as the one of `<(…)`, that the user named.
pub(crate) fn read_stream(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it has more than {} MiB", LARGEST >> 20)));
    }
    Ok(content)
}
