//! What persons saw of promises that the program cannot see: entered for the sentence that they read,
//! and looked up again for whoever judges.

use access::{Grant, act};
use api::{ErrorCode, Role as WireRole};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{Actor, Role};
use ledger::{AttestationFact, Attested, Event, Kind, Record, SeenWord};
use policy::{AttestError, Attestation, Promise, Seen, Word};
use server::HouseError;
use time::Date;

use crate::edge::{failed, internal};
use crate::house::House;
use crate::policy_desk::{day_of, in_force};
use crate::register::time;
use crate::{Told, sentence};

/// What the wire has of them at most, the newest.
const MOST: usize = 200;
/// As what somebody counts who has several roles: who answers for the promises before who works on
/// them before who keeps the machine.
const AS: [Role; 3] = [Role::Manager, Role::Officer, Role::Administrator];

/// What the ledger holds, for the pure judge. One that this program does not understand is none.
pub(crate) fn all(house: &House) -> Vec<Attestation> {
    house.ledger.attestations().iter().filter_map(understood).collect()
}

fn understood(fact: &AttestationFact) -> Option<Attestation> {
    Some(Attestation {
        promise: fact.said.promise.clone(),
        sentence: fact.said.sentence.clone(),
        seen: match fact.said.result {
            SeenWord::SeenSo => Seen::So,
            SeenWord::SeenOtherwise => Seen::Otherwise,
        },
        day: law::date(&fact.said.day).ok()?,
        role: Role::from_word(&fact.said.role)?,
        entry: fact.number.to_string(),
    })
}

/// What everybody may know, the last entered first.
pub(crate) fn list(house: &House) -> Result<api::Attestations, HouseError> {
    let promises = promises(house).map_err(internal)?;
    let facts = house.ledger.attestations();
    let known = all(house);
    let newest = facts.iter().rev().take(MOST);
    let attestations = newest.filter_map(|fact| on_wire(fact, &known, &promises)).collect();
    Ok(api::Attestations { attestations })
}

/// The word that counts for a promise, for the wire.
pub(crate) fn counting(house: &House, promise: &Promise) -> Option<api::Attestation> {
    promise.check.every_days()?;
    let facts = house.ledger.attestations();
    let known: Vec<Attestation> = facts.iter().filter_map(understood).collect();
    let entry = &policy::newest(promise, &known)?.entry;
    let fact = facts.iter().find(|fact| fact.number.to_string() == *entry)?;
    on_wire(fact, &known, std::slice::from_ref(promise))
}

fn on_wire(
    fact: &AttestationFact,
    all: &[Attestation],
    promises: &[Promise],
) -> Option<api::Attestation> {
    let known = understood(fact)?;
    let promise = promises.iter().find(|it| it.id == known.promise);
    let every_days = promise.and_then(|it| it.check.every_days());
    let counting = promise.and_then(|it| policy::newest(it, all));
    let until = every_days.filter(|_| known.seen == Seen::So);
    Some(api::Attestation {
        entry: known.entry.clone(),
        at: time(fact.at),
        promise: known.promise.clone(),
        sentence_sha256: known.sentence.clone(),
        version: fact.said.version,
        result: match known.seen {
            Seen::So => api::Seen::SeenSo,
            Seen::Otherwise => api::Seen::SeenOtherwise,
        },
        day: fact.said.day.clone(),
        role: WireRole::from_word(known.role.word())?,
        counts: counting.is_some_and(|it| it.entry == known.entry),
        good_until: until.map(|every_days| policy::good_until(&known, every_days).to_string()),
    })
}

fn promises(house: &House) -> Told<Vec<Promise>> {
    let present = tokio::task::block_in_place(|| in_force(house))?;
    Ok(present.map_or_else(Vec::new, |present| with_duties(present.policy.promises)))
}

/// What somebody's word may be entered for.
fn with_duties(promises: Vec<Promise>) -> Vec<Promise> {
    promises.into_iter().chain(policy::duties()).collect()
}

/// Enters what the person of the grant saw.
pub(crate) async fn record(
    house: &House,
    grant: &Grant<act::RecordAttestation>,
    seen: api::NewAttestation,
) -> Result<api::Attestation, HouseError> {
    grant.check().map_err(|error| failed(ErrorCode::Forbidden)(error.into()))?;
    let present = tokio::task::block_in_place(|| in_force(house)).map_err(internal)?;
    let present = present.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let remark = seen.remark.trim();
    let day = law::date(&seen.day).map_err(|_| HouseError::Unfit(ErrorCode::DayUnfit))?;
    let picture = seen.picture_base64.as_deref().map(|text| BASE64.decode(text)).transpose();
    let picture = picture.map_err(|_| HouseError::Unfit(ErrorCode::PictureUnfit))?;
    let word = Word { promise: &seen.promise, day, remark, picture: picture.as_deref() };
    let today = day_of(house.clock.wall());
    let promises = with_duties(present.policy.promises);
    let promise = attestable(&word, &promises, today)?;
    let said = Attested {
        promise: promise.id.clone(),
        sentence: policy::sentence_sha256(&promise.ko),
        version: present.fact.version,
        result: match seen.result {
            api::Seen::SeenSo => SeenWord::SeenSo,
            api::Seen::SeenOtherwise => SeenWord::SeenOtherwise,
        },
        day: day.to_string(),
        role: role_of(house, grant.actor())?.word().into(),
    };
    let record = Record::Attestation {
        actor: grant.actor().to_string(),
        remark: remark.to_owned(),
        picture: seen.picture_base64,
    };
    let event = Event { kind: Kind::Attestation(said), record: Some(record) };
    let numbers = house.ledger.append(vec![event]).await;
    let numbers = numbers.map_err(|error| failed(ErrorCode::LedgerUnavailable)(error.into()))?;
    house.look_again.notify_one();
    let mut entered = house.ledger.attestations().into_iter().rev();
    let entered = entered.find(|fact| Some(&fact.number) == numbers.first());
    let entered = entered.ok_or_else(|| internal("what was entered is not known"))?;
    on_wire(&entered, &all(house), &promises)
        .ok_or_else(|| internal("what was entered cannot be understood"))
}

fn attestable<'p>(
    word: &Word<'_>,
    promises: &'p [Promise],
    today: Date,
) -> Result<&'p Promise, HouseError> {
    policy::attestable(word, promises, today).map_err(|error| {
        let code = match error {
            AttestError::NoSuchPromise => ErrorCode::NotFound,
            AttestError::SeenByProgram => ErrorCode::PromiseNotAttestable,
            AttestError::Day => ErrorCode::DayUnfit,
            AttestError::Picture => ErrorCode::PictureUnfit,
            AttestError::Remark => ErrorCode::RemarkUnfit,
        };
        failed(code)(sentence(error).into())
    })
}

/// As what a person looked: the rules have let him, so he has one of these roles.
fn role_of(house: &House, actor: Actor) -> Result<Role, HouseError> {
    let Actor::Person(account) = actor else {
        return Err(HouseError::Unfit(ErrorCode::Forbidden));
    };
    let known = house.ledger.account(account);
    let roles = known.map_or_else(Vec::new, |known| known.roles);
    let role = AS.into_iter().find(|role| roles.iter().any(|word| word == role.word()));
    role.ok_or(HouseError::Unfit(ErrorCode::Forbidden))
}
