//! What went wrong with a request, from the response or the transport.

use http::header::CONTENT_TYPE;
use scs_collector::{Redactor, one_line};
use serde::Deserialize;

use super::client::chain;
use super::error::RequestError;
use super::{Call, JSON, Response};

/// The longest quoted message.
const LONGEST: usize = 500;

/// An error of the API server.
#[derive(Deserialize)]
struct Status {
    kind: Option<String>,
    message: Option<String>,
    reason: Option<String>,
}

impl Status {
    /// The `Status` in a response; `None` if it is not one, as with errors of kubelets and unknown paths.
    fn read(response: &Response) -> Option<Self> {
        if !response.header(CONTENT_TYPE).starts_with(JSON) {
            return None;
        }
        serde_json::from_slice(&response.body)
            .ok()
            .filter(|status: &Self| status.kind.as_deref() == Some("Status"))
    }

    fn text(&self, redactor: &Redactor) -> String {
        let text = self.message.as_deref().or(self.reason.as_deref()).unwrap_or("no reason given");
        redactor.line(text, LONGEST)
    }
}

/// The error of a response without success.
pub(super) fn of_status(call: &Call, response: &Response, redactor: &Redactor) -> RequestError {
    let request = call.request();
    let status = response.status.as_u16();
    let known = Status::read(response);
    let body = redactor.text(&String::from_utf8_lossy(&response.body));
    let plain = || match response.header(CONTENT_TYPE) {
        kind if kind.starts_with("text/plain") => one_line(&body, LONGEST),
        kind => described(kind, &body),
    };
    let message = known.as_ref().map_or_else(plain, |status| status.text(redactor));
    match (status, &known) {
        // The API server answers with a `Status`; the words of a kubelet pass through as text.
        (401 | 403 | 404, None) if call.to_kubelet => {
            RequestError::KubeletRefused { request, status, message }
        }
        (401, _) => RequestError::Unauthorized { request, message },
        (403, Some(_)) => RequestError::Forbidden { request, message },
        (404, known) => RequestError::NotFound { request, message, is_unknown_path: known.is_none() },
        (406, _) => RequestError::NotAcceptable { request },
        (410, _) => RequestError::Expired { request, message },
        _ => RequestError::Status { request, status, message },
    }
}

/// The error of a request without a response.
pub(super) fn of_transport(
    call: &Call,
    server: &str,
    proxy: Option<&str>,
    error: &kube::Error,
) -> RequestError {
    let reason = one_line(&short(error), LONGEST);
    let server = server.to_owned();
    if let Some(tls) = tls_error(error) {
        let hint = match tls {
            rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
                "check `certificate-authority` of the cluster in the kubeconfig"
            }
            rustls::Error::InvalidCertificate(
                rustls::CertificateError::NotValidForName
                | rustls::CertificateError::NotValidForNameContext { .. },
            ) => "check `server` and `tls-server-name` of the cluster in the kubeconfig",
            rustls::Error::AlertReceived(_) => "check the client certificate of the user in the kubeconfig",
            _ => "check that the server speaks TLS and that its certificate is valid",
        };
        return RequestError::Certificate { server, reason: tls.to_string(), hint };
    }
    if is_connect(error) {
        return RequestError::Unreachable { server, proxy: proxy.map(str::to_owned), reason };
    }
    let was_closed = sources(error).any(|cause| {
        cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(|cause| cause.is_incomplete_message() || cause.is_closed())
    });
    if was_closed {
        return RequestError::BrokenOff { request: call.request(), bytes: 0 };
    }
    RequestError::Unreachable { server, proxy: proxy.map(str::to_owned), reason }
}

fn sources<'e>(
    error: &'e (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'e (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// The TLS error among the causes. `io::Error` hides the one it holds from `source`.
fn tls_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    sources(error).find_map(|cause| {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        cause.downcast_ref::<rustls::Error>().or(inner)
    })
}

fn is_connect(error: &(dyn std::error::Error + 'static)) -> bool {
    sources(error)
        .filter_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
        .any(hyper_util::client::legacy::Error::is_connect)
}

/// The innermost messages: the outer ones only say that a request failed.
fn short(error: &kube::Error) -> String {
    let whole = chain(error);
    let causes: Vec<&str> = whole.split(": ").collect();
    let start = causes.iter().position(|part| part.contains("tcp connect") || part.contains("dns error"));
    causes[start.unwrap_or(causes.len().saturating_sub(2))..].join(": ")
}

/// What a response is, without most of its content.
pub(super) fn described(content_type: &str, text: &str) -> String {
    let start = text.trim_start();
    if start.is_empty() {
        return "an empty response".to_owned();
    }
    if content_type.starts_with("text/html") || start.starts_with('<') {
        return "an HTML page".to_owned();
    }
    if start.starts_with(['{', '[']) {
        return "other JSON".to_owned();
    }
    format!("text: {}", one_line(start, 80))
}
