//! A program that chooses no cryptography for TLS gets an error. The only test of its process.

use scs_openstack::{Clouds, Environment, OpenError, Options, Session};

#[tokio::test]
async fn a_session_needs_the_tls_provider_of_the_process() {
    let variables = [
        ("OS_AUTH_URL", "http://127.0.0.1:9"),
        ("OS_AUTH_TYPE", "v3token"),
        ("OS_TOKEN", "t"),
        ("OS_PROJECT_ID", "p"),
    ];
    let clouds = Clouds::read(&Environment::new("/nowhere", variables)).unwrap();
    let error = Session::open(&clouds.cloud(None, None).unwrap(), &Options::default()).await.unwrap_err();
    assert_eq!(error, OpenError::NoTlsProvider);
}
