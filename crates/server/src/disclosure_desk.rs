//! What the edge needs done of disclosures to other bodies.

use access::{DisclosureTarget, Grant, act};

use crate::house::Answer;

/// What somebody does with a disclosure that was received.
#[derive(Debug, Clone)]
pub enum DisclosureMove {
    /// It is decided.
    Decide(api::DisclosureDecision),
    /// It is granted by one person alone.
    Compel(api::DisclosureConfirmation),
    /// That was looked at by another.
    Review(api::DisclosureRemark),
    /// The recipient saw it or has it.
    Provide(api::DisclosureRemark),
    /// It is published.
    Publish(api::DisclosurePublication),
    /// The recipient reported.
    Report(api::DisclosureRemark),
    /// It was taken back.
    Withdraw(api::DisclosureRemark),
}

/// The desk at which other bodies ask for footage.
pub trait DisclosureDesk {
    /// The disclosures as the ledger says them, those first of which something is due first.
    fn disclosures(&self, looker: domain::Actor) -> Answer<'_, api::Disclosures>;
    /// What a form asks to be permitted: its cameras, and what is to be held of them. Changes nothing.
    fn new_disclosure(&self, form: api::NewDisclosure) -> Answer<'_, DisclosureTarget>;
    /// Receives the disclosure and holds what the grant says, in one append.
    fn receive_disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ManageDisclosures>,
        form: api::NewDisclosure,
    ) -> Answer<'a, api::DisclosureCase>;
    /// A disclosure by its number of receipt, without a change of its hold.
    fn known_disclosure(&self, receipt: &str) -> Option<DisclosureTarget>;
    /// One disclosure with who asks, on what ground and for what.
    fn disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ReadDisclosure>,
    ) -> Answer<'a, api::DisclosureCase>;
    /// What a move asks to be permitted: the disclosure, and what becomes of its hold. Changes nothing.
    fn next_of_disclosure<'a>(
        &'a self,
        target: DisclosureTarget,
        to: &'a DisclosureMove,
    ) -> Answer<'a, DisclosureTarget>;
    /// Enters the move, and does with the hold what the grant says, in one append.
    fn continue_disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ManageDisclosures>,
        to: DisclosureMove,
    ) -> Answer<'a, api::DisclosureCase>;
}
