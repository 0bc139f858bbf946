//! What went wrong with a request, from the response or the transport.

use std::error::Error;
use std::io;

use http::header::CONTENT_TYPE;
use rustls::CertificateError;
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

/// Whether a response is one of the API server. The words of a kubelet pass through it as text.
pub(super) fn is_of_api_server(call: &Call, response: &Response) -> bool {
    !call.to_kubelet || Status::read(response).is_some()
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
    let request = call.request();
    if let Some(tls) = tls_error(error) {
        let hint = tls_hint(tls);
        return RequestError::Certificate { server: server.to_owned(), reason: tls.to_string(), hint };
    }
    let of_http = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if of_http.is_some_and(hyper::Error::is_parse_too_large) {
        return RequestError::CutOff { request, limit: "too many or too long headers".to_owned() };
    }
    if of_http.is_some_and(hyper::Error::is_parse) {
        let hint = if server.starts_with("http:") { " (is this a port for TLS?)" } else { "" };
        let found = format!("data that are not HTTP{hint}");
        return RequestError::Unexpected { request, expected: "a response".to_owned(), found };
    }
    // There was a connection, which was closed or reset, or its stream in HTTP/2.
    if of_http.is_some() && !is_connect(error) {
        return RequestError::BrokenOff { request, bytes: 0 };
    }
    let reason = one_line(&short(error), LONGEST);
    RequestError::Unreachable { server: server.to_owned(), proxy: proxy.map(str::to_owned), reason }
}

/// The error of a response that breaks off after some bytes, or that is not compressed as it says.
pub(super) fn of_body(call: &Call, bytes: usize, error: &kube::Error) -> RequestError {
    let request = call.request();
    let is_broken_off = causes(error).any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        cause.is::<hyper::Error>() || io.is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof)
    });
    if is_broken_off {
        return RequestError::BrokenOff { request, bytes };
    }
    let found = "data with invalid compression".to_owned();
    RequestError::Unexpected { request, expected: "a compressed response".to_owned(), found }
}

/// What to check after an error of TLS.
const fn tls_hint(error: &rustls::Error) -> &'static str {
    match error {
        // Two authorities of clusters often have the same name, so only the signature differs.
        rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => "check `certificate-authority` of the cluster in the kubeconfig",
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "check `server` and `tls-server-name` of the cluster in the kubeconfig",
        rustls::Error::AlertReceived(_) => "check the client certificate of the user in the kubeconfig",
        _ => "check that the server speaks TLS and that its certificate is valid",
    }
}

/// An error and its causes. `io::Error` hides the one that it holds from `source`.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|held| held as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// The TLS error among the causes.
pub(super) fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn is_connect(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
        .any(hyper_util::client::legacy::Error::is_connect)
}

/// The innermost messages: the outer ones only say that a request failed.
fn short(error: &kube::Error) -> String {
    let whole = chain(error);
    for (words, meaning) in [
        ("tunnel error: unsuccessful", "the proxy did not establish the connection"),
        ("tunnel error: proxy authorization required", "the proxy requires a user and password (407)"),
        ("SOCKS error: failed to create underlying connection", "the proxy does not accept the connection"),
    ] {
        if whole.contains(words) {
            return meaning.to_owned();
        }
    }
    let is_outer = |part: &&str| part.starts_with("ServiceError") || part.starts_with("client error");
    let causes: Vec<&str> = whole.split(": ").skip_while(is_outer).collect();
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
