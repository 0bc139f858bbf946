//! Replays recorded exchanges with a real API server, which are outside of the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::{Reply, Request};

/// The message of tests without recordings.
pub(crate) const SKIPPED: &str = "skipped: SCS_REAL_WORLD_DIR is not set";

/// The exchanges of one user with one cluster.
#[derive(Clone)]
pub(crate) struct Replay {
    user: String,
    exchanges: Vec<Value>,
    replaced: BTreeMap<String, Reply>,
    aggregates: bool,
}

/// The form of an answer that a request asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Discovery,
    Metadata,
}

impl Form {
    fn of(accept: &str) -> Self {
        if accept.contains("APIGroupDiscoveryList") {
            Self::Discovery
        } else if accept.contains("PartialObjectMetadataList") {
            Self::Metadata
        } else {
            Self::Plain
        }
    }
}

impl Replay {
    /// The recording of a cluster (`good`, `broken`) as a user (`admin`, `reader`); `None` if there are no recordings here.
    pub(crate) fn read(cluster: &str, user: &str) -> Option<Self> {
        let real = std::env::var_os("SCS_REAL_WORLD_DIR").map(PathBuf::from)?;
        let text =
            std::fs::read_to_string(real.join(format!("k8s-exchanges/{cluster}-{user}.json"))).unwrap();
        let recording: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(recording["format"], "scs-k8s-recording/1");
        Some(Self {
            user: recording["as"].as_str().unwrap().to_owned(),
            exchanges: recording["exchanges"].as_array().unwrap().clone(),
            replaced: BTreeMap::new(),
            aggregates: true,
        })
    }

    /// The token of a user of the recording, such as `reader`, `viewonly` or `expired`.
    pub(crate) fn token(user: &str) -> String {
        format!("{}-TOKEN", user.to_uppercase())
    }

    /// Replaces the answer for a path.
    pub(crate) fn with(mut self, path: &str, reply: Reply) -> Self {
        self.replaced.insert(path.to_owned(), reply);
        self
    }

    /// Answers as a server before 1.27, without aggregated discovery.
    pub(crate) fn without_aggregated_discovery(mut self) -> Self {
        self.aggregates = false;
        self
    }

    /// The answer of the exchange with a name, such as `configz-kubelet-refuse`.
    pub(crate) fn named(&self, name: &str) -> Reply {
        answer(self.exchange(name))
    }

    /// The body of the exchange with a name.
    pub(crate) fn body(&self, name: &str) -> Value {
        self.exchange(name)["body"].clone()
    }

    fn exchange(&self, name: &str) -> &Value {
        self.exchanges.iter().find(|exchange| exchange["name"] == name).unwrap()
    }

    /// The recorded answer to a request.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        if let Some(reply) = self.replaced.get(&request.path) {
            return reply.clone();
        }
        let user = self.user_of(request);
        let query = parameters(&request.query);
        let with_limit = query.iter().cloned().chain(["limit=500".to_owned()]).collect();
        let mut form = Form::of(request.header("accept").unwrap_or_default());
        if form == Form::Discovery && !self.aggregates {
            form = Form::Plain;
        }
        let matching = |query: &BTreeSet<String>| -> Vec<&Value> {
            self.exchanges
                .iter()
                .filter(|exchange| {
                    let recorded = &exchange["request"];
                    recorded["as"] == user
                        && recorded["method"] == request.method
                        && recorded["path"] == request.path
                        && parameters(recorded["query"].as_str().unwrap_or_default()) == *query
                        // They have the path of a node, in other states.
                        && !exchange["name"].as_str().unwrap().starts_with("configz-kubelet-")
                        && (recorded["body"].is_null() || is_same_review(&recorded["body"], &request.json()))
                })
                .collect()
        };
        let found = [matching(&query), matching(&with_limit)].into_iter().find(|found| !found.is_empty());
        let found = found.and_then(|found| {
            let accept = |exchange: &&Value| {
                Form::of(exchange["request"]["headers"]["accept"].as_str().unwrap_or_default())
            };
            let same = found.iter().find(|exchange| accept(exchange) == form).copied();
            same.or_else(|| found.into_iter().find(|exchange| accept(exchange) == Form::Plain))
        });
        match (found, user.as_str()) {
            (Some(exchange), _) => answer(exchange),
            (None, "badtoken" | "expired") => Reply::unauthorized(),
            (None, "anonymous") => {
                Reply::status(403, "Forbidden", "forbidden: User \"system:anonymous\" cannot do this")
            }
            (None, _) => Reply::text(404, "404 page not found\n"),
        }
    }

    fn user_of(&self, request: &Request) -> String {
        let known = |user: &str| self.exchanges.iter().any(|exchange| exchange["request"]["as"] == user);
        match request.header("authorization") {
            Some(value) => {
                let token = value.trim_start_matches("Bearer ").trim_end_matches("-TOKEN").to_lowercase();
                if known(&token) { token } else { "badtoken".to_owned() }
            }
            // It has a client certificate, which is left out if the replay is not encrypted.
            None if self.user == "admin" => "admin".to_owned(),
            None => "anonymous".to_owned(),
        }
    }
}

fn parameters(query: &str) -> BTreeSet<String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("timeout="));
    pairs.map(str::to_owned).collect()
}

/// Whether two requests that send something ask the same: the right, but not how it is written.
fn is_same_review(recorded: &Value, sent: &Value) -> bool {
    let attributes = |body: &Value| {
        let mut attributes = body["spec"]["resourceAttributes"].as_object().cloned().unwrap_or_default();
        attributes.retain(|_, value| value != "");
        attributes
    };
    recorded["kind"] == sent["kind"] && attributes(recorded) == attributes(sent)
}

fn answer(exchange: &Value) -> Reply {
    let status = exchange["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap();
    let content_type = exchange["headers"]["content-type"].as_str().unwrap_or_default();
    let body = exchange["text"].as_str().map_or_else(|| exchange["body"].to_string(), str::to_owned);
    Reply::with_type(status, content_type, body)
}
