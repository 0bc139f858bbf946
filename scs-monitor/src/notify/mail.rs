//! Sends events by mail.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use scs_standards::written::visible;
use serde_json::Value;

use super::DeliveryError;
use crate::bootstrap::Address;

/// The longest wait for an answer of the server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A mail server, and the sender of mails.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Reads the address of the server and that of the sender.
    ///
    /// # Errors
    ///
    /// If one of them is not an address, with the reason.
    pub(crate) fn new(server: &str, from: &str) -> Result<Self, String> {
        // The address may contain a password, so it is not repeated.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|error| format!("the address of the mail server cannot be used: {error}"))?
            .timeout(Some(TIMEOUT))
            .build();
        let from = from.parse().map_err(|error| format!("the sender of mails is not an address: {error}"))?;
        Ok(Self { transport, from })
    }

    /// Sends an event to all addresses of a contact.
    pub(super) async fn send(&self, to: &[Address], id: &str, body: &Value) -> Result<(), DeliveryError> {
        let wrong = |problem: &dyn std::fmt::Display| DeliveryError::Permanent(problem.to_string());
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
        let lines: Vec<_> = text("text").lines().map(visible).collect();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(visible(text("title")))
            // The same for each attempt, so that a mail which arrives twice is one.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN);
        for address in to {
            let address =
                address.0.parse().map_err(|_| DeliveryError::Permanent("no mail address".into()))?;
            message = message.to(Mailbox::new(None, address));
        }
        let mut message = message
            .body(format!("{}\n\n{}\n", lines.join("\n"), text("url")))
            .map_err(|error| wrong(&error))?;
        message.headers_mut().insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(DeliveryError::Refused(reason(&error))),
            Err(error) => Err(DeliveryError::Temporary(reason(&error))),
        }
    }
}

/// The status of an answer. Its text is left out, since servers repeat the address in it.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(status) => format!("the mail server answered {status}"),
        None if error.is_timeout() => "the mail server does not answer".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    }
}
