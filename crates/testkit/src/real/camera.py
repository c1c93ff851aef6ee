"""A camera by GStreamer's RTSP server, told by its arguments: codec, width, height, fps, and, if it
asks for a password, user and password. Prints its port when it listens; ends with its standard input."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

codec, width, height, fps = sys.argv[1:5]
Gst.init(None)
encoders = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast bitrate=400 key-int-max={fps} ! rtph264pay name=pay0 pt=96",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast bitrate=400 key-int-max={fps} ! rtph265pay name=pay0 pt=96",
    "mjpeg": "jpegenc ! rtpjpegpay name=pay0 pt=26",
}
launch = (
    f"( videotestsrc is-live=true pattern=ball ! video/x-raw,width={width},height={height},framerate={fps}/1,format=I420 ! "
    + encoders[codec].format(fps=fps)
    + " )"
)

server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(launch)
factory.set_shared(True)
if len(sys.argv) > 6:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
    auth.add_digest(sys.argv[5], sys.argv[6], token)
    server.set_auth(auth)
    role = Gst.Structure.new_empty("viewer")
    role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
    role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
    factory.add_role_from_structure(role)
server.get_mount_points().add_factory("/camera", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)

loop = GLib.MainLoop()


def ended(channel, _condition):
    # Whoever started us holds the other end: when it is gone, so are we.
    if not channel.read():
        loop.quit()
        return False
    return True


GLib.io_add_watch(sys.stdin.buffer.raw, GLib.IO_IN | GLib.IO_HUP, ended)
loop.run()
