//! Where results go: standard output, or a file that appears only when it is complete.

use std::fs;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// How much is written at once.
const BUFFER: usize = 1 << 16;

/// The place for a command's results. [`Output::finish`] must be called, or the file does not appear.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Standard(BufWriter<Stdout>),
    /// A file under a temporary name beside its final one.
    File { writer: BufWriter<NamedTempFile>, path: PathBuf },
    /// Something that is no regular file, such as a named pipe or `/dev/stderr`, and must not be replaced by one.
    Special { writer: BufWriter<fs::File>, path: PathBuf },
}

impl Output {
    /// Opens the place; no path and `-` mean standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Standard(BufWriter::with_capacity(BUFFER, stdout())));
        };
        let failed = |error: io::Error| Failure::unwritable(path, &error);
        // Through a symbolic link, the file that it points to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&target) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(failed(io::ErrorKind::IsADirectory.into()).hint("name a file inside of it"));
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = fs::OpenOptions::new().write(true).open(&target).map_err(failed)?;
                return Ok(Self::Special { writer: BufWriter::with_capacity(BUFFER, file), path: target });
            }
            _ => {}
        }
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".scs-").suffix(".tmp");
        // Temporary files are private; a result is as readable as the file it replaces, or as any new file.
        if let Ok(metadata) = fs::metadata(&target) {
            builder.permissions(metadata.permissions());
        } else {
            readable_as_usual(&mut builder);
        }
        let file = builder.tempfile_in(directory).map_err(failed)?;
        Ok(Self::File { writer: BufWriter::with_capacity(BUFFER, file), path: target })
    }

    /// Whether this is standard output.
    pub(crate) const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard(_))
    }

    /// Writes out what is left and lets the file appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Standard(mut writer) => Ok(writer.flush()?),
            Self::Special { mut writer, path } => {
                writer.flush().map_err(|error| Failure::unwritable(&path, &error))
            }
            Self::File { writer, path } => {
                let failed = |error: io::Error| Failure::unwritable(&path, &error);
                let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
                file.persist(&path).map_err(|error| failed(error.error))?;
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn readable_as_usual(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    // The umask takes its bits from these, as for every new file.
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn readable_as_usual(_: &mut tempfile::Builder<'_, '_>) {}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(writer) => writer.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
            Self::Special { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
            Self::Special { writer, .. } => writer.flush(),
        }
    }
}
