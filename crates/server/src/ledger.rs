//! The ledger, as far as a person reads it, and its published files for anybody.

use std::sync::Arc;

use access::{EntryNumber, Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Action;
use serde::Deserialize;

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Asked, Input};
use crate::words;

/// Entries at once: unless asked for otherwise, and at most.
const USUAL_PAGE: usize = 50;
const LONGEST_PAGE: usize = 200;
/// Characters of the longest path of a tile, with room to spare.
const LONGEST_PATH: usize = 128;

/// Which entries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    before: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn page(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<api::LedgerPage>, Refused> {
    look(&edge, &person).await?;
    let before = query.before.as_deref().map(entry_number).transpose()?;
    let limit = query.limit.unwrap_or(USUAL_PAGE).clamp(1, LONGEST_PAGE);
    Ok(Json(edge.house.ledger_page(person.asker.actor(), before, limit).await?))
}

pub(crate) async fn entry(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::LedgerRecord>, Refused> {
    look(&edge, &person).await?;
    let (year, number) = entry_of(&path)?;
    Ok(Json(edge.house.ledger_entry(person.asker.actor(), year, number).await?))
}

/// Somebody else's record: an act with a purpose.
pub(crate) async fn record(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
    Input(input): Input<api::RecordRequest>,
) -> Result<Json<api::LedgerRecord>, Refused> {
    let (year, number) = entry_of(&path)?;
    let purpose = Some(words::purpose(&input.purpose)?);
    let target = Target::Entry(EntryNumber { year, index: number });
    let request = Request { purpose, ..Request::new(Action::ReadRecords, target) };
    let effect = async |grant: &_| edge.house.ledger_record(grant).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

pub(crate) async fn proof(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Response, Refused> {
    look(&edge, &person).await?;
    let (year, number) = entry_of(&path)?;
    Ok(plain(edge.house.ledger_proof(year, number).await?))
}

/// The newest signed checkpoint of a year, for anybody.
pub(crate) async fn checkpoint(
    State(edge): State<Arc<Edge>>,
    Path(year): Path<String>,
) -> Result<Response, Refused> {
    note(&edge, digits(&year)?, "checkpoint").await
}

/// The newest checkpoint of a year that a quorum of witnesses cosigned, for anybody.
pub(crate) async fn cosigned(
    State(edge): State<Arc<Edge>>,
    Path(year): Path<String>,
) -> Result<Response, Refused> {
    note(&edge, digits(&year)?, "cosigned").await
}

async fn note(edge: &Edge, year: u16, name: &str) -> Result<Response, Refused> {
    let note = edge.house.published(format!("{year}/{name}")).await;
    let note = note.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(plain(note.ok_or(ErrorCode::NotFound)?))
}

/// A public list that an entry names by its hash, for anybody: commitments of keys, no key.
pub(crate) async fn companion(
    State(edge): State<Arc<Edge>>,
    Path(sha256): Path<String>,
) -> Result<Response, Refused> {
    let is_hash = |text: &str| {
        text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
    };
    if !is_hash(&sha256) {
        return Err(ErrorCode::NotFound.into());
    }
    let list = edge.house.published(format!("companion/{sha256}")).await;
    let list = list.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(plain(list.ok_or(ErrorCode::NotFound)?))
}

/// A tile or a bundle of entries, for anybody.
pub(crate) async fn tile(
    State(edge): State<Arc<Edge>>,
    Path((year, path)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let year: u16 = digits(&year)?;
    if !is_tile_path(&path) {
        return Err(ErrorCode::NotFound.into());
    }
    let tile = edge.house.published(format!("{year}/tile/{path}")).await;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((StatusCode::OK, kind, tile.ok_or(ErrorCode::NotFound)?).into_response())
}

/// A proposal, by the entry it is called after.
pub(crate) fn number_of(path: &Path<(String, String)>) -> Result<EntryNumber, Refused> {
    let (year, index) = entry_of(path)?;
    Ok(EntryNumber { year, index })
}

async fn look(edge: &Edge, person: &Person) -> Result<(), Refused> {
    Ok(edge.access.look::<Nothing>(&person.asker, Action::ReadLedger, Target::House).await?)
}

/// Lower-case words and digits between slashes: nothing that leads elsewhere on the disk.
fn is_tile_path(path: &str) -> bool {
    let is_name = |name: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let stem = name.strip_suffix(".p").unwrap_or(name);
        !stem.is_empty() && stem.chars().all(fits)
    };
    path.len() <= LONGEST_PATH && path.split('/').all(is_name)
}

fn entry_of(Path((year, number)): &Path<(String, String)>) -> Result<(u16, u64), Refused> {
    Ok((digits(year)?, digits(number)?))
}

/// `2026/17`.
fn entry_number(text: &str) -> Result<(u16, u64), Refused> {
    let (year, number) = text.split_once('/').ok_or(ErrorCode::BadRequest)?;
    Ok((digits(year)?, digits(number)?))
}

fn digits<N: std::str::FromStr>(text: &str) -> Result<N, Refused> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten().ok_or_else(|| ErrorCode::NotFound.into())
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_tile_leads_nowhere_else() {
        assert!(is_tile_path("0/x001/234.p/17") && is_tile_path("entries/000"));
        for path in ["../keys", "0/../../x", "/etc", "0//1", "0/.p", "a\\b", "0/%2e", "..p/1"] {
            assert!(!is_tile_path(path), "{path}");
        }
    }

    #[test]
    fn an_entry_is_written_with_digits_alone() {
        assert_eq!(entry_number("2026/17").unwrap(), (2026, 17));
        for text in ["2026", "+2026/1", "2026/", "2026/-1", "99999/1"] {
            assert!(entry_number(text).is_err(), "{text}");
        }
    }
}
