//! The ledger as a person reads it: entries for everybody, records for who did the act or was
//! granted to read them.

use access::{Grant, Target, act};
use api::{ErrorCode, Id, LedgerEntry, LedgerPage, LedgerRecord, NamedCamera, RecordDetail, Time};
use domain::{AccountId, Actor, CameraId, WallTime};
use ledger::{
    Decision, Entry, EntryNumber, Kind, OutcomeWord, PurposeRecord, ReadLedgerError, Record,
    TargetRecord, TicketStep, VisitRecord, VisitStep,
};
use server::{AccountDates, HouseError};

use crate::edge::{failed, internal};
use crate::house::House;
use crate::register::time;

pub(crate) fn read_failed(error: ReadLedgerError) -> HouseError {
    let code = match &error {
        ReadLedgerError::Missing(_) | ReadLedgerError::Sealed(_) => ErrorCode::NotFound,
        ReadLedgerError::Ended(_) => ErrorCode::Forbidden,
        _ => ErrorCode::LedgerUnavailable,
    };
    failed(code)(error.into())
}

/// The proof of an entry with the entry itself in it, so that one file is all that an inspector's
/// program needs beside the policy.
pub(crate) async fn receipt(house: &House, number: EntryNumber) -> Result<String, HouseError> {
    let proof = house.ledger.proof(number).await.map_err(read_failed)?;
    let entry = tokio::task::block_in_place(|| house.ledger.entry_bytes(number));
    let entry = entry.map_err(read_failed)?;
    let proof = tlog::TlogProof::parse(proof.as_bytes()).map_err(internal)?;
    tlog::TlogProof { extra: Some(entry), ..proof }.encode().map_err(internal)
}

/// A page of entries, the newest first.
pub(crate) fn page(
    house: &House,
    actor: Actor,
    before: Option<(u16, u64)>,
    limit: usize,
) -> Result<LedgerPage, HouseError> {
    let status = house.ledger.status();
    let year = before.map_or(status.year, |(year, _)| year);
    let before = before.map(|(_, number)| number);
    let entries = tokio::task::block_in_place(|| house.ledger.entries(year, before, limit));
    let entries = entries.map_err(read_failed)?;
    let wire =
        entries.into_iter().map(|(number, entry)| entry_on_wire(house, actor, number, &entry));
    Ok(LedgerPage {
        year,
        size: status.size,
        root: status.root,
        origin: status.origin,
        entries: wire.collect(),
    })
}

/// One entry, with its record if it is of the actor's own act.
pub(crate) fn own_entry(
    house: &House,
    actor: Actor,
    year: u16,
    index: u64,
) -> Result<LedgerRecord, HouseError> {
    let number = EntryNumber { year, index };
    let entry = house.ledger.entry(number).map_err(read_failed)?;
    let record = house.ledger.own_record(actor, number).unwrap_or(None);
    Ok(LedgerRecord {
        entry: entry_on_wire(house, actor, number, &entry),
        withheld: entry.commitment.is_some() && record.is_none(),
        detail: record.map(|record| detail(house, &record)),
    })
}

/// The entry that a grant names, with its record, whoever did it.
pub(crate) fn granted_entry(
    house: &House,
    grant: &Grant<act::ReadRecords>,
) -> Result<LedgerRecord, HouseError> {
    let Target::Entry(number) = *grant.target() else {
        return Err(HouseError::Unfit(ErrorCode::BadRequest));
    };
    let entry = house.ledger.entry(number).map_err(read_failed)?;
    let record = house.ledger.record(grant, number).map_err(read_failed)?;
    Ok(LedgerRecord {
        entry: entry_on_wire(house, grant.actor(), number, &entry),
        withheld: false,
        detail: record.map(|record| detail(house, &record)),
    })
}

