//! The desk of the pretended house: it has every disclosure of the recorder's ledger.

use access::{DisclosureTarget, Grant, act};
use domain::{Actor, EntryNumber, Role};
use ledger::{DisclosureNote, DisclosureRecord, DisclosureStep, Event, Kind, Record};
use server::{Answer, DisclosureDesk, DisclosureMove};

use crate::house::{CAMERA, Pretender, done};
use crate::recorder::Recorder;

impl Recorder {
    /// A disclosure that another than the person of a role received, and granted alone.
    pub(crate) async fn disclosure(&self, role: Role) -> EntryNumber {
        let receiver = if role == Role::Officer { Role::Manager } else { Role::Officer };
        let disclosure = DisclosureRecord {
            disclosed: "provision".into(),
            body: "○○경찰서".into(),
            officer: "경위".into(),
            phone: "02-000-0000".into(),
            document: "형사과-1".into(),
            ground: "provision-7".into(),
            basis: "2026-1".into(),
            purpose: "수사".into(),
            cameras: vec![CAMERA.to_string()],
            absent: Vec::new(),
            from: String::new(),
            until: String::new(),
            conditions: "파기".into(),
            use_until: None,
            hold: None,
        };
        let actor = format!("person:{}", self.account_of(receiver));
        let record = Some(Record::Disclosure { actor: actor.clone(), disclosure });
        let event = Event { kind: Kind::Disclosure(DisclosureStep::Received), record };
        let disclosure = self.ledger.append(vec![event]).await.unwrap()[0];
        let note = DisclosureNote::default();
        let step = DisclosureStep::Compelled { disclosure };
        let record = Some(Record::DisclosureStep { actor, note });
        self.ledger.append(vec![Event { kind: Kind::Disclosure(step), record }]).await.unwrap();
        disclosure
    }
}

fn case() -> api::DisclosureCase {
    let line = api::DisclosureLine {
        id: "2026-1".into(),
        state: api::DisclosureState::AwaitsDecision,
        received_at: api::Time(String::new()),
        mine: true,
        compelled: false,
        compelled_by_me: false,
        cameras: Vec::new(),
        from: None,
        until: None,
        duties: Vec::new(),
        hold: None,
    };
    api::DisclosureCase {
        line,
        disclosure: None,
        absent: Vec::new(),
        received_by: String::new(),
        steps: Vec::new(),
    }
}

impl DisclosureDesk for Pretender {
    fn disclosures(&self, _: Actor) -> Answer<'_, api::Disclosures> {
        done(api::Disclosures {
            disclosures: vec![case().line],
            grounds: Vec::new(),
            published_days: Some(10),
        })
    }

    fn new_disclosure(&self, _: api::NewDisclosure) -> Answer<'_, DisclosureTarget> {
        done(DisclosureTarget { disclosure: None, cameras: vec![CAMERA], hold: None })
    }

    fn receive_disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ManageDisclosures>,
        _: api::NewDisclosure,
    ) -> Answer<'a, api::DisclosureCase> {
        done(case())
    }

    fn known_disclosure(&self, receipt: &str) -> Option<DisclosureTarget> {
        let number = receipt.replace('-', "/").parse().ok()?;
        Some(DisclosureTarget { disclosure: Some(number), cameras: vec![CAMERA], hold: None })
    }

    fn disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ReadDisclosure>,
    ) -> Answer<'a, api::DisclosureCase> {
        done(case())
    }

    fn next_of_disclosure<'a>(
        &'a self,
        target: DisclosureTarget,
        _: &'a DisclosureMove,
    ) -> Answer<'a, DisclosureTarget> {
        done(target)
    }

    fn continue_disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ManageDisclosures>,
        _: DisclosureMove,
    ) -> Answer<'a, api::DisclosureCase> {
        done(case())
    }
}
