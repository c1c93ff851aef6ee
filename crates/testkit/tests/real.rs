//! The real cameras send what they say, seen by ffprobe.

use testkit::real::{GStreamerCamera, RealCodec, available, ffprobe_camera};

#[test]
fn a_real_camera_sends_each_codec() {
    assert!(available(), "install ffmpeg");
    let codecs =
        [(RealCodec::H264, "h264"), (RealCodec::H265, "hevc"), (RealCodec::Mjpeg, "mjpeg")];
    for (codec, name) in codecs {
        let camera = GStreamerCamera::start(codec, None).unwrap();
        let probed = ffprobe_camera(&camera.url(), 2).unwrap();
        assert_eq!((probed.codec.as_str(), probed.width, probed.height), (name, 320, 240));
        assert!(probed.frames >= 10, "{probed:?}");
    }
}

#[test]
fn a_real_camera_asks_for_its_password() {
    let camera = GStreamerCamera::start(RealCodec::H264, Some(("admin", "secret"))).unwrap();
    let refused = ffprobe_camera(&camera.url(), 1).unwrap_err().to_string();
    assert!(refused.contains("401"), "{refused}");
    let url = camera.url().replace("rtsp://", "rtsp://admin:secret@");
    assert_eq!(ffprobe_camera(&url, 1).unwrap().codec, "h264");
}
