//! Working copies of what is to leave: kept and opened against their grants alone, gone with their keys.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::{Action, EntryNumber, FileHash, Role};
use host::{Clock as _, Disk};
use ledger::act::{Act, DestroyExpired, DiscardExport, LookAtExport, PlayFootage, SealExport};
use ledger::{ExportTarget, Grant, Granted, Target};
use rules::{Approval, Ask, Facts, Proposal, decide};
use testkit::TestClock;
use vault::{Copies, CopyError, WorkingCopy};

use crate::house::{DAY, House, Place, feed, person};

struct Desk {
    house: House,
    clock: TestClock,
    folder: PathBuf,
}

impl Desk {
    fn new(place: &Place) -> Self {
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let folder = place.root().join("exports");
        Self { house: House::new(place, &clock), clock, folder }
    }

    fn open(&self) -> Copies {
        Copies::open(Arc::new(Disk), Arc::new(self.clock.clone()), &self.folder).unwrap()
    }

    fn grant<A: Act>(&self, action: Action, copy: Option<FileHash>) -> Grant<A> {
        let from = self.clock.wall() - Duration::from_secs(600);
        let (case, cameras) = (EntryNumber { year: 2026, index: 3 }, vec![feed(1).camera]);
        let to = self.clock.wall();
        let granted = Granted { cameras: cameras.clone(), from, to, may_be_whole: false };
        let target = ExportTarget { case, cameras, from, to, is_masked: true, copy };
        let target = Target::Export(Box::new(target));
        let (by, roles) = (domain::AccountId::from_bytes([2; 16]), vec![Role::Manager]);
        let proposal = Proposal {
            action,
            target: target.clone(),
            proposed_by: domain::AccountId::from_bytes([1; 16]),
            proposer_roles: vec![Role::Officer],
            until: to + DAY,
            approval: Approval::Approved { by, roles, at: to },
        };
        let proposal = (action == Action::SealExport).then_some(proposal);
        let named = proposal.is_some().then_some(case);
        let ask = Ask { actor: person(2), action, target, purpose: None, proposal: named };
        let roles = vec![Role::Manager];
        let facts = Facts { roles, granted: Some(granted), proposal, ..Facts::nobody() };
        let permit = decide(ask, &facts, self.clock.wall()).unwrap();
        self.house.ledger.admit_blocking(permit).unwrap()
    }

    fn keep(&self, copies: &Copies, copy: &WorkingCopy) -> Result<FileHash, CopyError> {
        copies.keep(&self.grant::<PlayFootage>(Action::PrepareExport, None), copy)
    }

    fn look(&self, copies: &Copies, copy: FileHash) -> Result<WorkingCopy, CopyError> {
        copies.look(&self.grant::<LookAtExport>(Action::LookAtExport, Some(copy)))
    }

    fn files(&self) -> usize {
        let names = std::fs::read_dir(&self.folder).unwrap();
        names
            .filter(|it| it.as_ref().unwrap().path().extension().is_some_and(|it| it == "copy"))
            .count()
    }
}

fn of(list: &str, bytes: usize) -> WorkingCopy {
    let clip = |first: u8| (0..bytes).map(|at| first.wrapping_add(at as u8)).collect();
    WorkingCopy { list: list.into(), clips: vec![clip(7), Vec::new(), clip(90)] }
}

#[test]
fn a_copy_is_kept_opened_and_gone_with_its_key() {
    let place = Place::new();
    let desk = Desk::new(&place);
    let copies = desk.open();
    // Longer than a piece, and not a multiple of it.
    let copy = of("one", (1 << 20) + 12_345);
    let hash = desk.keep(&copies, &copy).unwrap();
    assert_eq!(desk.keep(&copies, &copy).unwrap(), hash, "the same once more");
    let other = desk.keep(&copies, &of("other", 10)).unwrap();
    assert_eq!(copies.kept().len(), 2);
    let opened = desk.look(&copies, hash).unwrap();
    assert!(opened.clips == copy.clips && opened.list == copy.list);
    let sealed = std::fs::read(desk.folder.join(format!("{hash}.copy"))).unwrap();
    let shows = |part: &[u8]| sealed.windows(part.len()).any(|at| at == part);
    assert!(!shows(&copy.clips[0][..64]) && shows(b"jikim working 1"));
    // After a restart it is there still.
    let copies = desk.open();
    assert_eq!(copies.kept().len(), 2);
    let take = desk.grant::<SealExport>(Action::SealExport, Some(hash));
    assert!(copies.take(&take).unwrap().clips == copy.clips);
    copies.destroy_sealed(&take).unwrap();
    assert!(matches!(desk.look(&copies, hash), Err(CopyError::Gone)));
    // The file put back from a copy of the disk opens nothing: its key is gone.
    std::fs::write(desk.folder.join(format!("{hash}.copy")), sealed).unwrap();
    let copies = desk.open();
    assert!(matches!(desk.look(&copies, hash), Err(CopyError::Gone)));
    assert_eq!((copies.kept().len(), desk.files()), (1, 1));
    copies.discard(&desk.grant::<DiscardExport>(Action::DiscardExport, Some(other))).unwrap();
    assert_eq!((copies.kept().len(), desk.files()), (0, 0));
}

