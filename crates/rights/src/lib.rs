//! What persons ask for about footage of themselves, and what other bodies ask for: by which day something is
//! owed, what has to be written down when it comes in, and how it stands.
//!
//! Pure: the moment is handed in, the law is data of the crate `law`, and what happened to a request is
//! handed in as its events. How a request stands is computed from these and kept nowhere.
//!
//! ```
//! use rights::Deadlines;
//! let received = law::date("2026-09-17").unwrap();
//! let due = Deadlines::of_request(received).unwrap();
//! let days = [due.calendar(), due.civil(), due.petitions()].map(|day| day.to_string());
//! assert_eq!(days, ["2026-09-27", "2026-09-28", "2026-10-02"]);
//! assert_eq!(due.earliest(), due.calendar());
//! ```

mod clock;
mod decision;
mod disclosure;
mod duty;
mod letter;
mod objection;
mod request;
mod standing;

pub use clock::{CountDaysError, Counting, Deadlines, day_in_korea, start_of};
pub use decision::{DecideError, Decision, Postponement, Refusal};
pub use disclosure::{
    Basis, CompelError, Compelled, CompelledBy, ConfirmedHow, Disclosure, DisclosureError,
    DisclosureForm, DisclosureKind,
};
pub use duty::{
    DisclosureEvent, DisclosureStanding, DisclosureStep, DisclosureStepError, Duty, DutyKind,
    Terms, days_published, disclosure_standing, duties, may_disclose,
};
pub use letter::{Appointment, DocumentNumber, LetterError, LetterKind, letters, owes_destruction};
pub use objection::{
    Objectable, Objected, deadlines_now, objectable, objection_deadlines, result_of_objection,
};
pub use request::{
    Agent, AgentKind, Asked, Channel, Form, FormError, LONGEST_LINE, LONGEST_REASON, Person,
    Request,
};
pub use standing::{
    DecidedAs, Event, IDENTITY_WITHIN, OBJECTION_WITHIN, Standing, Step, StepError, deadlines, may,
    may_take, standing,
};
