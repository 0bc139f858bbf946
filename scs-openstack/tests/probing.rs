//! Probes: the objects they create, their results, and cleanup.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mock::{MockCloud, PASSWORD, Reply, Request, TOKEN, options, token, usual};
use scs_openstack::{Event, Part, Probe, Probed, Run, Session, cleanup, probe};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Objects that can be created, listed, shown and deleted, by path.
#[derive(Clone, Default)]
struct Things(Arc<Mutex<BTreeMap<String, Value>>>);

impl Things {
    /// The paths of collections, the key of one, and the key of the list.
    const KINDS: [(&'static str, &'static str, &'static str); 8] = [
        ("/volume/v3/p1/volumes", "volume", "volumes"),
        ("/volume/v3/p1/backups", "backup", "backups"),
        ("/compute/v2.1/servers", "server", "servers"),
        ("/network/v2.0/networks", "network", "networks"),
        ("/network/v2.0/subnets", "subnet", "subnets"),
        ("/network/v2.0/routers", "router", "routers"),
        ("/network/v2.0/security-groups", "security_group", "security_groups"),
        ("/key-manager/v1/secrets", "secret", "secrets"),
    ];

    fn left(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().filter(|path| !path.ends_with("/ext")).cloned().collect()
    }

    fn answer(&self, request: &Request) -> Reply {
        let mut things = self.0.lock().unwrap();
        let (method, path) = (request.method.as_str(), request.path.as_str());
        if let Some((collection, one, _)) =
            Self::KINDS.iter().find(|(collection, _, _)| *collection == path && method == "POST")
        {
            let id = format!("{one}{}", things.len());
            let mut thing = request.json().get(one).cloned().unwrap_or_else(|| request.json());
            thing["id"] = json!(id);
            thing["status"] = json!(if *one == "server" { "ACTIVE" } else { "available" });
            thing["secret_ref"] = json!(format!("http://10.0.0.1{collection}/{id}"));
            thing["security_group_rules"] = json!([{"direction": "egress", "ethertype": "IPv4"}]);
            things.insert(format!("{collection}/{id}"), thing.clone());
            return Reply::json(&if *one == "secret" { thing } else { json!({*one: thing}) });
        }
        let listed = path.strip_suffix("/detail").unwrap_or(path);
        if let Some((collection, _, many)) =
            Self::KINDS.iter().find(|(collection, _, _)| *collection == listed && method == "GET")
        {
            let prefix = format!("{collection}/");
            let mut list: Vec<Value> = things
                .iter()
                .filter(|(path, _)| path.starts_with(&prefix))
                .map(|(_, thing)| thing.clone())
                .collect();
            if *many == "networks" {
                list.insert(0, json!({"id": "ext", "name": "external", "router:external": true}));
            }
            return Reply::json(&json!({*many: list}));
        }
        if path.ends_with("/restore") {
            let restored =
                json!({"id": "restored", "status": "available", "name": request.json()["restore"]["name"]});
            things.insert("/volume/v3/p1/volumes/restored".to_owned(), restored);
            return Reply::json(&json!({"restore": {"volume_id": "restored"}}));
        }
        if path.ends_with("_router_interface") {
            return Reply::json(&json!({}));
        }
        if path == "/network/v2.0/ports" {
            return Reply::json(
                &json!({"ports": [{"id": "port", "device_owner": "network:router_interface"}]}),
            );
        }
        if path.ends_with("/action") {
            return Reply::json(
                &json!({"output": "password: planted-console-word\n_scs-test-entropy-avail: 256\n_scs-test-end\n"}),
            );
        }
        match (method, things.get(path).cloned()) {
            ("GET", Some(thing)) => Reply::json(&json!({"thing": thing})),
            ("DELETE", Some(_)) => {
                things.remove(path);
                Reply::Answer(204, Vec::new(), String::new())
            }
            _ => usual(request),
        }
    }
}

async fn cloud(
    things: &Things,
    other: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
) -> MockCloud {
    let things = things.clone();
    MockCloud::start(move |request| {
        let is_token = request.path.ends_with("/auth/tokens");
        other(request).unwrap_or_else(|| if is_token { usual(request) } else { things.answer(request) })
    })
    .await
}

fn at() -> jiff::Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

async fn probed(cloud: &MockCloud, probes: &[Probe]) -> Probed {
    probe(&cloud.session().await, probes, &Run::new(at()), at(), &CancellationToken::new()).await
}

#[track_caller]
fn value(probed: &Probed, key: &str) -> Value {
    match &probed.parts.iter().find(|(known, _)| *known == key).unwrap().1 {
        Part::Json(json) => serde_json::from_str(json).unwrap(),
        Part::Unavailable(reason) => json!({"unavailable": reason}),
        other => json!(format!("{other:?}")),
    }
}

/// The response of Ceph's S3 gateway for an unknown key.
fn ceph(request: &Request) -> Option<Reply> {
    request.is("GET", "/").then(|| {
        assert!(
            request.header("authorization").unwrap().starts_with("AWS4-HMAC-SHA256 Credential=doesnotexist/")
        );
        assert_eq!(request.header("x-auth-token"), None);
        let error = "<?xml version=\"1.0\"?><Error><Code>InvalidAccessKeyId</Code></Error>";
        Reply::Answer(403, Vec::new(), error.to_owned())
    })
}

#[tokio::test(start_paused = true)]
async fn created_objects_are_named_and_deleted() {
    let things = Things::default();
    let cloud = cloud(&things, ceph).await;
    let probed = probed(&cloud, &Probe::ALL).await;
    assert_eq!(value(&probed, "secrets"), json!({"outcome": "ok", "at": "2026-11-24T08:00:00Z"}));
    assert_eq!(value(&probed, "backup"), json!({"outcome": "ok", "at": "2026-11-24T08:00:00Z"}));
    assert_eq!(
        value(&probed, "s3"),
        json!({"outcome": "refused", "detail": "InvalidAccessKeyId", "at": "2026-11-24T08:00:00Z"})
    );
    assert_eq!(value(&probed, "security_group_rules_of_new_group")[0]["direction"], "egress");
    // Passwords on the console are not collected.
    assert_eq!(
        value(&probed, "console_output"),
        json!({"output": "_scs-test-entropy-avail: 256\n_scs-test-end"})
    );
    assert_eq!(probed.cleanup.problems, Vec::<String>::new());
    // In a real cloud, the subnet is deleted with its network.
    assert!(things.left().iter().all(|path| path.contains("/subnets/")), "{:?}", things.left());
    for request in cloud.requests().iter().filter(|request| request.method == "POST") {
        if Things::KINDS.iter().any(|(collection, _, _)| *collection == request.path) {
            let body = request.json();
            let name = body.get("name").or_else(|| body.as_object()?.values().next()?.get("name"));
            assert!(name.unwrap().as_str().unwrap().starts_with("_scs-20261124t080000z-"), "{body}");
        }
    }
    let text = format!("{probed:?}");
    for secret in [PASSWORD, TOKEN, "planted-console-word"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn denials_failures_and_missing_services_are_distinguished() {
    let things = Things::default();
    let refusing = |request: &Request| match request.path.as_str() {
        "/key-manager/v1/secrets" if request.method == "POST" => {
            Some(Reply::status(403, "Secret creation attempt not allowed"))
        }
        "/volume/v3/p1/backups" if request.method == "POST" => {
            Some(Reply::status(500, "cinder-backup is down"))
        }
        "/" => Some(Reply::Answer(404, Vec::new(), "<html>".to_owned())),
        "/network/v2.0/security-groups" => Some(Reply::status(409, "Quota exceeded")),
        _ => None,
    };
    let cloud = cloud(&things, refusing).await;
    let probed = probed(&cloud, &[Probe::KeyManager, Probe::Backup, Probe::S3, Probe::SecurityGroup]).await;
    let secrets = value(&probed, "secrets");
    assert_eq!(secrets["outcome"], "refused");
    assert!(secrets["detail"].as_str().unwrap().contains("Secret creation attempt not allowed"));
    let backup = value(&probed, "backup");
    assert_eq!(backup["outcome"], "failed");
    assert!(backup["detail"].as_str().unwrap().contains("cinder-backup is down"));
    assert_eq!(value(&probed, "s3")["outcome"], "failed");
    assert!(
        value(&probed, "security_group_rules_of_new_group")["unavailable"]
            .as_str()
            .unwrap()
            .contains("Quota")
    );
    assert_eq!(things.left(), Vec::<String>::new());
    assert_eq!(cloud.count("POST", "/volume/v3/p1/backups"), 1, "what makes something is not repeated");
    let without = MockCloud::start(|request| match usual(request) {
        Reply::Answer(status, headers, body) => {
            Reply::Answer(status, headers, body.replace("\"key-manager\"", "\"x\""))
        }
        reply => reply,
    })
    .await;
    assert_eq!(value(&self::probed(&without, &[Probe::KeyManager]).await, "secrets")["outcome"], "absent");
}

/// A failing service does not show how it handles wrong keys.
#[tokio::test(start_paused = true)]
async fn a_failing_s3_has_no_outcome() {
    for (status, code) in [(503, "SlowDown"), (500, "InternalError"), (429, "TooManyRequests")] {
        let things = Things::default();
        let answer = format!("<Error><Code>{code}</Code></Error>");
        let busy = move |request: &Request| {
            request.is("GET", "/").then(|| Reply::Answer(status, Vec::new(), answer.clone()))
        };
        let cloud = cloud(&things, busy).await;
        assert_eq!(
            value(&probed(&cloud, &[Probe::S3]).await, "s3"),
            json!({"unavailable": format!("s3 returned status {status} ({code}); try again later")})
        );
    }
}

/// A cloud that denies lists to users who can create objects.
fn hiding(path: &'static str) -> impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static {
    move |request| request.is("GET", path).then(|| Reply::status(403, "not allowed to list"))
}

#[tokio::test(start_paused = true)]
async fn unlisted_objects_are_deleted_by_id() {
    let hidden = [
        ("/key-manager/v1/secrets", Probe::KeyManager, "cannot list secrets"),
        ("/volume/v3/p1/volumes/detail", Probe::Backup, "cannot list volumes"),
        ("/network/v2.0/security-groups", Probe::SecurityGroup, "cannot list security groups"),
    ];
    for (path, probe, problem) in hidden {
        let things = Things::default();
        let cloud = cloud(&things, hiding(path)).await;
        let probed = probed(&cloud, &[probe]).await;
        assert_eq!(things.left(), Vec::<String>::new(), "{probe}");
        let problems = &probed.cleanup.problems;
        assert!(problems.len() == 1 && problems[0].starts_with(problem), "{probe}: {problems:?}");
        assert!(problems[0].contains("not allowed to list"), "{probe}: {problems:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cleanup_reports_lists_that_are_denied() {
    let things = Things::default();
    let refusing = cloud(&things, hiding("/key-manager/v1/secrets")).await;
    let report = cleanup(&refusing.session().await, Duration::ZERO, at()).await;
    assert_eq!(
        report.problems,
        [
            "cannot list secrets, so some may be left: key-manager denied the request (403): not allowed to list (GET /key-manager/v1/secrets)"
        ]
    );
    // A missing service has no objects.
    let without = |request: &Request| {
        request
            .path
            .starts_with("/key-manager")
            .then(|| Reply::status(404, "The resource could not be found."))
    };
    let absent = cloud(&things, without).await;
    let report = cleanup(&absent.session().await, Duration::ZERO, at()).await;
    assert_eq!(report.problems, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn denied_creations_are_not_searched_for() {
    let things = Things::default();
    let cloud = cloud(&things, |request| {
        request.path.starts_with("/key-manager").then(|| Reply::status(403, "not allowed"))
    })
    .await;
    let probed = probed(&cloud, &[Probe::KeyManager]).await;
    assert_eq!(value(&probed, "secrets")["outcome"], "refused");
    assert_eq!(probed.cleanup.problems, Vec::<String>::new());
}

/// A cloud in which a secret appears after its list is requested this many times, without a response to its creation.
async fn slow(things: &Things, reply: Reply, looks: usize) -> MockCloud {
    let (made, known) = (Arc::new(Mutex::new(None::<Request>)), things.clone());
    let seen = AtomicUsize::new(0);
    cloud(things, move |request| {
        if request.is("POST", "/key-manager/v1/secrets") {
            *made.lock().unwrap() = Some(request.clone());
            return Some(reply.clone());
        }
        if request.is("GET", "/key-manager/v1/secrets")
            && seen.fetch_add(1, Ordering::SeqCst) + 1 == looks
            && let Some(request) = made.lock().unwrap().take()
        {
            known.answer(&request);
        }
        None
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn late_objects_are_deleted() {
    let gateway = Reply::Answer(504, Vec::new(), "<html>Gateway Time-out</html>".to_owned());
    for reply in [Reply::Hang, Reply::Close, Reply::Cut("{}".to_owned(), 1), gateway] {
        let things = Things::default();
        let cloud = slow(&things, reply.clone(), 3).await;
        let probed = probed(&cloud, &[Probe::KeyManager]).await;
        assert_eq!(value(&probed, "secrets")["outcome"], "failed");
        assert_eq!(things.left(), Vec::<String>::new(), "{reply:?}");
        assert_eq!(probed.cleanup.removed.len(), 1, "{reply:?}");
        assert_eq!(probed.cleanup.problems, Vec::<String>::new(), "{reply:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn objects_that_may_still_be_created_are_reported() {
    let things = Things::default();
    let cloud = slow(&things, Reply::Hang, usize::MAX).await;
    let begun = tokio::time::Instant::now();
    let probed = probed(&cloud, &[Probe::KeyManager]).await;
    assert!(begun.elapsed() < Duration::from_mins(2), "{:?}", begun.elapsed());
    let [problem] = probed.cleanup.problems.as_slice() else { panic!("{:?}", probed.cleanup) };
    assert!(problem.starts_with("secret `_scs-20261124t080000z-"), "{problem}");
    assert!(
        problem.ends_with(
            "-secret` may still be created, since the service did not respond; clean up again later"
        ),
        "{problem}"
    );
}

#[tokio::test(start_paused = true)]
async fn unsent_requests_create_nothing() {
    let things = Things::default();
    let cloud = cloud(&things, |request| match usual(request) {
        Reply::Answer(status, headers, body) if request.path.ends_with("/auth/tokens") => {
            let host = request.header("host").unwrap();
            let nowhere = body.replace(&format!("{host}/key-manager"), "127.0.0.1:1/key-manager");
            Some(Reply::Answer(status, headers, nowhere))
        }
        _ => None,
    })
    .await;
    let probed = probed(&cloud, &[Probe::KeyManager]).await;
    assert!(value(&probed, "secrets")["detail"].as_str().unwrap().contains("cannot reach"));
    let [problem] = probed.cleanup.problems.as_slice() else { panic!("{:?}", probed.cleanup) };
    assert!(problem.starts_with("cannot list secrets"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn denied_creations_are_not_awaited() {
    let things = Things::default();
    let failing = cloud(&things, |request| {
        request.is("POST", "/key-manager/v1/secrets").then(|| Reply::status(500, "no"))
    })
    .await;
    let begun = tokio::time::Instant::now();
    let probed = probed(&failing, &[Probe::KeyManager]).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(probed.cleanup.problems, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_volume_in_an_error_is_deleted() {
    let things = Things::default();
    let failing = |request: &Request| {
        let looks = request.method == "GET" && request.path.starts_with("/volume/v3/p1/volumes/volume");
        looks.then(|| Reply::json(&json!({"volume": {"status": "error"}})))
    };
    let cloud = cloud(&things, failing).await;
    // It stays visible in this cloud, so waiting for its deletion ends with a problem.
    let probed = probed(&cloud, &[Probe::Backup]).await;
    assert_eq!(value(&probed, "backup")["detail"], "the volume is `error`");
    assert_eq!(things.left(), Vec::<String>::new());
    assert_eq!(probed.cleanup.problems.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_canceled_probe_cleans_up() {
    let things = Things::default();
    let waiting = |request: &Request| {
        let looks = request.method == "GET" && request.path.starts_with("/volume/v3/p1/backups/backup");
        looks.then(|| Reply::json(&json!({"backup": {"status": "creating"}})))
    };
    let cloud = cloud(&things, waiting).await;
    let session = Session::open(&cloud.config(), &options()).await.unwrap();
    let cancel = CancellationToken::new();
    let run = Run::new(at());
    let (probed, ()) =
        tokio::join!(probe(&session, &[Probe::Backup, Probe::SecurityGroup], &run, at(), &cancel), async {
            while cloud.count("POST", "/volume/v3/p1/backups") == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            cancel.cancel();
        });
    assert_eq!(value(&probed, "backup")["unavailable"], "the probe backup was canceled");
    assert_eq!(
        value(&probed, "security_group_rules_of_new_group")["unavailable"],
        "the probe security-group was canceled"
    );
    assert_eq!(things.left(), Vec::<String>::new());
    assert_eq!(cloud.count("POST", "/network/v2.0/security-groups"), 0);
}

#[tokio::test(start_paused = true)]
async fn leftovers_of_a_crash_are_found_by_name() {
    let things = Things::default();
    let cloud = cloud(&things, |_| None).await;
    for (path, name) in [
        ("/volume/v3/p1/volumes/a", "_scs-20261124t070000z-abcd-volume"),
        ("/volume/v3/p1/volumes/b", "_scs-20261124t075900z-abcd-volume"),
        ("/volume/v3/p1/volumes/c", "_scs-0101-volume"),
        ("/volume/v3/p1/volumes/d", "data"),
        ("/compute/v2.1/servers/e", "_scs-20261123t080000z-wxyz-server"),
    ] {
        let id = path.rsplit('/').next().unwrap();
        things
            .0
            .lock()
            .unwrap()
            .insert(path.to_owned(), json!({"id": id, "name": name, "status": "available"}));
    }
    let report = cleanup(&cloud.session().await, Duration::from_mins(10), at()).await;
    let removed: Vec<String> = report.removed.iter().map(ToString::to_string).collect();
    assert_eq!(
        removed,
        ["server `_scs-20261123t080000z-wxyz-server` (e)", "volume `_scs-20261124t070000z-abcd-volume` (a)"]
    );
    assert_eq!(report.kept.len(), 1);
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!(
        things.left(),
        ["/volume/v3/p1/volumes/b", "/volume/v3/p1/volumes/c", "/volume/v3/p1/volumes/d"]
    );
}

/// A token of an administrator, with or without a project.
fn boss(request: &Request, project: bool) -> Option<Reply> {
    let base = format!("http://{}", request.header("host").unwrap());
    let Reply::Answer(status, headers, body) =
        request.path.ends_with("/auth/tokens").then(|| token(request, &base, &["admin"]))?
    else {
        return None;
    };
    let body = if project { body } else { body.replace("\"project\":", "\"other\":") };
    Some(Reply::Answer(status, headers, body))
}

/// Objects of crashed runs; Neutron shows an administrator those of all projects.
fn of_all_projects() -> Things {
    let things = Things::default();
    let name = "_scs-20261124t070000z-abcd-x";
    let owners = [("own", Some("p1")), ("other", Some("p2")), ("nobody", None)];
    for (collection, _, many) in Things::KINDS {
        for (id, owner) in owners {
            let mut thing = json!({"id": id, "name": name, "status": "available"});
            match (many, owner) {
                (_, None) | ("secrets" | "subnets", _) => {}
                ("volumes", Some(owner)) => thing["os-vol-tenant-attr:tenant_id"] = json!(owner),
                ("backups", Some(owner)) => thing["os-backup-project-attr:project_id"] = json!(owner),
                ("servers", Some(owner)) => thing["tenant_id"] = json!(owner),
                (_, Some(owner)) => {
                    thing["tenant_id"] = json!(owner);
                    thing["project_id"] = json!(owner);
                }
            }
            if !matches!((many, id), ("secrets", "other") | ("subnets", _)) {
                things.0.lock().unwrap().insert(format!("{collection}/{id}"), thing);
            }
        }
    }
    things
}

#[tokio::test(start_paused = true)]
async fn an_administrator_deletes_nothing_of_other_projects() {
    let things = of_all_projects();
    let cloud = cloud(&things, |request| boss(request, true)).await;
    let session = Session::open(&cloud.config(), &options().as_admin(true)).await.unwrap();
    let report = cleanup(&session, Duration::from_mins(10), at()).await;
    assert_eq!(report.problems, Vec::<String>::new());
    // Neutron returns the owner of everything; the other services only list the project's objects.
    assert_eq!(
        things.left(),
        [
            "/compute/v2.1/servers/other",
            "/network/v2.0/networks/nobody",
            "/network/v2.0/networks/other",
            "/network/v2.0/routers/nobody",
            "/network/v2.0/routers/other",
            "/network/v2.0/security-groups/nobody",
            "/network/v2.0/security-groups/other",
            "/volume/v3/p1/backups/other",
            "/volume/v3/p1/volumes/other",
        ]
    );
    for path in ["networks", "routers", "security-groups"] {
        let path = format!("/network/v2.0/{path}");
        let requests = cloud.requests();
        let asked = requests.iter().find(|request| request.is("GET", &path)).unwrap();
        assert_eq!(asked.parameter("project_id"), Some("p1"), "{path}?{}", asked.query);
    }
}

#[tokio::test(start_paused = true)]
async fn shared_objects_of_others_are_kept() {
    let things = of_all_projects();
    let cloud = cloud(&things, |_| None).await;
    cleanup(&cloud.session().await, Duration::from_mins(10), at()).await;
    let left = things.left();
    assert!(left.iter().all(|path| path.ends_with("/other")), "{left:?}");
    assert!(left.contains(&"/network/v2.0/networks/other".to_owned()), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_project_nothing_is_deleted() {
    let things = of_all_projects();
    let before = things.left();
    let cloud = cloud(&things, |request| boss(request, false)).await;
    let session = Session::open(&cloud.config(), &options().as_admin(true)).await.unwrap();
    assert_eq!(session.project(), None);
    let report = cleanup(&session, Duration::ZERO, at()).await;
    assert_eq!((things.left(), report.removed.len()), (before, 0));
    assert!(report.problems[0].contains("the token has no project"), "{:?}", report.problems);
}

/// The problems of cleaning up an object that is still listed this many times after its deletion, with this status.
async fn going(path: &'static str, status: &'static str, looks: usize) -> (Vec<String>, Duration) {
    let things = Things::default();
    let thing = json!({"id": "x", "name": "_scs-20261124t070000z-abcd-x", "status": status});
    things.0.lock().unwrap().insert(path.to_owned(), thing.clone());
    let seen = AtomicUsize::new(0);
    let cloud = cloud(&things, move |request| {
        let shown = request.is("GET", path) && seen.fetch_add(1, Ordering::SeqCst) < looks;
        shown.then(|| Reply::json(&json!({"thing": thing})))
    })
    .await;
    let session = cloud.session().await;
    let begun = tokio::time::Instant::now();
    let report = cleanup(&session, Duration::ZERO, at()).await;
    (report.problems, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_server_in_an_error_is_awaited_until_deleted() {
    let server = "/compute/v2.1/servers/x";
    let (problems, _) = going(server, "ERROR", 3).await;
    assert_eq!(problems, Vec::<String>::new());
    let (problems, waited) = going(server, "ERROR", usize::MAX).await;
    assert!(problems.len() == 1 && problems[0].contains("it still exists, as `ERROR`"), "{problems:?}");
    assert!(waited >= Duration::from_mins(3), "{waited:?}");
    // A volume in `error_deleting` will not be deleted.
    let (problems, waited) = going("/volume/v3/p1/volumes/x", "error_deleting", usize::MAX).await;
    assert!(problems.len() == 1 && waited < Duration::from_secs(2), "{problems:?} {waited:?}");
}

#[test]
fn plans_describe_objects_and_names_are_parsed() {
    for probe in Probe::ALL {
        assert_eq!(probe.name().parse(), Ok(probe));
        assert!(!probe.plan().is_empty() && !probe.part().is_empty());
    }
    let error = "s4".parse::<Probe>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`s4` is not a probe; the probes are key-manager, backup, s3, vm and security-group"
    );
}

#[tokio::test]
async fn progress_is_reported() {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&steps);
    let options = options().with_progress(move |event| {
        if let Event::Step(probe, step) = event {
            log.lock().unwrap().push(format!("{probe}: {step}"));
        }
    });
    let things = Things::default();
    let cloud = cloud(&things, |_| None).await;
    let session = Session::open(&cloud.config(), &options).await.unwrap();
    probe(&session, &[Probe::SecurityGroup], &Run::new(at()), at(), &CancellationToken::new()).await;
    assert_eq!(*steps.lock().unwrap(), ["security-group: creates a security group"]);
}