fn entry_on_wire(house: &House, actor: Actor, number: EntryNumber, entry: &Entry) -> LedgerEntry {
    let (kind, action, intent, outcome) = match &entry.kind {
        Kind::Opened { .. } => ("opened", None, None, None),
        Kind::Started => ("started", None, None, None),
        Kind::Stopped => ("stopped", None, None, None),
        Kind::Alive => ("alive", None, None, None),
        Kind::Intent { action, proposal } => {
            ("intent", Some(action.word().into()), *proposal, None)
        }
        Kind::Proposal { action } => ("proposal", Some(action.word().into()), None, None),
        Kind::Approval { proposal, decision } => {
            ("approval", None, Some(*proposal), Some(decision_word(*decision)))
        }
        Kind::Outcome { intent, result } => ("outcome", None, Some(*intent), Some(word(*result))),
        Kind::Served { intent } => ("served", None, Some(*intent), None),
        Kind::Refusal { action, reason } => {
            ("refusal", Some(action.word().into()), None, Some(reason.clone()))
        }
        Kind::Account => ("account", None, None, None),
        Kind::Credential => ("credential", None, None, None),
        Kind::Camera => ("camera", None, None, None),
        Kind::Plan => ("plan", None, None, None),
        Kind::Hold => ("hold", None, None, None),
        Kind::Keys { .. } => ("keys", None, None, None),
        Kind::VaultKey { .. } => ("vault-key", None, None, None),
        Kind::Destroyed { .. } => ("destroyed", None, None, None),
        Kind::LogKey { .. } => ("log-key", None, None, None),
        Kind::Witnesses { .. } => ("witnesses", None, None, None),
        Kind::RecordRoot(_) => ("record-root", None, None, None),
        Kind::Holders { .. } => ("holders", None, None, None),
        Kind::ReelClosed { .. } => ("reel-closed", None, None, None),
        Kind::ClockStep { .. } => ("clock-step", None, None, None),
        Kind::ReelDamaged { .. } => ("reel-damaged", None, None, None),
        Kind::Scrubbed { .. } => ("scrubbed", None, None, None),
        Kind::Site { .. } => ("site", None, None, None),
        Kind::Policy { .. } => ("policy", None, None, None),
        Kind::Promises { .. } => ("promises", None, None, None),
        Kind::Attestation(_) => ("attestation", None, None, None),
        Kind::Ticket(step) => ticket_step(step),
        Kind::Visit(VisitStep::Arrived { .. }) => ("visit", None, None, Some("arrived".into())),
        Kind::Visit(VisitStep::Departed { visit }) => {
            ("visit", None, Some(*visit), Some("departed".into()))
        }
        Kind::Visit(VisitStep::Withdrawn { visit }) => {
            ("visit", None, Some(*visit), Some("consent-withdrawn".into()))
        }
        Kind::Request(step) => ("request", None, step.request(), Some(step.word().into())),
        Kind::Disclosure(step) => ("disclosure", None, step.disclosure(), Some(step.word().into())),
        Kind::Export(step) => ("export", None, Some(step.about()), Some(step.word().into())),
        Kind::Doctor { .. } => ("doctor", None, None, None),
        Kind::EarlyRule { proposal, .. } => ("early-rule", None, Some(*proposal), None),
    };
    let owned = |number| matches!(house.ledger.own_record(actor, number), Ok(Some(_)));
    LedgerEntry {
        year: number.year,
        number: number.index,
        time: time(entry.time),
        kind: kind.into(),
        action,
        mine: entry.commitment.is_some() && owned(number) || intent.is_some_and(owned),
        intent: intent.map(|intent| intent.to_string()),
        outcome,
    }
}

/// Who came, as one line of the book.
fn visitor(house: &House, visit: &VisitRecord) -> String {
    let VisitRecord { area_name, name, body, business, escort, reason, .. } = visit;
    let escort = name_of(house, escort).map(|name| format!("동행 {name}"));
    let said = [Some(area_name), name.as_ref(), body.as_ref(), business.as_ref(), escort.as_ref()];
    let mut parts: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
    if !reason.is_empty() {
        parts.push(reason);
    }
    parts.join(" · ")
}

/// The step stands where others have their outcome, the ticket where others have their intent.
fn ticket_step(
    step: &TicketStep,
) -> (&'static str, Option<String>, Option<EntryNumber>, Option<String>) {
    let (ticket, word) = match step {
        TicketStep::Opened { .. } => (None, "opened"),
        TicketStep::Entered { ticket } => (Some(*ticket), "entered"),
        TicketStep::Left { ticket } => (Some(*ticket), "left"),
        TicketStep::Closed { ticket } => (Some(*ticket), "closed"),
        TicketStep::Lapsed { ticket } => (Some(*ticket), "lapsed"),
    };
    ("ticket", None, ticket, Some(word.into()))
}

