//! Shapes of event types: colour is never alone. All views draw events with these.

use std::f32::consts::{PI, TAU};

use egui::{Color32, Painter, Pos2, Shape, Stroke, vec2};

use crate::model::EventType;

/// Radius of an event's symbol in points: grows with the square root of its best fatalities.
pub fn radius(best: Option<u32>) -> f32 {
    5.5 + 0.45 * (best.unwrap_or(0) as f32).sqrt()
}

/// Outline of a type's symbol about a centre; `radius` is that of a circle of equal area.
pub fn outline(event_type: EventType, center: Pos2, radius: f32) -> Vec<Pos2> {
    let polar = |angle: f32, r: f32| center + vec2(angle.sin(), -angle.cos()) * r;
    let regular = |corners: usize, r: f32, turn: f32| -> Vec<Pos2> {
        (0..corners).map(|i| polar(turn + TAU * i as f32 / corners as f32, r)).collect()
    };
    match event_type {
        EventType::Battles => regular(4, radius * 1.22, 0.0),
        EventType::Explosions => {
            let (outer, inner) = (radius * 1.3, radius * 0.72);
            (0..16).map(|i| polar(PI * i as f32 / 8.0, if i % 2 == 0 { outer } else { inner })).collect()
        }
        EventType::ViolenceAgainstCivilians => {
            let r = radius * 1.28;
            // The centre of a triangle's box lies above its centroid.
            let down = vec2(0.0, r * 0.18);
            regular(3, r, 0.0).into_iter().map(|p| p + down).collect()
        }
        EventType::Protests | EventType::Other => regular(28, radius, 0.0),
        EventType::Riots => {
            let (long, short) = (radius * 1.08, radius * 0.4);
            [
                (-short, -long),
                (short, -long),
                (short, -short),
                (long, -short),
                (long, short),
                (short, short),
                (short, long),
                (-short, long),
                (-short, short),
                (-long, short),
                (-long, -short),
                (-short, -short),
            ]
            .into_iter()
            .map(|(x, y)| center + vec2(x, y))
            .collect()
        }
        EventType::StrategicDevelopments => {
            let r = radius * 0.9;
            vec![center + vec2(-r, -r), center + vec2(r, -r), center + vec2(r, r), center + vec2(-r, r)]
        }
    }
}

/// How a symbol is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    Solid,
    /// Only an outline: the place is known as a region.
    Hollow,
    /// A dashed outline: the place is known as a country.
    Dashed,
}

/// Paints a type's symbol with a one point edge.
pub fn paint(
    painter: &Painter,
    event_type: EventType,
    center: Pos2,
    radius: f32,
    fill: Fill,
    color: Color32,
    edge: Color32,
) {
    let points = outline(event_type, center, radius);
    match fill {
        Fill::Solid if event_type == EventType::Other => {
            painter.add(Shape::closed_line(points, Stroke::new(2.0, color)));
        }
        Fill::Solid => {
            let edge = Stroke::new(1.0, edge);
            if matches!(event_type, EventType::Explosions | EventType::Riots) {
                // Not convex: fan of triangles about the centre, then the edge. A mesh has hard edges,
                // so slanted ones get a thin line of their own colour; the fan is that much smaller.
                let slanted = event_type == EventType::Explosions;
                let points =
                    if slanted { outline(event_type, center, (radius - 0.8).max(0.5)) } else { points };
                let mut mesh = egui::Mesh::default();
                mesh.colored_vertex(center, color);
                for point in &points {
                    mesh.colored_vertex(*point, color);
                }
                let n = points.len() as u32;
                for i in 0..n {
                    mesh.add_triangle(0, 1 + i, 1 + (i + 1) % n);
                }
                let around = if slanted { 3.0 } else { 2.0 };
                painter.add(Shape::closed_line(points.clone(), Stroke::new(around, edge.color)));
                painter.add(Shape::mesh(mesh));
                if slanted {
                    painter.add(Shape::closed_line(points, Stroke::new(1.0, color)));
                }
            } else {
                painter.add(Shape::convex_polygon(points, color, edge));
            }
        }
        Fill::Hollow => {
            painter.add(Shape::closed_line(points.clone(), Stroke::new(3.5, edge.gamma_multiply(0.6))));
            painter.add(Shape::closed_line(points, Stroke::new(1.8, color)));
        }
        Fill::Dashed => {
            let mut closed = outline(EventType::Protests, center, radius);
            if let Some(first) = closed.first().copied() {
                closed.push(first);
            }
            painter.extend(Shape::dashed_line(&closed, Stroke::new(1.6, color), 2.5, 2.5));
        }
    }
}
