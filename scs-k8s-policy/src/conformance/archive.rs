//! Sonobuoy's results archive, read as a stream with limits.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use scs_standards::junit::{ReadResultsError, TestResults};
use serde_json::{Map, Value};
use tar::{Archive, EntryType};

use super::error::{ReadArchiveError, ReadConformanceError};
use super::run::ConformanceRun;
use super::sonobuoy;

/// Limits for reading an archive, against decompression bombs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Total unpacked size in bytes.
    pub total: u64,
    /// Number of entries: files, directories and others.
    pub entries: u64,
    /// Number of gzip members; Sonobuoy writes one.
    pub members: u64,
    /// Size in bytes of one file that is evaluated, such as JUnit XML; four times as much for all of them.
    pub file: u64,
}

impl Default for ArchiveLimits {
    /// 4 GiB in half a million entries, with results files of at most 64 MiB.
    fn default() -> Self {
        Self { total: 4 << 30, entries: 500_000, members: 10_000, file: 64 << 20 }
    }
}

/// Limit of a name and other extended header data, in bytes.
const LONGEST_NAME: u64 = 64 << 10;
/// The read buffer size.
const BUFFER: usize = 64 << 10;
/// Files about the test run.
const MAX_NOTE: u64 = 4 << 20;

/// A reader of unpacked data, up to a limit.
struct Limited<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => {
                self.left = left;
                Ok(read)
            }
            None => Err(io::Error::other(ReadArchiveError::TooLarge(self.limit))),
        }
    }
}

/// A reader of consecutive gzip members with checksums, up to a number of members.
struct Members<R: BufRead> {
    /// The current member; `None` after the last one.
    member: Option<GzDecoder<R>>,
    left: u64,
    limit: u64,
}

impl<R: BufRead> Members<R> {
    fn new(archive: R, limit: u64) -> Self {
        Self { member: Some(GzDecoder::new(archive)), left: limit.saturating_sub(1), limit }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(mut member) = self.member.take() {
            let read = member.read(buffer)?;
            if read > 0 {
                self.member = Some(member);
                return Ok(read);
            }
            // Its checksum matched.
            let mut rest = member.into_inner();
            if rest.fill_buf()?.is_empty() {
                break;
            }
            self.left = self
                .left
                .checked_sub(1)
                .ok_or_else(|| io::Error::other(ReadArchiveError::TooManyMembers(self.limit)))?;
            self.member = Some(GzDecoder::new(rest));
        }
        Ok(0)
    }
}

/// One of our own errors passed through a reader, or an archive error.
fn broken(error: &io::Error) -> ReadArchiveError {
    let own = error.get_ref().and_then(|inner| inner.downcast_ref::<ReadArchiveError>());
    own.cloned().unwrap_or_else(|| ReadArchiveError::Broken(error.to_string()))
}

/// The raw test data in an archive.
#[derive(Default)]
struct Found {
    junit: Vec<String>,
    summary: Option<String>,
    /// The plug-in's error according to Sonobuoy.
    error: Option<String>,
    version: Option<String>,
    focus: Option<String>,
    skip: Option<String>,
    kept: u64,
}

/// Parses the run of the plug-in `e2e`.
pub(super) fn run(archive: impl Read, limits: ArchiveLimits) -> Result<ConformanceRun, ReadConformanceError> {
    found(archive, limits)?.run()
}

/// The files about the run, in the inventory's format.
pub(super) fn part(archive: impl Read, limits: ArchiveLimits) -> Result<Value, ReadConformanceError> {
    Ok(found(archive, limits)?.part())
}

