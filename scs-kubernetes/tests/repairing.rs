//! Repairs: what is patched, what is refused, and what is undone.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use mock::objects::Objects;
use mock::{MockServer, NOW, Reply, open_with, options};
use scs_kubernetes::{Change, RepairError, Session, Undo, apply, check_undo, plan, undo};
use scs_standards::{Edit, Object};
use serde_json::{Value, json};

const SHOP: &str = "/api/v1/namespaces/shop";
const LEVEL: &str = "pod-security.kubernetes.io/enforce";
const POLICIES: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

fn label(value: &str) -> Edit {
    Edit::set("namespaces", Object::kubernetes("shop"), ["metadata", "labels", LEVEL], value)
}

fn policy(failure: &str) -> Value {
    json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "p"}, "spec": {"failurePolicy": failure}})
}

async fn cluster() -> (Objects, MockServer, Session) {
    let objects = Objects::default();
    objects.put(SHOP, json!({"metadata": {"labels": {"team": "a"}}}));
    let server = {
        let objects = objects.clone();
        MockServer::start(move |request| objects.answer(request)).await
    };
    let session = open_with(&server.config(), &options()).await.unwrap();
    (objects, server, session)
}

fn level(objects: &Objects) -> Value {
    objects.get(SHOP).unwrap()["metadata"]["labels"][LEVEL].clone()
}

async fn undone(session: &Session, changes: Vec<Change>) -> Result<usize, RepairError> {
    let file = Undo::new(session.cluster().server(), NOW.parse().unwrap(), changes);
    let file: Undo = serde_json::from_str(&serde_json::to_string(&file).unwrap()).unwrap();
    let left = check_undo(session, &file).await?.left;
    for change in &left {
        undo(session, change).await?;
    }
    Ok(left.len())
}

#[tokio::test]
async fn labels_are_patched_in_the_version_that_was_read() {
    let (objects, server, session) = cluster().await;
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    assert_eq!(changes.len(), 1);
    apply(&session, &changes[0]).await.unwrap();
    let shop = objects.get(SHOP).unwrap();
    assert_eq!(shop["metadata"]["labels"], json!({"team": "a", LEVEL: "baseline"}));
    let requests = server.requests();
    let patch = requests.iter().find(|request| request.method == "PATCH").unwrap();
    assert_eq!(patch.header("content-type"), Some("application/merge-patch+json"));
    assert_eq!(patch.parameter("fieldManager"), Some("scs"));
    assert_eq!(patch.json()["metadata"]["resourceVersion"], "1");
    // Nothing is planned if the value is already correct.
    assert_eq!(plan(&session, &[label("baseline")], &[]).await.unwrap(), []);
    assert_eq!(undone(&session, changes.clone()).await, Ok(1));
    assert_eq!(objects.get(SHOP).unwrap()["metadata"]["labels"], json!({"team": "a"}));
    assert_eq!(undone(&session, changes).await, Ok(0), "it is undone already");
}

#[tokio::test]
async fn a_value_that_somebody_else_sets_meanwhile_is_kept() {
    let (objects, _server, session) = cluster().await;
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    objects.change(SHOP, |shop| shop["metadata"]["labels"][LEVEL] = json!("restricted"));
    let applied = apply(&session, &changes[0]).await;
    assert!(matches!(applied, Err(RepairError::Changed { .. })), "{applied:?}");
    assert_eq!(level(&objects), "restricted");
    let left = undone(&session, changes).await;
    assert!(matches!(left, Err(RepairError::Changed { .. })), "{left:?}");
    assert_eq!(level(&objects), "restricted");
}

/// Nodes change all the time, without their labels.
#[tokio::test]
async fn other_changes_of_an_object_do_not_matter() {
    let (objects, server, session) = cluster().await;
    drop(server);
    let busy = objects.clone();
    let server = MockServer::start(move |request| {
        let reply = busy.answer(request);
        let is_first = busy.get(SHOP).is_some_and(|shop| shop["status"]["beat"].is_null());
        if request.is("GET", SHOP) && is_first {
            busy.change(SHOP, |shop| shop["status"] = json!({"beat": 1}));
        }
        reply
    })
    .await;
    drop(session);
    let session = open_with(&server.config(), &options()).await.unwrap();
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    apply(&session, &changes[0]).await.unwrap();
    assert_eq!(level(&objects), "baseline");
}

#[tokio::test]
async fn an_object_that_never_rests_is_a_conflict() {
    let (objects, server, session) = cluster().await;
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    drop((server, session));
    let busy = objects.clone();
    let server = MockServer::start(move |request| match request.method.as_str() {
        "PATCH" => Reply::status(409, "Conflict", "the object has been modified"),
        _ => busy.answer(request),
    })
    .await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    let applied = apply(&session, &changes[0]).await;
    assert!(matches!(applied, Err(RepairError::Conflict { .. })), "{applied:?}");
    assert_eq!(server.count("PATCH", SHOP), 5);
}

