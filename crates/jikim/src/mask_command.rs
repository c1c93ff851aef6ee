//! `jikim mask`: the program `jikim-mask`, which lies beside this one and starts decoder, detector and
//! encoder in cages. The recorder itself starts none of them.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::Told;
use crate::helper_program::HelperProgram;

/// The program that covers the people in a clip.
const MASK: HelperProgram = HelperProgram { name: "jikim-mask", variable: "JIKIM_MASK" };

#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MaskArguments {
    /// What `jikim-mask cover` takes: --in FILE --out FILE [--keep-subject N] [--json], or --help.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    rest: Vec<OsString>,
}

/// Hands everything over; what it says and how it ends is what this says and how this ends.
pub(crate) fn mask(asked: &MaskArguments) -> Told<ExitCode> {
    let program = MASK.path();
    let status = Command::new(&program).arg("cover").args(&asked.rest).status();
    let status = status.map_err(|error| {
        format!(
            "clips are covered by {} ({error}): ./x build puts it beside jikim, or name it with JIKIM_MASK",
            program.display()
        )
    })?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
