//! Witnesses: others who keep what the log's last checkpoint was, and say so by signing it
//! (C2SP tlog-witness, tlog-cosignature).
//!
//! Invariants:
//! 1. `cosigned` of a year is a checkpoint of that log with a quorum of good cosignatures, and only
//!    ever grows.
//! 2. With witnesses nothing of a year is signed after a start until a quorum of them has been asked
//!    what it knows of that year: an old copy of the disk that was put back signs no second history,
//!    also one that lacks a year's folder or its checkpoint (L6). Of a year without a checkpoint they
//!    are asked with that of the empty tree, which contradicts no history.
//! 3. A witness that knows more than is here, or another history, is believed if no quorum can be
//!    had without it: then nothing is acknowledged any more (L3).
//!    What it said against us stands until it cosigns a checkpoint of ours: a size that it names
//!    takes nothing back, or one that contradicts would do so anew in each round.
//! 4. Without a quorum for a day no stored or live footage is shown (L10). Expiry goes on.
//!
//! Who speaks to them over the network is not of here: this says what is to be asked, and judges
//! the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::WallTime;
use tlog::policy::{CheckNoteError, Policy};
use tlog::{Checkpoint, Hash, SignedNote};
use tokio::sync::{Notify, watch};

use crate::act::Act;
use crate::open::Inner;
use crate::{AppendError, EntryNumber, Ledger, LedgerStatus, ReadLedgerError};

/// How long footage is shown without a quorum of witnesses.
pub const LONGEST_UNWITNESSED: Duration = Duration::from_secs(86_400);

/// What a witness says of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It knows so many entries of the year's log, and cosigned or would.
    Knows {
        /// Which year's.
        year: u16,
        /// Entries.
        size: u64,
    },
    /// Our history is not one that follows from what it cosigned.
    OtherHistory {
        /// Of which year.
        year: u16,
    },
}

/// How the witnesses stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessStatus {
    /// Entries of the open year's log that a quorum has cosigned.
    pub cosigned_size: u64,
    /// When that was kept; `None` before the first since the start.
    pub cosigned_at: Option<WallTime>,
    /// When the oldest entry came that no quorum has cosigned; `None` if all are.
    pub waiting_since: Option<WallTime>,
    /// Whether nothing is signed yet, since too few were heard after the start.
    pub is_holding: bool,
    /// Whether footage is not shown, for want of a quorum for a day.
    pub is_overdue: bool,
    /// Witnesses that say the history is another, by name, with what they said.
    pub refusing: Vec<(String, String)>,
}

/// Why cosignatures were not kept.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// This recorder has no witnesses.
    #[error("no witnesses are configured")]
    NoWitnesses,
    /// The note is not a checkpoint that this log signed.
    #[error("what was cosigned is not a checkpoint of this log: {0}")]
    NotOurs(String),
    /// Our signature on it, or a known witness's, is wrong.
    #[error(transparent)]
    Check(#[from] CheckNoteError),
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] host::FsError),
}

pub(crate) struct Witnesses {
    pub(crate) policy: Policy,
    state: Mutex<State>,
    /// What is cosigned of each year.
    sizes: watch::Sender<BTreeMap<u16, u64>>,
    hurry: Notify,
    /// Whether the key may have signed before this start, so that they are asked first.
    asks_first: bool,
    /// The clock's year at the start. Its log may have been begun and lost: they are asked of it
    /// before anything of an earlier year is signed, which would then grow after its end.
    start_year: u16,
    overdue: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Who said what it knows of which year.
    heard: BTreeSet<(u16, String)>,
    /// Years of which a quorum was heard that does not contradict: they may be signed.
    agreed: BTreeSet<u16>,
    refusing: BTreeMap<String, String>,
    cosigned_at: Option<WallTime>,
}

impl Witnesses {
    /// `sizes` are what is cosigned already; `asks_first` unless the log's key was made just now.
    pub(crate) fn new(
        policy: Policy,
        sizes: BTreeMap<u16, u64>,
        asks_first: bool,
        start_year: u16,
    ) -> Self {
        Self {
            policy,
            state: Mutex::default(),
            sizes: watch::Sender::new(sizes),
            hurry: Notify::new(),
            asks_first,
            start_year,
            overdue: AtomicBool::new(false),
        }
    }

    /// Whether nothing of a year may be signed yet.
    pub(crate) fn holds(&self, year: u16) -> bool {
        let agreed = &self.lock().agreed;
        let asked = agreed.contains(&year) && agreed.contains(&year.max(self.start_year));
        self.asks_first && !asked
    }

    /// Whether footage may not be shown.
    pub(crate) fn is_overdue(&self) -> bool {
        self.overdue.load(Ordering::Acquire)
    }

    pub(crate) fn has_cosigned(&self, number: EntryNumber) -> bool {
        self.sizes.borrow().get(&number.year).is_some_and(|size| *size > number.index)
    }

