//! Asking the witnesses: the newest checkpoint goes to each of them, what they sign comes back
//! (C2SP tlog-witness). The ledger says what is to be asked and judges the answers.
//!
//! One checkpoint at a time, to all of them at once: cosignatures count together only beneath the
//! same checkpoint. A witness that is slow or away holds up nobody for longer than a round.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{EntryNumber, WallTime};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use host::{Clock, Disk, Fs};
use ledger::{Heard, Kind, Ledger};
use tlog::policy::Policy;
use tlog::witness::{AddCheckpoint, Answer, cosignature_by};
use tlog::{Signature, SignedNote, VerifierKey};
use tokio::time::Instant;

use crate::witness_line::{self, Authorities};
use crate::{Told, sentence};

mod evidence;
#[cfg(test)]
mod load_tests;

pub(crate) use evidence::Evidence;

/// Where the witnesses of a recorder are written down, in its data folder.
pub(crate) const POLICY_FILE: &str = "witnesses.policy";

/// Between two rounds, while nobody is in a hurry.
const EVERY: Duration = Duration::from_secs(5);
/// A witness that hears of nothing new for two minutes raises an alarm: a recorder in which nothing
/// happens says that it runs.
const ALIVE_EVERY: Duration = Duration::from_secs(60);
/// What a witness has for its answers in a round.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the others have once there is a quorum.
const PATIENCE_WITH_QUORUM: Duration = Duration::from_secs(1);
/// Requests to one witness in a round: to learn where it stands, then to go on from there.
const MOST_REQUESTS: usize = 3;

/// How one witness stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WitnessView {
    pub(crate) name: String,
    /// When it cosigned last, since this start.
    pub(crate) cosigned_at: Option<WallTime>,
    /// Why its last answer was no cosignature, if so.
    pub(crate) trouble: Option<String>,
    /// Where what it holds against this recorder is kept, within the data folder.
    pub(crate) evidence: Option<String>,
}

/// The witnesses, as they stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Witnesses(Arc<Mutex<Vec<WitnessView>>>);

