//! The paths of the API as OpenAPI describes them: one documented unit function for each, which
//! the server implements and nobody calls.

use utoipa::OpenApi;

pub use crate::camera::{read_range, set_range};
pub use crate::plan::{
    add_floor, change_floor, read_plan_picture, read_plans, remove_floor, set_plan_picture,
};
pub use crate::reading::read_published;

use crate::{
    Account, AccountLink, Accounts, Appointment, Attestation, Attestations, Camera, CameraChange,
    Cameras, CertificateRequest, Claim, DestructionCertificate, ErrorBody, FootageCommand,
    FootageOpen, HandOver, Health, Hold, HoldRelease, HoldRenewal, Holds, InstitutionView,
    LedgerPage, LedgerRecord, LiveOpen, NewAccount, NewAttestation, NewCamera, NewHold, NewMinutes,
    NewPolicy, NewPolicyProposal, NewProposal, PolicyDraft, PolicyView, Promises, Proposal,
    ProposalDecision, Proposals, Reason, RecordRequest, ReplaceDevice, RetentionChange,
    ServerMessage, Session, SignIn, Still, StillRequest, Tasks, Timeline, Unlock,
};

/// Signs in by name and password.
///
/// Sets the session's cookie. Wrong attempts slow this name and this sender down, never others.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn sign_in() {}

/// One's own session. Asking is no touch of the controls: it does not put the idle limit off.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn read_session() {}

/// Signs out; ends what is being watched.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204), (status = "default", body = ErrorBody)))]
pub fn sign_out() {}

/// Uses a one-time link: sets name and password, and signs in.
#[utoipa::path(post, path = "/api/v1/session/claim", tag = "session", request_body = Claim,
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn claim() {}

/// Unlocks one's own session.
#[utoipa::path(post, path = "/api/v1/session/unlock", tag = "session", request_body = Unlock,
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn unlock() {}

/// Says that the person has touched the controls (a key, the pointer), so that they do not lock.
///
/// The page sends it at most every half minute. Nothing else puts the idle limit off: a page that
/// refreshes itself must not keep an empty chair signed in.
#[utoipa::path(post, path = "/api/v1/session/touch", tag = "session",
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn touch() {}

/// Hands a running wall to the next person on duty; answers with that person's session.
///
/// The pictures go on: the outgoing person's act ends and the incoming person's begins.
#[utoipa::path(post, path = "/api/v1/session/hand-over", tag = "session", request_body = HandOver,
    responses((status = 200, body = Session), (status = "default", body = ErrorBody)))]
pub fn hand_over() {}

/// All accounts.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, body = Accounts), (status = "default", body = ErrorBody)))]
pub fn list_accounts() {}

/// Makes an account; answers with the one-time link for it.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = AccountLink), (status = "default", body = ErrorBody)))]
pub fn appoint() {}

/// Takes an account's rights away and ends its sessions.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/end", tag = "accounts",
    params(("id" = crate::Id, Path, description = "The account.")),
    responses((status = 200, body = Account), (status = "default", body = ErrorBody)))]
pub fn end_appointment() {}

/// Says anew to what an account is appointed; its roles stay.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/appointment", tag = "accounts",
    params(("id" = crate::Id, Path, description = "The account.")), request_body = Appointment,
    responses((status = 200, body = Account), (status = "default", body = ErrorBody)))]
pub fn change_appointment() {}

/// Issues a one-time link with which the person sets a new password.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset", tag = "accounts",
    params(("id" = crate::Id, Path, description = "The account.")),
    responses((status = 200, body = AccountLink), (status = "default", body = ErrorBody)))]
pub fn reset_account() {}

/// All cameras.
#[utoipa::path(get, path = "/api/v1/cameras", tag = "cameras",
    responses((status = 200, body = Cameras), (status = "default", body = ErrorBody)))]
pub fn list_cameras() {}

/// Adds a camera, after a connection to it has been tried.
#[utoipa::path(post, path = "/api/v1/cameras", tag = "cameras", request_body = NewCamera,
    responses((status = 201, body = Camera), (status = "default", body = ErrorBody)))]
pub fn add_camera() {}

/// Changes what a camera is called.
#[utoipa::path(patch, path = "/api/v1/cameras/{id}", tag = "cameras", request_body = CameraChange,
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 200, body = Camera), (status = "default", body = ErrorBody)))]
pub fn change_camera() {}

