//! The fix for a missing or invalid distribution.

use scs_standards::subject::ImageKey;

use crate::checked_image::CheckedImage;
use crate::commands::set as change;
use crate::fix::Repair;
use crate::prospects::{distro_by_name, distro_meant};
use crate::set::ImageSet;

/// The fix for a missing or invalid `os_distro`.
pub(super) fn distro(set: &ImageSet, image: &CheckedImage) -> Repair {
    let given = image.stored_text(ImageKey::OsDistro).unwrap_or_default();
    let given = given.trim();
    let to = |distro: &str| change("os_distro", distro);
    let near = || set.data().openstack.meant(ImageKey::OsDistro, given);
    match (distro_meant(set.data(), given), distro_by_name(set.data(), image)) {
        (Some(meant), Some(named)) if meant != named => Repair::Choose(
            "Which is correct, the property or the name? If neither is, set the right distribution."
                .to_owned(),
            vec![
                (format!("the property, `{meant}`"), vec![to(&meant)]),
                (format!("the name, `{named}`"), vec![to(&named)]),
            ],
        ),
        (Some(meant), _) => set.identified(image, to(&meant)),
        (None, Some(named)) if given.is_empty() || near().as_ref() == Some(&named) => {
            set.identified(image, to(&named))
        }
        (None, Some(named)) => Repair::if_meant(
            format!("Is it {named}, as the name says? Otherwise set the right distribution."),
            "it is",
            to(&named),
        ),
        (None, None) => near().map_or(Repair::None, |near| {
            Repair::if_meant(
                format!("Is `{near}` meant? Otherwise set the right distribution."),
                "it is",
                to(&near),
            )
        }),
    }
}
