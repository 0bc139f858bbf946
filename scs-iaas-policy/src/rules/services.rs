//! TODO

use scs_standards::Rule;

use crate::subject::Cloud;

/// The rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[];
pub(crate) static RULES_V1: &[Rule<Cloud>] = &[];
pub(crate) static RULES_V2: &[Rule<Cloud>] = &[];
