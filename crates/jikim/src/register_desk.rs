//! Making a register: what of the ledger it is made from, and its forms.

use std::collections::BTreeSet;
use std::time::Duration;

use access::{Grant, Target, act};
use api::{ErrorCode, Id, NamedCamera, RegisterFormat};
use domain::{Action, EntryNumber, RegisterName, WallTime};
use futures::FutureExt as _;
use ledger::{Entry, Kind, RegisterEntry, VisitStep};
use papers::Document;
use registers::{Asked, KeyList, MOST_ROWS, Names, Register, Sources, document, register, title};
use rights::day_in_korea;
use server::{Answer, HouseError, RegisterDesk};

use crate::edge::internal;
use crate::house::House;
use crate::ledger_view::read_failed;
use crate::policy_desk::in_force;
use crate::press_line::{self, PressError};
use crate::register::time;

/// An act of destruction, and the keys of minutes that outlive a bucket, are entered before what they
/// are about, by less than this.
const BEFORE: Duration = Duration::from_secs(86_400);
/// Acts that are read for a register: more never fit into its rows.
const MOST_ACTS: usize = 100_000;

impl RegisterDesk for House {
    fn register<'a>(&'a self, grant: &'a Grant<act::ReadRegister>) -> Answer<'a, api::Register> {
        async move {
            let made = tokio::task::block_in_place(|| Made::of(self, grant))?;
            Ok(made.on_wire(grant))
        }
        .boxed()
    }

    fn register_file<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRegister>,
        format: RegisterFormat,
    ) -> Answer<'a, Vec<u8>> {
        async move {
            let made = tokio::task::block_in_place(|| Made::of(self, grant))?;
            let document = made.document(self)?;
            let press = match format {
                RegisterFormat::Json => return Ok(document.to_json().into_bytes()),
                RegisterFormat::Html => return Ok(papers::html(&document, "").into_bytes()),
                RegisterFormat::Pdf => "pdf",
                RegisterFormat::Hwpx => "hwpx",
                RegisterFormat::Xlsx => "xlsx",
            };
            let made = press_line::press(&self.press, &document, press).await;
            made.map_err(|error| {
                let code = match error {
                    PressError::Away(_) | PressError::Slow(_) => ErrorCode::PressMissing,
                    PressError::Refused(_) => ErrorCode::RegisterUnfit,
                };
                HouseError::failed(code, error)
            })
        }
        .boxed()
    }
}

/// A register and what it was made from.
struct Made {
    asked: Asked,
    read: Read,
    register: Register,
}

/// What was read of the ledger.
struct Read {
    entries: Vec<RegisterEntry>,
    keys: Vec<KeyList>,
    requests: Vec<ledger::RequestFact>,
    exports: Vec<ledger::ExportFact>,
    disclosures: Vec<ledger::DisclosureFact>,
    tickets: Vec<ledger::TicketFact>,
    names: Names,
    now: WallTime,
}

impl Read {
    fn sources(&self) -> Sources<'_> {
        Sources {
            entries: &self.entries,
            keys: &self.keys,
            requests: &self.requests,
            exports: &self.exports,
            disclosures: &self.disclosures,
            tickets: &self.tickets,
            names: &self.names,
            now: self.now,
        }
    }
}

impl Made {
    fn of(house: &House, grant: &Grant<act::ReadRegister>) -> Result<Self, HouseError> {
        let Target::Register { register: name, cameras, from, to } = grant.target() else {
            return Err(HouseError::Unfit(ErrorCode::Forbidden));
        };
        let camera = cameras.first().map(ToString::to_string);
        let asked = Asked { name: *name, from: *from, until: *to, camera };
        let read = read(house, grant, &asked)?;
        let register = register(&asked, &read.sources());
        if register.rows.len() > MOST_ROWS {
            return Err(HouseError::Unfit(ErrorCode::RegisterUnfit));
        }
        Ok(Self { asked, read, register })
    }

    fn document(&self, house: &House) -> Result<Document, HouseError> {
        let present = in_force(house).map_err(internal)?;
        let institution = present.map(|it| it.described.institution.name).unwrap_or_default();
        Ok(document(&self.register, &self.asked, &self.read.sources(), &institution))
    }

    fn on_wire(&self, grant: &Grant<act::ReadRegister>) -> api::Register {
        let last = self.asked.until - Duration::from_micros(1);
        let column = |it: &registers::Column| api::RegisterColumn {
            key: it.key.into(),
            ko: it.ko.into(),
            en: it.en.into(),
        };
        let row = |it: &registers::Row| api::RegisterRow {
            entry: it.entry.to_string(),
            is_expired: it.is_expired,
            cells: it.cells.clone(),
        };
        let note = |it: &registers::Note| api::RegisterNote { ko: it.ko.into(), en: it.en.into() };
        let camera = self.asked.camera.as_ref().map(|id| NamedCamera {
            id: Id(id.clone()),
            name: self.read.names.cameras.get(id).map(|it| it.0.clone()).unwrap_or_default(),
        });
        api::Register {
            name: api::RegisterName::from_word(self.register.name.word())
                .expect("the wire has every register"),
            title: title(self.register.name).into(),
            from: day_in_korea(self.asked.from).to_string(),
            until: day_in_korea(last).to_string(),
            camera,
            made_at: time(self.read.now),
            ledger_entry: grant.number().to_string(),
            columns: self.register.columns.iter().map(column).collect(),
            rows: self.register.rows.iter().map(row).collect(),
            notes: self.register.notes.iter().map(note).collect(),
        }
    }
}

