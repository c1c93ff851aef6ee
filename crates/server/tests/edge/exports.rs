//! The desk of the pretended house from which things leave, and what its routes hold to.

use access::{EntryNumber, ExportTarget, Grant, Target, act};
use domain::{Action, FileHash, Role, WallTime};
use ledger::{
    Event, Kind, Record, RequestDecision, RequestNote, RequestPerson, RequestRecord, RequestStep,
};
use server::{Answer, ExportDesk, HouseError, Note};

use crate::browser::Ask;
use crate::house::{CAMERA, Pretender, done};
use crate::recorder::Recorder;

/// The one case of the pretended house.
const FROM: &str = "2026-11-20T00:00:00Z";
const UNTIL: &str = "2026-11-20T00:10:00Z";

pub(crate) fn copy() -> FileHash {
    "a".repeat(64).parse().unwrap()
}

fn target(copy: Option<FileHash>) -> ExportTarget {
    let moment = |text: &str| text.parse::<WallTime>().unwrap();
    ExportTarget {
        case: EntryNumber { year: 2026, index: 0 },
        cameras: vec![CAMERA],
        from: moment(FROM),
        to: moment(UNTIL),
        is_masked: true,
        copy,
    }
}

impl Recorder {
    /// A request that was granted, whose footage leaves; the pretended house finds it.
    pub(crate) async fn granted_case(&self) -> EntryNumber {
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
            from: FROM.into(),
            until: UNTIL.into(),
            reason: "사고".into(),
            channel: "counter".into(),
            hold: None,
            front: None,
        };
        let actor = String::from("person:nobody");
        let record = Some(Record::Request { actor: actor.clone(), request });
        let event = Event { kind: Kind::Request(RequestStep::Received), record };
        let request = self.ledger.append(vec![event]).await.unwrap()[0];
        let decision = RequestDecision::Granted;
        let kind = Kind::Request(RequestStep::Decided { request, decision });
        let record = Some(Record::RequestStep { actor, note: RequestNote::default() });
        self.ledger.append(vec![Event { kind, record }]).await.unwrap();
        *self.house.case.lock().unwrap() = Some(request);
        request
    }

    /// Proposes to seal the one working copy.
    pub(crate) async fn propose_export(&self, role: Role) -> EntryNumber {
        let by = self.access.asker(&self.session(role).await).unwrap();
        let target = Target::Export(Box::new(self.house.of_case(Some(copy()))));
        self.access.propose(&by, Action::SealExport, target, "2026-17").await.unwrap()
    }
}

fn sealed() -> api::SealedExport {
    api::SealedExport {
        year: 2026,
        number: 0,
        kind: None,
        id: None,
        sealed_at: api::Time(FROM.into()),
        sha256: "b".repeat(64),
        revoked_at: None,
        file_until: None,
    }
}

impl Pretender {
    fn of_case(&self, copy: Option<FileHash>) -> ExportTarget {
        let case = self.case.lock().unwrap().unwrap_or(EntryNumber { year: 2026, index: 0 });
        ExportTarget { case, ..target(copy) }
    }
}

impl ExportDesk for Pretender {
    fn exports(&self) -> Answer<'_, api::Exports> {
        done(api::Exports {
            cases: Vec::new(),
            preparing: Vec::new(),
            copies: Vec::new(),
            sealed: vec![sealed()],
            mask_is_there: true,
        })
    }

    fn new_export(&self, _: &api::NewExport) -> Result<ExportTarget, HouseError> {
        Ok(self.of_case(None))
    }

    fn prepare_export<'a>(
        &'a self,
        _: &'a Grant<act::PlayFootage>,
        _: Vec<api::EditedClip>,
        _: Note<'a>,
    ) -> Answer<'a, ()> {
        done(())
    }

    fn preparation(&self, _: &ExportTarget) -> api::ExportPreparation {
        api::ExportPreparation {
            kind: api::ExportCaseKind::Request,
            id: "2026-1".into(),
            started_at: api::Time(FROM.into()),
            percent: None,
            failed: None,
        }
    }

    fn export_copy(&self, named: FileHash) -> Option<ExportTarget> {
        (named == copy()).then(|| self.of_case(Some(named)))
    }

    fn look_at_export<'a>(
        &'a self,
        _: &'a Grant<act::LookAtExport>,
        _: u32,
        _: bool,
    ) -> Answer<'a, Vec<u8>> {
        done(b"{}".to_vec())
    }

    fn original_of_export<'a>(
        &'a self,
        _: &'a Grant<act::PlayFootage>,
        _: u32,
        _: Note<'a>,
    ) -> Answer<'a, Vec<u8>> {
        done(Vec::new())
    }

    fn seal_export<'a>(
        &'a self,
        grant: &'a Grant<act::SealExport>,
    ) -> Answer<'a, api::ExportSealed> {
        assert_eq!(grant.action(), Action::SealExport);
        let passphrase = api::Secret::new("opens-it");
        done(api::ExportSealed { export: sealed(), passphrase })
    }

    fn discard_export<'a>(&'a self, _: &'a Grant<act::DiscardExport>) -> Answer<'a, ()> {
        done(())
    }

    fn deliver_export<'a>(&'a self, _: &'a Grant<act::DeliverExport>) -> Answer<'a, Vec<u8>> {
        done(b"<!doctype html>".to_vec())
    }

    fn revoke_export<'a>(
        &'a self,
        _: &'a Grant<act::RevokeExport>,
        _: String,
    ) -> Answer<'a, api::SealedExport> {
        done(sealed())
    }
}

async fn seal(recorder: &Recorder, role: Role) -> (u16, String) {
    let path = format!("/api/v1/exports/copies/{}/seal", copy());
    let session = recorder.session(role).await.expose();
    let reply = recorder.browser.ask(Ask::new("POST", &path).session(&session).marked()).await;
    (reply.status, reply.code().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sealed_until_two_people_agreed_to_just_it() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    recorder.granted_case().await;
    assert_eq!(seal(&recorder, Role::Officer).await.1, "approval-missing");
    let proposal = recorder.approved_with(Role::Officer, Action::SealExport).await;
    let (status, code) = seal(&recorder, Role::Officer).await;
    assert_eq!((status, code.as_str()), (201, ""), "{proposal}");
    // An approval is good for one act.
    assert_eq!(seal(&recorder, Role::Officer).await.1, "approval-missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_does_not_seal_by_itself() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    recorder.granted_case().await;
    let proposal = recorder.approved_with(Role::Officer, Action::SealExport).await;
    assert!(
        recorder
            .access
            .proposal_where(|view| {
                view.number == proposal && view.state == access::ProposalState::Approved
            })
            .is_some()
    );
}
