//! What stands in a view of a column: chunks are set as they come into sight, and a place is walked into its chunk.

use super::cache::Setter;
use super::column::{Column, Place, Visible};

impl Column {
    /// Moves a place so that it lies inside its chunk and inside the column, setting what it passes; then gives what
    /// stands in a view of this height.
    pub fn view(&mut self, setter: &mut Setter, place: &mut Place, height: f32) -> Vec<Visible> {
        if self.chunks().is_empty() {
            return Vec::new();
        }
        place.chunk = place.chunk.min(self.chunks().len() - 1);
        self.settle(setter, place);
        let mut visible = self.fill(setter, *place, height);
        // At the article's end the last line stands no higher than two thirds down the view.
        if let Some(end) = visible.last().filter(|last| last.chunk + 1 == self.chunks().len()) {
            let bottom = end.top - self.above(end.chunk) + self.heights.get(end.chunk) as f32;
            let gap = height * 0.67 - bottom;
            let room = self.height_before(*place) as f32;
            if gap > 0.5 && room > 0.0 {
                place.offset -= gap.min(room);
                self.settle(setter, place);
                visible = self.fill(setter, *place, height);
            }
        }
        visible
    }

    /// Walks a place up or down until it lies in its chunk.
    fn settle(&mut self, setter: &mut Setter, place: &mut Place) {
        while place.offset < 0.0 && place.chunk > 0 {
            place.chunk -= 1;
            setter.ensure(self, &[place.chunk]);
            place.offset += self.heights.get(place.chunk) as f32;
        }
        if place.chunk == 0 {
            place.offset = place.offset.max(0.0);
        }
        loop {
            setter.ensure(self, &[place.chunk]);
            let height = self.heights.get(place.chunk) as f32;
            if place.offset < height || place.chunk + 1 >= self.chunks().len() {
                place.offset = place.offset.min(height);
                return;
            }
            place.offset -= height;
            place.chunk += 1;
        }
    }

    fn fill(&mut self, setter: &mut Setter, place: Place, height: f32) -> Vec<Visible> {
        loop {
            // Estimates say what will be in view; setting that all at once keeps both cores busy.
            let chunks: Vec<usize> = self.span_of(place, height).collect();
            setter.ensure(self, &chunks);
            let now: Vec<usize> = self.span_of(place, height).collect();
            if now.iter().all(|chunk| setter.get(*chunk).is_some()) {
                let mut top = -place.offset;
                return now
                    .into_iter()
                    .map(|chunk| {
                        let seen = Visible { chunk, top: top + self.above(chunk) };
                        top += self.heights.get(chunk) as f32;
                        seen
                    })
                    .collect();
            }
        }
    }
}
