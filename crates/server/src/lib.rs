//! The HTTP edge: thin handlers, the pages, the WebSockets, the socket of the command line.
//!
//! What comes in here is a stranger until `access` says otherwise. A handler is one sentence: who
//! asks, for what, and what the [`House`] does under the grant. The edge itself opens no footage,
//! knows no ledger, vault or catalog, and keeps nothing but counters.
//!
//! - [`serve`] listens with TLS for browsers: `/api/v1`, the pages, what machines ask.
//! - A [`Reception`] answers a connection that came by another way.
//! - [`serve_socket`] answers the command line over a Unix socket, as the actor `os:UID`.
//! - The routes are the table `api::ROUTES`, each with its action; a test holds the two together.
//! - Everything has a limit: bodies, headers, handshakes, connections, sockets, waiting.

mod accounts;
mod attestations;
mod cameras;
mod destruction;
mod disclosure_desk;
mod disclosures;
mod edge;
mod exports;
mod footage;
mod holds;
mod house;
mod ledger;
mod listen;
mod local;
mod machines;
mod media;
mod minutes;
mod pages;
mod person;
mod plans;
mod policy;
mod proposals;
mod pump;
mod refusal;
mod registers;
mod request;
mod request_desk;
mod requests;
mod routes;
mod sentences;
mod sessions;
mod status_code;
mod tickets;
mod viewing;
mod visits;
mod words;

pub use disclosure_desk::{DisclosureDesk, DisclosureMove};
pub use edge::Limits;
pub use exports::ExportDesk;
pub use house::{AccountDates, Answer, House, HouseError, Note, PlanChange};
pub use listen::{Reception, ServeConfig, ServeError, Server, serve};
pub use local::{SocketServer, serve_socket};
pub use media::act_id;
pub use registers::RegisterDesk;
pub use request_desk::{LetterOrder, RequestDesk, RequestMove};
