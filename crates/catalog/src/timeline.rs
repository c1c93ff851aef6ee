//! What was recorded when: rows joined into spans, and cut where a gap is declared.

use std::time::Duration;

use domain::{CameraId, FeedKind, WallTime};

use crate::error::CatalogError;
use crate::reels::{limit, within_limit};
use crate::rows::Columns;
use crate::{Catalog, GapRow, Result, Timeline, TimelineSpan};

/// Footage this close together is one span: a frame's length, and the switch from one reel to the
/// next, are no gap that a person would want to see. A gap that was declared always is.
const TOUCH: Duration = Duration::from_millis(1500);

impl Catalog {
    /// What a feed recorded in the time from `from` up to, not including, `to`: footage joined
    /// where it touches (within 1.5 s, of one codec), cut by declared gaps and at `from` and `to`.
    ///
    /// # Errors
    /// If that is more rows than one answer has, or the database refuses.
    pub async fn timeline(
        &self,
        camera: CameraId,
        kind: FeedKind,
        from: WallTime,
        to: WallTime,
    ) -> Result<Timeline> {
        let rows = self.recorded(camera, kind, from, to).await?;
        let gaps = self.gaps(camera, kind, from, to).await?;
        let spans = cut(&joined(&rows), &gaps);
        Ok(Timeline { spans: spans.iter().filter_map(|span| clip(span, from, to)).collect(), gaps })
    }

    /// Rows as spans, by their first moment; all of it stands in one index.
    async fn recorded(
        &self,
        camera: CameraId,
        kind: FeedKind,
        from: WallTime,
        to: WallTime,
    ) -> Result<Vec<TimelineSpan>> {
        const DOING: &str = "read the timeline";
        let sql = "SELECT start_us, end_us, codec FROM reel_feed \
                   WHERE camera = $1 AND kind = $2 AND start_us < $4 AND end_us > $3 \
                   AND start_us >= $3 - (SELECT longest_us FROM feed \
                                         WHERE camera = $1 AND kind = $2) \
                   ORDER BY start_us, end_us LIMIT $5";
        let rows = sqlx::query(sql)
            .bind(&camera.as_bytes()[..])
            .bind(kind.word())
            .bind(from.as_micros())
            .bind(to.as_micros())
            .bind(limit())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        within_limit(DOING, &rows)?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                let (from, to) = (columns.moment()?, columns.moment()?);
                Ok(TimelineSpan { from, to, codec: columns.codec()? })
            })
            .collect()
    }
}

/// Spans that touch as one; they come by their first moment, and may overlap.
fn joined(rows: &[TimelineSpan]) -> Vec<TimelineSpan> {
    let mut spans: Vec<TimelineSpan> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some(last) if row.from <= last.to + TOUCH && row.codec == last.codec => {
                last.to = last.to.max(row.to);
            }
            _ => spans.push(*row),
        }
    }
    spans
}

/// Spans without what lies in a gap; gaps come by their first moment, and may overlap.
fn cut(spans: &[TimelineSpan], gaps: &[GapRow]) -> Vec<TimelineSpan> {
    let mut rest = Vec::new();
    for span in spans {
        let mut from = span.from;
        for gap in gaps.iter().filter(|gap| gap.from < span.to && gap.to > span.from) {
            if gap.from > from {
                rest.push(TimelineSpan { from, to: gap.from, ..*span });
            }
            from = from.max(gap.to);
        }
        if from < span.to {
            rest.push(TimelineSpan { from, ..*span });
        }
    }
    rest
}

fn clip(span: &TimelineSpan, from: WallTime, to: WallTime) -> Option<TimelineSpan> {
    let clipped = TimelineSpan { from: span.from.max(from), to: span.to.min(to), ..*span };
    (clipped.from < clipped.to).then_some(clipped)
}

#[cfg(test)]
mod tests {
    use domain::{Feed, GapCause};

    use super::*;

    const fn at(ms: i64) -> WallTime {
        WallTime::from_micros(ms * 1000)
    }

    const fn span(from_ms: i64, to_ms: i64) -> TimelineSpan {
        TimelineSpan { from: at(from_ms), to: at(to_ms), codec: "h264" }
    }

    fn gap(from_ms: i64, to_ms: i64) -> GapRow {
        GapRow {
            feed: Feed { camera: CameraId::from_bytes([1; 16]), kind: FeedKind::Main },
            from: at(from_ms),
            to: at(to_ms),
            cause: GapCause::PacketsLost,
            frames_lost: 0,
        }
    }

    #[test]
    fn what_touches_within_a_second_and_a_half_is_one_span() {
        let near = [span(0, 1000), span(2500, 3000), span(2600, 2700)];
        assert_eq!(joined(&near), [span(0, 3000)]);
        let far = [span(0, 1000), span(2501, 3000)];
        assert_eq!(joined(&far), far);
    }

    #[test]
    fn another_codec_is_another_span() {
        let other = TimelineSpan { codec: "h265", ..span(1000, 2000) };
        let rows = [span(0, 1000), other, span(2000, 3000)];
        assert_eq!(joined(&rows), rows);
    }

    #[test]
    fn a_declared_gap_cuts_however_short_it_is() {
        let cut_by = |gaps: &[GapRow]| cut(&[span(0, 9000)], gaps);
        assert_eq!(cut_by(&[gap(3000, 3100)]), [span(0, 3000), span(3100, 9000)]);
        assert_eq!(cut_by(&[gap(0, 1000), gap(500, 700)]), [span(1000, 9000)]);
        assert_eq!(cut_by(&[gap(8000, 9500)]), [span(0, 8000)]);
        assert_eq!(cut_by(&[gap(0, 9000)]), []);
        assert_eq!(cut_by(&[gap(4000, 4000)]), [span(0, 4000), span(4000, 9000)]);
    }
}