fn decision_word(decision: Decision) -> String {
    match decision {
        Decision::Approved => "approved",
        Decision::Refused => "refused",
        Decision::Withdrawn => "withdrawn",
    }
    .into()
}

fn word(result: OutcomeWord) -> String {
    match result {
        OutcomeWord::Done => "done",
        OutcomeWord::Failed => "failed",
        OutcomeWord::Unknown => "unknown",
    }
    .into()
}

fn detail(house: &House, record: &Record) -> RecordDetail {
    let actor = record.actor().unwrap_or_default().to_owned();
    let mut detail = RecordDetail {
        actor_name: name_of(house, &actor),
        actor,
        cameras: Vec::new(),
        from: None,
        to: None,
        purpose: None,
        note: None,
        picture_base64: None,
    };
    match record {
        Record::Ask { purpose, target, .. } => {
            detail.purpose = purpose.as_ref().and_then(purpose_on_wire);
            fill_target(house, &mut detail, target);
        }
        Record::Outcome { note, .. } => detail.note = Some(note.clone()),
        Record::Served { spans, .. } => {
            let ids = spans.iter().map(|span| span.camera.clone()).collect();
            detail.cameras = named(house, ids);
            detail.from = spans.iter().map(|span| &span.from).min().cloned().map(Time);
            detail.to = spans.iter().map(|span| &span.to).max().cloned().map(Time);
        }
        Record::Account { account, .. } => detail.note = Some(account.display_name.clone()),
        Record::Attestation { remark, picture, .. } => {
            detail.note = Some(remark.clone()).filter(|remark| !remark.is_empty());
            detail.picture_base64.clone_from(picture);
        }
        Record::Credential { .. } | Record::Approval { .. } => {}
        Record::Proposal { target, reason, .. } => {
            fill_target(house, &mut detail, target);
            detail.note = Some(reason.clone());
        }
        Record::Ticket { work, cameras, .. } => {
            detail.cameras = named(house, cameras.clone());
            detail.note = Some(work.clone());
        }
        Record::Visit { visit, .. } => detail.note = Some(visitor(house, visit)),
        Record::VisitStep { .. } => {}
        Record::Request { request, .. } => {
            detail.cameras = named(house, request.cameras.clone());
            detail.from = Some(Time(request.from.clone()));
            detail.to = Some(Time(request.until.clone()));
            detail.note = Some(format!("{} · {}", request.requester.name, request.reason));
        }
        Record::RequestStep { note, .. } => {
            detail.note = Some(note.text.clone()).filter(|text| !text.is_empty());
        }
        Record::Disclosure { disclosure, .. } => {
            detail.cameras = named(house, disclosure.cameras.clone());
            detail.from = Some(Time(disclosure.from.clone()));
            detail.to = Some(Time(disclosure.until.clone()));
            detail.note = Some(format!("{} · {}", disclosure.body, disclosure.purpose));
        }
        Record::DisclosureStep { note, .. } => {
            detail.note = Some(note.text.clone()).filter(|text| !text.is_empty());
        }
        Record::Export { export, .. } => {
            detail.cameras = named(house, export.cameras.clone());
            let (from, to) = (export.from.clone(), export.to.clone());
            (detail.from, detail.to) = (Some(Time(from)), Some(Time(to)));
            detail.note = Some(format!("{} · {}", export.recipient, export.purpose));
        }
        Record::ExportRevoked { reason, .. } => detail.note = Some(reason.clone()),
        Record::TicketStep { remark, .. } => {
            detail.note = Some(remark.clone()).filter(|remark| !remark.is_empty());
        }
        Record::Hold { hold, .. } => {
            detail.cameras = named(house, hold.cameras.clone());
            (detail.from, detail.to) = (Some(Time(hold.from.clone())), Some(Time(hold.to.clone())));
            let why = hold.released.as_ref().map_or(&hold.reason, |released| &released.reason);
            detail.purpose = purpose_on_wire(why);
            detail.note = Some(hold.case.clone());
        }
        Record::Floor { floor, .. } => {
            let ids = floor.cameras.iter().map(|place| place.camera.clone()).collect();
            detail.cameras = named(house, ids);
            detail.note = Some(format!("{} · {} · {}", floor.site, floor.building, floor.name));
        }
        Record::FloorPicture { picture, .. } => detail.picture_base64.clone_from(picture),
        Record::RangePicture { camera, picture, .. } => {
            detail.cameras = named(house, vec![camera.clone()]);
            detail.picture_base64.clone_from(picture);
        }
        Record::Camera { camera, .. } => {
            detail.cameras = named(house, vec![camera.camera.clone()]);
        }
    }
    detail
}

