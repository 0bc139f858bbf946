//! Makes changes, and undoes them.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::change::{Change, Entry, Target, Undo};
use super::error::RepairError;
use super::object::{has, text};
use crate::http::{Http, RequestError};
use crate::session::Session;

/// How often a change is tried again because the object changed between reading and writing it, as nodes do all the time.
const ATTEMPTS: usize = 5;

/// The time for a change.
const TIME: Duration = Duration::from_mins(2);

/// How long an API server may still apply a policy that was just deleted.
const FORGOTTEN: Duration = Duration::from_secs(15);

/// Which way a change is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Forth,
    Back,
}

/// Makes a change.
///
/// # Errors
///
/// If the request fails, or if the values have changed since the change was planned. Then the object is unchanged, except after
/// [`RepairError::Unknown`].
pub async fn apply(session: &Session, change: &Change) -> Result<(), RepairError> {
    made(session, change, Way::Forth).await
}

/// The changes of an undo file by what is left to do.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ToUndo<'u> {
    /// Those that were made and not undone already, the last one first.
    pub left: Vec<&'u Change>,
    /// Those of objects that are gone, which need no undo.
    pub gone: Vec<&'u Change>,
}

/// The changes that are left to undo.
///
/// # Errors
///
/// If a value is neither the one that was set nor the one before, or an object is another one by now. Then nothing should be undone.
pub async fn check_undo<'u>(session: &Session, undo: &'u Undo) -> Result<ToUndo<'u>, RepairError> {
    let mut found = ToUndo::default();
    for change in undo.changes.iter().rev() {
        let object = change.target().get(&session.http().with_time(TIME)).await?;
        if is_to_make(change, object.as_ref(), Way::Back)? {
            found.left.push(change);
        } else if object.is_none() && !matches!(change, Change::Create { .. }) {
            found.gone.push(change);
        }
    }
    Ok(found)
}

/// Restores what was before a change.
///
/// # Errors
///
/// If the request fails, or if the values are not those that the change has set. Then the object is unchanged, except after
/// [`RepairError::Unknown`].
pub async fn undo(session: &Session, change: &Change) -> Result<(), RepairError> {
    let end = Instant::now() + FORGOTTEN;
    loop {
        match made(session, change, Way::Back).await {
            Err(RepairError::Request { reason, .. }) if is_by_policy(&reason) && Instant::now() < end => {
                sleep(Duration::from_millis(500)).await;
            }
            result => return result,
        }
    }
}

/// Whether an admission policy rejected a change.
fn is_by_policy(reason: &RequestError) -> bool {
    const POLICY: &str = "ValidatingAdmissionPolicy";
    match reason {
        RequestError::Forbidden { message, .. } | RequestError::Status { message, .. } => {
            message.contains(POLICY)
        }
        _ => false,
    }
}

async fn made(session: &Session, change: &Change, way: Way) -> Result<(), RepairError> {
    let target = change.target();
    // The time for an inventory may be over: the user was asked before.
    let http = &session.http().with_time(TIME);
    for _ in 0..ATTEMPTS {
        let object = target.get(http).await?;
        if !is_to_make(change, object.as_ref(), way)? {
            return Ok(());
        }
        match sent(http, change, object, way).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(RepairError::Request { reason, .. }) if is_lost(&reason) => {
                return after_lost_answer(session, change, way, reason).await;
            }
            Err(error) => return Err(error),
        }
    }
    Err(RepairError::Conflict { object: target.to_string() })
}

/// Whether the server may have made a change although the request failed.
const fn is_lost(reason: &RequestError) -> bool {
    match reason {
        RequestError::Timeout { .. }
        | RequestError::RunTime { .. }
        | RequestError::Unreachable { .. }
        | RequestError::BrokenOff { .. }
        | RequestError::Unexpected { .. }
        | RequestError::CutOff { .. } => true,
        RequestError::Status { status, .. } => *status >= 500 || *status == 408,
        _ => false,
    }
}

/// Reads an object again to see whether a change was made.
async fn after_lost_answer(
    session: &Session,
    change: &Change,
    way: Way,
    reason: RequestError,
) -> Result<(), RepairError> {
    let target = change.target();
    let object = target.to_string();
    let again = target.get(&session.http().with_time(TIME)).await;
    match again.and_then(|found| is_to_make(change, found.as_ref(), way)) {
        Ok(false) => Ok(()),
        Ok(true) => Err(RepairError::NotMade { object, reason }),
        Err(error) => {
            Err(RepairError::Unknown { object, reason: Box::new(reason), again: error.to_string() })
        }
    }
}

