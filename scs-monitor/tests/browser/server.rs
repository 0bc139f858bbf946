//! The demo, served on a port of this machine for all tests.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, mpsc};

use jiff::Timestamp;
use scs_monitor::{Service, Settings, router};
use tokio::net::TcpListener;

/// The address of the demo, as of a fixed day.
pub(crate) fn demo() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel();
        // It outlives the runtimes of the tests.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let mut settings = Settings::default();
                settings.demo = true;
                let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
                let service = Service::start(settings, Arc::new(move || now)).await.unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, service).await;
            });
        });
        format!("http://{}", receiver.recv().unwrap())
    })
}

/// Serves until the test ends.
pub(crate) async fn serve(listener: TcpListener, service: Service) {
    let application = router(service).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, application).await.unwrap();
}
