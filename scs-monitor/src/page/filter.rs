//! What of the overview a visitor wants to see, and in which order.

use super::Visit;
use crate::official::Light;

/// A selection and an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// What name, description or operator contain.
    pub(crate) text: String,
    pub(crate) state: Option<State>,
    pub(crate) listing: Option<Listing>,
    /// The name of a scope.
    pub(crate) scope: Option<String>,
    pub(crate) sort: Option<Sort>,
    pub(crate) is_descending: bool,
}

/// The state of an environment, as visitors look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Passed,
    Attention,
    Failed,
}

impl State {
    pub(crate) const ALL: [Self; 3] = [Self::Passed, Self::Attention, Self::Failed];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Attention => "attention",
            Self::Failed => "failed",
        }
    }
}

impl From<Light> for State {
    fn from(light: Light) -> Self {
        match light {
            Light::Green => Self::Passed,
            Light::GreenWithStar | Light::Orange => Self::Attention,
            Light::Red => Self::Failed,
        }
    }
}

/// Whether an environment is certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    Certified,
    InTest,
}

impl Listing {
    pub(crate) const ALL: [Self; 2] = [Self::Certified, Self::InTest];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Certified => "certified",
            Self::InTest => "test",
        }
    }
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Name,
    Operator,
    State,
}

impl Sort {
    pub(crate) const ALL: [Self; 3] = [Self::Name, Self::Operator, Self::State];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Operator => "operator",
            Self::State => "state",
        }
    }
}

impl Filter {
    /// The filter of a request. What is not known is ignored.
    pub(crate) fn new(visit: &Visit) -> Self {
        let value = |key: &str| {
            let values = visit.parameters.iter().rev();
            let mut values = values.filter(|(name, _)| name == key).map(|(_, value)| value.as_str());
            values.next().unwrap_or_default()
        };
        Self {
            text: value("q").trim().to_owned(),
            state: State::ALL.into_iter().find(|state| state.name() == value("state")),
            listing: Listing::ALL.into_iter().find(|listing| listing.name() == value("listing")),
            scope: Some(value("scope").to_owned()).filter(|scope| !scope.is_empty()),
            sort: Sort::ALL.into_iter().find(|sort| sort.name() == value("sort")),
            is_descending: value("order") == "desc",
        }
    }

    /// Whether everything is shown in the order of the operator of the service.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The parameters of the same selection, sorted by a column: descending if it was ascending before.
    pub(crate) fn sorted_by(&self, sort: Sort) -> Vec<(&'static str, &str)> {
        let mut parameters = Vec::new();
        if !self.text.is_empty() {
            parameters.push(("q", self.text.as_str()));
        }
        parameters.extend(self.state.map(|state| ("state", state.name())));
        parameters.extend(self.listing.map(|listing| ("listing", listing.name())));
        parameters.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        parameters.push(("sort", sort.name()));
        if self.sort == Some(sort) && !self.is_descending {
            parameters.push(("order", "desc"));
        }
        parameters
    }

    /// The value of `aria-sort` of a column, if it is sorted by it.
    pub(crate) fn direction(&self, sort: Sort) -> Option<&'static str> {
        (self.sort == Some(sort)).then_some(if self.is_descending { "descending" } else { "ascending" })
    }
}
