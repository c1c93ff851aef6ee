//! `jikim doctor --claims`: attacks what Jikim claims of itself, on a running recorder, and says what
//! held.
//!
//! Whoever runs it is the strongest attacker that the claims speak of: root on the machine. What
//! could do harm is done to a copy in memory, which is overwritten afterwards; the running recorder
//! only gets requests. A claim that could not be attacked is *untested*, never *held*.

mod arguments;
mod door;
mod footage;
mod history;
mod keep;
mod replay;
mod snapshot;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use api::DoctorResult as Outcome;
use hyper::Method;
use serde::Serialize;

pub(crate) use arguments::DoctorArguments;
pub(crate) use keep::{keep, kept};

use crate::status::Status;
use crate::{Told, give, sentence, socket_client};

/// One claim, attacked.
#[derive(Debug, Serialize)]
pub(crate) struct Claim {
    /// What is claimed: a word that stays.
    pub(crate) claim: &'static str,
    pub(crate) result: Outcome,
    /// Attempts, and those that succeeded.
    pub(crate) tried: u64,
    pub(crate) succeeded: u64,
    /// What was done, with numbers; or why it could not be.
    pub(crate) detail: String,
}

impl Claim {
    pub(crate) fn new(claim: &'static str, tried: u64, succeeded: u64, detail: String) -> Self {
        let result = match (tried, succeeded) {
            (0, _) => Outcome::Untested,
            (_, 0) => Outcome::Held,
            _ => Outcome::Broken,
        };
        Self { claim, result, tried, succeeded, detail }
    }

    pub(crate) fn untested(claim: &'static str, why: impl std::fmt::Display) -> Self {
        Self::new(claim, 0, 0, why.to_string())
    }
}

/// The recorder that is attacked.
pub(crate) struct Patient {
    pub(crate) data: PathBuf,
    pub(crate) address: SocketAddr,
    /// The verifier key of its open log.
    pub(crate) key: String,
    /// That of its second signatures.
    pub(crate) second_key: String,
    /// Its volumes, by their paths.
    pub(crate) volumes: Vec<PathBuf>,
}

impl Patient {
    /// What a verifier knows who trusts the recorder's two keys and no witness.
    pub(crate) fn policy(&self) -> Told<tlog::policy::Policy> {
        let text = format!("log {}\nlog {}\nquorum none\n", self.key, self.second_key);
        tlog::policy::Policy::parse(text.as_bytes()).map_err(sentence)
    }
}

/// Attacks every claim; the exit code says whether all that was tested held.
pub(crate) async fn doctor(arguments: DoctorArguments) -> Told<ExitCode> {
    let data = arguments.place.data.clone();
    let document = socket_client::ask_running(&data, Method::GET, "/status", None).await?;
    let status: Status = serde_json::from_value(document).map_err(sentence)?;
    let volumes = volumes_of(&data)?;
    let (key, second_key) = (status.ledger.key, status.ledger.second_key);
    let patient = Patient { data, address: arguments.address, key, second_key, volumes };
    let is_json = arguments.place.json;
    let mut claims: Vec<Claim> = Vec::new();
    let mut note = |claim: Claim| {
        if !is_json {
            say(&claim);
        }
        claims.push(claim);
    };
    // Taken first: the recorder goes on meanwhile, so that at the end this is an old copy.
    let (old, pieces) = (snapshot::take(&patient.data), replay::take(&patient));
    note(door::unasked(&patient).await);
    note(door::without_purpose());
    note(footage::sealed(&patient));
    note(footage::destroyed(&patient));
    match old {
        Ok(old) => {
            note(history::edited(&patient, &old));
            note(history::reopened_after_an_edit(&patient, &old));
            note(history::forked(&patient, &old).await);
            note(history::put_back(&patient, &old).await);
        }
        Err(why) => {
            for claim in [history::EDITED, history::REOPENED, history::FORKED, history::PUT_BACK] {
                note(Claim::untested(claim, &why));
            }
        }
    }
    note(replay::replayed(&patient, pieces));
    // The recorder keeps it, so that nobody is told of the good ones alone.
    let wire = |it: &Claim| api::DoctorClaim {
        claim: it.claim.into(),
        result: it.result,
        tried: it.tried,
        succeeded: it.succeeded,
    };
    let wire: Vec<_> = claims.iter().map(wire).collect();
    let wire = serde_json::to_value(wire).map_err(sentence)?;
    socket_client::ask_running(&patient.data, Method::POST, "/doctor", Some(&wire)).await?;
    let is_broken = claims.iter().any(|claim| claim.result == Outcome::Broken);
    if is_json {
        give(&serde_json::to_string(&claims).map_err(sentence)?);
    } else {
        let count = |result| claims.iter().filter(|claim| claim.result == result).count();
        let (held, broken) = (count(Outcome::Held), count(Outcome::Broken));
        give(&format!("{held} held, {broken} broken, {} not tested", count(Outcome::Untested)));
    }
    Ok(if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The volumes of the last start, as the vault notes them: a line `<id> <path>` each.
fn volumes_of(data: &Path) -> Told<Vec<PathBuf>> {
    let path = data.join("vault").join("volumes");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(text.lines().filter_map(|line| line.split_once(' ')).map(|(_, it)| it.into()).collect())
}

fn say(claim: &Claim) {
    let result = match claim.result {
        Outcome::Held => "held     ",
        Outcome::Broken => "BROKEN   ",
        Outcome::Untested => "untested ",
    };
    give(&format!("{result}{}: {}", claim.claim, claim.detail));
}
