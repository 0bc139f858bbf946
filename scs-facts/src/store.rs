//! The directory of fetched facts.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use thiserror::Error;
use tokio::time::{Instant, sleep};

use crate::fact::{Fact, Key};
use crate::hash::sha256;
use crate::metadata::Metadata;
use crate::summary::Summary;

/// The size limit of a file in bytes. All CVE records have a few megabytes.
const LARGEST: u64 = 256 << 20;
/// How often a reader tries again when a file is replaced while it reads.
const ATTEMPTS: usize = 3;
/// The interval in which a locked directory is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// A directory of facts: a file for each, with its metadata beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    directory: PathBuf,
}

/// A stored fact that matches its metadata and that its reader accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// The metadata.
    pub metadata: Metadata,
    /// The content of the file.
    pub text: String,
    /// The file.
    pub path: PathBuf,
    /// A summary of the content.
    pub summary: Summary,
}

/// A stored fact that must not be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {reason}", path.display())]
#[non_exhaustive]
pub struct BrokenFact {
    /// The file.
    pub path: PathBuf,
    /// The problem.
    pub reason: String,
}

/// Error: the directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file cannot be written, or the directory cannot be created.
    #[error("cannot write {}: {reason}", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// Another update is running.
    #[error("another update is using {}", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
}

/// Protects the directory from other updates. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Store {
    /// A directory, which need not exist.
    ///
    /// ```
    /// use scs_facts::{Key, Store};
    ///
    /// let store = Store::new("/nowhere/facts");
    /// assert_eq!(store.read(Key::MozillaTls.fact(), "2026-12-01T00:00:00Z".parse()?), Ok(None));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The usual directory of a user: `scs/facts` in `$XDG_DATA_HOME`, if that is an absolute path, or in `.local/share` of the
    /// home directory.
    ///
    /// ```
    /// use std::path::Path;
    /// use scs_facts::Store;
    ///
    /// let home = Some(Path::new("/home/me"));
    /// let of = |data| Store::of_user(data, home).unwrap().directory().display().to_string();
    /// assert_eq!(of(Some(Path::new("/data"))), "/data/scs/facts");
    /// assert_eq!(of(None), "/home/me/.local/share/scs/facts");
    /// assert_eq!(of(Some(Path::new("data"))), "/home/me/.local/share/scs/facts");
    /// ```
    #[must_use]
    pub fn of_user(xdg_data_home: Option<&Path>, home: Option<&Path>) -> Option<Self> {
        let data = xdg_data_home.filter(|path| path.is_absolute()).map(Path::to_owned);
        let data = data.or_else(|| home.map(|home| home.join(".local/share")))?;
        Some(Self::new(data.join("scs/facts")))
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file of a fact.
    #[must_use]
    pub fn path(&self, fact: &Fact) -> PathBuf {
        self.directory.join(fact.file)
    }

    fn metadata_path(&self, fact: &Fact) -> PathBuf {
        self.directory.join(format!("{}.meta.json", fact.key))
    }

    /// Reads a fact; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it must not be used: it does not match its metadata, its reader rejects it, or it was fetched after `now`, the time
    /// of the system's clock.
    pub fn read(&self, fact: &Fact, now: Timestamp) -> Result<Option<Stored>, BrokenFact> {
        let path = self.path(fact);
        let broken = |reason: String| BrokenFact { path: path.clone(), reason };
        let mut problem = "";
        for _ in 0..ATTEMPTS {
            let of_metadata = |reason| BrokenFact { path: self.metadata_path(fact), reason };
            let Some(metadata) = read_file(&self.metadata_path(fact)).map_err(of_metadata)? else {
                return match path.symlink_metadata() {
                    Ok(_) => Err(broken("it has no metadata beside it".to_owned())),
                    Err(_) => Ok(None),
                };
            };
            let metadata: Metadata = serde_json::from_str(&metadata)
                .map_err(|error| of_metadata(format!("not the metadata of a fact: {error}")))?;
            let Some(text) = read_file(&path).map_err(broken)? else {
                problem = "the file is missing, but its metadata exist";
                continue;
            };
            let hash = sha256(&text);
            let previous = metadata.previous.clone().map(|previous| *previous);
            let Some(metadata) =
                [Some(metadata), previous].into_iter().flatten().find(|known| known.sha256 == hash)
            else {
                problem = "the content does not match its checksum";
                continue;
            };
            return accepted(fact, metadata.public(), text, path.clone(), now).map(Some).map_err(broken);
        }
        Err(broken(problem.to_owned()))
    }

    /// Creates the directory, and waits until no other update uses it.
    pub(crate) async fn lock(&self, wait: Duration) -> Result<Lock, StoreError> {
        let path = self.directory.join(".lock");
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| StoreError::Write { path, reason: error.to_string() }
        };
        fs::create_dir_all(&self.directory).map_err(failed(&self.directory))?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(failed(&path))?;
        let end = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked { path: self.directory.clone() });
                }
                Err(TryLockError::Error(error)) => return Err(failed(&path)(error)),
            }
        }
    }

    /// Replaces a fact. The metadata come first and know the edition before, so that a crash in between leaves a usable fact.
    pub(crate) fn write(
        &self,
        fact: &Fact,
        mut metadata: Metadata,
        text: &str,
        before: Option<&Stored>,
        _lock: &Lock,
    ) -> Result<Metadata, StoreError> {
        metadata.sha256 = sha256(text);
        metadata.previous = before
            .filter(|before| before.metadata.sha256 != metadata.sha256)
            .map(|before| Box::new(before.metadata.clone()));
        let path = self.metadata_path(fact);
        let json = serde_json::to_string_pretty(&metadata)
            .map_err(|error| StoreError::Write { path: path.clone(), reason: error.to_string() })?;
        self.replace(&path, &format!("{json}\n"), 0o600)?;
        if before.is_none_or(|before| before.metadata.sha256 != metadata.sha256) {
            self.replace(&self.path(fact), text, 0o666)?;
        }
        Ok(Metadata { previous: None, ..metadata })
    }

    fn replace(&self, path: &Path, text: &str, mode: u32) -> Result<(), StoreError> {
        let failed =
            |error: io::Error| StoreError::Write { path: path.to_owned(), reason: error.to_string() };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".scs-").suffix(".tmp");
        // Facts are public. Their metadata tell which mirrors a site uses.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        #[cfg(not(unix))]
        let _ = mode;
        let mut file = builder.tempfile_in(&self.directory).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map(|_| ()).map_err(|error| failed(error.error))
    }
}

