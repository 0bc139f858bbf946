//! What the shapes of machine-readable output share. The types of these shapes derive both how they are written and
//! their JSON Schema (`scs standards schema`), so that the two cannot differ.

use serde::{Serialize, Serializer};

/// As a map whose order is that of the pairs.
pub(crate) fn in_given_order<K, V, S>(pairs: &[(K, V)], serializer: S) -> Result<S::Ok, S::Error>
where
    K: Serialize,
    V: Serialize,
    S: Serializer,
{
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
