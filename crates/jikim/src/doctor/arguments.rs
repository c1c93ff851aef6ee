//! What `jikim doctor` is told.

use std::net::SocketAddr;

use clap::Args;

use crate::arguments::Place;

#[derive(Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Attack every claim. Takes up to three minutes.
    #[arg(long, required = true)]
    pub(crate) claims: bool,
    /// Where the recorder's pages are.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    pub(crate) address: SocketAddr,
}
