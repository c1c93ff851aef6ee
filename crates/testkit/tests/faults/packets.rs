//! Faults of packets on their way.

use std::collections::HashSet;
use std::time::Duration;

use testkit::{SimCamera, SimFault};

use crate::raw::{Client, Datagrams, Packet, counter, frames, missing};
use crate::{camera, serve};

const WHILE: Duration = Duration::from_secs(4);

#[test]
fn without_a_fault_nothing_is_missing() {
    let server = serve(camera());
    let packets = Client::play(&server).media_for(WHILE);
    assert!(packets.len() > 30);
    assert_eq!(missing(&packets), 0);
    assert!(packets.iter().all(|packet| packet.channel == 0));
    let counters: Vec<_> =
        frames(&packets).into_iter().map(|frame| counter(frame).unwrap()).collect();
    assert!(counters.windows(2).all(|two| two[1] == two[0] + 1));
}

#[test]
fn drop_loses_a_share_of_the_packets() {
    let server = serve(SimCamera { fps: 60, ..camera() });
    server.set_fault(0, SimFault::Drop(0.2)).unwrap();
    let packets = Client::play(&server).media_for(WHILE);
    let lost = missing(&packets);
    let all = lost + packets.len();
    assert!((all * 15 / 100..all * 25 / 100).contains(&lost), "{lost} of {all}");
    assert!(server.stats().dropped_packets >= lost as u64);
    server.clear_fault(0, &SimFault::Drop(0.0));
    assert_eq!(missing(&Client::play(&server).media_for(WHILE)), 0);
}

fn sequences(datagrams: &Datagrams) -> Vec<u16> {
    let packets = datagrams.packets_for(WHILE);
    let media = packets.iter().filter(|(_, packet)| packet.channel == 0);
    media.map(|(_, packet)| packet.sequence()).collect()
}

#[test]
fn reorder_changes_the_order_and_loses_nothing() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Reorder(0.3)).unwrap();
    let mut sequences = sequences(&Datagrams::play(&server));
    let backwards = |two: &&[u16]| (two[1].wrapping_sub(two[0]) as i16) < 0;
    assert!(sequences.windows(2).filter(backwards).count() > 3);
    let first = sequences[0].wrapping_sub(100);
    sequences.sort_by_key(|sequence| sequence.wrapping_sub(first));
    assert!(sequences.windows(2).all(|two| two[1].wrapping_sub(two[0]) == 1));
}

#[test]
fn duplicate_sends_twice() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Duplicate(1.0)).unwrap();
    let sequences = sequences(&Datagrams::play(&server));
    assert!(sequences.len() > 30);
    assert!(sequences.chunks_exact(2).all(|two| two[0] == two[1]));
}

#[test]
fn late_packets_come_after_younger_ones() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Late { share: 0.2, delay_ms: 300 }).unwrap();
    let packets = Datagrams::play(&server).packets_for(WHILE);
    let (mut newest, mut late) = (packets[1].1.sequence(), 0);
    for (_, packet) in packets.iter().filter(|(_, packet)| packet.channel == 0) {
        let distance = packet.sequence().wrapping_sub(newest) as i16;
        if distance > 0 {
            newest = packet.sequence();
        } else if distance < -2 {
            late += 1;
        }
    }
    assert!(late * 20 > packets.len() && late * 3 < packets.len(), "{late} of {}", packets.len());
}

#[test]
fn stall_sends_nothing_and_answers() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    assert!(!client.media_for(WHILE).is_empty());
    server.set_fault(0, SimFault::Stall).unwrap();
    client.packets_for(Duration::from_millis(300));
    assert!(client.packets_for(Duration::from_secs(1)).is_empty());
    assert_eq!(client.ask("GET_PARAMETER", "").status(), 200);
    server.clear_faults(0);
    assert!(!client.media_for(WHILE).is_empty());
}

