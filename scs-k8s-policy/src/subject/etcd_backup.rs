//! Backups of etcd.

use jiff::Timestamp;
use scs_standards::listed::kind_of;
use serde::Deserialize;
use serde_json::Value;

/// A kept backup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Entry")]
#[non_exhaustive]
pub struct EtcdBackup {
    /// The time of the backup.
    pub at: Timestamp,
    /// Whether it is encrypted, if known.
    pub encrypted: Option<bool>,
}

/// An entry as given, with keys checked one by one for specific errors.
#[derive(Deserialize)]
#[serde(transparent)]
struct Entry(Value);

impl TryFrom<Entry> for EtcdBackup {
    type Error = String;

    fn try_from(Entry(entry): Entry) -> Result<Self, String> {
        let time = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            text.parse().map_err(|_| match value {
                Value::String(text) => {
                    let text: String = text.chars().take(60).collect();
                    format!("`{text}` is not a time such as 2026-10-19T00:00:00Z")
                }
                other => format!("{} is not a time such as 2026-10-19T00:00:00Z", kind_of(other)),
            })
        };
        match &entry {
            Value::String(_) => Ok(Self { at: time(&entry)?, encrypted: None }),
            Value::Object(fields) => {
                let at = fields.get("at").or_else(|| fields.get("time"));
                let at = time(at.ok_or("it has no `at`, the time of the backup")?)?;
                let encrypted = match fields.get("encrypted") {
                    None | Some(Value::Null) => None,
                    Some(Value::Bool(encrypted)) => Some(*encrypted),
                    Some(other) => {
                        return Err(format!("`encrypted` must be true or false, found {}", kind_of(other)));
                    }
                };
                Ok(Self { at, encrypted })
            }
            other => Err(format!("expected a time, or a mapping with `at`; found {}", kind_of(other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::Listed;

    use super::*;

    #[test]
    fn times_and_mappings_are_parsed() {
        let backups: Listed<EtcdBackup> = Listed::read(
            r#"["2026-11-23T00:00:00Z", {"at": "2026-11-22T00:00:00+01:00", "encrypted": true, "size": 7},
                {"time": "2026-11-21T00:00:00Z"}, "yesterday", {}]"#,
            "backups",
        )
        .unwrap();
        assert_eq!(backups.entries().len(), 3);
        assert_eq!(backups.entries()[1].encrypted, Some(true));
        assert_eq!(backups.broken().len(), 2);
        for (entry, expected) in [
            (
                r#"{"at": "2026-10-19T00:00:00Z", "encrypted": "yes"}"#,
                "`encrypted` must be true or false, found a",
            ),
            (r#"{"at": "yesterday"}"#, "`yesterday` is not a time"),
            ("{}", "it has no `at`"),
            ("7", "expected a time, or a mapping with `at`; found a number"),
        ] {
            let error = serde_json::from_str::<EtcdBackup>(entry).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
