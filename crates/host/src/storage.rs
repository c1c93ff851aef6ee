//! What a path lies on: file system, its options, the devices beneath. As the kernel says it, and
//! nothing is concluded here.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A device that a file system lies on, at the bottom of whatever is stacked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceFacts {
    /// As the kernel calls it: `sda`.
    pub name: String,
    /// Whether it says that it turns; nothing if it does not say.
    pub is_rotational: Option<bool>,
    /// Whether it can be taken out of the machine while it runs.
    pub is_removable: bool,
    /// Whether it says that it is written in zones (`host-aware`, `host-managed`).
    pub is_zoned: bool,
}

/// What a path lies on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageFacts {
    /// Kind of the file system, as the kernel names it: `ext4`. Empty if that cannot be known.
    pub file_system: String,
    /// Its options, those in force by default included where the kernel tells them: `data=ordered`.
    pub options: BTreeSet<String>,
    /// What lies between it and the devices, as the device mapper calls it: `LVM-…`, `CRYPT-…`.
    pub mappings: Vec<String>,
    /// What lies at the bottom.
    pub devices: Vec<DeviceFacts>,
}

/// Stacked devices are followed so deep; more is no machine.
const MOST_LAYERS: usize = 16;

impl StorageFacts {
    /// Of a file or folder, or where it would be made. What cannot be known is left out.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        Self::below(Path::new("/"), path).unwrap_or_default()
    }

    /// `root` is where `proc` and `sys` are found.
    fn below(root: &Path, path: &Path) -> Option<Self> {
        let there = path.ancestors().find(|path| path.exists())?;
        let device = std::fs::metadata(there).ok()?.dev();
        let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
        Self::of_device(root, &format!("{major}:{minor}"))
    }

    fn of_device(root: &Path, number: &str) -> Option<Self> {
        let mounts = std::fs::read_to_string(root.join("proc/self/mountinfo")).ok()?;
        let mut facts = mounts.lines().find_map(|line| mounted(line, number))?;
        let node = root.join("sys/dev/block").join(number);
        if let Some(name) = name_of(&node) {
            let told = root.join("proc/fs").join(&facts.file_system).join(&name).join("options");
            let told = std::fs::read_to_string(told).unwrap_or_default();
            facts.options.extend(told.lines().map(Into::into));
            facts.descend(&node, 0);
        }
        Some(facts)
    }

    /// Goes down from a block device to those that it is made of.
    fn descend(&mut self, node: &Path, depth: usize) {
        let mapping = text(&node.join("dm/uuid"));
        self.mappings.extend(mapping.map(|uuid| {
            let name = text(&node.join("dm/name")).unwrap_or_default();
            format!("{uuid} {name}")
        }));
        self.mappings.extend(text(&node.join("md/level")).map(|level| format!("MD-{level}")));
        let below = std::fs::read_dir(node.join("slaves")).into_iter().flatten().flatten();
        let below: Vec<PathBuf> = below.map(|entry| entry.path()).collect();
        if !below.is_empty() && depth < MOST_LAYERS {
            below.iter().for_each(|node| self.descend(node, depth + 1));
            return;
        }
        // A partition has no queue of its own: its disk has.
        let Ok(node) = node.canonicalize() else { return };
        let disk = if node.join("partition").exists() { node.parent() } else { Some(&*node) };
        let Some(disk) = disk else { return };
        let says = |what: &str| text(&disk.join(what));
        self.devices.push(DeviceFacts {
            name: disk.file_name().map(|n| n.to_string_lossy().into()).unwrap_or_default(),
            is_rotational: says("queue/rotational").map(|word| word == "1"),
            is_removable: says("removable").is_some_and(|word| word == "1"),
            is_zoned: says("queue/zoned").is_some_and(|word| word != "none"),
        });
    }
}

/// Kind and options of what a line of `mountinfo` mounts, if it is that device.
fn mounted(line: &str, number: &str) -> Option<StorageFacts> {
    let (front, back) = line.split_once(" - ")?;
    (front.split(' ').nth(2)? == number).then_some(())?;
    let mut words = back.split(' ');
    let file_system = words.next()?.to_owned();
    let options = words.nth(1).unwrap_or_default().split(',').map(Into::into).collect();
    Some(StorageFacts { file_system, options, ..StorageFacts::default() })
}

fn name_of(node: &Path) -> Option<String> {
    Some(node.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned())
}

fn text(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of files: a logical volume over a partition of one disk.
    #[test]
    fn what_lies_beneath_a_logical_volume_is_found() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let link = |to: &str, from: &str| {
            let from = root.path().join(from);
            std::fs::create_dir_all(from.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(root.path().join(to), from).unwrap();
        };
        write(
            "proc/self/mountinfo",
            "1 0 0:5 / /proc rw - proc proc rw\n2 1 252:0 / /srv rw,relatime - ext4 /dev/x rw,stripe=4\n",
        );
        write("proc/fs/ext4/dm-0/options", "rw\ndata=ordered\n");
        write("sys/devices/virtual/dm-0/dm/uuid", "LVM-abc\n");
        write("sys/devices/virtual/dm-0/dm/name", "vg-srv\n");
        link("sys/devices/virtual/dm-0", "sys/dev/block/252:0");
        link("sys/devices/pci/sda/sda2", "sys/devices/virtual/dm-0/slaves/sda2");
        write("sys/devices/pci/sda/sda2/partition", "2\n");
        write("sys/devices/pci/sda/queue/rotational", "1\n");
        write("sys/devices/pci/sda/queue/zoned", "none\n");
        write("sys/devices/pci/sda/removable", "0\n");
        let facts = StorageFacts::of_device(root.path(), "252:0").unwrap();
        assert_eq!(facts.file_system, "ext4");
        assert!(facts.options.contains("data=ordered") && facts.options.contains("stripe=4"));
        assert_eq!(facts.mappings, ["LVM-abc vg-srv"]);
        let disk = DeviceFacts {
            name: "sda".into(),
            is_rotational: Some(true),
            is_removable: false,
            is_zoned: false,
        };
        assert_eq!(facts.devices, [disk]);
        assert_eq!(StorageFacts::of_device(root.path(), "9:9"), None);
    }

    #[test]
    fn this_machine_says_something_of_a_folder_and_of_one_that_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let facts = StorageFacts::of(folder.path());
        assert!(!facts.file_system.is_empty());
        assert_eq!(StorageFacts::of(&folder.path().join("a/b")), facts);
    }
}
