//! Persons' requests about footage of themselves: 개인영상정보 존재확인·열람·삭제 청구.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    HoldState, Id, LetterFormat, LetterKind, NamedCamera, RequestAgentKind, RequestAsked,
    RequestBar, RequestChannel, RequestDecided, RequestState, RequestStepWord, Time,
};

/// A person of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPerson {
    /// Name.
    #[schema(max_length = 100)]
    pub name: String,
    /// Telephone number.
    #[schema(max_length = 100)]
    pub phone: String,
    /// Date of birth, `1980-01-31`; absent if not said.
    #[serde(default)]
    pub born: Option<String>,
    /// Address; may be empty.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub address: String,
}

/// Who asks for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestAgent {
    /// By what right.
    pub kind: RequestAgentKind,
    /// Who.
    pub person: RequestPerson,
    /// What he is to the requester.
    #[schema(max_length = 100)]
    pub relation: String,
}

/// A request as it comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// Who was filmed and asks: the data subject.
    pub requester: RequestPerson,
    /// Who asks for that person, if somebody does.
    #[serde(default)]
    pub agent: Option<RequestAgent>,
    /// What is asked: at least one, none twice.
    pub asks: Vec<RequestAsked>,
    /// Which cameras: 1 to 9.
    #[schema(min_items = 1, max_items = 9)]
    pub cameras: Vec<Id>,
    /// Its first minute.
    pub from: Time,
    /// The first minute after it: at most four hours later, and not ahead.
    pub until: Time,
    /// Purpose and reason.
    #[schema(max_length = 500)]
    pub reason: String,
    /// How it came.
    pub channel: RequestChannel,
    /// What the public form said of it; absent if it came otherwise.
    #[serde(default)]
    pub front: Option<RequestFront>,
}

/// A request as the public form took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestFront {
    /// The number that the form showed, `W7K2-9QPM`: one request alone has it.
    #[schema(max_length = 9)]
    pub receipt: String,
    /// When the form took it: the days are counted from then. At most 60 days ago.
    pub sealed_at: Time,
}

/// A day until which something is done, and why it is that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestDay {
    /// `calendar`, `civil` or `petitions`.
    pub counting: String,
    /// `2026-09-27`.
    pub day: String,
    /// The articles by which it is counted, in Korean.
    pub article: String,
}

/// By when a request is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestDue {
    /// The day to which the desk works: the earliest of all.
    pub day: String,
    /// Days until then: 0 on that day, negative after it.
    pub days_left: i64,
    /// The last day in each way of counting, from the strictest.
    pub days: Vec<RequestDay>,
}

/// What is held for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestHold {
    /// The hold.
    pub id: Id,
    /// When it lapses.
    pub until: Time,
    /// How it stands.
    pub state: HoldState,
}

/// A request without who asks and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestLine {
    /// The number of receipt, `2026-17`.
    pub id: String,
    /// How it stands.
    pub state: RequestState,
    /// What was decided last.
    pub decision: Option<RequestDecided>,
    /// When it came in.
    pub received_at: Time,
    /// Whether whoever looks received it, and so does not decide it.
    pub mine: bool,
    /// What is asked.
    pub asks: Vec<RequestAsked>,
    /// Which cameras.
    pub cameras: Vec<NamedCamera>,
    /// Its first minute; none if its record is destroyed.
    pub from: Option<Time>,
    /// The first minute after it.
    pub until: Option<Time>,
    /// By when it is answered; none when it is answered or over, or the days cannot be counted.
    pub due: Option<RequestDue>,
    /// Until when somebody has to have shown who asks; none once somebody did.
    pub identity_until: Option<Time>,
    /// What is held for it.
    pub hold: Option<RequestHold>,
    /// What the public form said of it; none if it came otherwise or its record is destroyed.
    pub front: Option<RequestFront>,
    /// The objection that waits.
    pub objection: Option<RequestObjected>,
    /// Until when somebody can object to what was decided; none if there is nothing to object to.
    pub objectable: Option<RequestObjectable>,
}

