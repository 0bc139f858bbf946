//! A program that chooses no cryptography for TLS gets an error. The only test of its process.

use scs_facts::{Key, Options, Store, UpdateError, update};

#[tokio::test]
async fn an_update_needs_the_tls_provider_of_the_process() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let result = update(&Store::new("/nowhere"), &[Key::MozillaTls], &Options::default(), at).await;
    assert_eq!(result, Err(UpdateError::NoTlsProvider));
}
