//! Whether what is destroyed can be proven to be gone: a list of what may be believed, and nothing
//! else may.
//!
//! Overwriting proves something only where the bytes lie where they were written: measured on ext4
//! with data in place (`docs/design/keys.md`). Copy-on-write, a journal that data goes through, a
//! snapshot beneath, flash that remaps, a virtual disk of whatever make: all of these may keep what
//! was overwritten, so none of them is on the list.

use host::{DeviceFacts, StorageFacts};

/// What is known of where a holder keeps its key.
pub type Facts = StorageFacts;

/// What keeps the vault key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKind {
    /// A slot file on a disk.
    Slot,
    /// A TPM 2.0.
    Tpm,
    /// A PKCS#11 token.
    Pkcs11,
}

/// Whether destruction can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provable {
    /// It can, as far as the holder does what its kind promises.
    Yes,
    /// Not on this device, because of this.
    NotOnThisDevice(&'static str),
}

impl Provable {
    /// For scripts and certificates.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "provable",
            Self::NotOnThisDevice(_) => "not-provable-on-this-device",
        }
    }

    /// Why not.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Yes => None,
            Self::NotOnThisDevice(reason) => Some(reason),
        }
    }
}

/// Whether what a holder of this kind destroys, on what the facts say, can be proven to be gone.
#[must_use]
pub fn provable(kind: HolderKind, facts: &Facts) -> Provable {
    match kind {
        // The key, or what opens it, is within the device, which is asked to destroy it.
        HolderKind::Tpm | HolderKind::Pkcs11 => Provable::Yes,
        HolderKind::Slot => {
            let doubt = doubt_of_file_system(facts)
                .or_else(|| facts.mappings.iter().find_map(|it| doubt_of_mapping(it)))
                .or_else(|| facts.devices.iter().find_map(doubt_of_device));
            doubt.map_or(Provable::Yes, Provable::NotOnThisDevice)
        }
    }
}

fn doubt_of_file_system(facts: &Facts) -> Option<&'static str> {
    let has = |option: &str| facts.options.contains(option);
    match &*facts.file_system {
        "ext4" if has("data=journal") => {
            Some("the file system writes data through its journal (data=journal)")
        }
        "ext4" if !has("data=ordered") && !has("data=writeback") => {
            Some("the file system does not say that data is written in place (data=ordered)")
        }
        "ext4" if facts.devices.is_empty() => Some("what the file system lies on is not known"),
        "ext4" => None,
        "" => Some("the file system is not known"),
        "btrfs" | "zfs" | "bcachefs" | "f2fs" | "nilfs2" => {
            Some("the file system writes elsewhere instead of overwriting")
        }
        "xfs" => Some("the file system may share blocks and then writes elsewhere (reflink)"),
        "overlay" | "tmpfs" | "ramfs" => Some("the file system is no disk's"),
        _ => Some("only ext4 is known to overwrite in place"),
    }
}

/// Linear and encrypted volumes pass writes on to where they always went. Which of these a logical
/// volume is cannot be seen in its name, but a snapshot's origin and a thin volume show beneath it.
fn doubt_of_mapping(mapping: &str) -> Option<&'static str> {
    let (uuid, name) = mapping.split_once(' ').unwrap_or((mapping, ""));
    let ends = |ending: &str| uuid.ends_with(ending) || name.ends_with(ending);
    if ["-real", "-cow", "-tpool", "-tmeta", "-tdata", "-cdata", "-cvol", "-vpool", "-vdata"]
        .iter()
        .any(|ending| ends(ending))
    {
        return Some("a snapshot, a thin volume or a cache lies beneath the file system");
    }
    let is_plain = uuid.starts_with("LVM-") || uuid.starts_with("CRYPT-") || uuid == "MD-raid1";
    (!is_plain).then_some("what lies between file system and disk is not known to overwrite")
}