    fn cosigned_size(&self, year: u16) -> u64 {
        self.sizes.borrow().get(&year).copied().unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets signing of a year go on once a quorum was heard of it that does not contradict.
    fn go_on(&self, state: &mut State, year: u16) {
        let agrees = |name: String| {
            !state.refusing.contains_key(&name) && state.heard.contains(&(year, name))
        };
        if self.policy.is_quorum_of(|it| agrees(name_of(it))) && state.agreed.insert(year) {
            tracing::info!(year, "a quorum of witnesses knows no more than is here");
            // What waited to be signed waits no longer.
            self.hurry.notify_one();
        }
    }
}

/// What the policy calls a witness.
fn name_of(witness: &tlog::policy::Witness) -> String {
    String::from_utf8_lossy(&witness.name).into_owned()
}

impl Ledger {
    /// The witnesses and what makes a quorum of them; `None` without any.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        self.inner.witnesses.as_ref().map(|witnesses| &witnesses.policy)
    }

    /// The newest signed checkpoints that wait for a quorum, one of each year, the oldest first. All
    /// years' stand there as long as too few witnesses were heard of the newest, to ask them; if that
    /// has none yet, that of the empty tree.
    ///
    /// # Errors
    /// If the disk refused.
    pub fn to_be_cosigned(&self) -> Result<Vec<(u16, SignedNote)>, ReadLedgerError> {
        let Some(witnesses) = &self.inner.witnesses else { return Ok(Vec::new()) };
        let mut years: BTreeSet<u16> = {
            let shards = self.inner.shards.read().unwrap_or_else(PoisonError::into_inner);
            shards.keys().copied().collect()
        };
        let Some(newest) = years.last().copied() else { return Ok(Vec::new()) };
        // The newest can be one that a crash cut off before its first entry: then another is open.
        let open = self.status().last.map_or(newest, |last| last.year);
        let asks = witnesses.holds(newest) || witnesses.holds(open);
        if asks {
            years.insert(newest.max(witnesses.start_year));
        }
        let mut waiting = Vec::new();
        for year in years {
            match self.inner.publisher().head(year)? {
                Some((size, note)) if asks || size > witnesses.cosigned_size(year) => {
                    waiting.push((year, note));
                }
                None if asks && year >= newest => {
                    waiting.push((year, self.inner.publisher().empty(year)?));
                }
                _ => {}
            }
        }
        Ok(waiting)
    }