fn fill_target(house: &House, detail: &mut RecordDetail, target: &TargetRecord) {
    match target {
        TargetRecord::Live { cameras } => detail.cameras = named(house, cameras.clone()),
        TargetRecord::Footage { cameras, from, to }
        | TargetRecord::Register { cameras, from, to, .. }
        | TargetRecord::Export { cameras, from, to, .. } => {
            detail.cameras = named(house, cameras.clone());
            detail.from = Some(Time(from.clone()));
            detail.to = Some(Time(to.clone()));
        }
        TargetRecord::Hold { cameras, from, to, case, .. } => {
            detail.cameras = named(house, cameras.clone());
            (detail.from, detail.to) = (Some(Time(from.clone())), Some(Time(to.clone())));
            detail.note = Some(case.clone());
        }
        TargetRecord::Request { cameras, .. } | TargetRecord::Disclosure { cameras, .. } => {
            detail.cameras = named(house, cameras.clone());
        }
        TargetRecord::Certified { camera, from, to } => {
            detail.cameras = named(house, vec![camera.clone()]);
            detail.from = Some(Time(from.clone()));
            detail.to = Some(Time(to.clone()));
        }
        TargetRecord::Proposed { target, .. } => fill_target(house, detail, target),
        TargetRecord::Camera { camera } | TargetRecord::Retention { camera, .. } => {
            detail.cameras = named(house, vec![camera.clone()]);
        }
        TargetRecord::Account { account, .. } => {
            detail.note = name_of(house, &format!("person:{account}"));
        }
        TargetRecord::NewTicket { cameras, from, until, .. } => {
            detail.cameras = named(house, cameras.clone());
            (detail.from, detail.to) = (Some(Time(from.clone())), Some(Time(until.clone())));
        }
        TargetRecord::House {}
        | TargetRecord::Ticket { .. }
        | TargetRecord::Floor { .. }
        | TargetRecord::Policy { .. }
        | TargetRecord::Entry { .. }
        | TargetRecord::Proposal { .. } => {}
    }
}

pub(crate) fn purpose_on_wire(purpose: &PurposeRecord) -> Option<api::Purpose> {
    let kind = api::PurposeKind::from_word(&purpose.kind)?;
    Some(api::Purpose { kind, note: purpose.note.clone() })
}

pub(crate) fn named(house: &House, ids: Vec<String>) -> Vec<NamedCamera> {
    let mut cameras: Vec<NamedCamera> = ids
        .into_iter()
        .map(|id| {
            let record = id.parse::<CameraId>().ok().and_then(|camera| house.ledger.camera(camera));
            NamedCamera { name: record.map(|record| record.name).unwrap_or_default(), id: Id(id) }
        })
        .collect();
    cameras.dedup_by(|a, b| a.id == b.id);
    cameras
}

/// What people call an actor, if he is a person.
pub(crate) fn name_of(house: &House, actor: &str) -> Option<String> {
    let account: AccountId = actor.strip_prefix("person:")?.parse().ok()?;
    house.ledger.account(account).map(|account| account.display_name)
}

/// Since when and until when an account has rights, from the entries that made and ended it.
pub(crate) fn account_dates(house: &House, account: AccountId) -> AccountDates {
    let (created_at, ended_at) = house.ledger.account_dates(account);
    AccountDates { created_at: created_at.unwrap_or(WallTime::EPOCH), ended_at }
}
