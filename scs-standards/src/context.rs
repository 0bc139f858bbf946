//! The inputs of a rule besides the subject.

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

impl Context<'_> {
    /// The UTC date of [`Context::at`].
    #[must_use]
    pub fn date(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}
