//! Errors as pages, for browsers that asked for a page.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::middleware::Next;
use axum::response::Response;

use super::error::Detail;
use super::whole_page::{self, ErrorHtml};
use crate::page::{ErrorPage, Visit, texts};
use crate::service::Service;

/// Replaces the JSON of an error below `/page/` by a page. Status and other headers stay.
pub(super) async fn layer(State(service): State<Service>, request: Request, next: Next) -> Response {
    let is_page = request.uri().path().starts_with("/page/") && accepts_html(request.headers());
    let visit = is_page.then(|| Visit::new(request.uri(), request.headers()));
    let response = next.run(request).await;
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    match visit {
        Some(visit) if is_error => with_page(&service, &visit, response),
        _ => response,
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|it| it.contains("text/html"))
}

fn with_page(service: &Service, visit: &Visit, response: Response) -> Response {
    let texts = texts(visit.language);
    let links = whole_page::links(service, visit);
    let detail = response.extensions().get::<Detail>().and_then(Detail::text);
    let page = ErrorPage::new(response.status().as_u16(), detail, texts, &links);
    let config = service.config();
    let frame = whole_page::frame(page.title.to_owned(), visit, &links, &config.scopes, service.now());
    let Ok(rendered) = whole_page::answered(visit, &ErrorHtml { frame: &frame, page: &page }) else {
        return response;
    };
    let (mut parts, _) = response.into_parts();
    let (page, body) = rendered.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.extend(page.headers);
    parts.headers.append(VARY, axum::http::HeaderValue::from_static("accept"));
    Response::from_parts(parts, Body::new(body))
}
