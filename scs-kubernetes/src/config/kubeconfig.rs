//! Reads and merges kubeconfigs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig, KubeconfigError};
use scs_collector::{files, one_line};
use scs_standards::yaml;

use super::error::ConfigError;

/// The keys that messages quote.
const KEYS: [&str; 30] = [
    "apiVersion",
    "args",
    "as",
    "certificate-authority",
    "certificate-authority-data",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "cluster",
    "clusters",
    "command",
    "context",
    "contexts",
    "current-context",
    "env",
    "exec",
    "insecure-skip-tls-verify",
    "kind",
    "name",
    "namespace",
    "password",
    "proxy-url",
    "server",
    "tls-server-name",
    "token",
    "tokenFile",
    "user",
    "username",
    "users",
];

/// An entry of a kubeconfig, with the file that defines it.
#[derive(Clone)]
pub(super) struct Entry<T> {
    pub(super) value: T,
    pub(super) file: PathBuf,
}

/// The entries of all files by name. The first file that defines a name wins, as for `kubectl`.
#[derive(Clone, Default)]
pub(super) struct Merged {
    pub(super) files: Vec<PathBuf>,
    pub(super) current: Option<String>,
    pub(super) contexts: BTreeMap<String, Entry<Context>>,
    pub(super) clusters: BTreeMap<String, Entry<Cluster>>,
    pub(super) users: BTreeMap<String, Entry<AuthInfo>>,
}

impl Merged {
    /// Adds the entries of a file that are not known yet.
    pub(super) fn add(&mut self, path: &Path) -> Result<(), ConfigError> {
        let config = read(path)?;
        self.files.push(path.to_owned());
        self.current = self.current.take().or(config.current_context.filter(|name| !name.is_empty()));
        let contexts = config.contexts.into_iter().map(|it| (it.name, it.context));
        take(&mut self.contexts, contexts, "context", path)?;
        let clusters = config.clusters.into_iter().map(|it| (it.name, it.cluster));
        take(&mut self.clusters, clusters, "cluster", path)?;
        let users = config.auth_infos.into_iter().map(|it| (it.name, it.auth_info));
        take(&mut self.users, users, "user", path)
    }
}

fn take<T: Default>(
    known: &mut BTreeMap<String, Entry<T>>,
    entries: impl Iterator<Item = (String, Option<T>)>,
    what: &'static str,
    path: &Path,
) -> Result<(), ConfigError> {
    let mut own = BTreeMap::new();
    for (name, value) in entries {
        let entry = Entry { value: value.unwrap_or_default(), file: path.to_owned() };
        if own.insert(name.clone(), entry).is_some() {
            return Err(ConfigError::Duplicate { path: path.to_owned(), what, name });
        }
    }
    for (name, entry) in own {
        known.entry(name).or_insert(entry);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Kubeconfig, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable { path: path.to_owned(), key: None, reason };
    let syntax = |reason: String| ConfigError::Syntax { path: path.to_owned(), reason };
    // A file given as `<(…)` is a pipe, which can be read only once.
    let bytes = files::read_stream(path).map_err(|error| unreadable(error.to_string()))?;
    let text = decoded(bytes).ok_or_else(|| syntax("it is not text in UTF-8 or UTF-16".to_owned()))?;
    let config = Kubeconfig::from_yaml(&text).map_err(|error| match error {
        KubeconfigError::Parse(error) => syntax(reason(&yaml::reason(&error))),
        other => syntax(other.to_string()),
    })?;
    match config.kind.as_deref() {
        None | Some("" | "Config") => Ok(config),
        Some(kind) => Err(syntax(format!("its `kind` is `{}`, not `Config`", one_line(kind, 60)))),
    }
}

/// The position and the parser's message. What it quotes may be a secret, unless it is a key.
fn reason(message: &str) -> String {
    if message.contains("missing field") {
        return message.to_owned();
    }
    let pieces = message.split('`').enumerate();
    let shown =
        pieces.map(|(index, piece)| if index % 2 == 0 || KEYS.contains(&piece) { piece } else { "…" });
    shown.collect::<Vec<_>>().join("`")
}

/// The text of a file. PowerShell writes UTF-16.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let units = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_decoded() {
        let text = "kind: Config\n";
        let little: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> =
            [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let marked = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
        for bytes in [little, big, marked, text.as_bytes().to_vec()] {
            assert_eq!(decoded(bytes).as_deref(), Some(text));
        }
        assert_eq!(decoded(vec![0x80]), None);
    }
}
