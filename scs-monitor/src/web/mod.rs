//! The HTTP interface: one file for each family of endpoints.

mod account;
mod assets;
mod badge;
mod cached;
mod certificates;
mod changes;
mod error;
mod error_page;
mod feeds;
mod health;
mod history;
mod markup;
mod metrics;
mod notifications;
mod openapi;
mod pages;
mod query;
mod reports;
mod results;
mod select;
mod status;
mod visit;
mod whole_page;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Redirect;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::Service;

/// The largest accepted body. A report with all output of the official suite has less than 1 MiB.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The longest time for a request, its body included.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Nothing from elsewhere, no inline scripts, no frames.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// All endpoints of a service.
pub fn router(service: Service) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(reports::list, reports::post))
        .routes(routes!(reports::show))
        .routes(routes!(results::list, results::approve))
        .routes(routes!(status::show))
        .routes(routes!(health::show))
        .routes(routes!(badge::show))
        .routes(routes!(history::show))
        .routes(routes!(changes::show))
        .routes(routes!(changes::list_findings))
        .routes(routes!(certificates::list))
        .routes(routes!(certificates::show))
        .routes(routes!(feeds::calendar))
        .routes(routes!(feeds::feed))
        .routes(routes!(metrics::show))
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::acknowledge))
        .routes(routes!(markup::table))
        .routes(routes!(markup::table_full))
        .routes(routes!(markup::detail))
        .routes(routes!(markup::detail_full))
        .routes(routes!(markup::report))
        .routes(routes!(markup::report_full))
        .routes(routes!(markup::scope))
        .routes(routes!(pages::history))
        .routes(routes!(pages::changes))
        .routes(routes!(pages::certificates))
        .routes(routes!(pages::standards))
        .routes(routes!(pages::standard))
        .split_for_parts();
    let document = openapi::completed(document);
    router
        .route("/", get(home))
        .route("/assets/{hash}/{name}", get(assets::show))
        .merge(openapi::router(&document))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(service.clone(), error_page::layer))
        .layer(axum::middleware::from_fn(cached::private))
        .with_state(service)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(TraceLayer::new_for_http())
}

fn header(name: axum::http::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn home(State(service): State<Service>) -> Redirect {
    Redirect::temporary(&format!("{}page/table", service.settings().base_url))
}
