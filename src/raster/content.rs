//! What a texture shows, summed up by blocks, so that a change of one corner of it is not taken for a
//! change of everything that is drawn with it.

use egui::epaint::ColorImage;
use egui::{Pos2, Rect};

use super::runs::mix;

/// Side of a block in texels.
const BLOCK: usize = 16;

/// Sums of a texture's blocks. While the sums of the blocks that a triangle reaches are the same, its
/// pixels are.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// In texels.
    size: [usize; 2],
    /// Row by row.
    blocks: Vec<u64>,
}

impl Content {
    pub fn new(size: [usize; 2]) -> Self {
        let [columns, rows] = size.map(|side| side.div_ceil(BLOCK));
        Self { size, blocks: vec![0; columns * rows] }
    }

    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    fn columns(&self) -> usize {
        self.size[0].div_ceil(BLOCK)
    }

    /// An image comes to lie at a place. `number` is one that no change had before: blocks that the
    /// image covers in part are taken for new.
    pub fn change(&mut self, [left, top]: [usize; 2], image: &ColorImage, number: u64) {
        let [width, height] = image.size;
        if [left, top] != [0, 0] || image.size != self.size {
            let columns = self.columns();
            for row in top / BLOCK..(top + height).div_ceil(BLOCK) {
                let blocks =
                    row * columns + left / BLOCK..row * columns + (left + width).div_ceil(BLOCK).min(columns);
                self.blocks.get_mut(blocks).into_iter().flatten().for_each(|block| *block = number);
            }
            return;
        }
        let columns = self.columns().max(1);
        self.blocks.fill(0);
        let lines = image.as_raw().chunks_exact((width * 4).max(1));
        for (y, line) in lines.enumerate() {
            let blocks = self.blocks.iter_mut().skip(y / BLOCK * columns);
            for (block, texels) in blocks.zip(line.chunks(BLOCK * 4)) {
                // Transparent as it mostly is, a line of a block is told at a glance.
                let (eights, rest) = texels.as_chunks::<8>();
                if texels.iter().any(|byte| *byte != 0) {
                    let sum = eights.iter().fold(*block, |sum, eight| mix(sum, u64::from_ne_bytes(*eight)));
                    *block =
                        rest.iter().fold(mix(sum, (y % BLOCK) as u64), |sum, byte| mix(sum, (*byte).into()));
                }
            }
        }
    }

    /// Of the blocks that this part of the texture, and a texel around it, reaches.
    pub fn sum(&self, part: Rect) -> u64 {
        let [width, height] = self.size;
        let columns = self.columns();
        // A cast of a float takes what is below zero or not a number as zero. What is beyond the edge
        // shows the edge, or, in textures that repeat, something of all.
        let inside = Rect::from_min_max(Pos2::ZERO, egui::pos2(1.0, 1.0)).contains_rect(part);
        let part = if inside { part } else { Rect::from_min_max(Pos2::ZERO, egui::pos2(1.0, 1.0)) };
        let from = |at: f32, side: usize| ((at * side as f32 - 1.0) as usize) / BLOCK;
        let to = |at: f32, side: usize| ((at * side as f32 + 2.0) as usize).min(side).div_ceil(BLOCK);
        let mut sum = 0;
        for row in from(part.min.y, height)..to(part.max.y, height) {
            let blocks = row * columns + from(part.min.x, width)..row * columns + to(part.max.x, width);
            sum = self.blocks.get(blocks).into_iter().flatten().fold(sum, |sum, block| mix(sum, *block));
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, pos2, vec2};
    use proptest::prelude::*;

    proptest! {
        /// Whatever texel changes, in whole or by a part, the parts that show it have another sum; with
        /// a whole image, those far from it have the same one.
        #[test]
        fn a_part_changes_with_its_texels(
            x in 0usize..90, y in 0usize..70, whole: bool,
            left in 0.0f32..1.0, top in 0.0f32..1.0, width in 0.0f32..1.0, height in 0.0f32..1.0,
        ) {
            let image = ColorImage::filled([90, 70], Color32::TRANSPARENT);
            let mut content = Content::new(image.size);
            content.change([0, 0], &image, 1);
            let before = content.clone();
            if whole {
                let mut image = image;
                image[(x, y)] = Color32::RED;
                content.change([0, 0], &image, 2);
            } else {
                content.change([x, y], &ColorImage::filled([1, 1], Color32::RED), 2);
            }
            let part = Rect::from_min_max(
                pos2(left, top),
                pos2((left + width).min(1.0), (top + height).min(1.0)),
            );
            let texel = Rect::from_min_size(pos2(x as f32 / 90.0, y as f32 / 70.0), vec2(1.0 / 90.0, 1.0 / 70.0));
            let same = before.sum(part) == content.sum(part);
            if part.intersects(texel) {
                prop_assert!(!same);
            }
            let near = part.expand2(vec2(20.0 / 90.0, 20.0 / 70.0));
            if !near.intersects(texel) {
                prop_assert!(same);
            }
        }
    }
}
