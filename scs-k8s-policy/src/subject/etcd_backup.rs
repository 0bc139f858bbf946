//! Backups of etcd.

use jiff::Timestamp;
use serde::Deserialize;

/// A backup that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Entry")]
#[non_exhaustive]
pub struct EtcdBackup {
    /// When it was made.
    pub at: Timestamp,
    /// Whether it is encrypted, where that is known.
    pub encrypted: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Time(Timestamp),
    Backup {
        #[serde(alias = "time")]
        at: Timestamp,
        encrypted: Option<bool>,
    },
}

impl From<Entry> for EtcdBackup {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Time(at) => Self { at, encrypted: None },
            Entry::Backup { at, encrypted } => Self { at, encrypted },
        }
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::Listed;

    use super::*;

    #[test]
    fn times_and_mappings() {
        let backups: Listed<EtcdBackup> = Listed::read(
            r#"["2026-11-23T00:00:00Z", {"at": "2026-11-22T00:00:00+01:00", "encrypted": true, "size": 7},
                {"time": "2026-11-21T00:00:00Z"}, "yesterday", {}]"#,
            "backups",
        )
        .unwrap();
        assert_eq!(backups.entries().len(), 3);
        assert_eq!(backups.entries()[1].encrypted, Some(true));
        assert_eq!(backups.broken().len(), 2);
    }
}
