//! The areas of a cloud or a cluster, which group findings for people.

use scs_standards::DocumentId;

/// The area of each standard with rules, in the order in which reports list them.
const AREAS: &[(&str, &[u16])] = &[
    ("Flavors", &[100, 103, 110]),
    ("Images", &[102, 104]),
    ("Entropy", &[101]),
    ("Services", &[123, 128]),
    ("Volumes", &[111, 114, 117]),
    ("Network", &[115, 126, 127, 219]),
    ("Key management", &[116]),
    ("Availability", &[118, 121]),
    ("Identity", &[302]),
    ("Security", &[124, 125, 129]),
    ("Versions", &[210]),
    ("Conformance", &[200, 201]),
    ("Storage", &[211]),
    ("Nodes", &[214]),
    ("Registry", &[212]),
    ("Robustness", &[215]),
    ("Hardening", &[217]),
    ("Documents", &[1, 2]),
    ("Scopes", &[3]),
];

/// The area of a document; `Other` for standards without rules.
///
/// ```
/// use scs_registry::areas::area_of;
/// use scs_standards::DocumentId;
///
/// assert_eq!(area_of(DocumentId::version(104, 1)), "Images");
/// ```
#[must_use]
pub fn area_of(document: DocumentId) -> &'static str {
    place_of(document).and_then(|place| AREAS.get(place)).map_or("Other", |(name, _)| name)
}

/// The position of an area among all areas.
///
/// ```
/// use scs_registry::areas::order_of;
///
/// assert!(order_of("Flavors") < order_of("Images"));
/// ```
#[must_use]
pub fn order_of(area: &str) -> usize {
    AREAS.iter().position(|(name, _)| *name == area).unwrap_or(AREAS.len())
}

fn place_of(document: DocumentId) -> Option<usize> {
    let standard = document.standard();
    AREAS.iter().position(|(_, numbers)| numbers.contains(&standard.number()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn every_standard_with_rules_has_an_area() {
        let other: Vec<DocumentId> = Registry::new()
            .documents()
            .into_iter()
            .filter(|document| area_of(*document) == "Other")
            .collect();
        assert!(other.is_empty(), "{other:?}");
    }
}