/// Puts another device at a camera's spot; its history stays.
#[utoipa::path(post, path = "/api/v1/cameras/{id}/replace", tag = "cameras",
    request_body = ReplaceDevice,
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 200, body = Camera), (status = "default", body = ErrorBody)))]
pub fn replace_device() {}

/// Stops recording a camera for good; what is kept expires in its time.
#[utoipa::path(post, path = "/api/v1/cameras/{id}/retire", tag = "cameras", request_body = Reason,
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 200, body = Camera), (status = "default", body = ErrorBody)))]
pub fn retire_camera() {}

/// Keeps what a camera records from now on for a shorter time. A longer one takes two people: see
/// the proposals.
#[utoipa::path(post, path = "/api/v1/cameras/{id}/retention", tag = "cameras",
    request_body = RetentionChange,
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 200, body = Camera), (status = "default", body = ErrorBody)))]
pub fn shorten_retention() {}

/// What was proposed, and what became of it.
#[utoipa::path(get, path = "/api/v1/proposals", tag = "proposals",
    responses((status = 200, body = Proposals), (status = "default", body = ErrorBody)))]
pub fn list_proposals() {}

/// Proposes to keep a camera's footage for longer; another person has to approve.
#[utoipa::path(post, path = "/api/v1/proposals", tag = "proposals", request_body = NewProposal,
    responses((status = 201, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn propose() {}

/// Approves what another person proposed, and carries it out (but for single minutes); or refuses it; or takes back what
/// one proposed oneself.
#[utoipa::path(post, path = "/api/v1/proposals/{year}/{number}/decide", tag = "proposals",
    request_body = ProposalDecision,
    params(("year" = u16, Path, description = "Year of its entry."),
        ("number" = u64, Path, description = "Number of its entry.")),
    responses((status = 200, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn decide_proposal() {}

/// Carries out what was approved, where that did not happen with the approval.
#[utoipa::path(post, path = "/api/v1/proposals/{year}/{number}/carry-out", tag = "proposals",
    params(("year" = u16, Path, description = "Year of its entry."),
        ("number" = u64, Path, description = "Number of its entry.")),
    responses((status = 200, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn carry_out() {}

/// Proposes the rule that the oldest footage goes before its time when the disk is nearly full;
/// another person has to approve, which makes the rule, and it is in force a day after that.
#[utoipa::path(post, path = "/api/v1/early-destruction", tag = "proposals", request_body = Reason,
    responses((status = 201, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn propose_early() {}

/// Makes the rule that was approved, where that did not happen with the approval.
#[utoipa::path(post, path = "/api/v1/early-destruction/{year}/{number}/carry-out", tag = "proposals",
    params(("year" = u16, Path, description = "Year of its entry."),
        ("number" = u64, Path, description = "Number of its entry.")),
    responses((status = 200, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn allow_early() {}

/// Takes the rule on early destruction back, at once; one person is enough.
#[utoipa::path(post, path = "/api/v1/early-destruction/revoke", tag = "proposals",
    responses((status = 200, body = crate::EarlyDestruction), (status = "default", body = ErrorBody)))]
pub fn revoke_early() {}

/// Proposes to destroy single minutes of footage before their time; another person has to approve.
#[utoipa::path(post, path = "/api/v1/single-minutes", tag = "proposals", request_body = NewMinutes,
    responses((status = 201, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn propose_minutes() {}

/// Destroys the minutes that were approved, a day or more after that. The answer comes when they
/// are destroyed, which waits up to a minute for the witnesses of the ledger.
#[utoipa::path(post, path = "/api/v1/single-minutes/{year}/{number}/carry-out", tag = "proposals",
    params(("year" = u16, Path, description = "Year of its entry."),
        ("number" = u64, Path, description = "Number of its entry.")),
    responses((status = 200, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn destroy_minutes() {}

/// What is held beyond its time, and what was.
#[utoipa::path(get, path = "/api/v1/holds", tag = "holds",
    responses((status = 200, body = Holds), (status = "default", body = ErrorBody)))]
pub fn list_holds() {}

/// Keeps footage of some minutes beyond its time, for a case.
#[utoipa::path(post, path = "/api/v1/holds", tag = "holds", request_body = NewHold,
    responses((status = 201, body = Hold), (status = "default", body = ErrorBody)))]
pub fn hold_footage() {}

/// Keeps it for longer; a hold that nobody renews lapses.
#[utoipa::path(post, path = "/api/v1/holds/{id}/renew", tag = "holds", request_body = HoldRenewal,
    params(("id" = crate::Id, Path, description = "The hold.")),
    responses((status = 200, body = Hold), (status = "default", body = ErrorBody)))]
pub fn renew_hold() {}

/// Keeps it no longer: what is over its time goes with the next rotation.
#[utoipa::path(post, path = "/api/v1/holds/{id}/release", tag = "holds", request_body = HoldRelease,
    params(("id" = crate::Id, Path, description = "The hold.")),
    responses((status = 200, body = Hold), (status = "default", body = ErrorBody)))]
pub fn release_hold() {}

/// The policy in force, or the newest if none is yet; and all versions.
#[utoipa::path(get, path = "/api/v1/policy", tag = "policy",
    responses((status = 200, body = PolicyView), (status = "default", body = ErrorBody)))]
pub fn read_policy() {}

/// One version of the policy; and all versions.
#[utoipa::path(get, path = "/api/v1/policy/{version}", tag = "policy",
    params(("version" = u64, Path, description = "Counted from 1.")),
    responses((status = 200, body = PolicyView), (status = "default", body = ErrorBody)))]
