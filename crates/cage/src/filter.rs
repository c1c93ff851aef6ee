//! What the program may ask of the kernel: seccomp. A list of what is allowed; everything else (sockets,
//! tracing, new processes, io_uring, mounts, keys, BPF) is answered with EPERM.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// Reading and writing what is open, memory, threads, time: what computing needs.
const ALLOWED: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fadvise64,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_futex,
    libc::SYS_getcpu,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpgid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_pselect6,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    libc::SYS_statx,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_write,
    libc::SYS_writev,
];

/// The older forms of the same, which only this machine has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_BESIDE: &[i64] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_dup2,
    libc::SYS_getpgrp,
    libc::SYS_lstat,
    libc::SYS_open,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_select,
    libc::SYS_stat,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_BESIDE: &[i64] = &[];

/// Why the filter is not loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// The rules cannot be compiled for this machine.
    #[error("the filter of system calls cannot be made for this machine: {0}")]
    Make(#[from] seccompiler::BackendError),
    /// The kernel refuses it.
    #[error("this kernel takes no filter of system calls: {0}")]
    Apply(#[from] seccompiler::Error),
}

/// Loads the filter; it stays until the process ends and holds for all its threads.
pub(crate) fn load() -> Result<(), LoadError> {
    // clone3 hands its flags over in memory, where no filter can see them. Told that there is none, the
    // C library falls back to clone.
    let no_clone3 = [(libc::SYS_clone3, vec![])];
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).unwrap_or(1));
    let absent = SeccompAction::Errno(u32::try_from(libc::ENOSYS).unwrap_or(38));
    let machine = TargetArch::try_from(std::env::consts::ARCH)?;
    let filters = [
        SeccompFilter::new(rules()?, refused, SeccompAction::Allow, machine)?,
        SeccompFilter::new(no_clone3.into(), SeccompAction::Allow, absent, machine)?,
    ];
    // Both are made before the first is loaded, which forbids to load another without `seccomp`.
    let programs: Vec<BpfProgram> =
        filters.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    for program in programs.iter().rev() {
        seccompiler::apply_filter(program)?;
    }
    Ok(())
}

fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().chain(ALLOWED_BESIDE).map(|number| (*number, vec![])).collect();
    rules.insert(libc::SYS_clone3, vec![]);
    let thread = u64::try_from(libc::CLONE_THREAD).unwrap_or(0x1_0000);
    rules.insert(libc::SYS_clone, only(0, SeccompCmpOp::MaskedEq(thread), thread)?);
    // Threads are named; nothing else about the process is changed.
    let name = u64::try_from(libc::PR_SET_NAME).unwrap_or(15);
    rules.insert(libc::SYS_prctl, only(0, SeccompCmpOp::Eq, name)?);
    // A program may ask for its own limits, not set them.
    rules.insert(libc::SYS_prlimit64, only(2, SeccompCmpOp::Eq, 0)?);
    // What an abort does to its own thread: there is no other process to reach.
    rules.insert(libc::SYS_tgkill, only(2, SeccompCmpOp::Eq, 6)?);
    // Whether a stream is a terminal.
    rules.insert(libc::SYS_ioctl, only(1, SeccompCmpOp::Eq, libc::TCGETS)?);
    Ok(rules)
}

/// Allowed only with this argument.
fn only(
    argument: u8,
    compare: SeccompCmpOp,
    value: u64,
) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, compare, value)?;
    Ok(vec![SeccompRule::new(vec![condition])?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_leaves_the_cage_is_allowed() {
        let allowed = rules().unwrap();
        for number in [
            libc::SYS_socket,
            libc::SYS_connect,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_io_uring_setup,
            libc::SYS_bpf,
            libc::SYS_keyctl,
            libc::SYS_mount,
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_execveat,
            libc::SYS_kill,
            libc::SYS_pidfd_getfd,
            libc::SYS_memfd_create,
            libc::SYS_renameat2,
            libc::SYS_unlinkat,
            libc::SYS_linkat,
            libc::SYS_setrlimit,
            libc::SYS_perf_event_open,
        ] {
            assert!(!allowed.contains_key(&number), "{number}");
        }
        assert!(!allowed[&libc::SYS_clone].is_empty(), "clone without a condition is fork");
    }
}