/// Whether a change is still to be made to an object, which is as it was before.
fn is_to_make(change: &Change, object: Option<&Value>, way: Way) -> Result<bool, RepairError> {
    let target = change.target();
    match (change, object) {
        (Change::Create { object: wanted, .. }, object) => match (object, way) {
            (None, Way::Forth) => Ok(true),
            (None, Way::Back) => Ok(false),
            (Some(object), _) if has(&object["spec"], &wanted["spec"]) => Ok(way == Way::Back),
            (Some(_), _) => Err(changed(target, "spec", "another one", "the one of this program")),
        },
        // An object that is gone needs no undo.
        (Change::Patch { .. } | Change::Replace { .. }, None) if way == Way::Back => Ok(false),
        (Change::Patch { .. } | Change::Replace { .. }, None) => {
            Err(changed(target, "metadata.name", "gone", "an object"))
        }
        (Change::Patch { uid, .. } | Change::Replace { uid, .. }, Some(object))
            if text(object, "uid") != uid =>
        {
            Err(RepairError::Another { object: target.to_string() })
        }
        (Change::Patch { entries, .. }, Some(object)) => {
            let mut is_to_make = false;
            for entry in entries {
                let (from, to) = ends(entry, way);
                match entry.current(object) {
                    current if current == from => is_to_make = true,
                    current if current == to => {}
                    current => return Err(changed(target, &entry.key, &shown(current), &shown(from))),
                }
            }
            Ok(is_to_make)
        }
        (Change::Replace { before, after, .. }, Some(object)) => {
            let spec = &object["spec"];
            let is_before = spec == before;
            let is_after = has(spec, after);
            match (way, is_before, is_after) {
                (Way::Forth, true, _) | (Way::Back, _, true) => Ok(true),
                (Way::Forth, _, true) | (Way::Back, true, _) => Ok(false),
                _ => Err(changed(target, "spec", "another one", "the one that was read")),
            }
        }
    }
}

/// The values of an entry, from and to.
fn ends(entry: &Entry, way: Way) -> (Option<&str>, Option<&str>) {
    let (before, after) = (entry.before.as_deref(), entry.after.as_deref());
    if way == Way::Forth { (before, after) } else { (after, before) }
}

fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "not set".to_owned(), |value| format!("`{value}`"))
}

fn changed(target: &Target, key: &str, found: &str, expected: &str) -> RepairError {
    RepairError::Changed {
        object: target.to_string(),
        key: key.to_owned(),
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

/// Sends a change of an object that was just read. `false` if it has another version by now.
async fn sent(http: &Http, change: &Change, object: Option<Value>, way: Way) -> Result<bool, RepairError> {
    let target = change.target();
    match (change, object) {
        (Change::Create { object, .. }, None) => target.post(http, object).await.map(|()| true),
        (Change::Create { .. }, Some(object)) => target.remove(http, &object).await,
        (Change::Patch { entries, .. }, Some(object)) => {
            let set: Vec<_> =
                entries.iter().map(|entry| (entry.of, entry.key.as_str(), ends(entry, way).1)).collect();
            target.patch(http, text(&object, "resourceVersion"), &set).await
        }
        (Change::Replace { before, after, .. }, Some(mut object)) => {
            object["spec"] = if way == Way::Forth { after.clone() } else { before.clone() };
            target.put(http, &object).await
        }
        (Change::Patch { .. } | Change::Replace { .. }, None) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Fields, Resource};
    use serde_json::json;

    fn patch() -> Change {
        Change::Patch {
            target: Target { resource: Resource::Namespace, name: "shop".to_owned() },
            uid: "u1".to_owned(),
            entries: vec![Entry {
                of: Fields::Labels,
                key: "level".to_owned(),
                before: None,
                after: Some("baseline".to_owned()),
            }],
        }
    }

    fn shop(uid: &str, level: Option<&str>) -> Value {
        json!({"metadata": {"name": "shop", "uid": uid, "labels": level.map(|level| json!({"level": level}))}})
    }

    #[test]
    fn only_values_that_were_read_are_changed() {
        let is = |object: &Value, way| is_to_make(&patch(), Some(object), way);
        assert_eq!(is(&shop("u1", None), Way::Forth), Ok(true));
        assert_eq!(is(&shop("u1", Some("baseline")), Way::Forth), Ok(false));
        assert_eq!(is(&shop("u1", Some("baseline")), Way::Back), Ok(true));
        assert_eq!(is(&shop("u1", None), Way::Back), Ok(false));
        for way in [Way::Forth, Way::Back] {
            let restricted = is(&shop("u1", Some("restricted")), way);
            assert!(matches!(restricted, Err(RepairError::Changed { .. })), "{restricted:?}");
            let other = is(&shop("u2", None), way);
            assert!(matches!(other, Err(RepairError::Another { .. })), "{other:?}");
        }
        assert!(is_to_make(&patch(), None, Way::Forth).is_err());
        assert_eq!(is_to_make(&patch(), None, Way::Back), Ok(false));
    }

    #[test]
    fn created_objects_are_deleted_only_if_they_are_ours() {
        let object = json!({"metadata": {"name": "p"}, "spec": {"failurePolicy": "Fail"}});
        let target = Target { resource: Resource::ValidatingAdmissionPolicy, name: "p".to_owned() };
        let create = Change::Create { target, object: object.clone() };
        assert_eq!(is_to_make(&create, None, Way::Forth), Ok(true));
        assert_eq!(is_to_make(&create, None, Way::Back), Ok(false));
        assert_eq!(is_to_make(&create, Some(&object), Way::Back), Ok(true));
        let other = json!({"spec": {"failurePolicy": "Ignore"}});
        assert!(is_to_make(&create, Some(&other), Way::Back).is_err());
    }
}
