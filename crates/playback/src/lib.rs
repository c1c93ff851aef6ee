//! Live and recorded footage as playable media.
//!
//! A session of media begins with a grant and lives no longer than it: [`watch`] for a live wall,
//! [`play`] for recorded footage, [`still`] for one picture, [`clip`] for files. Every frame and every chunk is opened
//! by the vault against that grant, which is asked again each time.
//!
//! Media time: one tile has one media timeline for the whole session, and each
//! [`MediaEvent::Tile`] says which wall time stands at which place of it. The wall time of media
//! time `t` is `wall_start + (t - media_start_us)`. Where no frame is, media time has a hole;
//! nothing is stretched over it.

mod backward;
mod change;
mod clip;
mod cursor;
mod error;
mod event;
pub mod fmp4;
mod footage;
mod live;
mod pace;
mod served;
mod still;
mod timeline;
mod track;

pub use change::ChangeQuestion;
pub use clip::{Clip, ClipGap, ClipPart, clip};
pub use error::PlaybackError;
pub use event::{FeedChoice, MediaEvent, PlayCommand, TileState};
pub use footage::play;
pub use live::watch;
pub use pace::Pace;
pub use served::Served;
pub use still::{Still, still};
pub use timeline::{Expiry, FootageTimeline, RecordedSpan, timeline};
