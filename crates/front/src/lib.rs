//! `jikim-front`: a public form for persons' requests on a machine of its own, and a page that says how
//! a request stands.
//!
//! What must hold, whatever is sent, and whoever takes the machine:
//!
//! 1. The front has the public half of one key and can open nothing of what it took.
//! 2. A number of receipt is shown only after the sealed request is durable.
//! 3. What a status says is read with its code only; the front keeps no code.
//! 4. No line of the log has a word that somebody typed, and no address.
//! 5. Everything from outside has a limit, and what is refused says where the counter is.
//!
//! - [`Parcel`] and [`Standing`]: the files that go to the recorder and come back
//!   (docs/formats/front.md); the recorder's side opens the one and seals the other with them.
//! - [`Desk`]: takes and tells. [`serve`]: the HTTP side.

mod desk;
mod form;
mod http;
mod key;
mod limits;
mod page;
mod parcel;
mod settings;
mod standing;
mod store;
mod ticket;
mod token;

pub use desk::{Desk, Looked, Refusal, Taken};
pub use form::{Mistake, NoForm, Typed};
pub use http::{HttpLimits, ServeError, Server, serve};
pub use key::{KeyError, PrivateKey, PublicKey};
pub use limits::{Limits, Peer};
pub use parcel::{Agent, LONGEST_SEALED, OpenParcelError, Parcel, Person, SEALED};
pub use settings::{LONGEST_SETTINGS, Place, Settings, SettingsError, Text};
pub use standing::{LONGEST_STATUS, STATUS, Standing, State};
pub use store::{KeepError, Store};
pub use ticket::{Code, Receipt, TicketError};