/// Reads all of an archive, so that its checksum covers what was found.
fn found(archive: impl Read, limits: ArchiveLimits) -> Result<Found, ReadConformanceError> {
    let members = Members::new(BufReader::with_capacity(BUFFER, archive), limits.members);
    let unpacked = Limited { inner: members, left: limits.total, limit: limits.total };
    let mut archive = Archive::new(unpacked);
    let mut found = Found::default();
    let mut number = 0;
    // The name of the next entry, if too long for its header.
    let mut long_name: Option<String> = None;
    for entry in archive.entries().map_err(|error| broken(&error))?.raw(true) {
        let mut entry = entry.map_err(|error| broken(&error))?;
        number += 1;
        if number > limits.entries {
            return Err(ReadArchiveError::TooMany(limits.entries).into());
        }
        // Checked before reading, so nothing has to be unpacked.
        if entry.size() > limits.total {
            return Err(ReadArchiveError::TooLarge(limits.total).into());
        }
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let name = bytes(&mut entry, "a long name", LONGEST_NAME)?;
                let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                long_name = Some(String::from_utf8_lossy(name).into_owned());
            }
            EntryType::XHeader => {
                let extensions = bytes(&mut entry, "a header", LONGEST_NAME)?;
                let mut extensions = tar::PaxExtensions::new(&extensions).flatten();
                let path = extensions.find(|extension| extension.key_bytes() == b"path");
                long_name =
                    path.map(|path| String::from_utf8_lossy(path.value_bytes()).into_owned()).or(long_name);
            }
            EntryType::XGlobalHeader | EntryType::GNULongLink => {}
            kind => {
                let name = long_name
                    .take()
                    .unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
                inside(&name)?;
                if kind.is_file() {
                    found.take(name.trim_start_matches("./"), &mut entry, limits)?;
                }
            }
        }
    }
    // An archive ends before its file does; the checksum comes last.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| broken(&error))?;
    if found.junit.is_empty() && found.summary.is_none() {
        return Err(ReadArchiveError::NoResults.into());
    }
    Ok(found)
}

/// Rejects names that a careless reader would write outside its directory.
fn inside(name: &str) -> Result<(), ReadArchiveError> {
    let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    if absolute || name.split(['/', '\\']).any(|part| part == "..") {
        return Err(ReadArchiveError::Outside(name.chars().take(200).collect()));
    }
    Ok(())
}

fn bytes(entry: &mut impl Read, name: &str, limit: u64) -> Result<Vec<u8>, ReadArchiveError> {
    let mut bytes = Vec::new();
    entry.take(limit + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
    if bytes.len() as u64 > limit {
        return Err(ReadArchiveError::FileTooLarge { name: name.to_owned(), limit });
    }
    Ok(bytes)
}

fn text(entry: &mut impl Read, name: &str, limit: u64) -> Result<String, ReadArchiveError> {
    String::from_utf8(bytes(entry, name, limit)?).map_err(|_| ReadArchiveError::NotText(name.to_owned()))
}

impl Found {
    /// Evaluates a file of the archive if it is relevant.
    fn take(
        &mut self,
        name: &str,
        entry: &mut impl Read,
        limits: ArchiveLimits,
    ) -> Result<(), ReadConformanceError> {
        let file = name.rsplit('/').next().unwrap_or_default();
        let is_junit = file.strip_suffix(".xml").is_some_and(|stem| stem.starts_with("junit"));
        if is_junit && name.starts_with("plugins/e2e/results/") {
            let text = self.results(entry, name, limits)?;
            self.junit.push(text);
        } else if name == "plugins/e2e/sonobuoy_results.yaml" {
            self.summary = Some(self.results(entry, name, limits)?);
        } else if name == "serverversion.json" {
            let version = json(entry, name)?;
            let version = version.get("gitVersion").and_then(Value::as_str);
            let version = version.ok_or_else(|| ReadArchiveError::NoVersion(name.to_owned()))?;
            self.version = Some(version.to_owned());
        } else if name.starts_with("plugins/e2e/errors/") && file == "error.json" {
            // Its existence is enough, regardless of its content.
            let error = json(entry, name).ok();
            let error = error.as_ref().and_then(|error| error.get("error")).and_then(Value::as_str);
            let error: String =
                error.unwrap_or("an error that it does not explain").chars().take(200).collect();
            self.error.get_or_insert(error);
        } else if name == "meta/config.json" || name == "plugins/e2e/definition.json" {
            let config = json(entry, name)?;
            self.focus = self.focus.take().or_else(|| variable(&config, "E2E_FOCUS"));
            self.skip = self.skip.take().or_else(|| variable(&config, "E2E_SKIP"));
        }
        Ok(())
    }

    /// The text of a results file; there is also a limit for all of them.
    fn results(
        &mut self,
        entry: &mut impl Read,
        name: &str,
        limits: ArchiveLimits,
    ) -> Result<String, ReadArchiveError> {
        let text = text(entry, name, limits.file)?;
        self.kept = self.kept.saturating_add(text.len() as u64);
        if self.kept > limits.file.saturating_mul(4) {
            return Err(ReadArchiveError::TooLarge(limits.file.saturating_mul(4)));
        }
        Ok(text)
    }

    fn run(self) -> Result<ConformanceRun, ReadConformanceError> {
        let mut run = run_of(&self.junit, self.summary.as_deref(), self.error.as_deref())?;
        run.version = self.version.map(|version| version.parse()).transpose()?;
        run.focus = run.focus.or(self.focus);
        run.skip = run.skip.or(self.skip);
        Ok(run)
    }

    fn part(self) -> Value {
        let mut part = Map::new();
        let texts = self.junit.into_iter().map(Value::String).collect();
        part.insert("junit".to_owned(), Value::Array(texts));
        let others = [
            ("sonobuoy_results", self.summary),
            ("sonobuoy_error", self.error),
            ("version", self.version),
            ("focus", self.focus),
            ("skip", self.skip),
        ];
        part.extend(
            others.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::String(text?)))),
        );
        Value::Object(part)
    }
}

