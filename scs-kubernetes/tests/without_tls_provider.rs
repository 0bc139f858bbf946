//! A program that chooses no cryptography for TLS gets an error. The only test of its process.

use scs_kubernetes::{Environment, Kubeconfigs, OpenError, Options, Overrides, Session};

#[tokio::test]
async fn a_session_needs_the_tls_provider_of_the_process() {
    let mut overrides = Overrides::default();
    overrides.server = Some("http://127.0.0.1:9".to_owned());
    let kubeconfigs = Kubeconfigs::read(&Environment::new("/", [("HOME", "/nowhere")]), &overrides).unwrap();
    let now = "2026-12-01T08:00:00Z".parse().unwrap();
    let error =
        Session::open(&kubeconfigs.cluster(None).unwrap(), &Options::default(), now).await.unwrap_err();
    assert_eq!(error, OpenError::NoTlsProvider);
}
