//! Where Barbican stores keys and their Master-KEK, according to its configuration.

use std::collections::BTreeSet;

use crate::config::{Configuration, Setting};

/// A place where the Master-KEK is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `simple_crypto`: in the file itself, in plain text.
    File,
    /// `p11_crypto`: in a hardware module, or in something that acts as one.
    Hsm,
    /// `vault_plugin`
    Vault,
    /// `kmip_plugin`
    Kmip,
    /// `dogtag_crypto`: a key recovery authority.
    Dogtag,
    /// A plugin that Barbican does not ship.
    Other(String),
}

impl Place {
    /// The plugin that stores keys there.
    pub(super) fn plugin(&self) -> &str {
        match self {
            Self::File => "simple_crypto",
            Self::Hsm => "p11_crypto",
            Self::Vault => "vault_plugin",
            Self::Kmip => "kmip_plugin",
            Self::Dogtag => "dogtag_crypto",
            Self::Other(plugin) => plugin,
        }
    }

    fn of_store(plugin: &str) -> Self {
        match plugin {
            "vault_plugin" => Self::Vault,
            "kmip_plugin" => Self::Kmip,
            "dogtag_crypto" | "dogtag_plugin" => Self::Dogtag,
            other => Self::Other(other.to_owned()),
        }
    }

    fn of_crypto(plugin: &str) -> Self {
        match plugin {
            "simple_crypto" => Self::File,
            "p11_crypto" => Self::Hsm,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The places of the Master-KEK for the secret stores in use, each with the file that shows it.
pub(super) type Places<'c> = BTreeSet<(Place, &'c str)>;

/// The store that encrypts with a crypto plugin and stores the result in the database.
const STORE_CRYPTO: &str = "store_crypto";

/// The places in a configuration; `Err` if Barbican would not start with it.
pub(super) fn places<'c>(configuration: &'c Configuration<'_>) -> Result<Places<'c>, String> {
    let several = configuration.setting("secretstore", "enable_multiple_secret_stores");
    match several.map(|setting| setting.flag()) {
        None | Some(Some(false)) => Ok(of_plugins(configuration)),
        Some(Some(true)) => of_stores(configuration),
        Some(None) => {
            Err("`[secretstore] enable_multiple_secret_stores` is neither true nor false".to_owned())
        }
    }
}

/// All enabled plugins; Barbican's defaults if none is set.
fn of_plugins<'c>(configuration: &'c Configuration<'_>) -> Places<'c> {
    let enabled = |section: &str, option: &str, usual: &'static str| {
        // The option can be set several times, each time with a plugin.
        let settings: Vec<Setting<'c>> = configuration.settings_of(section, option);
        let named = settings.iter().flat_map(|setting| {
            let plugins = setting.value.split(',').map(str::trim).filter(|plugin| !plugin.is_empty());
            plugins.map(|plugin| (plugin, setting.path))
        });
        let named: Vec<(&'c str, &'c str)> = named.collect();
        if named.is_empty() { vec![(usual, configuration.main())] } else { named }
    };
    let mut places = Places::new();
    for (store, path) in enabled("secretstore", "enabled_secretstore_plugins", STORE_CRYPTO) {
        if store == STORE_CRYPTO {
            let crypto = enabled("crypto", "enabled_crypto_plugins", "simple_crypto");
            places.extend(crypto.into_iter().map(|(plugin, path)| (Place::of_crypto(plugin), path)));
        } else {
            places.insert((Place::of_store(store), path));
        }
    }
    places
}

/// Several stores, each with its own section.
fn of_stores<'c>(configuration: &'c Configuration<'_>) -> Result<Places<'c>, String> {
    let suffixes = configuration.setting("secretstore", "stores_lookup_suffix");
    let suffixes = suffixes.map(|setting| setting.value).unwrap_or_default();
    let suffixes: Vec<&str> = suffixes.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    if suffixes.is_empty() {
        return Err(
            "several secret stores are enabled, but `[secretstore] stores_lookup_suffix` is empty".to_owned()
        );
    }
    let mut places = Places::new();
    for suffix in suffixes {
        let section = format!("secretstore:{suffix}");
        let plugin = |option: &str| {
            let setting = configuration.setting(&section, option);
            setting.filter(|setting| !setting.value.trim().is_empty())
        };
        let Some(store) = plugin("secret_store_plugin") else {
            return Err("an enabled secret store has no `secret_store_plugin`".to_owned());
        };
        if store.value != STORE_CRYPTO {
            places.insert((Place::of_store(store.value), store.path));
            continue;
        }
        let Some(crypto) = plugin("crypto_plugin") else {
            return Err("an enabled secret store has no `crypto_plugin`".to_owned());
        };
        places.insert((Place::of_crypto(crypto.value), crypto.path));
    }
    Ok(places)
}
