//! Style sheet, script and icon, with addresses that change with their content.

use std::sync::LazyLock;

use ring::digest;

/// A file that browsers may keep.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) static STYLE: Asset = Asset {
    name: "style.css",
    media_type: "text/css; charset=utf-8",
    text: include_str!("../../assets/style.css"),
};
pub(crate) static SCRIPT: Asset = Asset {
    name: "overview.js",
    media_type: "text/javascript; charset=utf-8",
    text: include_str!("../../assets/overview.js"),
};
pub(crate) static ICON: Asset =
    Asset { name: "icon.svg", media_type: "image/svg+xml", text: include_str!("../../assets/icon.svg") };

/// All assets.
pub(crate) static ASSETS: [&Asset; 3] = [&STYLE, &SCRIPT, &ICON];

/// The beginning of the digest of all assets.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut context = digest::Context::new(&digest::SHA256);
    for asset in ASSETS {
        context.update(asset.text.as_bytes());
    }
    context.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
});

/// The path of an asset, without leading slash.
pub(crate) fn path(asset: &Asset) -> String {
    format!("assets/{}/{}", *HASH, asset.name)
}

/// The asset with a hash and a name. An old hash is unknown.
pub(crate) fn find(hash: &str, name: &str) -> Option<&'static Asset> {
    ASSETS.into_iter().find(|asset| asset.name == name && hash == *HASH)
}