fn read(
    house: &House,
    grant: &Grant<act::ReadRegister>,
    asked: &Asked,
) -> Result<Read, HouseError> {
    let now = house.clock.wall();
    let (entries, keys) = entries_and_keys(house, grant, asked)?;
    let has_requests = matches!(asked.name, RegisterName::PersonalVideo | RegisterName::Requests);
    let requests = if has_requests { house.ledger.requests(now) } else { Vec::new() };
    let has_exports = asked.name == RegisterName::Requests;
    let exports = if has_exports { house.ledger.exports() } else { Vec::new() };
    let has_disclosures =
        matches!(asked.name, RegisterName::PersonalVideo | RegisterName::Disclosures);
    let disclosures = if has_disclosures { house.ledger.disclosures(now) } else { Vec::new() };
    let has_tickets = asked.name == RegisterName::Tickets;
    let tickets = if has_tickets { house.ledger.tickets() } else { Vec::new() };
    Ok(Read { entries, keys, requests, exports, disclosures, tickets, names: names(house), now })
}

fn names(house: &House) -> Names {
    let account = |it: ledger::AccountRecord| (it.account, (it.display_name, it.name));
    let camera = |it: ledger::CameraRecord| (it.camera, (it.name, it.spot_name));
    Names {
        accounts: house.ledger.accounts().into_iter().map(account).collect(),
        cameras: house.ledger.cameras().into_iter().map(camera).collect(),
    }
}

type EntriesAndKeys = (Vec<RegisterEntry>, Vec<KeyList>);

fn entries_and_keys(
    house: &House,
    grant: &Grant<act::ReadRegister>,
    asked: &Asked,
) -> Result<EntriesAndKeys, HouseError> {
    let first_year = match asked.name {
        RegisterName::Requests | RegisterName::Disclosures | RegisterName::Tickets => {
            return Ok(Default::default());
        }
        // What a right was before stands in an earlier entry.
        RegisterName::Rights => 0,
        _ => (asked.from - BEFORE).year(),
    };
    let mut wanted = Wanted { asked, acts: BTreeSet::new() };
    let is_wanted = |number, entry: &Entry| wanted.is_wanted(number, entry);
    let found = house.ledger.register_entries(grant, first_year, is_wanted).map_err(read_failed)?;
    if wanted.acts.len() >= MOST_ACTS {
        return Err(HouseError::Unfit(ErrorCode::RegisterUnfit));
    }
    let lists: Vec<_> = found
        .iter()
        .filter_map(|it| match &it.entry.kind {
            Kind::Destroyed { companion, .. } => Some((it, companion, true)),
            Kind::Keys { companion } => Some((it, companion, false)),
            _ => None,
        })
        .collect();
    let companions: Vec<_> = lists.iter().map(|(_, companion, _)| *companion).collect();
    let keys = house.ledger.register_keys(grant, &companions).map_err(read_failed)?;
    let list = |((it, _, is_destroyed), keys): (&(&RegisterEntry, _, bool), _)| KeyList {
        number: it.number,
        at: it.entry.time,
        is_destroyed: *is_destroyed,
        keys,
    };
    let keys = lists.iter().zip(keys).map(list).collect();
    Ok((found, keys))
}

/// Which entries a register is made from.
struct Wanted<'a> {
    asked: &'a Asked,
    /// The intents that are wanted: what comes after them is, too.
    acts: BTreeSet<EntryNumber>,
}

impl Wanted<'_> {
    fn is_wanted(&mut self, number: EntryNumber, entry: &Entry) -> bool {
        let Asked { name, from, until, .. } = self.asked;
        let is_in = *from <= entry.time && entry.time < *until;
        let is_near = *from - BEFORE <= entry.time && entry.time < *until;
        let has_keys = matches!(name, RegisterName::PersonalVideo | RegisterName::Destruction);
        match &entry.kind {
            Kind::Account => *name == RegisterName::Rights && entry.time < *until,
            Kind::Destroyed { .. } => has_keys && is_in,
            Kind::Keys { .. } => has_keys && is_near,
            // Whoever came may have left, or taken the consent back, after the last day.
            Kind::Visit(VisitStep::Arrived { .. }) => *name == RegisterName::Visits && is_in,
            Kind::Visit(_) => *name == RegisterName::Visits && *from <= entry.time,
            // A file may have been revoked after the last day.
            Kind::Export(_) => *name == RegisterName::PersonalVideo && *from <= entry.time,
            Kind::Refusal { .. } => *name == RegisterName::Access && is_in,
            Kind::Outcome { intent, .. } => self.acts.contains(intent),
            Kind::Served { intent } => {
                *name == RegisterName::PersonalVideo && self.acts.contains(intent)
            }
            Kind::Intent { action, .. } => {
                let destroys = matches!(
                    action,
                    Action::DestroyExpired | Action::DestroyEarly | Action::DestroyMinutes
                );
                let is_wanted = match name {
                    RegisterName::Access => is_in,
                    RegisterName::PersonalVideo => {
                        (is_in && *action == Action::PlayFootage) || (is_near && destroys)
                    }
                    RegisterName::Destruction => is_near && destroys,
                    _ => false,
                };
                is_wanted && self.acts.len() < MOST_ACTS && self.acts.insert(number)
            }
            _ => false,
        }
    }
}
