//! Helpers for machine-readable output. Its types derive both serialization and
//! JSON Schema (`scs standards schema`), so that the two cannot differ.

use serde::{Serialize, Serializer};

/// Serializes pairs as a map in the given order.
pub(crate) fn in_given_order<K, V, S>(pairs: &[(K, V)], serializer: S) -> Result<S::Ok, S::Error>
where
    K: Serialize,
    V: Serialize,
    S: Serializer,
{
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
