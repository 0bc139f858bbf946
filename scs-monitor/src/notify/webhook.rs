//! Posts events to webhooks, signed as the Standard Webhooks specification says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use ring::hmac;
use serde_json::Value;

use super::DeliveryError;
use crate::bootstrap::Webhook;

/// The longest time for a request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts events.
pub(crate) struct Poster {
    client: Client,
    allows_private: bool,
}

impl Poster {
    /// A client that follows no redirects, and connects to public addresses only unless told otherwise.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up, with the reason.
    pub(crate) fn new(allows_private: bool) -> Result<Self, String> {
        // The client would panic.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err("webhooks cannot be posted: no provider of cryptography is installed".to_owned());
        }
        let client = Client::builder()
            .user_agent(concat!("scs-monitor/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .dns_resolver(Arc::new(Resolver { allows_private }))
            .build()
            .map_err(|error| format!("webhooks cannot be posted: {}", error.without_url()))?;
        Ok(Self { client, allows_private })
    }

    /// Posts an event. Only the status of the answer is read.
    pub(super) async fn post(
        &self,
        webhook: &Webhook,
        id: &str,
        body: &Value,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let url: Url =
            webhook.url.parse().map_err(|_| DeliveryError::Permanent("not an address".to_owned()))?;
        // Names are checked when they are resolved.
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if literal.is_ok_and(|address| !self.allows_private && !is_public(address)) {
            return Err(DeliveryError::Refused("the webhook has an address that is not public".to_owned()));
        }
        let (text, at) = (body.to_string(), now.as_second().to_string());
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", &at)
            .header("webhook-signature", signature(&webhook.secret, id, &at, &text))
            .body(text);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => {
                Err(DeliveryError::Refused(format!("the webhook answered {}", answer.status().as_u16())))
            }
            // Without the address, which may contain a secret.
            Err(error) if error.is_timeout() => {
                Err(DeliveryError::Refused("the webhook does not answer".to_owned()))
            }
            Err(_) => Err(DeliveryError::Refused("the webhook cannot be reached".to_owned())),
        }
    }
}

/// The signature of a message: `v1,` and the HMAC-SHA256 of id, time and body. A secret that begins with `whsec_` is Base64.
fn signature(secret: &str, id: &str, at: &str, body: &str) -> String {
    let decoded = secret.strip_prefix("whsec_").and_then(|encoded| STANDARD.decode(encoded).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, decoded.as_deref().unwrap_or(secret.as_bytes()));
    let tag = hmac::sign(&key, format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

/// Resolves names to public addresses, so that a name cannot lead to services of the own network.
struct Resolver {
    allows_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allows_private = self.allows_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| allows_private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public Internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!((a, b, c), (0 | 224.., _, _) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _));
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = address.to_ipv4_mapped() {
        return is_public_v4(address);
    }
    let segments = address.segments();
    // Global unicast without documentation, and without addresses that contain one of IPv4.
    let [a, b, ..] = segments;
    (0x2000..0x4000).contains(&a) && (a, b) != (0x2001, 0xdb8) && (a, b) != (0x2001, 0) && a != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for private in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "172.16.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of the Standard Webhooks specification.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signature(secret, id, "1614265330", "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