#[test]
fn garbage_rtp_is_framed_and_no_rtp() {
    let server = serve(camera());
    server.set_fault(0, SimFault::GarbageRtp(1.0)).unwrap();
    let packets = Client::play(&server).packets_for(WHILE);
    assert!(packets.len() > 30);
    let versions: HashSet<_> =
        packets.iter().filter_map(|packet| packet.bytes.first()).map(|byte| byte >> 6).collect();
    assert_eq!(versions.len(), 4, "random bytes claim every version");
    assert!(packets.iter().any(|packet| packet.bytes.len() < 12), "some are shorter than a header");
}

#[test]
fn sequence_and_timestamp_wrap_soon_after_the_start() {
    let server = serve(camera());
    server.set_fault(0, SimFault::SequenceWrap).unwrap();
    server.set_fault(0, SimFault::TimestampWrap).unwrap();
    let packets = Client::play(&server).media_for(Duration::from_secs(6));
    assert_eq!(packets[0].sequence(), 65526);
    assert!(packets.windows(2).any(|two| (two[0].sequence(), two[1].sequence()) == (65535, 0)));
    assert_eq!(missing(&packets), 0);
    assert!(packets.windows(2).any(|two| two[0].timestamp() > two[1].timestamp()));
    let step = |two: &[&[Packet]]| two[1][0].timestamp().wrapping_sub(two[0][0].timestamp());
    assert!(frames(&packets).windows(2).all(|two| step(two) == 6000));
}

#[test]
fn new_ssrc_begins_numbers_anew_in_the_middle() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    let before = client.media_for(WHILE);
    server.set_fault(0, SimFault::NewSsrc).unwrap();
    let after = client.media_for(WHILE);
    let ssrcs: HashSet<_> = before.iter().chain(&after).map(Packet::ssrc).collect();
    assert_eq!(ssrcs.len(), 2);
    let last = |packets: &[Packet]| packets.last().unwrap().clone();
    assert_ne!(last(&before).ssrc(), last(&after).ssrc());
    let all: Vec<_> =
        frames(&before).into_iter().chain(frames(&after)).filter_map(counter).collect();
    assert!(all.windows(2).all(|two| two[1] - two[0] <= 1), "no frame is missing");
}

#[test]
fn audio_pushes_itself_in() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Audio).unwrap();
    let mut client = Client::connect(&server);
    let description = client.ask("DESCRIBE", "");
    assert!(String::from_utf8(description.body).unwrap().contains("m=audio 0 RTP/AVP 0"));
    client.begin("RTP/AVP/TCP;unicast;interleaved=0-1");
    let packets = client.media_for(WHILE);
    let (sound, picture): (Vec<_>, Vec<_>) = packets.into_iter().partition(|p| p.channel == 2);
    assert!(sound.len() > 15 && sound.iter().all(|packet| packet.bytes[1] & 0x7f == 0));
    assert_eq!((missing(&sound), missing(&picture)), (0, 0));
    assert_ne!(sound[0].ssrc(), picture[0].ssrc());
}

#[test]
fn wrong_channel_puts_pictures_among_reports() {
    let server = serve(camera());
    server.set_fault(0, SimFault::WrongChannel).unwrap();
    let packets = Client::play(&server).media_for(WHILE);
    assert!(!packets.is_empty() && packets.iter().all(|packet| packet.channel == 1));
    let datagrams = Datagrams::play(&server).packets_for(WHILE);
    assert!(datagrams.len() > 30 && datagrams.iter().all(|(_, packet)| packet.channel == 1));
}

#[test]
fn flood_is_as_fast_as_it_is_taken() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    client.media_for(WHILE);
    server.set_fault(0, SimFault::Flood).unwrap();
    let began = server.stats().bytes;
    let packets = client.media_for(Duration::from_secs(2));
    assert!(server.stats().bytes - began > 20 << 20, "more than 80 Mbit/s, in a debug build too");
    let flood: Vec<_> = packets.into_iter().skip_while(|p| p.bytes.len() < 1412).collect();
    assert_eq!(missing(&flood), 0);
    assert!(flood.iter().all(|packet| packet.bytes[0] == 0x80 && packet.bytes[1] & 0x7f == 96));
    server.clear_faults(0);
    let calm = client.media_for(WHILE);
    let last = frames(&calm).into_iter().filter_map(counter).count();
    assert!(last > 15, "pictures come again: {last}");
}