    /// The proof that a year's log of `size` entries begins with its first `old_size`; both signed.
    ///
    /// # Errors
    /// If a tile cannot be read, or there are not so many entries.
    pub fn consistency(
        &self,
        year: u16,
        old_size: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadLedgerError> {
        self.inner.publisher().consistency(year, old_size, size)
    }

    /// What a witness said, by its name in the policy. It can speak against us; that is taken back
    /// by its cosignature alone ([`keep_cosigned`](Self::keep_cosigned)).
    pub fn heard(&self, witness: &str, heard: &Heard) {
        let Some(witnesses) = &self.inner.witnesses else { return };
        let told = self.inner.contradiction(heard);
        let (Heard::Knows { year, .. } | Heard::OtherHistory { year }) = *heard;
        let mut state = witnesses.lock();
        state.heard.insert((year, witness.to_owned()));
        let Some(told) = told else { return witnesses.go_on(&mut state, year) };
        let before = state.refusing.insert(witness.to_owned(), told.clone());
        let could_have =
            witnesses.policy.is_quorum_of(|it| !state.refusing.contains_key(&name_of(it)));
        drop(state);
        if before.as_ref() != Some(&told) {
            tracing::error!(witness, told, "a witness contradicts the ledger");
        }
        if !could_have {
            self.inner.stop(&format!("the witness {witness} says: {told}"));
        }
    }

    /// Takes a checkpoint with the cosignatures that came; whether they are a quorum. What has one
    /// is kept, durable, unless more is cosigned already.
    ///
    /// # Errors
    /// If it is not ours, a cosignature is wrong, or the disk refused. Nothing is then kept.
    pub fn keep_cosigned(&self, note: &SignedNote) -> Result<bool, CosignError> {
        let witnesses = self.inner.witnesses.as_ref().ok_or(CosignError::NoWitnesses)?;
        let parsed = Checkpoint::parse(note.text());
        let checkpoint = parsed.map_err(|error| CosignError::NotOurs(error.to_string()))?;
        let year = self.inner.publisher().year_of(&checkpoint.origin);
        let year = year.ok_or_else(|| CosignError::NotOurs(checkpoint.origin.clone()))?;
        let checked = witnesses.policy.check_by(note, &[self.inner.publisher().verifier(year)])?;
        // One at a time: the smaller of two must not overwrite the larger.
        let mut state = witnesses.lock();
        for cosigner in &checked.cosigners {
            let name = name_of(cosigner.witness);
            if state.refusing.remove(&name).is_some() {
                tracing::info!(witness = name, "a witness that contradicted cosigns again");
            }
            state.heard.insert((year, name));
        }
        witnesses.go_on(&mut state, year);
        if !checked.has_quorum {
            return Ok(false);
        }
        if checkpoint.size > witnesses.cosigned_size(year) {
            self.inner.publisher().keep_cosigned(year, note)?;
            witnesses.sizes.send_modify(|sizes| {
                sizes.insert(year, checkpoint.size);
            });
        }
        state.cosigned_at = Some(self.inner.clock.wall());
        Ok(true)
    }

    /// Returns when somebody cannot wait for the next round of cosigning.
    pub async fn cosigning_is_wanted(&self) {
        match &self.inner.witnesses {
            Some(witnesses) => witnesses.hurry.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Waits until a quorum has cosigned an entry, and asks for it; whether it has in this time.
    pub async fn cosigned(&self, number: EntryNumber, patience: Duration) -> bool {
        self.inner.cosigned(number, patience).await
    }

    /// How the witnesses stand; `None` without any. Looks whether a day has passed without them.
    #[must_use]
    pub fn witness_status(&self) -> Option<WitnessStatus> {
        let witnesses = self.inner.witnesses.as_ref()?;
        let waiting_since = self.inner.waiting_since(witnesses);
        let age = waiting_since.map(|since| self.inner.clock.wall().since(since));
        let is_overdue = age.is_some_and(|age| age >= LONGEST_UNWITNESSED);
        if is_overdue != witnesses.overdue.swap(is_overdue, Ordering::AcqRel) {
            tracing::warn!(is_overdue, "footage and witnesses: shown only with a quorum each day");
        }
        let LedgerStatus { year, last, .. } = self.status();
        let is_holding = last.is_some() && witnesses.holds(year);
        let state = witnesses.lock();
        Some(WitnessStatus {
            cosigned_size: witnesses.cosigned_size(year),
            cosigned_at: state.cosigned_at,
            waiting_since,
            is_holding,
            is_overdue,
            refusing: state.refusing.clone().into_iter().collect(),
        })
    }
}

impl Inner {
    /// Whether footage may not be shown, for want of witnesses.
    pub(crate) fn is_unwitnessed(&self) -> bool {
        self.witnesses.as_ref().is_some_and(Witnesses::is_overdue)
    }

    pub(crate) fn mind_the_witnesses<A: Act>(&self) -> Result<(), AppendError> {
        let is_refused = A::SHOWS_FOOTAGE && self.is_unwitnessed();
        if is_refused { Err(AppendError::Unwitnessed) } else { Ok(()) }
    }

    /// Whether nothing of a year may be signed yet, since the witnesses were not heard of it.
    pub(crate) fn holds_signing(&self, year: u16) -> bool {
        self.witnesses.as_ref().is_some_and(|witnesses| witnesses.holds(year))
    }

    /// Nothing more is acknowledged: what is here is not the history that was cosigned.
    pub(crate) fn stop(&self, reason: &str) {
        let reason = self.stopped.get_or_init(|| reason.into());
        self.healthy.store(false, Ordering::Release);
        self.status.write().unwrap_or_else(PoisonError::into_inner).broken =
            Some(reason.to_string());
        tracing::error!(%reason, "the ledger stops; viewing and exporting stop with it");
    }

    /// What speaks against the log in what a witness said.
    fn contradiction(&self, heard: &Heard) -> Option<String> {
        match heard {
            Heard::OtherHistory { year } => {
                Some(format!("the log of {year} is not the one it cosigned: history was changed"))
            }
            Heard::Knows { year, size } => {
                // Not what was appended since: an old copy may have grown past the witness before
                // it could be asked. What cannot be read contradicts nothing.
                let signed = self.publisher().head(*year).ok()?.map_or(0, |(size, _)| size);
                (*size > signed).then(|| {
                    format!(
                        "it cosigned {size} entries of {year}, and {signed} were signed here: an old copy was put back"
                    )
                })
            }
        }
    }

    pub(crate) async fn cosigned(&self, number: EntryNumber, patience: Duration) -> bool {
        let Some(witnesses) = &self.witnesses else { return false };
        let mut sizes = witnesses.sizes.subscribe();
        if witnesses.has_cosigned(number) {
            return true;
        }
        witnesses.hurry.notify_one();
        let has = |sizes: &BTreeMap<u16, u64>| {
            sizes.get(&number.year).is_some_and(|size| *size > number.index)
        };
        tokio::time::timeout(patience, sizes.wait_for(has)).await.is_ok_and(|found| found.is_ok())
    }

    /// When the oldest entry came that no quorum has cosigned.
    fn waiting_since(&self, witnesses: &Witnesses) -> Option<WallTime> {
        let sizes: Vec<(u16, u64)> = {
            let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
            shards.iter().map(|(&year, view)| (year, view.offsets.len() as u64)).collect()
        };
        let first = sizes.into_iter().find_map(|(year, size)| {
            let cosigned = witnesses.cosigned_size(year);
            (cosigned < size).then_some(EntryNumber { year, index: cosigned })
        })?;
        // An entry that cannot be read counts as old: silence must never look like health.
        let time = self.read(first).map(|(entry, _)| entry.time);
        Some(time.unwrap_or_else(|_| WallTime::from_micros(0)))
    }
}
