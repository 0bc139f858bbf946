//! The number of an OpenStack release.

use std::str::FromStr;

/// An OpenStack release by year and number; older ones only have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReleaseNumber {
    pub(super) year: u16,
    pub(super) number: u8,
}

impl FromStr for ReleaseNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, number) = text.trim().split_once('.').ok_or(())?;
        // A name may follow: `2024.2 Dalmatian`.
        let number = number.split_whitespace().next().ok_or(())?;
        let release = Self { year: year.parse().map_err(|_| ())?, number: number.parse().map_err(|_| ())? };
        if (2010..2100).contains(&release.year) && (1..=2).contains(&release.number) {
            Ok(release)
        } else {
            Err(())
        }
    }
}
