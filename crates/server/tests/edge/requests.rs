//! The desk of the pretended house: it has every request of the recorder's ledger.

use access::{Grant, RequestTarget, act};
use domain::{Actor, EntryNumber, Role};
use ledger::{Event, Kind, Record, RequestPerson, RequestRecord, RequestStep};
use server::{Answer, LetterOrder, RegisterDesk, RequestDesk, RequestMove};

use crate::house::{CAMERA, Pretender, done};
use crate::recorder::Recorder;

/// The number of receipt by which the pretender knows a request: that of its entry.
pub(crate) fn receipt_of(number: EntryNumber) -> String {
    format!("{}-{}", number.year, number.index)
}

impl Recorder {
    /// A request that another than the person of a role received.
    pub(crate) async fn request(&self, role: Role) -> EntryNumber {
        let receiver = if role == Role::Officer { Role::Manager } else { Role::Officer };
        let requester = RequestPerson {
            name: "청구인".into(),
            phone: "02-000-0000".into(),
            born: None,
            address: String::new(),
        };
        let request = RequestRecord {
            requester,
            agent: None,
            asks: vec!["viewing".into()],
            cameras: vec![CAMERA.to_string()],
            absent: Vec::new(),
            from: String::new(),
            until: String::new(),
            reason: "사고".into(),
            channel: "counter".into(),
            hold: None,
            front: None,
        };
        let actor = format!("person:{}", self.account_of(receiver));
        let record = Some(Record::Request { actor, request });
        let event = Event { kind: Kind::Request(RequestStep::Received), record };
        self.ledger.append(vec![event]).await.unwrap()[0]
    }
}

fn case() -> api::RequestCase {
    let line = api::RequestLine {
        id: "2026-1".into(),
        state: api::RequestState::AwaitsIdentity,
        decision: None,
        received_at: api::Time(String::new()),
        mine: true,
        asks: Vec::new(),
        cameras: Vec::new(),
        from: None,
        until: None,
        due: None,
        identity_until: None,
        hold: None,
        front: None,
        objection: None,
        objectable: None,
    };
    api::RequestCase {
        line,
        request: None,
        absent: Vec::new(),
        received_by: String::new(),
        steps: Vec::new(),
        grounds: Vec::new(),
        letters: api::RequestLetters { sender: None, due: Vec::new(), formats: Vec::new() },
        deletion: None,
    }
}

impl RequestDesk for Pretender {
    fn requests(&self, _: Actor) -> Answer<'_, Vec<api::RequestLine>> {
        done(vec![case().line])
    }

    fn new_request(&self, _: api::NewRequest) -> Answer<'_, RequestTarget> {
        done(RequestTarget { request: None, cameras: vec![CAMERA], hold: None })
    }

    fn receive_request<'a>(
        &'a self,
        _: &'a Grant<act::ManageRequests>,
        _: api::NewRequest,
    ) -> Answer<'a, api::RequestCase> {
        done(case())
    }

    fn known_request(&self, receipt: &str) -> Option<RequestTarget> {
        let number = receipt.replace('-', "/").parse().ok()?;
        Some(RequestTarget { request: Some(number), cameras: vec![CAMERA], hold: None })
    }

    fn request<'a>(&'a self, _: &'a Grant<act::ReadRequest>) -> Answer<'a, api::RequestCase> {
        done(case())
    }

    fn letter<'a>(
        &'a self,
        _: &'a Grant<act::ReadRequest>,
        order: LetterOrder,
    ) -> Answer<'a, Vec<u8>> {
        done(order.kind.word().into())
    }

    fn next_of_request<'a>(
        &'a self,
        target: RequestTarget,
        _: &'a RequestMove,
    ) -> Answer<'a, RequestTarget> {
        done(target)
    }

    fn continue_request<'a>(
        &'a self,
        _: &'a Grant<act::ManageRequests>,
        _: RequestMove,
    ) -> Answer<'a, api::RequestCase> {
        done(case())
    }
}

impl RegisterDesk for Pretender {
    fn register<'a>(&'a self, _: &'a Grant<act::ReadRegister>) -> Answer<'a, api::Register> {
        done(api::Register {
            name: api::RegisterName::Requests,
            title: String::new(),
            from: String::new(),
            until: String::new(),
            camera: None,
            made_at: api::Time(String::new()),
            ledger_entry: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
        })
    }

    fn register_file<'a>(
        &'a self,
        _: &'a Grant<act::ReadRegister>,
        _: api::RegisterFormat,
    ) -> Answer<'a, Vec<u8>> {
        done(Vec::new())
    }
}
