//! The OpenAPI document, made from the endpoints.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

use crate::service::Service;

/// The document without endpoints.
pub(super) fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("SCS compliance monitor")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Takes signed reports and publishes which clouds conform to the Sovereign Cloud Stack standards.",
        ));
    let mut document = OpenApiBuilder::new().info(info.build()).build();
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
    document
        .components
        .get_or_insert_with(Default::default)
        .add_security_scheme("basic", SecurityScheme::Http(basic));
    document
}

/// The endpoint of the document.
pub(super) fn router(document: &OpenApi) -> Router<Service> {
    let text = document.to_json().unwrap_or_default();
    Router::new()
        .route("/openapi.json", get(move || async move { ([(CONTENT_TYPE, "application/json")], text) }))
}
