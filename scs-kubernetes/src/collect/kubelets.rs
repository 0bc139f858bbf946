//! The configurations of kubelets, through the API server.

use futures_util::stream::{self, StreamExt};
use scs_collector::{Event, Part};
use scs_standards::yaml;
use serde_json::{Value, json};

use super::keep;
use super::list::Entries;
use super::reduce::{Keep, reduced};
use crate::http::{Call, Http, RequestError, segment};

/// The key of the part.
pub(super) const KEY: &str = "kubelet_configs";

/// Where kubeadm keeps the configuration that it gives to kubelets.
const CONFIG_MAP: &str = "/api/v1/namespaces/kube-system/configmaps/kubelet-config";

/// The configuration of each kubelet by node. A kubelet that cannot be asked is unavailable alone; if the user has no right to
/// ask any of them, the part is.
pub(super) async fn of_nodes(http: &Http, nodes: &Entries, keep: Keep) -> Part {
    let names = nodes.names();
    // A kubelet that does not answer must not hold up those after it, so the answers come in any order.
    let mut asked = stream::iter(
        names.iter().enumerate().map(|(place, name)| async move { (place, of_node(http, name, keep).await) }),
    )
    .buffer_unordered(http.options().parallel_kubelets.max(1));
    let mut answers: Vec<Option<Result<String, RequestError>>> = names.iter().map(|_| None).collect();
    let mut count = 0;
    while let Some((place, answer)) = asked.next().await {
        if let Some(slot) = answers.get_mut(place) {
            *slot = Some(answer);
        }
        count += 1;
        http.options().tell(Event::Page(KEY, count));
    }
    let answers = || names.iter().zip(&answers).filter_map(|(name, answer)| Some((name, answer.as_ref()?)));
    let is_denied =
        |answer: &Result<String, RequestError>| answer.as_ref().is_err_and(RequestError::is_forbidden);
    if answers().all(|(_, answer)| is_denied(answer))
        && let Some((_, Err(error))) = answers().next()
    {
        return Part::Unavailable(error.to_string());
    }
    let mut text = String::from("{");
    for (name, answer) in answers() {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        match answer {
            Ok(config) => text.push_str(config),
            Err(error) => text.push_str(&json!({ "unavailable": error.to_string() }).to_string()),
        }
    }
    text.push('}');
    Part::Json(text.into())
}

async fn of_node(http: &Http, name: &str, keep: Keep) -> Result<String, RequestError> {
    let node = segment(name);
    let timeout = http.options().kubelet_timeout;
    let call = Call::get(format!("/api/v1/nodes/{node}/proxy/configz")).through_to_kubelet(timeout);
    let answer = http.send(&call).await?;
    reduced(&answer.text, keep).map_err(|error| answer.unexpected("the configuration of a kubelet", &error))
}

/// The configuration that kubeadm gives to kubelets: an intention, not what each kubelet runs. `None` in clusters of other
/// tools.
pub(super) async fn config_map(http: &Http, whole: bool) -> Result<Option<Part>, RequestError> {
    let answer = match http.send(&Call::get(CONFIG_MAP)).await {
        Err(RequestError::NotFound { .. }) => return Ok(None),
        result => result?,
    };
    let map: Value = answer.json("the config map")?;
    let Some(text) = map["data"]["kubelet"].as_str() else { return Ok(None) };
    let config: Value = match serde_saphyr::from_str(text) {
        Ok(config) => config,
        Err(error) => {
            return Ok(Some(Part::Unavailable(format!("not valid YAML: {}", yaml::reason(&error)))));
        }
    };
    let wrapped = json!({ "kubeletconfig": config });
    let keep = if whole { keep::WHOLE_KUBELET } else { keep::KUBELET };
    let kept = reduced(&wrapped.to_string(), keep).unwrap_or_default();
    Ok(Some(Part::Json(kept.into())))
}
