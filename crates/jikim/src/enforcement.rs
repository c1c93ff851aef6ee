//! What the policy in force makes of each camera: whether it records, until when, for how long its
//! footage is kept and where it lies.
//!
//! It is asked at each start of a camera and once a second after that, so a version holds from its first
//! moment on. Before the first version nothing is enforced: a recorder is set up and tried out before
//! there is anything to publish.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::StoragePlace;
use host::Clock;
use ingest::{Order, Orders, Recorder, Work};
use ledger::{CameraRecord, Ledger};
use policy::Description;
use vault::VolumeConfig;

use crate::policy_desk::{announced, now_in_force};

/// How often it is looked whether a camera has to do something else.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The policy as it is enforced.
pub(crate) struct Enforcement {
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    /// Whether somebody said in which rooms volumes stand. Where nobody did, footage lies on any: the
    /// promise of the place is unproven then, and no camera is dark for it.
    knows_places: bool,
    /// The version that was read last, and what it says; none if it cannot be read.
    read: Mutex<Option<(u64, Option<Arc<Description>>)>>,
}

impl Enforcement {
    pub(crate) fn new(ledger: &Ledger, clock: &Arc<dyn Clock>, volumes: &[VolumeConfig]) -> Self {
        Self {
            ledger: ledger.clone(),
            clock: Arc::clone(clock),
            knows_places: volumes.iter().any(|volume| volume.place.is_some()),
            read: Mutex::default(),
        }
    }

    pub(crate) fn orders(self) -> Box<Orders> {
        Box::new(move |camera| self.order(camera))
    }

    fn order(&self, camera: &CameraRecord) -> Order {
        let Some(described) = self.in_force() else { return Order::default() };
        let spot = camera.policy_spot.as_deref();
        let policy::Order::Line(terms) = policy::order(&described, spot, self.clock.wall()) else {
            let why = "it belongs to no line of the policy in force: name its line, or retire it";
            return Order { work: Work::NotOrdered(why.into()), ..Order::default() };
        };
        let work = if terms.is_open {
            Work::Record { until: terms.until }
        } else {
            let until = terms.until.map_or_else(|| "-".into(), |until| until.to_string());
            Work::OffHours(format!("outside the published hours, until {until}"))
        };
        Order {
            work,
            at_most: Some(Duration::from_secs(u64::from(terms.retention_days) * 86_400)),
            place: self.place(&terms.place),
        }
    }

    /// A word that is no place was found before the policy was announced.
    fn place(&self, word: &str) -> Option<StoragePlace> {
        self.knows_places.then(|| word.parse().ok()).flatten()
    }

    fn in_force(&self) -> Option<Arc<Description>> {
        let fact = now_in_force(&self.ledger, &*self.clock)?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = read.as_ref().filter(|(version, _)| *version == fact.version) {
            return known.clone();
        }
        let version = fact.version;
        let found = announced(&self.ledger, fact);
        if let Err(error) = &found {
            // Cameras go on as their records say: footage that is missing could not be made good.
            tracing::error!(error, "the policy in force cannot be read, and is not enforced");
        }
        let found = found.ok().map(|it| Arc::new(it.described));
        *read = Some((version, found.clone()));
        found
    }
}

/// Has each camera do what it has to, as versions begin and hours begin and end.
pub(crate) async fn follow(ledger: Ledger, recorder: Arc<Recorder>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        tokio::task::block_in_place(|| recorder.follow_orders(|camera| ledger.camera(camera)));
    }
}
