//! A small API server: objects that are listed, patched, created and deleted, and rights.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Value>,
    /// The resources that may not be listed.
    denied: Vec<&'static str>,
    version: u64,
    log: Vec<String>,
    fault: Option<(&'static str, Fault)>,
    is_down: bool,
}

/// What happens to requests with a method.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// They are carried out, but the answer is lost.
    Lost,
    /// As before, and the server no longer answers any request.
    Down,
    /// They are denied.
    Denied,
}

pub(crate) struct ApiServer {
    state: Arc<Mutex<State>>,
    kubeconfig: tempfile::TempDir,
}

impl ApiServer {
    pub(crate) fn start(denied: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { denied: denied.to_vec(), ..State::default() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(&stream, &shared));
            }
        });
        let kubeconfig = tempfile::tempdir().unwrap();
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "prod",
            "contexts": [{"name": "prod", "context": {"cluster": "prod", "user": "me"}}],
            "clusters": [{"name": "prod", "cluster": {"server": address}}],
            "users": [{"name": "me", "user": {"token": "t"}}],
        });
        std::fs::write(kubeconfig.path().join("config"), config.to_string()).unwrap();
        Self { state, kubeconfig }
    }

    pub(crate) fn kubeconfig(&self) -> String {
        self.path("config").display().to_string()
    }

    /// A path in a directory that goes away with the server.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.kubeconfig.path().join(file)
    }

    pub(crate) fn fail(&self, method: &'static str, fault: Fault) {
        self.state.lock().unwrap().fault = Some((method, fault));
    }

    pub(crate) fn remove(&self, path: &str) {
        self.state.lock().unwrap().objects.remove(path).unwrap();
    }

    pub(crate) fn put(&self, path: &str, object: Value) {
        put(&mut self.state.lock().unwrap(), path, object);
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.state.lock().unwrap().objects.get(path).cloned().unwrap_or_default()
    }

    /// Methods and paths of the requests that change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let log = &self.state.lock().unwrap().log;
        log.iter().filter(|it| !it.starts_with("GET") && !it.contains("reviews")).cloned().collect()
    }
}

fn put(state: &mut State, path: &str, mut object: Value) {
    state.version += 1;
    object["metadata"]["name"] = json!(path.rsplit('/').next().unwrap());
    if object["metadata"]["uid"].is_null() {
        object["metadata"]["uid"] = json!(format!("uid-{}", state.version));
    }
    object["metadata"]["resourceVersion"] = json!(state.version.to_string());
    state.objects.insert(path.to_owned(), object);
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (mut first, mut length) = (String::new(), 0_usize);
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let mut words = first.split_whitespace();
        let (method, target) = (words.next()?, words.next()?);
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let (status, answer) = faulty(&mut state.lock().unwrap(), method, target, &body);
        let text = answer.to_string();
        write!(
            &mut &*stream,
            "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        )
        .ok()?;
    }
}

fn faulty(state: &mut State, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let lost = (504, json!("Gateway Timeout"));
    match state.fault {
        _ if state.is_down => lost,
        Some((of, Fault::Denied)) if of == method => {
            (403, json!({"kind": "Status", "message": "denied", "code": 403}))
        }
        Some((of, fault)) if of == method => {
            answer(state, method, target, body);
            state.is_down = fault == Fault::Down;
            lost
        }
        _ => answer(state, method, target, body),
    }
}

fn answer(state: &mut State, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let path = target.split('?').next().unwrap_or_default();
    state.log.push(format!("{method} {path}"));
    let error =
        |code: u16, message: &str| (code, json!({"kind": "Status", "message": message, "code": code}));
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method, path) {
        ("GET", "/version") => return (200, json!({"gitVersion": "v1.36.2"})),
        ("GET", "/apis") => return (200, json!({"kind": "APIGroupDiscoveryList", "items": []})),
        _ => {}
    }
    match method {
        "POST" if last == "selfsubjectreviews" => {
            let user = json!({"username": "system:serviceaccount:monitoring:scs", "groups": ["system:authenticated"]});
            (201, json!({"status": {"userInfo": user}}))
        }
        "POST" if last == "selfsubjectaccessreviews" => {
            let resource = body["spec"]["resourceAttributes"]["resource"].as_str().unwrap_or_default();
            (201, json!({"status": {"allowed": !state.denied.contains(&resource)}}))
        }
        "POST" => {
            let path = format!("{path}/{}", body["metadata"]["name"].as_str().unwrap_or_default());
            put(state, &path, body.clone());
            (201, state.objects[&path].clone())
        }
        "GET" if state.objects.contains_key(path) => (200, state.objects[path].clone()),
        "GET" if state.denied.contains(&last) => {
            error(403, &format!("{last} is forbidden: User \"scs\" cannot list"))
        }
        "GET" if last.ends_with('s') => {
            let is_in = |known: &str| known.strip_prefix(path).is_some_and(|it| it.matches('/').count() == 1);
            let items: Vec<&Value> =
                state.objects.iter().filter(|(known, _)| is_in(known)).map(|(_, object)| object).collect();
            let kind = if last == "namespaces" { "NamespaceList" } else { "List" };
            (200, json!({"kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}))
        }
        "PATCH" if state.objects.contains_key(path) => {
            let mut object = state.objects[path].clone();
            if body["metadata"]["resourceVersion"] != object["metadata"]["resourceVersion"] {
                return error(409, "the object has been modified");
            }
            for fields in ["labels", "annotations"] {
                for (key, value) in body["metadata"][fields].as_object().into_iter().flatten() {
                    if value.is_null() {
                        object["metadata"][fields].as_object_mut().map(|it| it.remove(key));
                    } else {
                        object["metadata"][fields][key] = value.clone();
                    }
                }
            }
            put(state, path, object);
            (200, state.objects[path].clone())
        }
        "DELETE" if state.objects.remove(path).is_some() => (200, json!({"kind": "Status"})),
        _ => error(404, "not found"),
    }
}
