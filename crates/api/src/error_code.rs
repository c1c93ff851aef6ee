//! The closed set of codes with which a request is refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

words! {
    /// Why a request was refused.
    ErrorCode {
        /// The request is not what the route takes (JSON, field, value).
        BadRequest = "bad-request",
        /// The header against forged requests is missing, or the origin is another site's.
        ForeignRequest = "foreign-request",
        /// Nobody is signed in.
        NotSignedIn = "not-signed-in",
        /// The session is locked: unlock first.
        Locked = "locked",
        /// Name or password is wrong; which one is not said.
        WrongPassword = "wrong-password",
        /// Too many wrong attempts; `retry_after_s` says when to try again.
        TooManyAttempts = "too-many-attempts",
        /// The one-time link was used, has run out, or never was.
        LinkInvalid = "link-invalid",
        /// Somebody else has that sign-in name.
        NameTaken = "name-taken",
        /// The password is shorter than 10 characters, longer than 128, or the name itself.
        PasswordWeak = "password-weak",
        /// The rules say no; the refusal is in the ledger.
        Forbidden = "forbidden",
        /// There is no such thing.
        NotFound = "not-found",
        /// It is so already, or has ended already.
        Conflict = "conflict",
        /// Pledge or training is missing, or the times of an appointment are unfit.
        AppointmentUnfit = "appointment-unfit",
        /// Roles that may not be held together, or none at all.
        RolesUnfit = "roles-unfit",
        /// It takes two people: propose it, and let another person approve.
        ApprovalMissing = "approval-missing",
        /// A purpose and its note are needed.
        PurposeMissing = "purpose-missing",
        /// More than 24 hours, or an end before its beginning.
        SpanUnfit = "span-unfit",
        /// More cameras than one act may show.
        TooManyCameras = "too-many-cameras",
        /// The retention is no duration, too short, too long, or below its minimum.
        RetentionUnfit = "retention-unfit",
        /// Something stands against announcing this policy: look at the draft.
        PolicyUnfit = "policy-unfit",
        /// It promises less than the one before, which takes two people.
        PolicyLooser = "policy-looser",
        /// The policy in force keeps footage for less.
        RetentionBeyondPolicy = "retention-beyond-policy",
        /// The program looks at this promise itself: nobody's word counts for it.
        PromiseNotAttestable = "promise-not-attestable",
        /// It was looked at on a day that is to come, or too long ago.
        DayUnfit = "day-unfit",
        /// The picture is neither JPEG nor PNG, or larger than 512 KiB.
        PictureUnfit = "picture-unfit",
        /// The remark is too long.
        RemarkUnfit = "remark-unfit",
        /// A contractor, and no ticket lets him in now.
        NoTicket = "no-ticket",
        /// A ticket that may not be: its time, its people, or its text.
        TicketUnfit = "ticket-unfit",
        /// The floor cannot be so: a name, its level, a place, or there are too many.
        PlanUnfit = "plan-unfit",
        /// The picture of the plan is neither JPEG nor PNG, or too large.
        PlanPictureUnfit = "plan-picture-unfit",
        /// Somebody changed the floor since it was seen.
        PlanChanged = "plan-changed",
        /// Another floor has the camera.
        CameraElsewhere = "camera-elsewhere",
        /// A visit that may not be entered so: what is written, or who is with the visitor.
        VisitUnfit = "visit-unfit",
        /// A request that may not be received so: who asks, what, of which minutes, or why.
        RequestUnfit = "request-unfit",
        /// A disclosure that may not be: who asks, its ground, its footage, its conditions or its step.
        DisclosureUnfit = "disclosure-unfit",
        /// An objection that may not be, or its days extended so: its day or its words.
        ObjectionUnfit = "objection-unfit",
        /// A decision that may not be: its ground, its facts, its reason or its day.
        DecisionUnfit = "decision-unfit",
        /// A letter that cannot be written so: its request, its sender, or what was written for it.
        LetterUnfit = "letter-unfit",
        /// The days of a register: none, more than a year, or with more rows than are shown at once.
        RegisterUnfit = "register-unfit",
        /// No press is there to make PDF, HWPX or XLSX.
        PressMissing = "press-missing",
        /// The camera's address is no `rtsp://` address.
        AddressUnfit = "address-unfit",
        /// Nobody answers at the camera's address.
        CameraUnreachable = "camera-unreachable",
        /// The camera refuses the name or password, or has no such feed.
        CameraRefused = "camera-refused",
        /// What answers is no camera.
        NotACamera = "not-a-camera",
        /// The camera sends neither H.264 nor H.265.
        CameraUnsupported = "camera-unsupported",
        /// No picture came in time.
        NoPicture = "no-picture",
        /// Some of it is held for a case.
        FootageHeld = "footage-held",
        /// Something of it is kept: it is neither absent nor destroyed.
        FootageKept = "footage-kept",
        /// It is of an hour that is still recorded.
        FootageWritten = "footage-written",
        /// A statute still asks that it is kept.
        FootageOwed = "footage-owed",
        /// Nothing of it is kept.
        FootageGone = "footage-gone",
        /// What lies beside it cannot be read, so nobody can say what else would go.
        FootageUnreadable = "footage-unreadable",
        /// Destruction is frozen.
        DestructionFrozen = "destruction-frozen",
        /// What keeps the vault key does not answer: the destruction waits for it.
        HolderAway = "holder-away",
        /// The recorder has no witnesses, without whom nothing goes before its time.
        NoWitnesses = "no-witnesses",
        /// No quorum of witnesses has cosigned, so nothing was destroyed.
        NotCosigned = "not-cosigned",
        /// The ledger does not append, so the act was not done.
        LedgerUnavailable = "ledger-unavailable",
        /// The disk does not take what must be written.
        Storage = "storage",
        /// Too many at once; try again in a moment.
        Busy = "busy",
        /// Something broke inside; the recorder's log says more.
        Internal = "internal",
        /// No working copy was made: nobody who covers people listens at the socket for it.
        MaskMissing = "mask-missing",
        /// The footage could not be masked, or is damaged.
        MaskFailed = "mask-failed",
        /// More footage than one file that leaves can hold.
        FootageTooLong = "footage-too-long",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_what_serde_writes() {
        assert!(every_set_agrees_with_serde().into_iter().all(|(_, agrees)| agrees));
    }
}
