//! What distinguishes a flavor from another one that could take its place.

use scs_standards::subject::Flavor;

use crate::properties::is_name_variant;

/// The differences that keep users of one flavor from using another one instead: figures, properties and visibility. A fact that
/// is not known of both of them is a difference.
///
/// Names and descriptions do not count, and the other flavor may have additional properties of the standard.
pub(crate) fn differences(flavor: &Flavor, other: &Flavor) -> Vec<String> {
    type Figure = (&'static str, &'static str, fn(&Flavor) -> Option<u64>);
    let figures: [Figure; 5] = [
        ("vcpus", "vCPUs", |flavor| flavor.vcpus),
        ("ram_mib", "memory in MiB", |flavor| flavor.ram_mib),
        ("disk_gb", "root disk in GB", |flavor| flavor.disk_gb),
        // Clients leave out what is 0.
        ("ephemeral_gb", "ephemeral disk in GB", |flavor| Some(flavor.ephemeral_gb.unwrap_or(0))),
        ("swap_mib", "swap in MiB", |flavor| Some(flavor.swap_mib.unwrap_or(0))),
    ];
    let mut found = Vec::new();
    for (field, words, figure) in figures {
        let known = |flavor: &Flavor| figure(flavor).filter(|_| flavor.unusable(field).is_none());
        match (known(flavor), known(other)) {
            (Some(own), Some(others)) if own == others => {}
            (Some(own), Some(others)) => found.push(format!("{words}: {others}, not {own}")),
            _ => found.push(format!("{words}: unknown")),
        }
    }
    if factor(flavor) != factor(other) {
        found.push("`rxtx_factor`".to_owned());
    }
    match (&flavor.extra_specs, &other.extra_specs) {
        (Some(own), Some(others))
            if flavor.unusable("extra_specs").is_none() && other.unusable("extra_specs").is_none() =>
        {
            let lost = own.iter().filter(|(key, value)| others.get(*key) != Some(value));
            let added = others.keys().filter(|key| !own.contains_key(*key) && !key.starts_with("scs:"));
            let keys = lost.map(|(key, _)| key).chain(added).filter(|key| !is_name_variant(key));
            found.extend(keys.map(|key| format!("`{key}`")));
        }
        _ => found.push("properties: unknown".to_owned()),
    }
    match (flavor.is_public, other.is_public) {
        (Some(own), Some(others)) if own == others => {}
        (Some(_), Some(true)) => found.push("visibility: public, not private".to_owned()),
        (Some(_), Some(false)) => found.push("visibility: private, not public".to_owned()),
        _ => found.push("visibility: unknown".to_owned()),
    }
    if other.disabled == Some(true) && flavor.disabled != Some(true) {
        found.push("it is disabled".to_owned());
    }
    found
}

/// The `rxtx_factor`; 1 is the default.
fn factor(flavor: &Flavor) -> &str {
    let text = flavor.rxtx_factor.as_deref().unwrap_or_default().trim();
    if text.parse::<f64>().is_ok_and(|factor| (factor - 1.0).abs() < 1e-9) { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flavor() -> Flavor {
        Flavor {
            name: "SCS-2V8".into(),
            vcpus: Some(2),
            ram_mib: Some(8192),
            disk_gb: Some(20),
            is_public: Some(true),
            extra_specs: Some([("hw:cpu_policy".to_owned(), "shared".to_owned())].into()),
            ..Flavor::default()
        }
    }

    #[test]
    fn only_a_flavor_with_the_same_figures_properties_and_access_takes_the_place() {
        type Change = fn(&mut Flavor);
        let kept: [Change; 4] = [
            |other| other.name = "SCS-2V-8".into(),
            |other| other.swap_mib = Some(0),
            |other| other.rxtx_factor = Some("1.0".into()),
            |other| {
                let named = [("scs:name-v2", "SCS-2V-8"), ("scs:cpu-type", "shared-core")];
                let named = named.map(|(key, value)| (key.to_owned(), value.to_owned()));
                other.extra_specs.as_mut().unwrap().extend(named);
            },
        ];
        for change in kept {
            let mut other = flavor();
            change(&mut other);
            assert!(differences(&flavor(), &other).is_empty(), "{other:?}");
        }
        let lost: [(Change, &str); 11] = [
            (|other| other.vcpus = Some(1), "vCPUs: 1, not 2"),
            (|other| other.ram_mib = Some(4096), "memory in MiB: 4096, not 8192"),
            (|other| other.disk_gb = None, "root disk in GB: unknown"),
            (|other| other.ephemeral_gb = Some(10), "ephemeral disk in GB: 10, not 0"),
            (|other| other.swap_mib = Some(512), "swap in MiB: 512, not 0"),
            (|other| other.rxtx_factor = Some("2".into()), "`rxtx_factor`"),
            (|other| other.extra_specs = Some([].into()), "`hw:cpu_policy`"),
            (|other| other.extra_specs = None, "properties: unknown"),
            (|other| other.is_public = Some(false), "visibility: private, not public"),
            (|other| other.is_public = None, "visibility: unknown"),
            (|other| other.disabled = Some(true), "it is disabled"),
        ];
        for (change, said) in lost {
            let mut other = flavor();
            change(&mut other);
            assert_eq!(differences(&flavor(), &other), [said]);
        }
    }
}
