//! A file that has no name yet, so that nothing is left of it when the program ends, however it ends.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Place, Readers, parent};

/// The content of a file until it is complete.
#[derive(Debug)]
pub(crate) enum Staged {
    /// Without a name, in a directory.
    Unnamed(File),
    /// Under a temporary name, where a system or a file system knows no files without one.
    Named(NamedTempFile),
}

impl Staged {
    pub(super) fn create(directory: &Path, readers: Readers) -> io::Result<Self> {
        match unnamed(directory, readers) {
            Some(file) => Ok(Self::Unnamed(file)),
            None => named(directory, readers).map(Self::Named),
        }
    }

    /// Lets the file appear in its place.
    pub(super) fn place(self, place: &Place) -> io::Result<()> {
        let Place { path, permissions, has_other_names } = place;
        if *has_other_names {
            // All names show the new content, as they do when a shell writes it.
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
                        // It is not wanted any longer; why it is there is the error that counts.
                        let _ = fs::remove_file(&name);
                    });
                }
                // Without `/proc`, nothing gives it a name.
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

/// Temporary files are private; a result is as readable as any new file, from whose mode the umask takes its bits.
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

/// A file without a name in a directory, if there can be one.
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

/// The temporary name that a file without one gets in its directory.
#[cfg(target_os = "linux")]
fn linked(file: &File, directory: &Path) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};

    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    // Another program may have just that name; hardly several times over.
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