fn accepted(
    fact: &Fact,
    metadata: Metadata,
    text: String,
    path: PathBuf,
    now: Timestamp,
) -> Result<Stored, String> {
    let Metadata { key, fetched_at, as_of, .. } = metadata;
    if key != fact.key {
        return Err(format!("its metadata are those of {key}"));
    }
    // Clocks differ a little.
    if now.checked_add(1.hour()).is_ok_and(|now| fetched_at > now) {
        return Err(format!("it was fetched at {fetched_at}, which is in the future"));
    }
    if as_of > fetched_at {
        return Err(format!("its date, {as_of}, is after {fetched_at}, when it was fetched"));
    }
    let summary = fact.read(&text).map_err(|reason| format!("not usable: {reason}"))?;
    // It would block every genuine update, which looks older.
    if let Some(published) = summary.is_after(fetched_at) {
        let newest = &summary.newest;
        return Err(format!("its newest entry, {newest}, is dated {published}, after it was fetched"));
    }
    Ok(Stored { metadata, text, path, summary })
}

/// The content of a regular file; `None` if it does not exist.
fn read_file(path: &Path) -> Result<Option<String>, String> {
    let file = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => File::open(path),
        // Opening a named pipe would block.
        Ok(_) => return Err("it is not a file".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    let mut bytes = Vec::new();
    let read = file.and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("it cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8 text".to_owned())
}

impl Stored {
    /// The name of the fact.
    #[must_use]
    pub const fn key(&self) -> Key {
        self.metadata.key
    }
}
