//! The demo answers as any other service.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use scs_monitor::{Service, Settings, router};
use tower::ServiceExt;

#[tokio::test]
async fn the_demo_shows_its_clouds() {
    let mut settings = Settings::default();
    settings.demo = true;
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let service = Service::start(settings, Arc::new(move || now)).await.unwrap();
    let router = router(service);
    for path in ["/page/table", "/page/detail/group-hanse/scs-compatible-iaas", "/markdown/table", "/status"]
    {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(text.len() > 1_000, "{path}");
    }
}