/// The run in the files: the tests in JUnit XML, or else those in Sonobuoy's summary. A failure in either of them, or an
/// error recorded by Sonobuoy, counts as a failure.
pub(super) fn run_of<T: AsRef<str>>(
    junit: &[T],
    summary: Option<&str>,
    error: Option<&str>,
) -> Result<ConformanceRun, ReadConformanceError> {
    let mut tests = TestResults::default();
    for text in junit {
        match TestResults::read(text.as_ref()) {
            // One of several nodes may have run no tests.
            Err(ReadResultsError::NoTest) => {}
            read => tests = tests.joined(read?),
        }
    }
    let summary = summary.map(sonobuoy::read).transpose().map_err(ReadConformanceError::Sonobuoy)?;
    if tests.is_empty()
        && let Some(summary) = &summary
    {
        tests = summary.tests.clone();
    }
    if tests.is_empty() {
        return Err(ReadConformanceError::NoTest);
    }
    let run = ConformanceRun::of(tests);
    let mut run = match summary {
        Some(summary) => run.summarized_by(summary),
        None => run,
    };
    run.doubts.extend(error.map(|error| format!("Sonobuoy reports an error: {error}")));
    Ok(run)
}

fn json(entry: &mut impl Read, name: &str) -> Result<Value, ReadArchiveError> {
    serde_json::from_str(&text(entry, name, MAX_NOTE)?)
        .map_err(|_| ReadArchiveError::NotJson(name.to_owned()))
}

/// The value of a variable, anywhere in the document: `{"E2E_FOCUS": …}`, or `{"name": "E2E_FOCUS", "value": …}`.
fn variable(config: &Value, name: &str) -> Option<String> {
    let found = match config {
        Value::Object(mapping) => {
            let named = mapping.get("name").and_then(Value::as_str) == Some(name);
            let value = if named { mapping.get("value") } else { mapping.get(name) };
            match value.and_then(Value::as_str) {
                Some(value) => Some(value.to_owned()),
                None => mapping.values().find_map(|inner| variable(inner, name)),
            }
        }
        Value::Array(list) => list.iter().find_map(|inner| variable(inner, name)),
        _ => None,
    };
    found.filter(|value| !value.is_empty())
}
