//! Tells contacts what happened to their subjects: once each, by mail and webhooks.
//!
//! Events are found by one instance at a time and stored with their deliveries; any instance delivers. What cannot be delivered is
//! tried again with growing pauses.

mod events;
mod mail;
mod text;
mod webhook;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::bootstrap::Notify;
use crate::service::{Cause, Service, ServiceError};
use crate::store::{Channel, Delivery, Outcome, StoreError};

pub(crate) use mail::Mailer;
pub(crate) use webhook::Poster;

/// The pause between two looks for events or deliveries.
const PAUSE: Duration = Duration::from_secs(5);

/// How long an instance may work on a delivery before another one tries it.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// The deliveries that are made at once.
const AT_ONCE: i64 = 8;

/// The pause after the first failed attempt; it doubles with each one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// The number of attempts after which a webhook, or a mail that its server refuses for good, is given up: after about three days.
const MOST_ATTEMPTS: i64 = 20;

/// Why a delivery failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryError {
    /// It may work later, however long it takes.
    Temporary(String),
    /// It may work later, but is given up at some point.
    Refused(String),
    /// It cannot work.
    Permanent(String),
}

/// Writes the first of several errors in a row to the log.
#[derive(Default)]
struct Log {
    has_failed: bool,
}

impl Log {
    fn note(&mut self, outcome: Result<(), StoreError>) {
        let has_failed = outcome.is_err();
        if let (Err(error), false) = (outcome, self.has_failed) {
            tracing::error!("notifications: {error}");
        }
        self.has_failed = has_failed;
    }
}

impl Service {
    /// Looks for events and delivers them, for ever. A channel that hangs delays only itself.
    pub async fn notify(&self) {
        let looking = async {
            let mut log = Log::default();
            loop {
                log.note(self.find_events().await);
                tokio::time::sleep(PAUSE).await;
            }
        };
        let mailing = self.keep_delivering(Channel::Email);
        let posting = self.keep_delivering(Channel::Webhook);
        tokio::join!(looking, mailing, posting);
    }

    /// Looks for events and delivers what is due, once.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn notify_once(&self) -> Result<(), ServiceError> {
        self.find_events().await.map_err(Cause::from)?;
        let (mails, posts) = tokio::join!(self.deliver(Channel::Email), self.deliver(Channel::Webhook));
        Ok(mails.and(posts).map_err(Cause::from)?)
    }

    async fn keep_delivering(&self, channel: Channel) {
        let mut log = Log::default();
        loop {
            log.note(self.deliver(channel).await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn find_events(&self) -> Result<(), StoreError> {
        events::find(self).await
    }

    /// Delivers what is due on a channel.
    async fn deliver(&self, channel: Channel) -> Result<(), StoreError> {
        let now = self.now();
        let until = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
        let due = self.store().claim(channel, now, until, AT_ONCE).await?;
        let mut tasks = JoinSet::new();
        for delivery in due {
            let service = self.clone();
            tasks.spawn(async move { service.deliver_one(channel, delivery).await });
        }
        let mut outcome = Ok(());
        while let Some(done) = tasks.join_next().await {
            outcome = outcome.and(done.unwrap_or(Ok(())));
        }
        outcome
    }

    async fn deliver_one(&self, channel: Channel, delivery: Delivery) -> Result<(), StoreError> {
        let Delivery { notification, attempts } = delivery;
        let config = self.config();
        let contact =
            config.bootstrap.account(&notification.subject).and_then(|account| account.notify.as_ref());
        let sent = match contact {
            Some(contact) => self.send(channel, contact, &notification.id, &notification.body).await,
            None => Err(DeliveryError::Permanent("there is no longer a contact".to_owned())),
        };
        let later = |problem| Outcome::Later(next_attempt(self.now(), attempts), problem);
        let outcome = match sent {
            Ok(()) => Outcome::Sent,
            Err(DeliveryError::Refused(problem)) if attempts + 1 >= MOST_ATTEMPTS => Outcome::Failed(problem),
            Err(DeliveryError::Temporary(problem) | DeliveryError::Refused(problem)) => later(problem),
            Err(DeliveryError::Permanent(problem)) => Outcome::Failed(problem),
        };
        if let Outcome::Later(_, problem) | Outcome::Failed(problem) = &outcome {
            let (subject, id) = (&notification.subject, &notification.id);
            tracing::warn!(subject, id, ?channel, attempts, "a notification is not delivered: {problem}");
        }
        self.store().delivered(&notification.id, channel, &outcome).await
    }

    async fn send(
        &self,
        channel: Channel,
        contact: &Notify,
        id: &str,
        body: &Value,
    ) -> Result<(), DeliveryError> {
        match channel {
            Channel::Email => self.mailer()?.send(&contact.email, id, body).await,
            Channel::Webhook => match &contact.webhook {
                Some(webhook) => self.poster()?.post(webhook, id, body, self.now()).await,
                None => Err(DeliveryError::Permanent("there is no longer a webhook".to_owned())),
            },
        }
    }
}

/// When to try again after a number of earlier attempts.
fn next_attempt(now: Timestamp, attempts: i64) -> Timestamp {
    let factor = 1_i32.checked_shl(u32::try_from(attempts).unwrap_or(u32::MAX).min(12)).unwrap_or(1);
    let pause = FIRST_PAUSE.checked_mul(factor).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_six_hours() {
        let minutes = |attempts| next_attempt(Timestamp::UNIX_EPOCH, attempts).as_second() / 60;
        assert_eq!([0, 1, 2, 8, 9, 60].map(minutes), [1, 2, 4, 256, 360, 360]);
    }
}