#[test]
fn its_end_is_the_end() {
    let place = Place::new();
    let desk = Desk::new(&place);
    let copies = desk.open();
    let hash = desk.keep(&copies, &of("one", 100)).unwrap();
    desk.clock.advance(DAY * 7 - Duration::from_secs(1));
    assert!(desk.look(&copies, hash).is_ok() && !copies.is_due());
    desk.clock.advance(Duration::from_secs(1));
    assert!(matches!(desk.look(&copies, hash), Err(CopyError::Gone)), "before its key goes");
    assert!(copies.is_due() && copies.kept().is_empty());
    let ask = Ask {
        actor: domain::Actor::System(domain::SystemActor::Retention),
        action: Action::DestroyExpired,
        target: Target::House,
        purpose: None,
        proposal: None,
    };
    let permit = decide(ask, &Facts::nobody(), desk.clock.wall()).unwrap();
    let grant: Grant<DestroyExpired> = desk.house.ledger.admit_blocking(permit).unwrap();
    assert_eq!(copies.destroy_expired(&grant).unwrap(), 1);
    assert_eq!((desk.files(), copies.is_due()), (0, false));
}

#[test]
fn what_was_changed_or_cut_is_not_opened() {
    let place = Place::new();
    let desk = Desk::new(&place);
    let copies = desk.open();
    let hash = desk.keep(&copies, &of("one", 3 << 20)).unwrap();
    let path = desk.folder.join(format!("{hash}.copy"));
    let whole = std::fs::read(&path).unwrap();
    let piece = (1 << 20) + 16;
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let mut swapped = whole.clone();
    let first = whole.len() - 2 * piece;
    swapped[first..first + piece].copy_from_slice(&whole[first + piece..]);
    let cut = whole[..whole.len() - piece].to_vec();
    for damaged in [changed, swapped, cut, whole[..10].to_vec()] {
        std::fs::write(&path, damaged).unwrap();
        assert!(matches!(desk.look(&copies, hash), Err(CopyError::Damaged(_))));
    }
    std::fs::write(&path, &whole).unwrap();
    assert!(desk.look(&copies, hash).is_ok(), "the control");
}

#[test]
fn a_crash_leaves_neither_a_key_without_a_copy_nor_a_copy_without_a_key() {
    let place = Place::new();
    let desk = Desk::new(&place);
    let copies = desk.open();
    let hash = desk.keep(&copies, &of("one", 100)).unwrap();
    let path = desk.folder.join(format!("{hash}.copy"));
    let slots = desk.folder.join("copies.slots");
    // The name goes before the key: at the next start the key goes.
    std::fs::rename(&path, desk.folder.join("aside")).unwrap();
    drop(copies);
    assert!(std::fs::read(&slots).unwrap().iter().any(|byte| *byte != 0));
    assert_eq!(desk.open().kept(), []);
    assert!(std::fs::read(&slots).unwrap().iter().all(|byte| *byte == 0));
    // And the copy, put back, has none any more.
    std::fs::rename(desk.folder.join("aside"), &path).unwrap();
    assert_eq!((desk.open().kept(), desk.files()), (Vec::new(), 0));
}

#[test]
fn no_more_than_there_are_keys_for_and_none_too_long() {
    let place = Place::new();
    let desk = Desk::new(&place);
    let copies = desk.open();
    for number in 0..32 {
        desk.keep(&copies, &of(&number.to_string(), 1)).unwrap();
    }
    assert!(matches!(desk.keep(&copies, &of("more", 1)), Err(CopyError::TooMany)));
    let first = copies.kept()[0].copy;
    copies.discard(&desk.grant::<DiscardExport>(Action::DiscardExport, Some(first))).unwrap();
    assert!(desk.keep(&copies, &of("more", 1)).is_ok());
    let long = WorkingCopy { list: b"long".to_vec(), clips: vec![vec![0; (256 << 20) + 1]] };
    assert!(matches!(desk.keep(&copies, &long), Err(CopyError::TooLong)));
}
