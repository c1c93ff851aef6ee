//! A house of which nothing is known yet: tests say what they know.

use domain::WallTime;
use policy::{DeskFacts, Facts};
use time::Date;

/// No camera, no account, no reel; the ledger appends.
pub(crate) fn nothing_known(now: WallTime, today: Date) -> Facts {
    Facts {
        now,
        today,
        cameras: Vec::new(),
        accounts: Vec::new(),
        due_at: None,
        frozen: None,
        destroyed: None,
        viewings: 0,
        contractors_may_see: false,
        ledger_appends: true,
        entries: 1,
        cosigned: None,
        reels: 0,
        reels_sealed: 0,
        tickets: 0,
        contractor_sessions: 0,
        sessions_outside: 0,
        visits: 0,
        visits_consented: 0,
        visits_admitted_without: 0,
        desk: DeskFacts::default(),
        attestations: Vec::new(),
    }
}
