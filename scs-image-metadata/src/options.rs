//! What the provider chooses for a check of images.

/// Options chosen by the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageOptions {
    /// Whether any `os_distro` is accepted (C-040).
    pub any_distro: bool,
    /// Whether community images must also have at most one `generic` image of each system (C-046).
    pub unique_in_community: bool,
    /// Warn about images that become outdated within this many days.
    pub horizon_days: Option<u32>,
}

impl ImageOptions {
    /// Accepts any `os_distro`.
    #[must_use]
    pub const fn with_any_distro(mut self) -> Self {
        self.any_distro = true;
        self
    }

    /// Also requires generic images to be unique among community images.
    #[must_use]
    pub const fn with_unique_in_community(mut self) -> Self {
        self.unique_in_community = true;
        self
    }

    /// Warns about images that become outdated within this many days.
    #[must_use]
    pub const fn with_horizon_days(mut self, days: u32) -> Self {
        self.horizon_days = Some(days);
        self
    }
}
