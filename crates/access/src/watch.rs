//! Long viewing: an act that goes on, whose grant lives with the pictures, and which ends within a
//! second when the right to it does (guarantee A2).

use std::collections::BTreeMap;
use std::fmt::Display;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{CameraId, WallTime};
use ledger::act::Act;
use ledger::{AppendError, Grant, SpanRecord};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::door::close;
use crate::{Access, Asker, PerformError, Request};

/// How often the grant is asked whether it still holds.
const CHECK_EVERY: Duration = Duration::from_millis(200);
/// How long an effect may take to end by itself; together with [`CHECK_EVERY`] under a second.
const END_WITHIN: Duration = Duration::from_millis(500);
/// Spans this close together are one.
const SAME_SPAN: Duration = Duration::from_secs(2);
/// Spans of one camera in one entry; more become one span around them all, which says too much
/// rather than too little.
const MOST_SPANS: usize = 16;

/// What a long viewing says of itself, and is told.
pub struct Served {
    spans: Mutex<BTreeMap<CameraId, Vec<(WallTime, WallTime)>>>,
    session: Option<watch::Receiver<()>>,
    stop: watch::Sender<bool>,
}

impl Served {
    fn new(session: Option<watch::Receiver<()>>) -> Self {
        Self { spans: Mutex::default(), session, stop: watch::Sender::new(false) }
    }

    /// Notes that footage of a camera from one moment up to another goes out. To be called before
    /// it does.
    pub fn note(&self, camera: CameraId, from: WallTime, to: WallTime) {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        merge(spans.entry(camera).or_default(), from, to.max(from));
    }

    /// Whether the viewing must end now: the session ended, the right was taken away, or the ledger
    /// cannot write.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        *self.stop.borrow() || self.session.as_ref().is_some_and(|it| it.has_changed().is_err())
    }

    /// Waits until the viewing must end. Whoever has not ended half a second later is cut off.
    pub async fn ended(&self) {
        let mut stop = self.stop.subscribe();
        let stopped = async { drop(stop.wait_for(|stop| *stop).await) };
        let session = self.session.clone();
        let session_ended = async {
            match session {
                // Nothing is ever sent: this returns when the session is gone.
                Some(mut session) => while session.changed().await.is_ok() {},
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stopped => {}
            () = session_ended => {}
        }
    }

    fn take(&self) -> Vec<SpanRecord> {
        let spans = std::mem::take(&mut *self.spans.lock().unwrap_or_else(PoisonError::into_inner));
        let write = |camera: CameraId, (from, to): (WallTime, WallTime)| SpanRecord {
            camera: camera.to_string(),
            from: from.to_string(),
            to: to.to_string(),
        };
        spans
            .into_iter()
            .flat_map(|(camera, spans)| spans.into_iter().map(move |span| write(camera, span)))
            .collect()
    }
}

/// Adds a span to those of one camera.
fn merge(spans: &mut Vec<(WallTime, WallTime)>, from: WallTime, to: WallTime) {
    let near =
        |(begin, end): &(WallTime, WallTime)| from <= *end + SAME_SPAN && *begin <= to + SAME_SPAN;
    if let Some(at) = spans.iter().position(near) {
        let (begin, end) = spans.swap_remove(at);
        // It may have closed the gap to another: once more, with one span less.
        return merge(spans, from.min(begin), to.max(end));
    }
    spans.push((from, to));
    if spans.len() > MOST_SPANS {
        let begin = spans.iter().map(|span| span.0).min().unwrap_or(from);
        let end = spans.iter().map(|span| span.1).max().unwrap_or(to);
        *spans = vec![(begin, end)];
    }
}

impl Access {
    /// As [`Access::perform`], for viewing that goes on. What was really served is entered every
    /// ten minutes and at the end, before the outcome.
    ///
    /// When the session ends, the right is taken away or the ledger cannot write, the effect is
    /// told ([`Served::ended`]), and cut off half a second later; then the outcome is unknown,
    /// which counts as all served. A session that is merely locked lets the pictures go on.
    ///
    /// # Errors
    /// As [`Access::perform`]; [`PerformError::Cut`] if the effect had to be cut off.
    ///
    /// # Panics
    /// If the request's action is not of the kind `A`: a mistake in the program.
    pub async fn perform_while<A, T, E, F>(
        &self,
        asker: &Asker,
        request: Request,
        effect: F,
    ) -> Result<T, PerformError<E>>
    where
        A: Act,
        E: Display,
        F: AsyncFnOnce(&Grant<A>, &Served) -> Result<T, E>,
    {
        let session = asker.session().and_then(|id| self.sessions().watch(id));
        let grant = self.admit::<A>(asker, request).await?;
        if let Some(id) = asker.session() {
            self.sessions().relieve(id);
        }
        let served = Served::new(session);
        let result = {
            let mut effect = pin!(effect(&grant, &served));
            let mut watching = pin!(watch_over(&grant, &served, self.config.served_every));
            tokio::select! {
                result = &mut effect => Some(result),
                () = &mut watching => None,
            }
        };
        if let Err(error) = enter(&grant, &served).await {
            tracing::warn!(%error, "what was served could not be entered; it counts as all");
        }
        let Some(result) = result else {
            drop(grant);
            return Err(PerformError::Cut);
        };
        close(grant, &result).await;
        result.map_err(PerformError::Effect)
    }
}

/// Enters what was served, time after time; returns when the effect has to be cut off.
async fn watch_over<A: Act>(grant: &Grant<A>, served: &Served, every: Duration) {
    let mut check = interval(CHECK_EVERY);
    let mut entering = interval(every);
    for interval in [&mut check, &mut entering] {
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        interval.tick().await;
    }
    let mut over = pin!(async {
        served.ended().await;
        sleep(END_WITHIN).await;
    });
    loop {
        let holds = tokio::select! {
            () = &mut over => return,
            _ = check.tick() => grant.check().is_ok(),
            _ = entering.tick() => enter(grant, served).await.is_ok(),
        };
        if !holds {
            served.stop.send_replace(true);
        }
    }
}

async fn enter<A: Act>(grant: &Grant<A>, served: &Served) -> Result<(), AppendError> {
    let spans = served.take();
    if spans.is_empty() {
        return Ok(());
    }
    grant.served(spans).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> WallTime {
        WallTime::from_micros(second * 1_000_000)
    }

    #[test]
    fn spans_that_touch_are_one() {
        let mut spans = Vec::new();
        for second in 0..100 {
            merge(&mut spans, at(second), at(second + 1));
        }
        assert_eq!(spans, [(at(0), at(100))]);
        merge(&mut spans, at(200), at(210));
        assert_eq!(spans.len(), 2);
        merge(&mut spans, at(100), at(200));
        assert_eq!(spans, [(at(0), at(210))]);
    }

    #[test]
    fn many_spans_become_one_that_says_too_much() {
        let mut spans = Vec::new();
        for n in 0..=16 {
            merge(&mut spans, at(n * 100), at(n * 100 + 1));
        }
        assert_eq!(spans, [(at(0), at(1601))]);
    }
}
