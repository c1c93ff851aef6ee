//! A device that may not answer: asked from a thread of its own, and waited for only so long.
//!
//! A token on a network can hang for minutes, and a rotation asks while nothing can be written. One
//! thing is asked at a time: as long as the last is not answered, nothing else is, so that no late
//! answer overtakes a later question.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use host::Secret;

use super::{Holder, HolderError, Provable};

/// How long a device may take for one thing that it is asked.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A holder behind a thread.
#[derive(Debug)]
pub(super) struct Posted {
    inner: Arc<dyn Holder>,
    is_busy: Arc<AtomicBool>,
    patience: Duration,
}

/// Ends when what was asked is answered, or fell over.
struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Posted {
    pub(super) fn new(inner: Arc<dyn Holder>, patience: Duration) -> Self {
        Self { inner, is_busy: Arc::default(), patience }
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Holder) -> Result<T, HolderError> + Send + 'static,
    ) -> Result<T, HolderError> {
        if self.is_busy.swap(true, Ordering::AcqRel) {
            return Err(HolderError::Busy);
        }
        let busy = Busy(Arc::clone(&self.is_busy));
        let inner = Arc::clone(&self.inner);
        let (answer, answered) = channel();
        let asked = std::thread::Builder::new().name("holder".into()).spawn(move || {
            let result = question(&*inner);
            drop(busy);
            let _ = answer.send(result);
        });
        asked.map_err(|error| HolderError::Other(format!("no thread to ask it: {error}")))?;
        match answered.recv_timeout(self.patience) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(HolderError::Silent(self.patience.as_secs())),
            Err(RecvTimeoutError::Disconnected) => {
                Err(HolderError::Other("the program that asks it fell over".into()))
            }
        }
    }
}

impl Holder for Posted {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn join(&self) -> Result<(), HolderError> {
        self.ask(|holder| holder.join())
    }

    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
        self.ask(|holder| holder.held())
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError> {
        let key = key.clone();
        self.ask(move |holder| holder.wrap(epoch, &key))
    }

    fn destroy(&self, epoch: u64) -> Result<(), HolderError> {
        self.ask(move |holder| holder.destroy(epoch))
    }

    fn look(&self) -> Result<(), HolderError> {
        self.ask(|holder| holder.look())
    }

    fn provable(&self) -> Provable {
        self.inner.provable()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender};

    use super::*;

    /// Answers when it is told to.
    #[derive(Debug)]
    struct Hanging(Mutex<Receiver<()>>);

    impl Holder for Hanging {
        fn name(&self) -> &'static str {
            "hanging"
        }
        fn join(&self) -> Result<(), HolderError> {
            Ok(())
        }
        fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
            self.0.lock().unwrap().recv().unwrap();
            Ok(Vec::new())
        }
        fn wrap(&self, _: u64, _: &Secret) -> Result<(), HolderError> {
            Ok(())
        }
        fn destroy(&self, _: u64) -> Result<(), HolderError> {
            Ok(())
        }
    }

    #[test]
    fn k3_a_device_that_hangs_is_left_alone_until_it_answers() {
        let (go, wait): (Sender<()>, _) = channel();
        let posted = Posted::new(Arc::new(Hanging(Mutex::new(wait))), Duration::from_millis(50));
        posted.join().unwrap();
        assert!(matches!(posted.held(), Err(HolderError::Silent(_))));
        // A late answer to the first must not be taken for one to the second.
        assert!(matches!(posted.destroy(1), Err(HolderError::Busy)));
        go.send(()).unwrap();
        while posted.is_busy.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        posted.destroy(1).unwrap();
        go.send(()).unwrap();
        assert!(posted.held().unwrap().is_empty());
    }
}