impl Witnesses {
    /// In the order of the policy.
    pub(crate) fn views(&self) -> Vec<WitnessView> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<WitnessView>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The policy of a data folder; none without the file.
pub(crate) fn policy_of(data: &Path) -> Told<Option<Policy>> {
    let path = data.join(POLICY_FILE);
    if !Disk.exists(&path).map_err(sentence)? {
        return Ok(None);
    }
    let bytes = Disk.read(&path, tlog::policy::MAX_POLICY_BYTES).map_err(sentence)?;
    let told = |what: &str| format!("{} cannot be used: {what}", path.display());
    let policy = Policy::parse(&bytes).map_err(|error| told(&error.to_string()))?;
    if !policy.asks_for_witnesses() {
        return Err(told("it asks for no witness; name a quorum, or take the file away"));
    }
    if let Some(lacking) = policy.witnesses().iter().find(|witness| witness.url.is_none()) {
        return Err(told(&format!("the witness {} has no address", name_of(&lacking.name))));
    }
    Ok(Some(policy))
}

/// What of the policy is to be entered, if it has changed since it last was. Whoever takes the file
/// away, or names other witnesses, is seen by who reads the log.
pub(crate) fn event_of(data: &Path, ledger: &Ledger) -> Told<Option<Kind>> {
    let path = data.join(POLICY_FILE);
    let lines = match ledger.policy() {
        Some(_) => {
            let bytes = Disk.read(&path, tlog::policy::MAX_POLICY_BYTES).map_err(sentence)?;
            lines_of(&String::from_utf8_lossy(&bytes))
        }
        None => Vec::new(),
    };
    let event = ledger.witnesses_event(&lines).map_err(sentence)?;
    if event.is_some() {
        tracing::warn!(
            witnesses = ledger.policy().map_or(0, |it| it.witnesses().len()),
            "the witnesses are others than before; that is entered"
        );
    }
    Ok(event)
}

/// Those that mean something, each with one blank between its words.
fn lines_of(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn name_of(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// A witness that is asked.
struct Target {
    name: String,
    key: VerifierKey,
    url: String,
    authorities: Authorities,
    /// Entries of each year's log that it has cosigned, as far as we know.
    sizes: HashMap<u16, u64>,
    /// Where what it holds against us is kept; nowhere on behalf of a ledger that nobody runs.
    evidence: Option<Evidence>,
    /// The same within the data folder, once it is.
    kept: Option<String>,
}

/// Asks for as long as the recorder runs.
pub(crate) async fn run(
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    views: Witnesses,
    authorities: Authorities,
    evidence: Evidence,
) {
    if ledger.policy().is_none() {
        return;
    }
    let mut targets = targets_of(&ledger, &views, &authorities, Some(&evidence));
    let mut newest = (None, Instant::now());
    loop {
        let next = Instant::now() + EVERY;
        say_alive(&ledger, &mut newest).await;
        if let Err(told) = round(&ledger, &*clock, &mut targets, &views).await {
            tracing::warn!(told, "the witnesses could not be asked");
        }
        // Looked at each round, so that a day without a quorum is noticed.
        let _ = ledger.witness_status();
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = ledger.cosigning_is_wanted() => {
                // What somebody waits for has to be in a checkpoint first.
                if ledger.publish().await.is_err() {
                    tokio::time::sleep_until(next).await;
                }
            }
        }
    }
}

/// The witnesses of a ledger's policy, none of which was asked yet.
fn targets_of(
    ledger: &Ledger,
    views: &Witnesses,
    authorities: &Authorities,
    evidence: Option<&Evidence>,
) -> Vec<Target> {
    let witnesses = ledger.policy().map_or(&[][..], Policy::witnesses);
    let targets: Vec<Target> = witnesses
        .iter()
        .map(|witness| Target {
            name: name_of(&witness.name),
            key: witness.key.clone(),
            url: witness.url.as_deref().map(name_of).unwrap_or_default(),
            authorities: authorities.clone(),
            sizes: HashMap::new(),
            evidence: evidence.cloned(),
            kept: None,
        })
        .collect();
    *views.lock() = targets
        .iter()
        .map(|it| WitnessView {
            name: it.name.clone(),
            cosigned_at: None,
            trouble: None,
            evidence: None,
        })
        .collect();
    targets
}

/// Asks each witness once, on behalf of a ledger that nobody else asks for.
pub(crate) async fn ask_once(
    ledger: &Ledger,
    clock: &dyn Clock,
    authorities: &Authorities,
) -> Told<()> {
    let views = Witnesses::default();
    let mut targets = targets_of(ledger, &views, authorities, None);
    round(ledger, clock, &mut targets, &views).await
}

/// Enters that the recorder runs, if nothing else was entered for a minute. `newest` is the newest
/// entry and since when it is that.
async fn say_alive(ledger: &Ledger, newest: &mut (Option<EntryNumber>, Instant)) {
    let last = ledger.status().last;
    if newest.0 != last {
        *newest = (last, Instant::now());
    } else if newest.1.elapsed() >= ALIVE_EVERY
        && let Err(error) = ledger.append(vec![Kind::Alive.into()]).await
    {
        tracing::debug!(%error, "that the recorder runs was not entered");
    }
}

/// Each checkpoint that waits, to every witness.
async fn round(
    ledger: &Ledger,
    clock: &dyn Clock,
    targets: &mut [Target],
    views: &Witnesses,
) -> Told<()> {
    let waiting = tokio::task::block_in_place(|| ledger.to_be_cosigned()).map_err(sentence)?;
    for (year, note) in waiting {
        let mut cosigned = note.clone();
        let asked = targets.iter_mut().enumerate().map(async |(index, target)| {
            let asked = tokio::time::timeout(PATIENCE, target.ask(ledger, year, &note)).await;
            let asked = asked.unwrap_or_else(|_| Err("it does not answer".into()));
            if asked.is_err() {
                target.keep_evidence(ledger, year, &note).await;
                views.lock()[index].evidence.clone_from(&target.kept);
            }
            (index, asked)
        });
        let mut answers: FuturesUnordered<_> = asked.collect();
        let mut until = Instant::now() + PATIENCE;
        while let Ok(Some((index, answer))) = tokio::time::timeout_at(until, answers.next()).await {
            let signature = note_answer(views, index, clock.wall(), answer);
            let Some(signature) = signature else { continue };
            cosigned.add(signature).map_err(sentence)?;
            let kept = tokio::task::block_in_place(|| ledger.keep_cosigned(&cosigned));
            if kept.map_err(sentence)? {
                until = until.min(Instant::now() + PATIENCE_WITH_QUORUM);
            }
        }
    }
    Ok(())
}

fn note_answer(
    views: &Witnesses,
    index: usize,
    now: WallTime,
    answer: Told<Signature>,
) -> Option<Signature> {
    let mut views = views.lock();
    let view = &mut views[index];
    match answer {
        Ok(signature) => {
            if view.trouble.take().is_some() {
                tracing::info!(witness = view.name, "it cosigns again");
            }
            view.cosigned_at = Some(now);
            Some(signature)
        }
        Err(told) => {
            if view.trouble.as_ref() != Some(&told) {
                tracing::warn!(witness = view.name, told, "a witness does not cosign");
            }
            view.trouble = Some(told);
            None
        }
    }
}

impl Target {
    /// Where a witness contradicts, what it cosigned is fetched and kept, once in a run. If that does
    /// not come off it is tried again with the next round.
    async fn keep_evidence(&mut self, ledger: &Ledger, year: u16, ours: &SignedNote) {
        let Some(evidence) = self.evidence.as_ref().filter(|_| self.kept.is_none()) else { return };
        let status = ledger.witness_status();
        let contradicts = |(name, _): &(String, String)| *name == self.name;
        if !status.is_some_and(|status| status.refusing.iter().any(contradicts)) {
            return;
        }
        let kept = async {
            let origin = tlog::Checkpoint::parse(ours.text()).map_err(sentence)?.origin;
            let asked = witness_line::checkpoint(&self.url, &origin, &self.authorities);
            let bytes = tokio::time::timeout(PATIENCE, asked).await.map_err(sentence)??;
            tokio::task::block_in_place(|| {
                evidence::judge(ledger, year, &self.key, &bytes, ours)?;
                evidence.keep(&self.name, year, &bytes)
            })
        };
        let kept: Told<String> = kept.await;
        match kept {
            Ok(kept) => {
                tracing::error!(
                    witness = self.name,
                    kept,
                    "what a witness cosigned, and is not the history here, is kept as evidence"
                );
                self.kept = Some(kept);
            }
            Err(told) => {
                tracing::warn!(witness = self.name, told, "no evidence is kept of a contradiction");
            }
        }
    }

    /// Its cosignature on a checkpoint of ours.
    async fn ask(&mut self, ledger: &Ledger, year: u16, note: &SignedNote) -> Told<Signature> {
        for _ in 0..MOST_REQUESTS {
            let old_size = self.sizes.get(&year).copied().unwrap_or(0);
            let size = tlog::Checkpoint::parse(note.text()).map_err(sentence)?.size;
            let proof = tokio::task::block_in_place(|| ledger.consistency(year, old_size, size));
            let request = AddCheckpoint::new(old_size, proof.map_err(sentence)?, note.clone());
            let body = request.map_err(sentence)?.encode();
            match witness_line::post(&self.url, body, &self.authorities).await? {
                Answer::Cosigned(signatures) => {
                    let (signature, _) =
                        cosignature_by(&self.key, note.text(), &signatures).map_err(sentence)?;
                    self.sizes.insert(year, size);
                    ledger.heard(&self.name, &Heard::Knows { year, size });
                    return Ok(signature);
                }
                Answer::Conflict { size: known } if known == old_size => {
                    // The same size and another root.
                    ledger.heard(&self.name, &Heard::OtherHistory { year });
                    return Err("it cosigned another history of this log".into());
                }
                Answer::Conflict { size: known } => {
                    ledger.heard(&self.name, &Heard::Knows { year, size: known });
                    if known > size {
                        return Err(format!(
                            "it knows {known} entries, this checkpoint has {size}"
                        ));
                    }
                    self.sizes.insert(year, known);
                }
                Answer::Inconsistent => {
                    ledger.heard(&self.name, &Heard::OtherHistory { year });
                    return Err("it cosigned another history of this log".into());
                }
                Answer::UnknownLog => return Err("it does not know this recorder".into()),
                Answer::UnknownKey => return Err("it knows another key for this recorder".into()),
                Answer::BadRequest => return Err("it does not understand the request".into()),
            }
        }
        Err("it changes its mind about what it cosigned".into())
    }
}
