//! The program's icon, drawn in code: a W of round strokes on a round-edged tile.

use crate::ui::theme::Theme;

/// Length of a side in pixels.
const SIDE: u32 = 64;

/// The icon in the colours of the dark theme.
pub fn icon() -> egui::IconData {
    let theme = Theme::dark();
    let tile = egui::Rgba::from(theme.panel);
    let stroke = egui::Rgba::from(theme.accent);
    let side = SIDE as f32;
    // The corners of the letter in tenths of the side.
    let corners = [(2.2, 3.0), (3.6, 7.2), (5.0, 4.0), (6.4, 7.2), (7.8, 3.0)];
    let corners = corners.map(|(x, y)| egui::pos2(x, y) * (side / 10.0));
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let p = egui::pos2(x as f32 + 0.5, y as f32 + 0.5);
            let from_letter = corners
                .windows(2)
                .map(|ends| match ends {
                    [a, b] => distance(p, *a, *b),
                    _ => f32::MAX,
                })
                .fold(f32::MAX, f32::min);
            let ink = covered(from_letter - side * 0.05);
            let edge = covered(from_tile(p, side));
            let color = (tile * (1.0 - ink) + stroke * ink) * edge;
            rgba.extend(egui::Color32::from(color).to_srgba_unmultiplied());
        }
    }
    egui::IconData { rgba, width: SIDE, height: SIDE }
}

/// Share of a pixel that lies inside of an edge, by the distance of its middle from it.
fn covered(outside: f32) -> f32 {
    (0.5 - outside).clamp(0.0, 1.0)
}

/// Distance of a point from a line between two others.
fn distance(p: egui::Pos2, a: egui::Pos2, b: egui::Pos2) -> f32 {
    let along = b - a;
    let t = ((p - a).dot(along) / along.length_sq()).clamp(0.0, 1.0);
    (p - (a + along * t)).length()
}

/// Distance of a point from the round-edged tile; negative inside.
fn from_tile(p: egui::Pos2, side: f32) -> f32 {
    let radius = side * 0.2;
    let middle = side / 2.0;
    let q = egui::vec2((p.x - middle).abs(), (p.y - middle).abs()) - egui::Vec2::splat(middle - radius);
    q.max(egui::Vec2::ZERO).length() + q.x.max(q.y).min(0.0) - radius
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_has_clear_corners_and_a_letter() {
        let icon = icon();
        let pixel = |x: u32, y: u32| {
            let at = ((y * icon.width + x) * 4) as usize;
            icon.rgba[at..at + 4].to_vec()
        };
        assert_eq!(icon.rgba.len(), (SIDE * SIDE * 4) as usize);
        assert_eq!(pixel(0, 0)[3], 0);
        assert_eq!(pixel(32, 8)[3], 255);
        assert_ne!(pixel(32, 27), pixel(32, 8), "the middle of the W");
    }
}
