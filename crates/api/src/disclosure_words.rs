//! The closed sets of words of disclosures to other bodies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

words! {
    /// What a disclosure is.
    DisclosureKind {
        /// 제3자 제공: to another body.
        Provision = "provision",
        /// 목적 외 이용: by the institution, for something else than its purpose.
        OwnUse = "own-use",
    }

    /// What has to be written so that a ground is complete.
    DisclosureBasis {
        /// Whose separate consent, and of which day.
        Consent = "consent",
        /// The statute and its article.
        Statute = "statute",
        /// What danger, for whom, and why now.
        Danger = "danger",
        /// The Commission's resolution.
        Resolution = "resolution",
        /// The treaty or agreement.
        Treaty = "treaty",
        /// The number of the investigation or prosecution.
        Investigation = "investigation",
        /// The court and the number of its case.
        Trial = "trial",
        /// The decision that is carried out.
        Execution = "execution",
        /// What emergency of public health or safety.
        Emergency = "emergency",
    }

    /// How a disclosure stands.
    DisclosureState {
        /// Somebody has to decide.
        AwaitsDecision = "awaits-decision",
        /// It may be given.
        AwaitsProvision = "awaits-provision",
        /// It was given; something is still owed.
        Provided = "provided",
        /// Everything that is owed was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }

    /// What is owed of a disclosure.
    DisclosureDutyKind {
        /// What one person did alone is looked at by another.
        Review = "review",
        /// It is published.
        Publish = "publish",
        /// The recipient reports what it did and that it destroyed it.
        Report = "report",
    }

    /// What happened to a disclosure after its receipt.
    DisclosureStepWord {
        /// Another person decided it.
        Decided = "decided",
        /// One person granted it alone.
        Compelled = "compelled",
        /// Another person looked at that.
        Reviewed = "reviewed",
        /// The recipient saw it or has it.
        Provided = "provided",
        /// It is published that it was given.
        Published = "published",
        /// The recipient reported.
        Reported = "reported",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }

    /// Why one person alone goes ahead.
    DisclosureCompelledBy {
        /// 영장.
        Warrant = "warrant",
        /// 실종아동등.
        MissingPerson = "missing-person",
    }

    /// How somebody who is not there confirmed it.
    DisclosureConfirmedHow {
        /// By telephone.
        Telephone = "telephone",
        /// In writing, from afar.
        Message = "message",
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
