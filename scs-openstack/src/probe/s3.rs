//! Requests S3 on the host of the object store with a nonexistent key, like the official suite.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::{Method, StatusCode};
use ring::{digest, hmac};
use scs_standards::round_trip::Outcome;
use url::{Position, Url};

use super::end::{Ended, Found};
use super::steps::Steps;
use crate::catalog::OBJECT_STORE;
use scs_collector::one_line;

use crate::http::Call;

/// The access key of the official suite; its secret is empty.
const KEY: &str = "doesnotexist";
const REGION: &str = "us-east-1";

pub(super) async fn ask(steps: &Steps<'_>) -> Result<Found, Ended> {
    let mut url = steps.session.endpoint(OBJECT_STORE)?;
    url.set_path("/");
    steps.tell("lists buckets with a wrong key");
    let now = Timestamp::now();
    let call = signed(Call::new(Method::GET, "s3", url), now);
    let answer = steps.until_canceled(async { Ok(steps.session.send_without_token(call).await?) }).await?;
    let body = String::from_utf8_lossy(&answer.body);
    let code = code(&body);
    // A failing or overloaded service does not show whether it checks the key.
    if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Ended::Unavailable(format!(
            "s3 returned status {}{}; try again later",
            answer.status.as_u16(),
            code.map(|code| format!(" ({})", one_line(&code, 100))).unwrap_or_default()
        )));
    }
    let (outcome, detail) = match (answer.status, code) {
        (status, Some(code)) if status.is_client_error() => (Outcome::Refused, code),
        (StatusCode::OK, _) if body.contains("<ListAllMyBucketsResult") => {
            (Outcome::Failed, "it lists buckets for a nonexistent key".to_owned())
        }
        (status, _) => (Outcome::Failed, format!("it returned status {}, so it is not S3", status.as_u16())),
    };
    Ok(Found::Outcome(outcome, one_line(&detail, 100)))
}

/// The S3 error code.
fn code(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    Some(code.trim().to_owned()).filter(|code| !code.is_empty())
}

/// The request with a signature (version 4) of the nonexistent key.
fn signed(call: Call, now: Timestamp) -> Call {
    let now = now.to_zoned(TimeZone::UTC);
    let (day, time) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ").to_string());
    let host = host(&call.url);
    let nothing = hex(digest::digest(&digest::SHA256, b"").as_ref());
    let headers = "host;x-amz-content-sha256;x-amz-date";
    let request = format!(
        "GET\n/\n\nhost:{host}\nx-amz-content-sha256:{nothing}\nx-amz-date:{time}\n\n{headers}\n{nothing}"
    );
    let place = format!("{day}/{REGION}/s3/aws4_request");
    let request = hex(digest::digest(&digest::SHA256, request.as_bytes()).as_ref());
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{place}\n{request}");
    let key = [day.as_str(), REGION, "s3", "aws4_request"]
        .iter()
        .fold(b"AWS4".to_vec(), |key, piece| mac(&key, piece.as_bytes()));
    let signature = hex(&mac(&key, to_sign.as_bytes()));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={KEY}/{place}, SignedHeaders={headers}, Signature={signature}");
    call.header("authorization", &authorization)
        .header("x-amz-content-sha256", &nothing)
        .header("x-amz-date", &time)
}

/// The value of the `Host` header.
fn host(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_errors() {
        let ceph =
            "<?xml version=\"1.0\"?><Error><Code>InvalidAccessKeyId</Code><RequestId>x</RequestId></Error>";
        assert_eq!(code(ceph).as_deref(), Some("InvalidAccessKeyId"));
        assert_eq!(code("<html>"), None);
    }

    #[test]
    fn the_host_has_a_port_unless_default() {
        assert_eq!(host(&Url::parse("https://c.example/").unwrap()), "c.example");
        assert_eq!(host(&Url::parse("http://[::1]:8080/").unwrap()), "[::1]:8080");
    }
}
