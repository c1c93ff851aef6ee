//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Cosigns the checkpoints of recorders that others own, so that none can rewrite its history unseen.
#[derive(Parser)]
#[command(name = "jikim-witness", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a witness: its key and its folder. Prints the verifier key, which is to be published.
    Init(InitArguments),
    /// Print the verifier key.
    Key(Place),
    /// Cosign a recorder's log from now on. A running witness takes it up within seconds.
    AddLog(AddLogArguments),
    /// Start the witness.
    Run(RunArguments),
    /// Show what the witness knows; exit code 2 if a person should look.
    Status(StatusArguments),
}

#[derive(Args)]
pub(crate) struct Place {
    /// The witness's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

#[derive(Args)]
pub(crate) struct InitArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// What the witness is called in its cosignatures, best like an address:
    /// witness.example.org/seoul.
    #[arg(long)]
    pub(crate) name: String,
}

#[derive(Args)]
pub(crate) struct AddLogArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The verifier key of the log: jikim/ID/YEAR+HASH+KEY. A recorder's stands for that year and
    /// all later ones.
    #[arg(value_name = "VKEY")]
    pub(crate) vkey: String,
}

#[derive(Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Address and port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8444")]
    pub(crate) listen: SocketAddr,
    /// The certificate, PEM; without it HTTP is spoken.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// How long a log may say nothing new before that is an alarm: 90s, 2m, 1h.
    #[arg(long, default_value = "2m", value_parser = length)]
    pub(crate) silence: Duration,
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// How long a log may say nothing new: as `run` was told.
    #[arg(long, default_value = "2m", value_parser = length)]
    pub(crate) silence: Duration,
}

/// A length of time as people write it: `90s`, `2m`, `1h`.
fn length(text: &str) -> Result<Duration, String> {
    let told = || "write a length of time as 90s, 2m or 1h".to_owned();
    let unit_at = text.len().checked_sub(1).ok_or_else(told)?;
    let (number, unit) = text.split_at_checked(unit_at).ok_or_else(told)?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(told()),
    };
    let number: u64 = number.parse().map_err(|_| told())?;
    let length_s = number.checked_mul(unit_s).filter(|length_s| *length_s > 0);
    length_s.map(Duration::from_secs).ok_or_else(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_length_is_read_as_people_write_it() {
        for (text, seconds) in [("90s", 90), ("2m", 120), ("1h", 3600)] {
            assert_eq!(length(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "s", "30", "0s", "-1m", "1.5h", "2 m", "1일", "99999999999999999999h"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
