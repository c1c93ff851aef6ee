//! The standing rule on early destruction: made by two people, taken back by one.
//!
//! The rule is an entry of the ledger (`early-rule`), between the intent and the outcome of the act
//! that makes it; the machine's own acts of early destruction rest on it (`rules::decide`, K9).

use domain::{Action, EntryNumber, WallTime};
use ledger::act::ManageEarly;
use ledger::{AppendError, EarlyFact, Grant, Kind};
use rules::{COOLING_OFF, Target};

use crate::{Access, ApprovalError, Asker, PerformError, Request};

/// What footage may go before its time, and what did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EarlyDestruction {
    /// The proposal that the standing rule rests on, and from when it is in force; none without a
    /// rule.
    pub rule: Option<(EntryNumber, WallTime)>,
    /// When footage was last destroyed early, and the entry of that intent.
    pub last: Option<(EntryNumber, WallTime)>,
}

impl Access {
    /// Makes the rule that two people agreed to; it is in force a day later.
    ///
    /// # Errors
    /// If the rules refuse, a rule stands already, or the ledger cannot append.
    pub async fn allow_early(
        &self,
        asker: &Asker,
        proposal: EntryNumber,
    ) -> Result<(), PerformError<ApprovalError>> {
        let request = Request::new(Action::AllowEarly, Target::House);
        let request = Request { proposal: Some(proposal), ..request };
        let _deciding = self.deciding.lock().await;
        let effect = async |_: &Grant<ManageEarly>| {
            if self.early().rule.is_some() {
                return Err(ApprovalError::StandsAlready);
            }
            let from = Some(self.wall_in(COOLING_OFF));
            self.ledger.append(vec![Kind::EarlyRule { proposal, from }.into()]).await?;
            Ok(())
        };
        self.perform(asker, request, effect).await
    }

    /// Takes the rule back, at once. Without one nothing happens but the entries of the act.
    ///
    /// # Errors
    /// If the rules refuse, or the ledger cannot append.
    pub async fn revoke_early(&self, asker: &Asker) -> Result<(), PerformError<AppendError>> {
        let effect = async |_: &Grant<ManageEarly>| {
            let Some(rule) = self.ledger.early().rule else { return Ok(()) };
            let kind = Kind::EarlyRule { proposal: rule.proposal, from: None };
            self.ledger.append(vec![kind.into()]).await.map(drop)
        };
        self.perform(asker, Request::new(Action::RevokeEarly, Target::House), effect).await
    }

    /// What footage may go before its time, and what did, as the ledger says it.
    #[must_use]
    pub fn early(&self) -> EarlyDestruction {
        let EarlyFact { rule, last } = self.ledger.early();
        EarlyDestruction { rule: rule.map(|rule| (rule.proposal, rule.from)), last }
    }
}