#[tokio::test]
async fn an_object_with_the_same_name_is_another_one() {
    let (objects, _server, session) = cluster().await;
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    objects.put(SHOP, json!({}));
    let applied = apply(&session, &changes[0]).await;
    assert!(matches!(applied, Err(RepairError::Another { .. })), "{applied:?}");
}

#[tokio::test]
async fn policies_are_created_replaced_and_restored() {
    let (objects, _server, session) = cluster().await;
    let path = format!("{POLICIES}/p");
    let changes = plan(&session, &[], &[policy("Fail")]).await.unwrap();
    assert!(matches!(changes[0], Change::Create { .. }));
    apply(&session, &changes[0]).await.unwrap();
    // The API server adds defaults.
    objects.change(&path, |policy| policy["spec"]["matchPolicy"] = json!("Equivalent"));
    assert_eq!(plan(&session, &[], &[policy("Fail")]).await.unwrap(), []);
    let replaced = plan(&session, &[], &[policy("Ignore")]).await.unwrap();
    apply(&session, &replaced[0]).await.unwrap();
    assert_eq!(objects.get(&path).unwrap()["spec"], json!({"failurePolicy": "Ignore"}));
    assert_eq!(undone(&session, replaced).await, Ok(1));
    let before = json!({"failurePolicy": "Fail", "matchPolicy": "Equivalent"});
    assert_eq!(objects.get(&path).unwrap()["spec"], before);
    assert_eq!(undone(&session, changes).await, Ok(1));
    assert_eq!(objects.get(&path), None);
}

/// An API server applies a policy for a moment after it was deleted.
#[tokio::test(start_paused = true)]
async fn undoing_waits_for_a_deleted_policy() {
    let (objects, server, session) = cluster().await;
    let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
    apply(&session, &changes[0]).await.unwrap();
    drop((server, session));
    let kept = objects.clone();
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let server = MockServer::start(move |request| {
        if request.method == "PATCH" && tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3 {
            return Reply::status(422, "Invalid", "ValidatingAdmissionPolicy 'p' denied request: a label");
        }
        kept.answer(request)
    })
    .await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    undo(&session, &changes[0]).await.unwrap();
    assert_eq!(level(&objects), Value::Null);
}

/// An answer is lost after the change was made, before it was made, or for good.
#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_the_object_tells_whether_it_was_changed() {
    #[derive(Clone, Copy, PartialEq)]
    enum Loss {
        After,
        Before,
        ForGood,
    }
    for (loss, status) in [
        (Loss::After, 504),
        (Loss::After, 500),
        (Loss::Before, 504),
        (Loss::ForGood, 504),
        (Loss::ForGood, 408),
    ] {
        let (objects, server, session) = cluster().await;
        let changes = plan(&session, &[label("baseline")], &[]).await.unwrap();
        drop((server, session));
        let kept = objects.clone();
        let is_down = std::sync::atomic::AtomicBool::new(false);
        let server = MockServer::start(move |request| {
            let lost = || Reply::status(status, "Timeout", "gave up");
            if request.method == "PATCH" {
                is_down.store(loss == Loss::ForGood, std::sync::atomic::Ordering::Relaxed);
                if loss != Loss::Before {
                    kept.answer(request);
                }
                return lost();
            }
            if is_down.load(std::sync::atomic::Ordering::Relaxed) { lost() } else { kept.answer(request) }
        })
        .await;
        let session = open_with(&server.config(), &options()).await.unwrap();
        let applied = apply(&session, &changes[0]).await;
        match loss {
            Loss::After => assert_eq!(applied, Ok(())),
            Loss::Before => assert!(matches!(applied, Err(RepairError::NotMade { .. })), "{applied:?}"),
            Loss::ForGood => assert!(matches!(applied, Err(RepairError::Unknown { .. })), "{applied:?}"),
        }
        assert_eq!(server.count("PATCH", SHOP), 1);
    }
}

#[tokio::test]
async fn an_object_that_is_gone_needs_no_undo() {
    let (objects, _server, session) = cluster().await;
    let other = "/api/v1/namespaces/lab";
    objects.put(other, json!({}));
    let edit = Edit::set("namespaces", Object::kubernetes("lab"), ["metadata", "labels", LEVEL], "baseline");
    let changes = plan(&session, &[label("baseline"), edit], &[]).await.unwrap();
    for change in &changes {
        apply(&session, change).await.unwrap();
    }
    objects.remove(other);
    let file = Undo::new(session.cluster().server(), NOW.parse().unwrap(), changes.clone());
    let found = check_undo(&session, &file).await.unwrap();
    assert_eq!((found.left.len(), found.gone.len()), (1, 1));
    assert_eq!(found.gone[0].target().name, "lab");
    assert_eq!(undone(&session, changes.clone()).await, Ok(1));
    assert_eq!(level(&objects), Value::Null);
    // It may go away meanwhile, too.
    let gone = changes.iter().find(|change| change.target().name == "lab").unwrap();
    assert_eq!(undo(&session, gone).await, Ok(()));
}