/// An objection (이의신청) that has to be decided; `due` of its line is then by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestObjected {
    /// To what.
    pub to: RequestDecided,
    /// The day on which it came.
    pub on: String,
    /// The day to which its fourteen days were extended.
    pub extended: Option<String>,
    /// The last day to which they can be extended; none if they were, or the days cannot be counted.
    pub extendable_until: Option<String>,
    /// Why whoever looks does not decide it; none if nothing of that keeps him from it.
    pub bar: Option<RequestBar>,
}

/// Until when somebody can object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestObjectable {
    /// The first day on which an objection can have come: that of the decision.
    pub from: String,
    /// The last; none while nobody told the decision.
    pub until: Option<String>,
    /// Whether nobody would be left to decide it if whoever looks entered it: then another person enters it.
    pub is_for_another: bool,
}

/// All requests, those first that are due first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Requests {
    /// The newest 500.
    pub requests: Vec<RequestLine>,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestStep {
    /// What.
    pub step: RequestStepWord,
    /// When.
    pub at: Time,
    /// Who did it.
    pub by: String,
    /// Of a decision: which.
    pub decision: Option<RequestDecided>,
    /// Of a refusal: the id of its ground.
    pub ground: Option<String>,
    /// The facts of a refusal, the reason of a postponement, the words of an objection, or a remark.
    pub text: String,
    /// Of a postponement: the day on which its reason ends; while an objection waits, to which it is extended.
    pub until: Option<String>,
    /// Of an objection: the day on which it came.
    pub on: Option<String>,
}

/// A ground of refusal that is in force today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestGround {
    /// Names it.
    pub id: String,
    /// Which article says so.
    pub article: String,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// One request with who asks and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestCase {
    /// What stands on the board.
    pub line: RequestLine,
    /// What it says; none when its record is destroyed.
    pub request: Option<NewRequest>,
    /// Of its cameras, those of which nothing of that time was kept at receipt.
    pub absent: Vec<Id>,
    /// Who received it.
    pub received_by: String,
    /// What happened since.
    pub steps: Vec<RequestStep>,
    /// The grounds on which the law of today lets it be refused. That others appear, or that the police is
    /// not there, is none.
    pub grounds: Vec<RequestGround>,
    /// The letters that answer it as it stands.
    pub letters: RequestLetters,
    /// Of one whose deletion was granted: what is still to be destroyed.
    pub deletion: Option<RequestDeletion>,
}

/// Footage whose destruction was asked and granted, as the recorder finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestDeletion {
    /// Cameras of which something of that time is kept; empty when it is done.
    pub kept: Vec<NamedCamera>,
}

/// The letters that answer a request as it stands, and how they can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestLetters {
    /// The institution in whose name they are written; none without a policy in force, and then there are none.
    pub sender: Option<String>,
    /// Those that it can be answered with.
    pub due: Vec<RequestLetter>,
    /// The forms in which they can be had now: PDF and HWPX where a press is there.
    pub formats: Vec<LetterFormat>,
}

/// A letter that can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestLetter {
    /// Which.
    pub kind: LetterKind,
    /// Whether it names the day, time and place of a viewing, which the asker writes.
    pub has_appointment: bool,
}

/// A remark beside a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestRemark {
    /// May be empty. Never a number of an identity document.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// An objection as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestObjection {
    /// The day on which it came, `2026-11-30`: not before the decision, not ahead, and in time.
    pub on: String,
    /// What it says.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestDecision {
    /// Which.
    pub decision: RequestDecided,
    /// Of `partly` and `refused`: the id of a ground that is in force today.
    #[serde(default)]
    pub ground: Option<String>,
    /// The facts that make it a ground, or the reason of a postponement.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub text: String,
    /// Of `postponed`: the day on which its reason ends, at most 60 days ahead. While an objection waits: the day
    /// to which its days are extended, once and by at most ten days.
    #[serde(default)]
    pub until: Option<String>,
}
