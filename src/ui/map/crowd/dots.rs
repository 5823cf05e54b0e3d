//! Points by the hundred thousand: one dot per site, painted into an image. Pure.
//!
//! Every site with shown events has its dot, in the colour of its most frequent type. Dots have whole
//! pixels as their centres; sites on one pixel share the dot of the first of them.

use std::ops::Range;

use egui::Color32;

use super::frame::{Frame, Places, UNITS};
use crate::store::cross::SiteCount;

/// Sides of the stamp of a dot, in pixels.
const SIDE: i32 = 5;
/// What each pixel of the stamp is: nothing, edge or inside.
const STAMP: [[u8; SIDE as usize]; SIDE as usize] =
    [[0, 1, 1, 1, 0], [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], [0, 1, 1, 1, 0]];

/// The type that most of a site's shown events have.
pub fn main_type(count: &SiteCount) -> usize {
    let mut best = 0;
    for (index, n) in count.per_type.iter().enumerate() {
        if *n > count.per_type.get(best).copied().unwrap_or(0) {
            best = index;
        }
    }
    best
}

/// Paints the sites of some ranges into an image of `size` pixels, transparent at first. `per_point` is
/// the number of pixels in a point of the view; `color` is that of a site's dot, `None` for sites that have
/// none in this picture; `edge` goes around dots where nothing else is.
#[expect(clippy::too_many_arguments, reason = "a picture, what is on it, and its colours")]
pub fn paint(
    pixels: &mut [Color32],
    size: [usize; 2],
    per_point: f64,
    frame: &Frame,
    places: &Places<'_>,
    ranges: &[Range<u32>],
    color: impl Fn(u32, &SiteCount) -> Option<Color32>,
    edge: Color32,
) {
    let (width, height) = (size[0] as i32, size[1] as i32);
    // One bit per pixel that is the centre of a dot, also just outside of the image: within a margin
    // by which all places are moved, so that none is negative.
    let margin = SIDE as usize;
    let (across, down) = (size[0] + 2 * margin, size[1] + 2 * margin);
    let mut taken = vec![0u64; (across * down).div_ceil(64)];
    let per_unit = frame.scale / UNITS * per_point;
    let left = frame.left * per_point - margin as f64;
    let top = frame.top * per_point - margin as f64;
    let (right, bottom) = (across as f64, down as f64);
    places.each(ranges, |site, [x, y], count| {
        let (x, y) = (f64::from(x) * per_unit - left, f64::from(y) * per_unit - top);
        if count.total == 0 || x < 0.0 || y < 0.0 || x >= right || y >= bottom {
            return;
        }
        let Some(color) = color(site, count) else { return };
        let (x, y) = (x as i32, y as i32);
        let bit = y as usize * across + x as usize;
        match taken.get_mut(bit / 64) {
            Some(word) if *word >> (bit % 64) & 1 == 0 => *word |= 1 << (bit % 64),
            _ => return,
        }
        let (x, y) = (x - SIDE, y - SIDE);
        for (row, kinds) in (y - SIDE / 2..).zip(STAMP) {
            for (column, kind) in (x - SIDE / 2..).zip(kinds) {
                if kind == 0 || row < 0 || column < 0 || row >= height || column >= width {
                    continue;
                }
                let Some(pixel) = pixels.get_mut(row as usize * size[0] + column as usize) else { continue };
                if kind == 2 {
                    *pixel = color;
                } else if *pixel == Color32::TRANSPARENT {
                    *pixel = edge;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_site_has_its_dot_in_the_color_of_its_main_type() {
        let at = |x: f64, y: f64| [x, y].map(|v| (v * UNITS) as u32);
        let points = [at(0.5, 0.5), at(0.52, 0.5), at(0.5, 0.52)];
        let count = |per_type: [u32; 7]| SiteCount { per_type, total: per_type.iter().sum() };
        let counts = [count([1, 0, 3, 0, 0, 0, 0]), count([0; 7]), count([0, 2, 2, 0, 0, 0, 0])];
        let frame = Frame::new((0.5, 0.5), 2.0, 100.0, 100.0);
        let mut pixels = vec![Color32::TRANSPARENT; 100 * 100];
        let colors = [0, 1, 2, 3, 4, 5, 6].map(Color32::from_gray);
        let places = Places { points: &points, counts: &counts };
        let color = |_, count: &SiteCount| colors.get(main_type(count)).copied();
        paint(&mut pixels, [100, 100], 1.0, &frame, &places, &[0..3], color, Color32::WHITE);
        assert_eq!(pixels[50 * 100 + 50], colors[2]);
        assert_eq!(pixels[70 * 100 + 50], colors[1], "the first of equals");
        assert_eq!(pixels[50 * 100 + 70], Color32::TRANSPARENT, "nothing is shown there");
        assert_eq!(pixels[50 * 100 + 52], Color32::WHITE);
    }
}