fn doubt_of_device(device: &DeviceFacts) -> Option<&'static str> {
    let is_named = |prefixes: &[&str]| prefixes.iter().any(|it| device.name.starts_with(it));
    if is_named(&["loop", "vd", "xvd", "nbd", "rbd", "zram", "ram", "drbd", "dm-"]) {
        return Some("the disk is a virtual one, and what it lies on is not known");
    }
    if is_named(&["nvme", "mmcblk", "mtd", "ubi"]) || device.is_rotational == Some(false) {
        return Some("the disk is flash, which writes elsewhere instead of overwriting");
    }
    if device.is_removable {
        return Some("the disk can be taken out, as flash sticks can that say that they turn");
    }
    if device.is_zoned {
        return Some("the disk writes in zones instead of overwriting");
    }
    (device.is_rotational.is_none() || !is_named(&["sd", "hd"]))
        .then_some("the disk does not say what it is")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(name: &str) -> DeviceFacts {
        DeviceFacts { name: name.into(), is_rotational: Some(true), ..DeviceFacts::default() }
    }

    type Change = fn(&mut Facts);

    fn good() -> Facts {
        Facts {
            file_system: "ext4".into(),
            options: ["rw".into(), "data=ordered".into()].into(),
            mappings: Vec::new(),
            devices: vec![disk("sda")],
        }
    }

    #[test]
    fn k7_only_what_is_on_the_list_is_provable() {
        let with = |change: Change| {
            let mut facts = good();
            change(&mut facts);
            provable(HolderKind::Slot, &facts)
        };
        let yes: &[Change] = &[
            |_| {},
            |it| it.options = ["data=writeback".into()].into(),
            |it| it.mappings = vec!["LVM-abcd vg-srv".into()],
            |it| it.mappings = vec!["CRYPT-LUKS2-abcd srv".into(), "LVM-abcd vg-srv".into()],
            |it| {
                it.mappings = vec!["MD-raid1".into()];
                it.devices.push(disk("sdb"));
            },
        ];
        for (row, change) in yes.iter().enumerate() {
            assert_eq!(with(*change), Provable::Yes, "row {row}");
        }
        let no: &[(&str, Change)] = &[
            ("journal", |it| {
                it.options.insert("data=journal".into());
            }),
            ("does not say", |it| it.options = ["rw".into()].into()),
            ("elsewhere", |it| it.file_system = "btrfs".into()),
            ("elsewhere", |it| it.file_system = "zfs".into()),
            ("reflink", |it| it.file_system = "xfs".into()),
            ("no disk", |it| it.file_system = "overlay".into()),
            ("no disk", |it| it.file_system = "tmpfs".into()),
            ("only ext4", |it| it.file_system = "vfat".into()),
            ("only ext4", |it| it.file_system = "ext3".into()),
            ("not known", |it| *it = Facts::default()),
            ("not known", |it| it.devices.clear()),
            ("flash", |it| it.devices[0].is_rotational = Some(false)),
            ("flash", |it| it.devices[0].name = "nvme0n1".into()),
            ("flash", |it| it.devices[0].name = "mmcblk0".into()),
            ("not say what", |it| it.devices[0].is_rotational = None),
            ("not say what", |it| it.devices[0].name = "pmem0".into()),
            ("virtual", |it| it.devices[0].name = "vda".into()),
            ("virtual", |it| it.devices[0].name = "loop3".into()),
            ("taken out", |it| it.devices[0].is_removable = true),
            ("zones", |it| it.devices[0].is_zoned = true),
            ("snapshot", |it| {
                it.mappings = vec!["LVM-ab vg-srv".into(), "LVM-cd-real vg-srv-real".into()];
            }),
            ("snapshot", |it| it.mappings = vec!["LVM-ab-tpool vg-pool-tpool".into()]),
            ("between", |it| it.mappings = vec!["MD-raid5".into()]),
            ("between", |it| it.mappings = vec!["mpath-1 x".into()]),
            // One flash disk beneath a mirror is enough.
            ("flash", |it| {
                it.mappings = vec!["MD-raid1".into()];
                it.devices.push(DeviceFacts { is_rotational: Some(false), ..disk("sdb") });
            }),
        ];
        for (row, (why, change)) in no.iter().enumerate() {
            let found = with(*change);
            let reason =
                found.reason().unwrap_or_else(|| panic!("row {row} is said to be provable"));
            assert!(reason.contains(why), "row {row}: {reason}");
            assert_eq!(found.word(), "not-provable-on-this-device");
        }
        for kind in [HolderKind::Tpm, HolderKind::Pkcs11] {
            assert_eq!(provable(kind, &Facts::default()), Provable::Yes);
        }
    }
}
