//! Sender reports, and clocks that are wrong.

use std::time::Duration;

use testkit::SimFault;
use testkit::stamp;

use crate::raw::{Client, Datagrams, Packet, frames};
use crate::{camera, serve};

const NTP_OFFSET_S: i128 = 2_208_988_800;

/// A report's wall time in microseconds since 1970, and its RTP time.
fn report(packet: &Packet) -> (i128, u32) {
    let ntp = u64::from_be_bytes(packet.bytes[8..16].try_into().unwrap());
    let us = (i128::from(ntp) * 1_000_000) >> 32;
    let rtp = u32::from_be_bytes(packet.bytes[16..20].try_into().unwrap());
    (us - NTP_OFFSET_S * 1_000_000, rtp)
}

/// How far the wall time that a report gives to a frame is after that of the frame's own stamp.
fn off_us(report: (i128, u32), frame: &[Packet]) -> i128 {
    let stamp = frame.iter().find_map(|packet| stamp::find(&packet.bytes)).unwrap();
    let ticks = i128::from(frame[0].timestamp().wrapping_sub(report.1) as i32);
    report.0 + ticks * 1_000_000 / 90_000 - i128::from(stamp.wall_us)
}

#[test]
fn reports_pair_rtp_time_with_wall_time_over_tcp_and_udp() {
    let server = serve(camera());
    let packets = Client::play(&server).packets_for(Duration::from_secs(8));
    let over_udp = Datagrams::play(&server).packets_for(Duration::from_secs(8));
    let over_udp: Vec<_> = over_udp.into_iter().map(|(_, packet)| packet).collect();
    for packets in [packets, over_udp] {
        let (reports, media): (Vec<_>, Vec<_>) = packets.into_iter().partition(Packet::is_report);
        assert_eq!(reports.len(), 2, "one at the start, one five seconds later");
        for packet in &reports {
            assert_eq!(packet.channel, 1);
            for frame in frames(&media) {
                assert!(off_us(report(packet), frame).abs() < 20);
            }
        }
        let sent = u32::from_be_bytes(reports[1].bytes[20..24].try_into().unwrap());
        assert!(sent > 0 && (sent as usize) < media.len());
    }
}

#[test]
fn a_drifting_clock_runs_ahead_in_timestamps_and_reports() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    client.packets_for(Duration::from_secs(3));
    // A hundredth too fast is far more than any camera, and enough to see in seconds.
    server.set_fault(0, SimFault::Drift(10_000)).unwrap();
    let packets = client.packets_for(Duration::from_secs(6));
    let (reports, media): (Vec<_>, Vec<_>) = packets.into_iter().partition(Packet::is_report);
    let frames = frames(&media);
    let (first, last) = (frames[1][0].timestamp(), frames[frames.len() - 1][0].timestamp());
    let ticks = f64::from(last.wrapping_sub(first));
    let right = (frames.len() - 2) as f64 * 6000.0;
    assert!((ticks / right - 1.01).abs() < 0.001, "{ticks} ticks in place of {right}");
    // Its reports drift alike: by them alone the clock looks right.
    let (wall_us, rtp) = report(&reports[0]);
    let near = frames.iter().find(|frame| frame[0].timestamp() == rtp).unwrap();
    let stamp = near.iter().find_map(|packet| stamp::find(&packet.bytes)).unwrap();
    assert!(wall_us - i128::from(stamp.wall_us) > 1_000);
    server.clear_faults(0);
    let packets = client.media_for(Duration::from_secs(2));
    let after = crate::raw::frames(&packets);
    let step =
        after[after.len() - 1][0].timestamp().wrapping_sub(after[after.len() - 2][0].timestamp());
    assert_eq!(step, 6000);
}

#[test]
fn the_clock_of_reports_jumps() {
    let server = serve(camera());
    server.set_fault(0, SimFault::ClockJump(-3_600_000)).unwrap();
    let packets = Client::play(&server).packets_for(Duration::from_secs(3));
    let (reports, media): (Vec<_>, Vec<_>) = packets.into_iter().partition(Packet::is_report);
    let off = off_us(report(&reports[0]), frames(&media)[0]);
    assert!((off + 3_600_000_000).abs() < 20, "{off}");
}

#[test]
fn timestamps_jump_once() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    let mut packets = client.media_for(Duration::from_secs(3));
    server.set_fault(0, SimFault::TimestampJump(10_000)).unwrap();
    packets.extend(client.media_for(Duration::from_secs(1)));
    let frames = frames(&packets);
    let steps =
        frames.windows(2).map(|two| two[1][0].timestamp().wrapping_sub(two[0][0].timestamp()));
    let odd: Vec<_> = steps.filter(|step| *step != 6000).collect();
    assert_eq!(odd, [906_000]);
}
