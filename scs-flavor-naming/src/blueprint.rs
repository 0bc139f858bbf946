//! A flavor to create, with all fields that Nova cannot change later.

use std::collections::BTreeMap;

use scs_standards::subject::Flavor;
use scs_standards::{Data, Edit};

use crate::commands;
use crate::disk::DiskType;
use crate::standard_flavors::StandardFlavor;

/// The inventory key of the flavors.
pub(crate) const FLAVORS: &str = "flavors";

/// A flavor to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blueprint {
    name: String,
    vcpus: u64,
    ram_mib: u64,
    disk_gb: u64,
    ephemeral_gb: u64,
    swap_mib: u64,
    rxtx_factor: Option<String>,
    description: Option<String>,
    public: bool,
    properties: Vec<(String, String)>,
}

impl Blueprint {
    /// Creates a standard flavor; if the table leaves the disk type open, the provider has to choose it.
    pub(crate) fn standard(standard: StandardFlavor, open_disk: Option<DiskType>) -> Self {
        let mut properties: Vec<(String, String)> =
            standard.expected_extra_specs().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        properties.extend(open_disk.map(|kind| ("scs:disk0-type".to_owned(), kind.key().to_owned())));
        Self {
            name: standard.recommended_name().to_owned(),
            vcpus: standard.vcpus().into(),
            ram_mib: standard.ram_mib(),
            disk_gb: standard.disk_gb().into(),
            ephemeral_gb: 0,
            swap_mib: 0,
            rxtx_factor: None,
            description: None,
            public: true,
            properties,
        }
    }

    /// Copies a flavor under another name; `None` if not all of its fields are known.
    pub(crate) fn copy_of(flavor: &Flavor, name: &str) -> Option<Self> {
        let known = ["vcpus", "ram_mib", "disk_gb", "ephemeral_gb", "swap_mib", "is_public", "extra_specs"];
        if known.iter().any(|field| flavor.unusable(field).is_some()) {
            return None;
        }
        let plain =
            |factor: &&String| factor.trim().parse::<f64>().is_ok_and(|factor| (factor - 1.0).abs() < 1e-9);
        Some(Self {
            name: name.to_owned(),
            vcpus: flavor.vcpus?,
            ram_mib: flavor.ram_mib?,
            disk_gb: flavor.disk_gb?,
            ephemeral_gb: flavor.ephemeral_gb.unwrap_or(0),
            swap_mib: flavor.swap_mib.unwrap_or(0),
            rxtx_factor: flavor.rxtx_factor.as_ref().filter(|factor| !plain(factor)).cloned(),
            description: flavor.description.clone(),
            public: flavor.is_public?,
            properties: flavor.extra_specs.clone()?.into_iter().collect(),
        })
    }

    /// The standard flavor that replaces another flavor and keeps what the standard leaves open.
    pub(crate) fn replacement_for(
        flavor: &Flavor,
        standard: StandardFlavor,
        open_disk: Option<DiskType>,
    ) -> Self {
        let new = Self::standard(standard, open_disk);
        let moved = flavor.disk_gb == Some(0) && flavor.ephemeral_gb == Some(new.disk_gb);
        let kept = flavor.extra_specs.iter().flatten().filter(|(key, _)| !key.starts_with("scs:"));
        let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
        Self {
            // An existing ephemeral disk was meant as the root disk.
            ephemeral_gb: if moved { 0 } else { flavor.ephemeral_gb.unwrap_or(0) },
            swap_mib: flavor.swap_mib.unwrap_or(0),
            rxtx_factor: Self::copy_of(flavor, "").and_then(|old| old.rxtx_factor),
            description: flavor.description.clone(),
            properties: new.properties.into_iter().chain(kept).collect(),
            ..new
        }
    }

    /// Whether it is visible to all projects.
    pub(crate) const fn is_public(&self) -> bool {
        self.public
    }

    /// Applies property changes; those without a value are removed.
    pub(crate) fn with(mut self, changes: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        let mut properties: BTreeMap<String, String> = self.properties.into_iter().collect();
        for (key, value) in changes {
            match value {
                Some(value) => properties.insert(key, value),
                None => properties.remove(&key),
            };
        }
        self.properties = properties.into_iter().collect();
        self
    }

    /// Makes it visible to all projects.
    pub(crate) fn public(self) -> Self {
        Self { public: true, ..self }
    }

    /// The command that creates it, if it can be expressed.
    pub(crate) fn command(&self) -> Option<String> {
        let mut figures = vec![("vcpus", self.vcpus), ("ram", self.ram_mib), ("disk", self.disk_gb)];
        figures.extend(
            [("ephemeral", self.ephemeral_gb), ("swap", self.swap_mib)].into_iter().filter(|it| it.1 > 0),
        );
        let texts = [("rxtx-factor", &self.rxtx_factor), ("description", &self.description)];
        let texts: Vec<_> =
            texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))).collect();
        commands::create(&self.name, &figures, &texts, self.public, &self.properties)
    }

    /// The edit of the inventory; `None` for numbers out of range.
    pub(crate) fn edit(&self) -> Option<Edit> {
        let number = |figure: u64| i64::try_from(figure).ok().map(Data::Number);
        let mut object = BTreeMap::from([
            ("name", Data::from(self.name.as_str())),
            ("vcpus", number(self.vcpus)?),
            ("ram", number(self.ram_mib)?),
            ("disk", number(self.disk_gb)?),
            ("OS-FLV-EXT-DATA:ephemeral", number(self.ephemeral_gb)?),
            ("swap", number(self.swap_mib)?),
            ("OS-FLV-DISABLED:disabled", Data::Bool(false)),
            ("os-flavor-access:is_public", Data::Bool(self.public)),
            ("extra_specs", Data::map(self.properties.clone())),
        ]);
        object.extend(self.rxtx_factor.as_deref().map(|factor| ("rxtx_factor", factor.into())));
        object.extend(self.description.as_deref().map(|text| ("description", text.into())));
        Some(Edit::create(FLAVORS, Data::map(object)))
    }
}

/// The flavor that an edit adds.
pub(crate) fn created(object: &Data) -> Option<Flavor> {
    let Data::Map(fields) = object else { return None };
    let number = |key: &str| match fields.get(key) {
        Some(Data::Number(number)) => u64::try_from(*number).ok(),
        _ => None,
    };
    let flag = |key: &str| match fields.get(key) {
        Some(Data::Bool(flag)) => Some(*flag),
        _ => None,
    };
    let text = |key: &str| fields.get(key).and_then(Data::text).map(str::to_owned);
    let specs = match fields.get("extra_specs") {
        Some(Data::Map(specs)) => {
            specs.iter().filter_map(|(key, value)| Some((key.clone(), value.text()?.to_owned())))
        }
        _ => return None,
    };
    Some(Flavor {
        name: text("name")?,
        id: None,
        vcpus: number("vcpus"),
        ram_mib: number("ram"),
        disk_gb: number("disk"),
        ephemeral_gb: number("OS-FLV-EXT-DATA:ephemeral"),
        swap_mib: number("swap"),
        rxtx_factor: text("rxtx_factor"),
        description: text("description"),
        is_public: flag("os-flavor-access:is_public"),
        disabled: flag("OS-FLV-DISABLED:disabled"),
        extra_specs: Some(specs.collect()),
        unusable: Vec::new(),
    })
}
