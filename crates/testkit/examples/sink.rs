//! Reads cameras and throws everything away: the limit that no recorder can go below.
//!
//! `cargo run --release -p testkit --example sink -- rtsp://HOST:PORT/PATH …`

use futures::StreamExt as _;
use retina::client::{
    PlayOptions, Session, SessionOptions, SetupOptions, TcpTransportOptions, Transport,
};

#[tokio::main]
async fn main() {
    let tasks: Vec<_> = std::env::args().skip(1).map(|url| tokio::spawn(read(url))).collect();
    for task in tasks {
        task.await.expect("a reader does not panic");
    }
}

async fn read(url: String) {
    let url = url.parse().expect("an address");
    let mut session = Session::describe(url, SessionOptions::default()).await.expect("a camera");
    let transport = Transport::Tcp(TcpTransportOptions::default());
    let setup = SetupOptions::default().transport(transport);
    session.setup(0, setup).await.expect("the camera sets up its video");
    let mut playing = session.play(PlayOptions::default()).await.expect("the camera plays");
    while let Some(Ok(_)) = playing.next().await {}
}
