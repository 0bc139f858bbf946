//! TODO

use scs_standards::Rule;

use crate::subject::Cloud;

/// The rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[];
