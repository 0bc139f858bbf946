//! The OpenAPI document, made from the endpoints.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder,
};

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

/// The name of the schema of errors.
const ERROR: &str = "Error";

const HTML: &str = "text/html";

/// The document with what all endpoints have in common: unique ids of operations, the form of errors, and the errors of all of them.
pub(super) fn completed(mut document: OpenApi) -> OpenApi {
    let error = ObjectBuilder::new()
        .property("detail", ObjectBuilder::new().schema_type(SchemaType::AnyValue).build())
        .required("detail")
        .description(Some("What is wrong: a text, or for parameters a list with `loc`, `msg` and `input`"))
        .build();
    document.components.get_or_insert_with(Default::default).schemas.insert(ERROR.to_owned(), error.into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [("get", &mut item.get), ("post", &mut item.post)] {
            if let Some(operation) = operation {
                complete(method, path, operation);
            }
        }
    }
    document
}

fn complete(method: &str, path: &str, operation: &mut Operation) {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    operation.operation_id = Some([method].into_iter().chain(words).collect::<Vec<_>>().join("_"));
    let is_page = path.starts_with("/page/") || path.starts_with("/{view_type}/");
    let mut common = vec![
        ("408", "The request took too long"),
        ("503", "The database does not answer; `Retry-After` says when to try again"),
    ];
    if path.contains('{') {
        common.push(("400", "The path is not UTF-8"));
        common.push(("404", "There is nothing of that name"));
    }
    if operation.security.is_some() {
        common.push(("429", "Too many wrong passwords; `Retry-After` says when to try again"));
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(Required::True);
        common.push(("413", "The body is too large"));
    }
    for (status, description) in common {
        let response = || RefOr::T(ResponseBuilder::new().description(description).build());
        operation.responses.responses.entry(status.to_owned()).or_insert_with(response);
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.content.is_empty()
        {
            describe(status, is_page, response);
        }
    }
}

/// Adds the media types of a response.
fn describe(status: &str, is_page: bool, response: &mut Response) {
    let mut add = |kind: &str, content: Content| response.content.insert(kind.to_owned(), RefOr::T(content));
    if is_page && !status.starts_with('3') {
        add(HTML, Content::default());
    }
    if status.starts_with(['4', '5']) {
        add("application/json", ContentBuilder::new().schema(Some(Ref::from_schema_name(ERROR))).build());
    } else if is_page && status == "200" {
        add("text/markdown", Content::default());
    }
}

/// The endpoint of the document.
pub(super) fn router(document: &OpenApi) -> Router<Service> {
    let text = document.to_json().unwrap_or_default();
    Router::new()
        .route("/openapi.json", get(move || async move { ([(CONTENT_TYPE, "application/json")], text) }))
}
