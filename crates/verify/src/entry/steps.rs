//! Kinds that say step by step what becomes of something.

use domain::{EntryNumber, WallTime};

use super::{ParseEntryError, Wire, hash, need, parse};

/// What an entry says of something that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// A bundle was sealed.
    Sealed {
        /// The request or disclosure that it answers.
        case: EntryNumber,
        /// SHA-256 of it up to its receipt.
        sha256: [u8; 32],
    },
    /// It is to be used no more.
    Revoked {
        /// The entry of its sealing.
        export: EntryNumber,
    },
}

impl Wire<'_> {
    pub(super) fn ticket(&self) -> Result<(), ParseEntryError> {
        match self.step {
            Some("opened") => {
                parse::<WallTime>(self.from, "from")?;
                parse::<WallTime>(self.until, "until").map(drop)
            }
            Some("entered" | "left" | "closed" | "lapsed") => {
                parse::<EntryNumber>(self.ticket, "ticket").map(drop)
            }
            _ => Err(ParseEntryError::Field("step")),
        }
    }

    pub(super) fn arrived(&self) -> Result<(), ParseEntryError> {
        need(matches!(self.consent, Some("given" | "refused")), "consent")?;
        need(matches!(self.admission, Some("granted" | "denied")), "admission")
    }

    pub(super) fn visit(&self) -> Result<(), ParseEntryError> {
        need(matches!(self.step, Some("departed" | "withdrawn")), "step")?;
        parse::<EntryNumber>(self.visit, "visit").map(drop)
    }

    pub(super) fn request(&self) -> Result<(), ParseEntryError> {
        let known = ["received", "identified", "decided", "done", "objected", "withdrawn"];
        need(self.step.is_some_and(|step| known.contains(&step)), "step")?;
        if self.step == Some("decided") {
            let known = ["granted", "partly", "refused", "postponed", "absent"];
            need(self.decision.is_some_and(|word| known.contains(&word)), "decision")?;
        }
        if self.step == Some("received") {
            return Ok(());
        }
        parse::<EntryNumber>(self.request, "request").map(drop)
    }

    pub(super) fn disclosure(&self) -> Result<(), ParseEntryError> {
        match self.step {
            Some("received") => return Ok(()),
            Some("decided") => {
                need(matches!(self.decision, Some("granted" | "refused")), "decision")?;
            }
            Some(
                "compelled" | "reviewed" | "provided" | "published" | "reported" | "withdrawn",
            ) => {}
            _ => return Err(ParseEntryError::Field("step")),
        }
        parse::<EntryNumber>(self.disclosure, "disclosure").map(drop)
    }

    pub(super) fn export(&self) -> Result<Exported, ParseEntryError> {
        match self.step {
            Some("sealed") => Ok(Exported::Sealed {
                case: parse(self.case, "case")?,
                sha256: hash(self.sha256, "sha256")?,
            }),
            Some("revoked") => Ok(Exported::Revoked { export: parse(self.export, "export")? }),
            _ => Err(ParseEntryError::Field("step")),
        }
    }
}
