//! What the edge needs done of persons' requests.

use access::{Grant, RequestTarget, act};

use crate::house::Answer;

/// What somebody does with a request that was received.
#[derive(Debug, Clone)]
pub enum RequestMove {
    /// It was seen who asks.
    Identify(api::RequestRemark),
    /// It is decided.
    Decide(api::RequestDecision),
    /// What was decided was told or shown.
    Answer(api::RequestRemark),
    /// Whoever asked objected to what was decided.
    Object(api::RequestObjection),
    /// It was taken back: the request, or the objection that waits.
    Withdraw(api::RequestRemark),
}

/// Which letter is asked for, and what is written into it.
#[derive(Debug, Clone)]
pub struct LetterOrder {
    /// Which.
    pub kind: api::LetterKind,
    /// In which form.
    pub format: api::LetterFormat,
    /// The agency's own number of the document; may be empty.
    pub document_number: String,
    /// Of a viewing: its day.
    pub day: String,
    /// Of a viewing: its time.
    pub time: String,
    /// Of a viewing: its place.
    pub place: String,
}

/// The desk at which persons ask about footage of themselves.
pub trait RequestDesk {
    /// The requests as the ledger says them, those first that are due first.
    fn requests(&self, looker: domain::Actor) -> Answer<'_, Vec<api::RequestLine>>;
    /// What a form asks to be permitted: its cameras, and what is to be held of them. Changes nothing.
    fn new_request(&self, form: api::NewRequest) -> Answer<'_, RequestTarget>;
    /// Receives the request and holds what the grant says, in one append.
    fn receive_request<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRequests>,
        form: api::NewRequest,
    ) -> Answer<'a, api::RequestCase>;
    /// A request by its number of receipt, without a change of its hold.
    fn known_request(&self, receipt: &str) -> Option<RequestTarget>;
    /// One request with who asks and why.
    fn request<'a>(&'a self, grant: &'a Grant<act::ReadRequest>) -> Answer<'a, api::RequestCase>;
    /// A letter that answers the request of the grant, as a file.
    fn letter<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRequest>,
        order: LetterOrder,
    ) -> Answer<'a, Vec<u8>>;
    /// What a move asks to be permitted: the request, and what becomes of its hold. Changes nothing.
    fn next_of_request<'a>(
        &'a self,
        target: RequestTarget,
        to: &'a RequestMove,
    ) -> Answer<'a, RequestTarget>;
    /// Enters the move, and does with the hold what the grant says, in one append.
    fn continue_request<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRequests>,
        to: RequestMove,
    ) -> Answer<'a, api::RequestCase>;
}
