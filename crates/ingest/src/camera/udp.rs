//! Datagrams from a camera: two sockets on ports in a row, which hear that camera alone.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

/// What the kernel keeps for us while we are elsewhere: a keyframe comes in one burst.
const BUFFER_BYTES: usize = 4 << 20;

/// The sockets of a feed: packets on the even port, reports on the next.
pub(super) struct Datagrams {
    rtp: UdpSocket,
    rtcp: UdpSocket,
    camera: IpAddr,
}

impl Datagrams {
    /// Binds a pair of free ports on the address that the camera is reached from.
    pub(super) fn bind(ours: IpAddr, camera: IpAddr) -> io::Result<Self> {
        const ATTEMPTS: usize = 64;
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..ATTEMPTS {
            let rtp = UdpSocket::bind(SocketAddr::new(ours, 0))?;
            let port = rtp.local_addr()?.port();
            if port % 2 == 1 || port == u16::MAX - 1 {
                continue;
            }
            match UdpSocket::bind(SocketAddr::new(ours, port + 1)) {
                Err(error) => last = error,
                Ok(rtcp) => {
                    rtp.set_nonblocking(true)?;
                    rtcp.set_nonblocking(true)?;
                    // More than the system allows is not given, and is no reason to fail.
                    if rustix::net::sockopt::set_socket_recv_buffer_size_force(&rtp, BUFFER_BYTES)
                        .is_err()
                    {
                        let _ =
                            rustix::net::sockopt::set_socket_recv_buffer_size(&rtp, BUFFER_BYTES);
                    }
                    return Ok(Self { rtp, rtcp, camera });
                }
            }
        }
        Err(last)
    }

    pub(super) fn port(&self) -> io::Result<u16> {
        Ok(self.rtp.local_addr()?.port())
    }

    /// Knocks on the camera's ports, so that a firewall between lets its datagrams in.
    pub(super) fn knock(&self, ports: (u16, u16)) {
        // An empty RTP packet and an empty receiver report, which a camera passes over.
        let _ = self.rtp.send_to(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], (self.camera, ports.0));
        let _ = self.rtcp.send_to(&[0x80, 201, 0, 1, 0, 0, 0, 0], (self.camera, ports.1));
    }

    /// The next packet that came from the camera, into `bytes`; `None` if nothing waits.
    pub(super) fn read_packet(&self, bytes: &mut [u8]) -> io::Result<Option<usize>> {
        self.read(&self.rtp, bytes)
    }

    /// The next report that came from the camera.
    pub(super) fn read_report(&self, bytes: &mut [u8]) -> io::Result<Option<usize>> {
        self.read(&self.rtcp, bytes)
    }

    fn read(&self, socket: &UdpSocket, bytes: &mut [u8]) -> io::Result<Option<usize>> {
        // Strangers' datagrams are passed over, so many at a time that nobody else waits for us.
        const PASSED_OVER: usize = 64;
        for _ in 0..PASSED_OVER {
            match socket.recv_from(bytes) {
                Ok((count, from)) if from.ip() == self.camera => return Ok(Some(count)),
                Ok(_) => {}
                // The camera's port was closed for a moment.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
