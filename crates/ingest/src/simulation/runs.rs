//! Runs of the recorder: how one ends, what happens while it is off, how the next begins.

use std::sync::Arc;
use std::time::Duration;

use super::camera::Camera;
use super::house::House;
use super::oracle::Ending;
use super::world::World;
use crate::filming::Film;

/// Nothing may have held the writers up for so long that the end of a run costs two seconds at most.
const CALM_US: u64 = 3_000_000;

/// How a run of the recorder ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Orderly,
    Kill,
    Power,
}

impl World {
    /// Ends the run, and begins the next.
    pub(super) fn restart(&mut self, end: End) -> Result<(), String> {
        self.end_run(end)?;
        let off = match end {
            End::Power => self.draw.pick(&[20, 20, 600, 7000, 260_000]),
            _ => self.draw.pick(&[0, 1, 5, 5, 90]),
        };
        self.be_off(Duration::from_secs(off), end == End::Power);
        self.start_run()
    }

    pub(super) fn end_run(&mut self, end: End) -> Result<(), String> {
        self.note(format!("{end:?}"));
        let house = self.house.take().expect("the recorder runs between two ends");
        let was_dead = self.disk.is_dead();
        if end == End::Orderly && !was_dead {
            self.cameras.iter_mut().for_each(Camera::let_go);
        }
        let mut statuses = house.vault.vault().sealer().statuses();
        if end == End::Orderly && !was_dead {
            let sealer = house.vault.vault().sealer();
            self.viewers.clear();
            house.vault.close();
            statuses = sealer.statuses();
            self.oracle.acknowledge(&house.ledger);
            house.ledger.close();
        } else {
            match end {
                End::Power => self.disk.lose_power(),
                _ => self.disk.kill(),
            }
            self.viewers.clear();
            drop(house);
            self.cameras.iter_mut().for_each(Camera::let_go);
        }
        let counted = self.cameras.iter().map(|camera| {
            let status = statuses.iter().find(|(feed, _)| *feed == camera.feed);
            status.map_or(0, |(_, status)| status.frames)
        });
        let was_calm = !self.is_faulted
            && !self.is_full
            && self.away.is_none()
            && self.now_us >= self.calm_since_us + CALM_US;
        let counted = counted.collect();
        self.oracle.endings.push(Ending {
            run: self.run,
            at_us: self.now_us,
            counted,
            was_calm,
            was_hindered: self.was_hindered,
            was_off: self.was_off,
        });
        if end != End::Orderly && self.away.is_none() && self.draw.one_in(4) {
            self.note("the catalog is lost");
            self.listed.forget();
            self.oracle.lost_lists = true;
        }
        Ok(())
    }

    /// The recorder does not run for a while.
    fn be_off(&mut self, length: Duration, reboots: bool) {
        let from_us = self.now_us;
        self.now_us += u64::try_from(length.as_micros()).expect("some days at most");
        if reboots {
            if self.wall_off_us != 0 && self.draw.one_in(2) {
                // The clock of the machine was right all the time.
                self.set_wall_off(0);
            }
            self.clock.reboot(length);
            if self.wall_off_us != 0 {
                self.early_us += 3_600_000_000;
            }
            // It may have ended in the middle of a leap, before it knew how late it was.
            let unknown = length + Duration::from_micros(from_us - self.anchored_us);
            self.is_in_doubt |= unknown > Duration::from_secs(3000) || self.was_off;
            self.was_set |= self.is_in_doubt;
        } else {
            self.clock.advance(length);
        }
        self.set_wall_off(self.wall_off_us);
        for camera in &mut self.cameras {
            if length > Duration::from_secs(60) {
                camera.was_off(from_us, self.now_us);
            } else {
                camera.go_on(self.now_us, self.run, &mut self.draw);
            }
        }
    }

    /// Starts the recorder; while disks fail, again and again.
    pub(super) fn start_run(&mut self) -> Result<(), String> {
        for attempt in 0..6 {
            self.run += 1;
            let fs = self.disk.start();
            self.is_faulted = attempt < 3 && self.plan_start_fault();
            let is_hindered = self.is_faulted || self.away.is_some();
            self.was_hindered = is_hindered;
            match House::open(fs, &self.clock, &self.the_clock(), &self.listed) {
                Ok(house) => {
                    self.begin(house);
                    return Ok(());
                }
                Err(error) if is_hindered => {
                    self.note(format!("no start: {error}"));
                    self.away = self.away.filter(|_| attempt < 3);
                    if self.draw.one_in(2) { self.disk.kill() } else { self.disk.lose_power() }
                }
                Err(error) => return Err(format!("R1: it does not start again: {error}")),
            }
        }
        Err("R1: it does not start".into())
    }

    fn begin(&mut self, house: House) {
        self.oracle.acknowledge(&house.ledger);
        let ends = house.ends(&self.listed);
        let sealer = house.vault.vault().sealer();
        let the_clock = self.the_clock();
        for camera in &mut self.cameras {
            let inlet = sealer.feed(camera.feed, camera.retention);
            let clock = Arc::clone(&the_clock);
            let last_end = ends.get(&camera.feed).copied();
            camera.film = Some(Arc::new(Film::new(camera.feed, inlet, clock, last_end)));
        }
        self.house = Some(house);
        self.anchored_us = self.now_us;
        self.searched = false;
        self.was_off = self.wall_off_us != 0;
        self.rotated_us = None;
        self.stalled_until_us = 0;
        self.calm_since_us = self.now_us;
    }

    /// Everything works again, and what there is is looked at once more.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        self.note("everything works again");
        self.disk.heal();
        self.away = None;
        self.set_full(false);
        self.set_wall_off(0);
        let end = self.draw.pick(&[End::Orderly, End::Kill, End::Power]);
        self.end_run(end)?;
        self.be_off(Duration::from_secs(3), end == End::Power);
        self.calmly_start()?;
        for camera in &mut self.cameras {
            (camera.loses_one_in, camera.late_us, camera.away_until_us) = (0, 0, 0);
        }
        self.run_for(30)?;
        self.hear_time();
        self.rotated_us = None;
        self.run_for(30)?;
        self.end_run(End::Orderly)?;
        self.calmly_start()?;
        self.trace = self.disk.trace();
        // It reads on several threads: the last thing that is done.
        let faults = self.house().vault.vault().check().faults;
        faults.first().map_or(Ok(()), |fault| Err(format!("R6: {fault:?}")))
    }

    fn calmly_start(&mut self) -> Result<(), String> {
        self.run += 1;
        (self.is_faulted, self.was_hindered) = (false, false);
        let fs = self.disk.start();
        let house = House::open(fs, &self.clock, &self.the_clock(), &self.listed)
            .map_err(|error| format!("R1: it does not start again: {error}"))?;
        self.begin(house);
        self.search()
    }
}
