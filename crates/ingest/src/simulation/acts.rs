//! What happens to a recorder, one thing after another, as chance has it.

use std::time::Duration;

use testkit::Fault;
use testkit::disk::{EIO, ENOSPC, EROFS, Effect, Op, Select};

use super::runs::End;
use super::viewer::Viewer;
use super::world::World;
use crate::record::CameraState;

const PARTS: [&str; 8] =
    ["/a/", "/b/", "/a/reels", "/b/reels", "keyring", "/ledger/", "/vault/", "holder.slots"];

impl World {
    /// Everything that a seed does.
    pub(super) fn live(&mut self) -> Result<(), String> {
        self.start_run()?;
        for _ in 0..self.draw.range(6, 24) {
            let slices = self.draw.pick(&[1, 5, 12, 30, 60]);
            self.run_for(slices)?;
            self.act()?;
            if self.disk.is_dead() {
                self.restart(End::Power)?;
            }
        }
        self.finish()
    }

    fn act(&mut self) -> Result<(), String> {
        let index = self.draw.index(self.cameras.len());
        match self.draw.below(40) {
            0..=3 => self.trouble_camera(index),
            4..=6 => self.lose_or_delay(index),
            7 => {
                self.note(format!("camera {index} is kept for another time"));
                self.set_retention(index);
            }
            8..=11 => self.plan_fault(),
            12..=14 => self.plan_end(),
            15..=17 => {
                let end = self.draw.pick(&[End::Kill, End::Power, End::Orderly]);
                self.restart(end)?;
            }
            18 => {
                let is_full = !self.is_full;
                self.note(format!("full: {is_full}"));
                self.set_full(is_full);
            }
            19 => self.toggle_volume(),
            20..=22 => self.touch_clock(),
            23..=25 => {
                let seconds = self.draw.pick(&[5, 100, 400, 4000, 8000, 31 * 86_400]);
                self.note(format!("a leap of {seconds} s"));
                self.leap(Duration::from_secs(seconds))?;
            }
            26..=32 => {
                if let Some(viewer) = Viewer::ask(self)? {
                    self.viewers.push(viewer);
                }
            }
            33 => self.revoke(),
            34..=35 => {
                let length_us = self.draw.pick(&[300_000, 2_000_000, 9_000_000]);
                self.note(format!("the disk hangs for {length_us} µs"));
                self.stalled_until_us = self.now_us + length_us;
                self.calm_since_us = self.stalled_until_us;
            }
            36 => self.declare(index),
            37 => {
                let kind = ledger::Kind::Started;
                if self.house().ledger.append_blocking(vec![kind.into()]).is_ok() {
                    self.acknowledge();
                }
            }
            _ => self.rotate()?,
        }
        Ok(())
    }

    fn trouble_camera(&mut self, index: usize) {
        let length_us = self.draw.pick(&[200_000, 1_000_000, 4_000_000, 20_000_000]);
        let state =
            self.draw.pick(&[CameraState::Unreachable, CameraState::Silent, CameraState::Garbage]);
        self.note(format!("camera {index} is gone for {length_us} µs"));
        self.cameras[index].away_until_us = self.now_us + length_us;
        self.cameras[index].hang_up(state);
    }

    fn lose_or_delay(&mut self, index: usize) {
        let loses = self.draw.pick(&[0, 3, 10, 50]);
        let late_us = self.draw.pick(&[0, 50_000, 900_000, 3_000_000]);
        self.note(format!("camera {index} loses one in {loses}, and is {late_us} µs late"));
        let camera = &mut self.cameras[index];
        (camera.loses_one_in, camera.late_us) = (loses, late_us);
    }

    fn plan_fault(&mut self) {
        let fault = self.fault();
        self.note(format!("{fault:?}"));
        self.disk.plan(fault);
        self.is_faulted = true;
    }

    /// A disk that fails once, or from some operation on.
    fn fault(&mut self) -> Fault {
        let select = self.draw.pick(&[
            Select::Any,
            Select::Changes,
            Select::Only(Op::Write),
            Select::Only(Op::Sync),
            Select::Only(Op::Read),
            Select::Only(Op::Rename),
        ]);
        let torn = usize::try_from(self.draw.below(600)).expect("small");
        let effect = self.draw.pick(&[
            Effect::Fail(EIO),
            Effect::Fail(EIO),
            Effect::Fail(ENOSPC),
            Effect::Fail(EROFS),
            Effect::Tear(torn),
        ]);
        let after = self.draw.index(30);
        let fault = Fault::new(select, after, effect).on(self.draw.pick(&PARTS));
        if self.draw.one_in(3) { fault.lasting() } else { fault }
    }

    /// The machine ends at some operation to come.
    fn plan_end(&mut self) {
        let torn = usize::try_from(self.draw.below(5000)).expect("small");
        let effect = self.draw.pick(&[Effect::Die, Effect::DieTorn(torn)]);
        let after = self.draw.index(60);
        self.note(format!("{effect:?} after {after} changes"));
        self.disk.plan(Fault::new(Select::Changes, after, effect));
    }

    /// Faults that a start meets; gives whether there are any.
    pub(super) fn plan_start_fault(&mut self) -> bool {
        if let Some(away) = self.away {
            self.disk.plan(Fault::new(Select::Any, 0, Effect::Fail(EIO)).on(away).lasting());
        }
        match self.draw.below(12) {
            0 => self.plan_end(),
            1 => {
                let fault = self.fault();
                self.note(format!("at the start: {fault:?}"));
                self.disk.plan(fault);
            }
            _ => return false,
        }
        true
    }

    fn toggle_volume(&mut self) {
        self.away = match self.away {
            Some(_) => None,
            None => Some(self.draw.pick(&["/a/", "/b/"])),
        };
        self.note(format!("away from now, or back at the next start: {:?}", self.away));
        if let Some(away) = self.away {
            self.disk.plan(Fault::new(Select::Any, 0, Effect::Fail(EIO)).on(away).lasting());
        }
        self.is_faulted = true;
    }

    fn touch_clock(&mut self) {
        if self.wall_off_us != 0 && self.draw.one_in(2) {
            self.note("the clock is set right");
            self.set_wall_off(0);
        } else {
            let minute = 60_000_000;
            let off_us = self.draw.pick(&[
                10 * minute,
                -10 * minute,
                60 * minute,
                -60 * minute,
                3650 * 24 * 60 * minute,
                -400 * 24 * 60 * minute,
                -3000,
            ]);
            self.note(format!("the clock is set off by {off_us} µs"));
            self.was_set = true;
            self.early_us = self.early_us.max(120_000_000);
            if self.is_in_doubt {
                // A clock that is an hour off may be believed then.
                self.early_us += 3_600_000_000;
            }
            self.set_wall_off(off_us);
        }
        if self.draw.one_in(3) {
            self.note("a time server tells the time");
            self.hear_time();
        }
    }

    fn revoke(&mut self) {
        self.note("a right is taken away");
        let domain::Actor::Person(account) = super::house::person() else { return };
        self.house().ledger.revoke(account);
        self.viewers.iter_mut().for_each(|viewer| viewer.is_revoked = true);
    }
}
