//! The inputs of a rule besides the subject.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::declaration::Declarations;
use crate::profile::Profile;

/// The date of a check, its profile and the provider's declarations.
///
/// ```
/// use scs_standards::{Context, Declarations, Profile};
///
/// let declarations = Declarations::default();
/// let at = "2026-11-23T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// assert_eq!(context.date().to_string(), "2026-11-23");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time at which the subject is judged.
    pub at: Timestamp,
    /// The profile whose verdict counts.
    pub profile: Profile,
    /// The provider's declarations, for facts that no API shows.
    pub declarations: &'a Declarations,
}

/// The declarations of a provider who declares nothing.
static NONE: LazyLock<Declarations> = LazyLock::new(Declarations::default);

impl Context<'static> {
    /// A check at this time by the text of the standards, without declarations.
    ///
    /// ```
    /// use scs_standards::{Context, Profile};
    ///
    /// let context = Context::at("2026-11-23T00:00:00Z".parse()?).with_profile(Profile::Official);
    /// assert!(context.declarations.is_empty());
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { at, profile: Profile::default(), declarations: &NONE }
    }
}

impl<'a> Context<'a> {
    /// With another profile.
    #[must_use]
    pub const fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// With the provider's declarations.
    #[must_use]
    pub const fn with_declarations<'d>(self, declarations: &'d Declarations) -> Context<'d>
    where
        'a: 'd,
    {
        Context { declarations, ..self }
    }

    /// The UTC date of [`Context::at`].
    #[must_use]
    pub fn date(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}
