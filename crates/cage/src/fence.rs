//! What of the file system can be reached: Landlock.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};

/// What must be enforced, or nothing starts: Debian 12's kernel has it.
const NEEDED: ABI = ABI::V2;

/// What is enforced beside it where the kernel is newer.
const WANTED: ABI = ABI::V6;

/// Where programs find their libraries; whoever can start a program knows what lies there.
const LIBRARIES: &[&str] = &["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"];

/// What the kernel starts a program with.
const LOADERS: &[&str] = &["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

/// Why the fence is not closed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CloseError {
    /// The kernel knows no Landlock, or too little of it.
    #[error(
        "this kernel cannot enforce the cage ({0}): Linux 5.19 or newer with Landlock is needed"
    )]
    Kernel(#[from] landlock::RulesetError),
    /// The kernel knows it and enforces nothing.
    #[error(
        "this kernel has Landlock switched off: start it with `landlock` among its security modules"
    )]
    SwitchedOff,
    /// A named path is not there.
    #[error("what may be read cannot be opened: {0}")]
    Path(#[from] landlock::PathFdError),
}

/// Leaves to this process, and to what it becomes: `program` to start and read, `read` to read, `write`
/// to read and write. No network, no signal to others.
pub(crate) fn close<P: AsRef<Path>>(
    program: &Path,
    read: &[P],
    write: Option<&Path>,
) -> Result<(), CloseError> {
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(NEEDED))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WANTED))?
        .handle_access(AccessNet::from_all(WANTED))?
        .scope(Scope::from_all(WANTED))?;
    let mut ruleset = ruleset.create()?;
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    for path in LIBRARIES.iter().map(Path::new).filter(|path| path.exists()) {
        ruleset = allow(ruleset, path, reading)?;
    }
    for path in LOADERS.iter().map(Path::new).filter(|path| path.exists()).chain([program]) {
        ruleset = allow(ruleset, path, AccessFs::Execute | AccessFs::ReadFile)?;
    }
    for path in read {
        ruleset = allow(ruleset, path.as_ref(), reading)?;
    }
    if let Some(path) = write {
        let all = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate;
        ruleset = allow(ruleset, path, all)?;
    }
    match ruleset.restrict_self()?.ruleset {
        RulesetStatus::NotEnforced => Err(CloseError::SwitchedOff),
        _ => Ok(()),
    }
}

fn allow(
    ruleset: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, CloseError> {
    // A file has no entries to list; the kernel refuses a rule that says so.
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(WANTED) };
    Ok(ruleset.add_rule(PathBeneath::new(PathFd::new(path)?, access))?)
}
