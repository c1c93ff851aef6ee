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
        /// From the public form.
        Web = "web",
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
        /// Somebody objected: another person has to decide anew.
        Objected = "objected",
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

    /// A letter that answers a request.
    LetterKind {
        /// 접수증.
        Receipt = "receipt",
        /// 존재확인 결과.
        Existence = "existence",
        /// 열람 통지.
        Viewing = "viewing",
        /// 일부열람 통지.
        Partial = "partial",
        /// 연기 통지.
        Postponed = "postponed",
        /// 거절 통지.
        Refused = "refused",
        /// 남은 영상 없음.
        Absent = "absent",
        /// 이의신청 결과 통지.
        Objection = "objection",
        /// 삭제 결과 통지.
        Destroyed = "destroyed",
    }

    /// Why whoever looks does not decide an objection.
    RequestBar {
        /// It is about a decision of his own.
        Decided = "decided",
        /// He entered it.
        Entered = "entered",
        /// He received the request, and there is somebody who did not.
        Received = "received",
    }

    /// The form in which a letter is handed out.
    LetterFormat {
        /// A page, to be printed.
        Html = "html",
        /// PDF/UA-1.
        Pdf = "pdf",
        /// For a word processor.
        Hwpx = "hwpx",
        /// Its content.
        Json = "json",
    }

    /// What happened to a request after its receipt.
    RequestStepWord {
        /// Somebody saw who asks.
        Identified = "identified",
        /// It was decided.
        Decided = "decided",
        /// What was decided was told or shown.
        Done = "done",
        /// Whoever asked objected to what was decided.
        Objected = "objected",
        /// It was taken back: the request, or the objection that waits.
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
