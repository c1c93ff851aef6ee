//! `jikim-cage`: starts a program in its own place that reads the named files and nothing else, writes at
//! most one file that it is given, opens no socket, starts no process, and ends at its limits. Where the
//! kernel cannot enforce one of these, nothing is started.

mod fence;
mod filter;
mod limits;

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Parser;

/// The exit code when the cage could not be closed; the program was not started then.
const NOT_STARTED: u8 = 125;

/// What the program may reach, and how much it may use.
#[derive(Debug, Parser)]
#[command(name = "jikim-cage", version, about = "Starts a program that can reach next to nothing")]
struct Arguments {
    /// A file, or a folder with all below it, that may be read; can be given several times.
    #[arg(long, value_name = "PATH")]
    read: Vec<PathBuf>,
    /// A file that exists already and may be read and written.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Address space, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    memory_mib: u64,
    /// Processor time, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    cpu_s: u64,
    /// The largest file that may be written, in MiB; nothing without --write.
    #[arg(long, value_name = "MIB", default_value_t = 0)]
    file_mib: u64,
    /// The program, by its whole path, and what it is given.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let sentence = match start(&arguments) {
        Ok(never) => match never {},
        Err(error) => error.to_string(),
    };
    // Whoever reads this may be gone; the exit code says the same.
    let _ = writeln!(std::io::stderr(), "jikim-cage: {sentence}");
    ExitCode::from(NOT_STARTED)
}

/// Closes the cage from the outermost wall to the innermost, then becomes the program.
fn start(arguments: &Arguments) -> Result<std::convert::Infallible, Box<dyn std::error::Error>> {
    let (program, rest) = arguments.program.split_first().ok_or("a program must be named")?;
    let program = std::fs::canonicalize(program)
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    limits::close_open_files()?;
    fence::close(&program, &arguments.read, arguments.write.as_deref())?;
    limits::set(arguments.memory_mib, arguments.cpu_s, arguments.file_mib)?;
    filter::load()?;
    // Nothing of the caller's environment goes in: it may hold passwords.
    let error = Command::new(&program).args(rest).env_clear().env("LC_ALL", "C").exec();
    Err(format!("{} cannot be started: {error}", program.display()).into())
}