pub fn read_policy_version() {}

/// What a description would become, and what stands against it. Changes nothing.
#[utoipa::path(post, path = "/api/v1/policy/draft", tag = "policy", request_body = NewPolicy,
    responses((status = 200, body = PolicyDraft), (status = "default", body = ErrorBody)))]
pub fn draft_policy() {}

/// Announces a version that has no error and promises no less than the one before.
#[utoipa::path(post, path = "/api/v1/policy", tag = "policy", request_body = NewPolicy,
    responses((status = 201, body = PolicyView), (status = "default", body = ErrorBody)))]
pub fn announce_policy() {}

/// Proposes a version that promises less than the one before. Refused if it has an error, or promises
/// no less: then one person announces it.
#[utoipa::path(post, path = "/api/v1/policy/proposals", tag = "policy",
    request_body = NewPolicyProposal,
    responses((status = 201, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn propose_policy() {}

/// Announces what was approved, if the approval could not do it at once.
#[utoipa::path(post, path = "/api/v1/policy/proposals/{year}/{number}/carry-out", tag = "policy",
    params(("year" = u16, Path, description = "Of the proposal's entry."),
        ("number" = u64, Path, description = "Of the proposal's entry within the year.")),
    responses((status = 200, body = Proposal), (status = "default", body = ErrorBody)))]
pub fn carry_out_policy() {}

/// The institution as the description in force says, beside the cameras that the recorder has of it.
#[utoipa::path(get, path = "/api/v1/institution", tag = "policy",
    responses((status = 200, body = InstitutionView), (status = "default", body = ErrorBody)))]
pub fn read_institution() {}

/// The promises of the policy in force, looked at now.
#[utoipa::path(get, path = "/api/v1/promises", tag = "policy",
    responses((status = 200, body = Promises), (status = "default", body = ErrorBody)))]
pub fn read_promises() {}

/// What persons saw of promises that the program cannot see.
#[utoipa::path(get, path = "/api/v1/attestations", tag = "policy",
    responses((status = 200, body = Attestations), (status = "default", body = ErrorBody)))]
pub fn read_attestations() {}

/// Enters what a person saw of a promise, for the sentence as it reads now.
#[utoipa::path(post, path = "/api/v1/attestations", tag = "policy", request_body = NewAttestation,
    responses((status = 201, body = Attestation), (status = "default", body = ErrorBody)))]
pub fn record_attestation() {}

/// What is due of what the policy and the law ask for, computed now.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "policy",
    responses((status = 200, body = Tasks), (status = "default", body = ErrorBody)))]
pub fn read_tasks() {}

/// Takes one still of a camera, to see where it points. Sent with `Cache-Control: no-store`.
#[utoipa::path(post, path = "/api/v1/cameras/{id}/still", tag = "cameras",
    request_body = StillRequest,
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 200, body = Still), (status = "default", body = ErrorBody)))]
pub fn take_still() {}

