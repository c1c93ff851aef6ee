//! A version of the policy that promises less than the one before: two people agree to just this file.
//!
//! The file is kept beside the ledger under its hash from when it was proposed, so that whoever is to
//! approve it reads what is announced, and nothing else can be.

use access::{Grant, Target, act};
use api::{ErrorCode, ProposedPolicy};
use domain::{Action, FileHash};
use ledger::Ledger;
use policy::Description;
use server::HouseError;

use crate::edge::{failed, internal};
use crate::house::House;
use crate::policy_desk::{Judgement, enter, lines_of};

/// What it is called; refused if it has an error, or promises no less.
pub(crate) fn of(house: &House, text: &str) -> Result<FileHash, HouseError> {
    judge(house, text)?;
    let sha256 = Ledger::companion_of(&lines_of(text)).sha256;
    sha256.parse().map_err(|error: domain::FileHashError| internal(error.to_string()))
}

fn judge(house: &House, text: &str) -> Result<Description, HouseError> {
    let described =
        Description::read(text).map_err(|error| failed(ErrorCode::PolicyUnfit)(error.into()))?;
    match Judgement::of(house, &described)?.refusal() {
        Some(ErrorCode::PolicyLooser) => Ok(described),
        // One person announces what promises no less.
        None => Err(HouseError::Unfit(ErrorCode::Conflict)),
        Some(code) => Err(HouseError::Unfit(code)),
    }
}

/// Keeps it, so that others can read it.
pub(crate) fn keep(house: &House, text: &str) -> Result<(), HouseError> {
    house.ledger.keep_companion(&lines_of(text)).map(drop).map_err(internal)
}

/// What was proposed.
pub(crate) fn proposed(
    house: &House,
    file: FileHash,
) -> Result<Option<ProposedPolicy>, HouseError> {
    let Some(text) = text_of(house, file) else { return Ok(None) };
    let Ok(described) = Description::read(&text) else { return Ok(None) };
    let judged = Judgement::of(house, &described)?;
    let effective = described.versions.last().map(|version| version.effective.clone());
    let effective = effective.unwrap_or_default();
    Ok(Some(ProposedPolicy { effective, loosenings: judged.loosenings, description: text }))
}

fn text_of(house: &House, file: FileHash) -> Option<String> {
    let bytes = house.ledger.published(&format!("companion/{file}"))?;
    String::from_utf8(bytes).ok()
}

/// Announces the file that two people agreed to, if it is still fit: it says that it is announced today.
pub(crate) async fn announce(
    house: &House,
    grant: &Grant<act::AnnouncePolicy>,
) -> Result<(), HouseError> {
    grant.check().map_err(|error| failed(ErrorCode::Forbidden)(error.into()))?;
    let (Action::LoosenPolicy, Target::Policy { file }) = (grant.action(), grant.target()) else {
        return Err(HouseError::Unfit(ErrorCode::Forbidden));
    };
    let text = tokio::task::block_in_place(|| text_of(house, *file));
    let text = text.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    // It was read under its hash: what is entered has that hash, or nothing is.
    if Ledger::companion_of(&lines_of(&text)).sha256 != file.to_string() {
        return Err(internal("the file that was proposed is damaged"));
    }
    let described = judge(house, &text)?;
    enter(&house.ledger, &described, &text).await.map_err(internal)
}
