//! The parameters `subject`, `group` and `scope` of lists over all subjects.

use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;

use super::error::Error;
use super::query::Query;
use crate::service::View;

/// What a list is about.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// Only a subject
    pub(super) subject: Option<String>,
    /// Only the subjects of a group
    pub(super) group: Option<String>,
    /// Only a scope, by its UUID or its name
    pub(super) scope: Option<String>,
}

/// The same, with names looked up.
pub(super) struct Selected {
    subjects: Option<BTreeSet<String>>,
    /// The UUID of the scope.
    scope: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Selection {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let query = Query::from_request_parts(parts, state).await?;
        let text = |name| query.text(name).map(str::to_owned);
        Ok(Self { subject: text("subject"), group: text("group"), scope: text("scope") })
    }
}

impl Selection {
    /// Looks the names up.
    ///
    /// # Errors
    ///
    /// If there is no such scope.
    pub(super) fn in_view(&self, view: &View) -> Result<Selected, Error> {
        let scope = match &self.scope {
            Some(name) => Some(view.config.scopes.find(name).ok_or_else(Error::not_found)?.uuid().to_owned()),
            None => None,
        };
        let members: Option<BTreeSet<String>> = self
            .group
            .as_ref()
            .map(|group| view.config.bootstrap.members(group).map(str::to_owned).collect());
        let subjects = match (&self.subject, members) {
            (Some(subject), None) => Some(BTreeSet::from([subject.clone()])),
            (Some(subject), Some(members)) => Some(members.into_iter().filter(|it| it == subject).collect()),
            (None, members) => members,
        };
        Ok(Selected { subjects, scope })
    }
}

impl Selected {
    /// Whether a subject and the UUID of a scope are selected.
    pub(super) fn contains(&self, subject: &str, scope: &str) -> bool {
        self.subjects.as_ref().is_none_or(|subjects| subjects.contains(subject))
            && self.scope.as_deref().is_none_or(|selected| selected == scope)
    }
}
