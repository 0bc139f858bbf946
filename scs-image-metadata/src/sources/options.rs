//! Options for reading.

/// Options for reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Whether to include disabled openstack-image-manager definitions (`enable: false`).
    pub disabled: bool,
}

impl ReadOptions {
    /// Includes disabled definitions.
    #[must_use]
    pub const fn with_disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}
