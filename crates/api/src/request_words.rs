//! The closed sets of words of persons' requests.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

words! {
    /// What a person asks for.
    RequestAsked {
        /// 존재확인: whether there is such footage.
        Existence = "existence",
        /// 열람: to see it.
        Viewing = "viewing",
        /// 삭제: that it is destroyed.
        Deletion = "deletion",
    }

    /// How a request came.
    RequestChannel {
        /// At the counter.
        Counter = "counter",
        /// By telephone.
        Telephone = "telephone",
        /// On paper.
        Paper = "paper",
    }

    /// By what right somebody asks for another.
    RequestAgentKind {
        /// 위임장.
        PowerOfAttorney = "power-of-attorney",
        /// 법정대리인.
        LegalRepresentative = "legal-representative",
    }

    /// How a request stands.
    RequestState {
        /// It is not known who asks.
        AwaitsIdentity = "awaits-identity",
        /// Somebody has to decide.
        AwaitsDecision = "awaits-decision",
        /// Postponed: somebody has to decide later.
        Postponed = "postponed",
        /// Decided: it has to be told or shown.
        Decided = "decided",
        /// At its end.
        Done = "done",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Nobody showed in time who asks.
        Lapsed = "lapsed",
    }

    /// What is decided of a request.
    RequestDecided {
        /// As was asked.
        Granted = "granted",
        /// In part; the rest is refused.
        Partly = "partly",
        /// Not at all.
        Refused = "refused",
        /// Later.
        Postponed = "postponed",
        /// Nothing of what was asked about is kept.
        Absent = "absent",
    }

    /// What happened to a request after its receipt.
    RequestStepWord {
        /// Somebody saw who asks.
        Identified = "identified",
        /// It was decided.
        Decided = "decided",
        /// What was decided was told or shown.
        Done = "done",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_what_serde_writes() {
        for (set, agrees) in every_set_agrees_with_serde() {
            assert!(agrees, "{set} writes another word than it says");
        }
    }
}