/// Whether this person may see the synthetic pattern of a camera. The page draws it by itself:
/// nothing of the camera is in the answer.
#[utoipa::path(get, path = "/api/v1/cameras/{id}/pattern", tag = "cameras",
    params(("id" = crate::Id, Path, description = "The camera.")),
    responses((status = 204), (status = "default", body = ErrorBody)))]
pub fn see_pattern() {}

/// What was recorded of a camera between two instants: no picture.
#[utoipa::path(get, path = "/api/v1/footage/timeline", tag = "footage",
    params(
        ("camera" = crate::Id, Query, description = "The camera."),
        ("from" = crate::Time, Query, description = "Beginning."),
        ("to" = crate::Time, Query, description = "End: at most 31 days after the beginning."),
    ),
    responses((status = 200, body = Timeline), (status = "default", body = ErrorBody)))]
pub fn read_timeline() {}

/// Plays recorded footage: a WebSocket. The page opens with `FootageOpen`, and sends
/// `FootageCommand`s; the server sends `ServerMessage`s and binary media.
#[utoipa::path(get, path = "/api/v1/footage", tag = "footage",
    responses((status = 101, description = "A WebSocket."), (status = "default", body = ErrorBody)))]
pub fn play_footage() {}

/// Watches live pictures: a WebSocket. The page opens with `LiveOpen`; the server sends
/// `ServerMessage`s and binary media.
#[utoipa::path(get, path = "/api/v1/live", tag = "live",
    responses((status = 101, description = "A WebSocket."), (status = "default", body = ErrorBody)))]
pub fn watch_live() {}

/// How the recorder is.
#[utoipa::path(get, path = "/api/v1/health", tag = "health",
    responses((status = 200, body = Health), (status = "default", body = ErrorBody)))]
pub fn read_health() {}

/// Entries of the ledger, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "ledger",
    params(
        ("before" = Option<String>, Query, description = "Only entries before this one: `2026/17`."),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 200, else 50."),
    ),
    responses((status = 200, body = LedgerPage), (status = "default", body = ErrorBody)))]
pub fn read_ledger() {}

/// One entry; with the readable record if it is one's own act.
#[utoipa::path(get, path = "/api/v1/ledger/{year}/{number}", tag = "ledger",
    params(("year" = u16, Path, description = "Year of its log."),
        ("number" = u64, Path, description = "Its number.")),
    responses((status = 200, body = LedgerRecord), (status = "default", body = ErrorBody)))]
pub fn read_entry() {}

/// One entry with the readable record behind it, whoever did it. An act, with a purpose.
#[utoipa::path(post, path = "/api/v1/ledger/{year}/{number}/record", tag = "ledger",
    request_body = RecordRequest,
    params(("year" = u16, Path, description = "Year of its log."),
        ("number" = u64, Path, description = "Its number.")),
    responses((status = 200, body = LedgerRecord), (status = "default", body = ErrorBody)))]
pub fn read_record() {}

/// A proof that an entry is in the ledger: a C2SP `tlog-proof`, to be verified offline.
#[utoipa::path(get, path = "/api/v1/ledger/{year}/{number}/proof", tag = "ledger",
    params(("year" = u16, Path, description = "Year of its log."),
        ("number" = u64, Path, description = "Its number.")),
    responses(
        (status = 200, content_type = "text/plain; charset=utf-8", body = String),
        (status = "default", body = ErrorBody)))]
pub fn read_proof() {}

/// A certificate of what became of a camera's footage of a span: which keys were destroyed, when, as
/// due or early, what left before, what is kept. It shows no picture and no name. An act, with a
/// purpose.
#[utoipa::path(post, path = "/api/v1/destruction/certificate", tag = "footage",
    request_body = CertificateRequest,
    responses((status = 200, body = DestructionCertificate), (status = "default", body = ErrorBody)))]
pub fn certify_destruction() {}

/// Whether the program runs.
#[utoipa::path(get, path = "/healthz", tag = "machines",
    responses((status = 200, content_type = "text/plain", body = String)))]
pub fn healthz() {}

/// Whether it records durably.
#[utoipa::path(get, path = "/readyz", tag = "machines",
    responses((status = 200, content_type = "text/plain", body = String),
        (status = 503, content_type = "text/plain", body = String)))]
