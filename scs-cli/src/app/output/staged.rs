//! A file that gets its name only when it is complete, so that nothing is left if the program ends early.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The destination of a complete file.
#[derive(Debug)]
pub(crate) struct Place {
    pub(super) path: PathBuf,
    /// The mode of the existing file, without setuid and setgid.
    pub(super) permissions: Option<fs::Permissions>,
    /// Whether the file has other hard links, which would keep the old content if it were replaced.
    pub(super) has_other_names: bool,
}

/// The readers of a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    /// According to the umask.
    Usual,
    /// Only the user.
    Owner,
}

/// An incomplete file.
#[derive(Debug)]
pub(crate) enum Staged {
    /// Unnamed, in a directory.
    Unnamed(File),
    /// With a temporary name, where the system or the file system does not support unnamed files.
    Named(NamedTempFile),
}

/// The directory of a file.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Staged {
    pub(super) fn create(directory: &Path, readers: Readers) -> io::Result<Self> {
        match unnamed(directory, readers) {
            Some(file) => Ok(Self::Unnamed(file)),
            None => named(directory, readers).map(Self::Named),
        }
    }

    /// Gives the file its name.
    pub(super) fn place(self, place: &Place) -> io::Result<()> {
        let Place { path, permissions, has_other_names } = place;
        if *has_other_names {
            // All hard links get the new content, as if a shell had written it.
            let mut from = self;
            from.file_mut().rewind()?;
            let mut to = fs::OpenOptions::new().write(true).truncate(true).open(path)?;
            io::copy(from.file_mut(), &mut to)?;
            return to.flush();
        }
        if let Some(permissions) = permissions {
            self.file().set_permissions(permissions.clone())?;
        }
        match self {
            Self::Named(file) => file.persist(path).map(|_| ()).map_err(|error| error.error),
            Self::Unnamed(mut file) => {
                let directory = parent(path);
                if let Some(name) = linked(&file, directory) {
                    return fs::rename(&name, path).inspect_err(|_| {
                        // Best effort: the error to report is the one of the rename.
                        let _ = fs::remove_file(&name);
                    });
                }
                // Without `/proc`, an unnamed file cannot be named, so copy it.
                let mut copy = named(directory, Readers::Usual)?;
                copy.as_file().set_permissions(file.metadata()?.permissions())?;
                file.rewind()?;
                io::copy(&mut file, &mut copy)?;
                copy.persist(path).map(|_| ()).map_err(|error| error.error)
            }
        }
    }

    fn file(&self) -> &File {
        match self {
            Self::Unnamed(file) => file,
            Self::Named(file) => file.as_file(),
        }
    }

    fn file_mut(&mut self) -> &mut File {
        match self {
            Self::Unnamed(file) => file,
            Self::Named(file) => file.as_file_mut(),
        }
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file_mut().flush()
    }
}

const PREFIX: &str = ".scs-";
const SUFFIX: &str = ".tmp";

/// The mode of a new file, before the umask.
#[cfg(unix)]
const fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Usual => 0o666,
        Readers::Owner => 0o600,
    }
}

fn named(directory: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode(readers)));
    }
    #[cfg(not(unix))]
    let _ = readers;
    builder.tempfile_in(directory)
}

/// Creates an unnamed file in a directory, if supported.
#[cfg(target_os = "linux")]
fn unnamed(directory: &Path, readers: Readers) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let flags = i32::try_from(rustix::fs::OFlags::TMPFILE.bits()).ok()?;
    fs::OpenOptions::new().read(true).write(true).mode(mode(readers)).custom_flags(flags).open(directory).ok()
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path, _: Readers) -> Option<File> {
    None
}

/// Links an unnamed file under a temporary name in the directory.
#[cfg(target_os = "linux")]
fn linked(file: &File, directory: &Path) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};

    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    // The name may be in use, but hardly eight times in a row.
    (0..8).find_map(|_| {
        let word: String = std::iter::repeat_with(fastrand::alphanumeric).take(8).collect();
        let name = directory.join(format!("{PREFIX}{word}{SUFFIX}"));
        linkat(CWD, own.as_str(), CWD, &name, AtFlags::SYMLINK_FOLLOW).ok().map(|()| name)
    })
}

#[cfg(not(target_os = "linux"))]
fn linked(_: &File, _: &Path) -> Option<PathBuf> {
    None
}
