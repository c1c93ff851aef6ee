//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// A public form for requests about footage: seals what it takes to the agency's key, and can open none.
#[derive(Parser)]
#[command(name = "jikim-front", version, about)]
pub(crate) struct Arguments {
    /// Address and port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8445")]
    pub(crate) listen: SocketAddr,
    /// The agency's public key: what `jikim front key` wrote.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The front's folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// What the agency says of itself (docs/guide/front.md).
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: PathBuf,
    /// The certificate, PEM; without it HTTP is spoken, to a proxy on this machine.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A proxy of the agency stands before it: the last X-Forwarded-For is whoever asks.
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// Requests that may wait to be carried.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) most_waiting: usize,
    /// Requests that are taken in an hour.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) most_in_an_hour: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
