-- Text that SQLite and PostgreSQL both take. Times are microseconds since 1970 in UTC (_us), ids
-- are 16 bytes, quantities BIGINT. Nothing here is true only here, and nothing names a person.

-- Every feed ever seen. The counters never go back: they outlive the reels they were counted from.
-- longest_us is the longest row that reel_feed ever had of this feed: a search for what overlaps a
-- moment need not look further back than that.
CREATE TABLE feed (
    camera BYTEA NOT NULL CHECK (octet_length(camera) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('main', 'sub')),
    frames_recorded BIGINT NOT NULL CHECK (frames_recorded >= 0),
    bytes_recorded BIGINT NOT NULL CHECK (bytes_recorded >= 0),
    frames_lost BIGINT NOT NULL CHECK (frames_lost >= 0),
    longest_us BIGINT NOT NULL CHECK (longest_us >= 0),
    PRIMARY KEY (camera, kind)
);

-- One row per closed reel.
CREATE TABLE reel (
    reel BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(reel) = 16),
    volume BYTEA NOT NULL CHECK (octet_length(volume) = 16),
    minimum_s BIGINT NOT NULL,
    maximum_s BIGINT NOT NULL,
    bucket_start_us BIGINT NOT NULL,
    bucket_end_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    length_bytes BIGINT NOT NULL,
    chunks BIGINT NOT NULL,
    footer_sha256 BYTEA NOT NULL CHECK (octet_length(footer_sha256) = 32),
    expires_at_us BIGINT NOT NULL
);
CREATE INDEX reel_by_expiry ON reel (expires_at_us);

-- What a reel holds of a feed. `place` numbers a reel's rows: a feed has more than one when its
-- codec or bucket changed within the reel.
CREATE TABLE reel_feed (
    reel BYTEA NOT NULL REFERENCES reel (reel) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    camera BYTEA NOT NULL,
    kind TEXT NOT NULL,
    bucket BYTEA NOT NULL CHECK (octet_length(bucket) = 16),
    codec TEXT NOT NULL CHECK (codec IN ('h264', 'h265')),
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    chunks BIGINT NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    PRIMARY KEY (reel, place),
    FOREIGN KEY (camera, kind) REFERENCES feed (camera, kind),
    CHECK (start_us <= end_us)
);
CREATE INDEX reel_feed_by_time ON reel_feed (camera, kind, start_us, end_us, codec);
CREATE INDEX reel_feed_by_bucket ON reel_feed (bucket);

-- Reels whose frames are in the counters already, also after the reel itself is gone, so that
-- listing one again does not count it twice.
CREATE TABLE counted_reel (
    reel BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(reel) = 16),
    expires_at_us BIGINT NOT NULL
);
CREATE INDEX counted_reel_by_expiry ON counted_reel (expires_at_us);

-- Stretches of time without footage, each with its cause.
CREATE TABLE gap (
    camera BYTEA NOT NULL,
    kind TEXT NOT NULL,
    from_us BIGINT NOT NULL,
    to_us BIGINT NOT NULL,
    cause TEXT NOT NULL,
    frames_lost BIGINT NOT NULL CHECK (frames_lost >= 0),
    PRIMARY KEY (camera, kind, from_us),
    FOREIGN KEY (camera, kind) REFERENCES feed (camera, kind),
    CHECK (from_us <= to_us)
);
CREATE INDEX gap_by_end ON gap (camera, kind, to_us);
CREATE INDEX gap_by_end_of_all ON gap (to_us);
