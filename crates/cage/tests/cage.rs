//! What a caged program cannot do, each beside the same program doing it outside.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

const SHELL: &str = "/bin/bash";

/// What the shell does in a cage and outside it.
fn both(cage: &[&str], script: &str) -> (Output, Output) {
    let caged = Command::new(env!("CARGO_BIN_EXE_jikim-cage"))
        .args(cage)
        .args(["--", SHELL, "-c", script])
        .output()
        .expect("it starts");
    let free = Command::new(SHELL).args(["-c", script]).output().expect("it starts");
    (caged, free)
}

/// The script works outside and not inside.
fn only_outside(cage: &[&str], script: &str) -> String {
    let (caged, free) = both(cage, script);
    assert!(free.status.success(), "the control failed: {free:?}");
    assert!(!caged.status.success(), "{caged:?}");
    let said = String::from_utf8_lossy(&caged.stderr).into_owned();
    assert!(!said.contains("jikim-cage:"), "the cage itself failed: {said}");
    said
}

#[test]
fn a_caged_program_runs_and_speaks() {
    let (caged, _) = both(&[], "read line; echo \"said $line\"; exit 3");
    assert_eq!(caged.status.code(), Some(3), "{caged:?}");
    assert_eq!(caged.stdout, b"said \n");
}

#[test]
fn it_reads_no_file_that_was_not_named() {
    let said = only_outside(&[], "exec < /etc/passwd");
    assert!(said.contains("Permission denied"), "{said}");
    let (caged, _) = both(&["--read", "/etc/passwd"], "read line < /etc/passwd && echo $line");
    assert!(caged.status.success(), "{caged:?}");
    assert!(!caged.stdout.is_empty());
}

#[test]
fn it_writes_no_file() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("written");
    let script = format!("echo x > {}", file.display());
    let caged = cage(&["--read", place.path().to_str().unwrap()], &script);
    assert!(String::from_utf8_lossy(&caged.stderr).contains("Permission denied"), "{caged:?}");
    assert!(!file.exists());
    assert!(Command::new(SHELL).args(["-c", &script]).status().unwrap().success());
    assert!(file.exists());
}

#[test]
fn it_writes_the_one_file_that_was_named_up_to_its_limit() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("written");
    std::fs::write(&file, "").unwrap();
    let name = file.to_str().unwrap();
    let script = format!("echo inside > {name}");
    let small = cage(&["--write", name, "--file-mib", "1"], &script);
    assert!(small.status.success(), "{small:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "inside\n");
    let large = format!("printf %2000000s x > {name}");
    assert!(!cage(&["--write", name, "--file-mib", "1"], &large).status.success());
    assert!(std::fs::metadata(&file).unwrap().len() <= 1 << 20);
}

fn cage(arguments: &[&str], script: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jikim-cage"))
        .args(arguments)
        .args(["--", SHELL, "-c", script])
        .output()
        .expect("it starts")
}

#[test]
fn it_opens_no_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = only_outside(&["--read", "/dev"], &format!("exec 3<>/dev/tcp/127.0.0.1/{port}"));
    assert!(said.contains("Operation not permitted"), "{said}");
}

#[test]
fn it_starts_no_process_and_becomes_no_other_program() {
    let said = only_outside(&[], "(exit 0)");
    assert!(said.contains("Operation not permitted"), "{said}");
    let said = only_outside(&["--read", "/usr/bin"], "exec /usr/bin/true");
    assert!(said.contains("Permission denied"), "{said}");
}

#[test]
fn it_ends_at_its_memory() {
    let script = "printf -v x %60000000s y && echo ${#x}";
    let _ = only_outside(&["--memory-mib", "50"], script);
    let (caged, _) = both(&["--memory-mib", "1000"], script);
    assert!(caged.status.success(), "{caged:?}");
}

#[test]
fn it_ends_at_its_processor_time() {
    use std::os::unix::process::ExitStatusExt as _;
    let endless = "while :; do :; done";
    let caged = cage(&["--cpu-s", "1"], endless);
    assert!(caged.status.signal().is_some(), "{caged:?}");
    let short = cage(&["--cpu-s", "1"], "for ((i = 0; i < 1000; i++)); do :; done");
    assert!(short.status.success(), "{short:?}");
}

#[test]
fn nothing_of_the_callers_environment_goes_in() {
    let caged = Command::new(env!("CARGO_BIN_EXE_jikim-cage"))
        .args(["--", SHELL, "-c", "[[ -z $JIKIM_SECRET ]]"])
        .env("JIKIM_SECRET", "hush")
        .output()
        .unwrap();
    assert!(caged.status.success(), "{caged:?}");
}

#[test]
fn a_file_that_the_caller_left_open_is_closed() {
    let cage = env!("CARGO_BIN_EXE_jikim-cage");
    let reads = |with: &str| {
        let script = format!("exec {with} {SHELL} -c 'read -u 7 line' 7< /etc/passwd");
        Command::new(SHELL).args(["-c", &script]).output().unwrap()
    };
    assert!(reads("").status.success());
    let caged = reads(&format!("{cage} --"));
    assert!(
        String::from_utf8_lossy(&caged.stderr).contains("invalid file descriptor"),
        "{caged:?}"
    );
}

#[test]
fn what_cannot_be_named_is_not_started() {
    let missing = cage(&["--read", "/nowhere"], "echo started");
    assert_eq!(missing.status.code(), Some(125));
    assert!(missing.stdout.is_empty());
    assert!(Path::new(SHELL).exists());
}
