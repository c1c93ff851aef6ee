//! Documents as content: what a policy, a sign or a form says, before anybody sets it in type.
//!
//! The words and tables of a policy are made elsewhere (`policy`), those of forms and letters here; documents are
//! values, their JSON, and the page of HTML. PDF and HWPX are made from the same JSON by a program of
//! its own, `jikim-press`, since typesetting builds slowly and the recorder needs none of it.
//!
//! No clock and no disk. What a document says is in its blocks and nowhere else, so that the same
//! facts are in every form of it.

mod document;
mod fields;
mod forms;
mod html;
mod letter;
mod letter_body;
mod letter_objection;

pub use document::{
    Block, Cell, Document, MAX_DOCUMENT_BYTES, Paper, ReadDocumentError, Row, Sentence, Sign,
    SignLine,
};
pub use forms::{AccessRequest, Admission, Claimant, Consent, Subject, Visit, VisitorBook, Wanted};
pub use html::html;
pub use letter::{
    Absence, Addressee, Asked, Decided, Expired, Letter, Meeting, Objection, Refusal, Says, Sender,
};
pub use letter_objection::{Objected, Outcome};