pub fn readyz() {}

/// Figures in the text format of Prometheus. No names and no addresses in them.
#[utoipa::path(get, path = "/metrics", tag = "machines",
    responses((status = 200, content_type = "text/plain; version=0.0.4", body = String)))]
pub fn metrics() {}

/// The newest signed checkpoint of a year's ledger (C2SP `tlog-checkpoint`).
#[utoipa::path(get, path = "/ledger-public/{year}/checkpoint", tag = "machines",
    params(("year" = String, Path, description = "Four digits.")),
    responses((status = 200, content_type = "text/plain; charset=utf-8", body = String),
        (status = 404)))]
pub fn checkpoint() {}

/// The newest checkpoint of a year's ledger that a quorum of the recorder's witnesses has cosigned.
#[utoipa::path(get, path = "/ledger-public/{year}/cosigned", tag = "machines",
    params(("year" = String, Path, description = "Four digits.")),
    responses((status = 200, content_type = "text/plain; charset=utf-8", body = String),
        (status = 404)))]
pub fn cosigned() {}

/// A tile or an entry bundle of a year's ledger (C2SP `tlog-tiles`).
#[utoipa::path(get, path = "/ledger-public/{year}/tile/{path}", tag = "machines",
    params(("year" = String, Path, description = "Four digits."),
        ("path" = String, Path, description = "The rest of the tile's path, with slashes.")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404)))]
pub fn tile() {}

/// A list that an entry of the ledger names by its SHA-256: commitments of keys, no key.
#[utoipa::path(get, path = "/ledger-public/companion/{sha256}", tag = "machines",
    params(("sha256" = String, Path, description = "64 lower-case hexadecimal digits.")),
    responses((status = 200, content_type = "text/plain; charset=utf-8", body = String),
        (status = 404)))]
pub fn companion() {}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jikim",
        description = "The API of a Jikim recorder. Stable under /api/v1.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        sign_in,
        read_session,
        sign_out,
        claim,
        unlock,
        touch,
        hand_over,
        list_accounts,
        appoint,
        end_appointment,
        change_appointment,
        reset_account,
        list_cameras,
        add_camera,
        change_camera,
        replace_device,
        retire_camera,
        shorten_retention,
        list_proposals,
        propose,
        decide_proposal,
        carry_out,
        propose_early,
        allow_early,
        revoke_early,
        propose_minutes,
        destroy_minutes,
        list_holds,
        hold_footage,
        renew_hold,
        release_hold,
        read_policy,
        read_policy_version,
        draft_policy,
        announce_policy,
        propose_policy,
        carry_out_policy,
        read_institution,
        read_promises,
        read_attestations,
        record_attestation,
        crate::plan::read_plans,
        crate::plan::add_floor,
        crate::plan::change_floor,
        crate::plan::remove_floor,
        crate::plan::read_plan_picture,
        crate::plan::set_plan_picture,
        crate::camera::read_range,
        crate::reading::read_published,
        crate::camera::set_range,
        read_tasks,
        crate::request_paths::list_requests,
        crate::request_paths::receive_request,
        crate::request_paths::read_request,
        crate::request_paths::read_letter,
        crate::request_paths::identify_requester,
        crate::request_paths::decide_request,
        crate::request_paths::answer_request,
        crate::request_paths::object_to_request,
        crate::request_paths::withdraw_request,
        crate::door_paths::list_visits,
        crate::door_paths::enter_visit,
        crate::door_paths::leave_visit,
        crate::door_paths::withdraw_visit,
        crate::door_paths::list_tickets,
        crate::door_paths::open_ticket,
        crate::door_paths::close_ticket,
        take_still,
        see_pattern,
        read_timeline,
        play_footage,
        watch_live,
        read_health,
        read_ledger,
        read_entry,
        read_record,
        read_proof,
        certify_destruction,
        healthz,
        readyz,
        metrics,
        checkpoint,
        cosigned,
        tile,
        companion,
    ),
    components(schemas(LiveOpen, FootageOpen, FootageCommand, ServerMessage))
)]
struct Document;

/// The OpenAPI document of everything here.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
        .merge_from(crate::disclosure_paths::Paths::openapi())
        .merge_from(crate::export::Paths::openapi())
        .merge_from(crate::register::Paths::openapi())
}
