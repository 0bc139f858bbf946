//! `serde` and `schemars` for types that are a single word: they serialize as `Display` prints them and deserialize
//! with `FromStr`, so the three cannot disagree.

/// Implements `Serialize`, `Deserialize` and, with the caller's feature `schemars`, `JsonSchema` through `Display` and
/// `FromStr`. A schema marked `inline` has no definition of its own. For the crates of this workspace.
#[doc(hidden)]
#[macro_export]
macro_rules! as_text {
    (inline $type:ty, $name:literal, $schema:expr) => {
        $crate::as_text!(@ $type, $name, true, $schema);
    };
    ($type:ty, $name:literal, $pattern:expr, $description:literal) => {
        $crate::as_text!(@ $type, $name, false, schemars::json_schema!({
            "type": "string",
            "pattern": $pattern,
            "description": $description,
        }));
    };
    (@ $type:ty, $name:literal, $inline:literal, $schema:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn inline_schema() -> bool {
                $inline
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
