//! The notation of inventories and their parts: JSON, or YAML with limits.

use std::marker::PhantomData;

use scs_standards::any::{Any, ReadAny, Scalar, entries, skip};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess};

/// The keys that are not parts.
pub(crate) const HEAD: &[&str] = &["kind", "collected_at", "subject", "notices", "declarations"];

/// The maximum number of nodes for an inventory in YAML: ten thousand images have some three hundred thousand.
pub const MAX_YAML_NODES: usize = 5_000_000;

/// Whether a text starts like JSON; a YAML mapping may also start with a brace, but rarely with a quote after it.
pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix('{').map_or(text.starts_with('['), |rest| rest.trim_start().starts_with(['"', '}']))
}

/// The options for reading YAML, with limits above any inventory.
pub(crate) fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_YAML_NODES,
            max_events: 3 * MAX_YAML_NODES,
            max_total_scalar_bytes: 1 << 30,
            max_reader_input_bytes: Some(1 << 30),
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
    }
}

/// The document: a mapping of raw values in order, including duplicate keys.
pub(crate) enum Top<V> {
    Map(Vec<(String, V)>),
    Other(&'static str),
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Top<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any(AnyTop(PhantomData)).deserialize(deserializer)
    }
}

struct AnyTop<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> ReadAny<'de> for AnyTop<V> {
    type Value = Top<V>;

    const EXPECTED: &'static str = "an inventory";

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Top<V>, E> {
        Ok(Top::Other(scalar.kind()))
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Top<V>, A::Error> {
        skip(list).map(|()| Top::Other("a list"))
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Top<V>, A::Error> {
        entries(mapping).map(Top::Map)
    }
}
