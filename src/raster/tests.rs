//! Pictures drawn by this module against those of the stock shader, and plans against the truth.

use eframe::egui_wgpu::{CallbackTrait, RenderState, RendererOptions};
use egui::epaint::{Mesh, PaintCallbackInfo, Vertex};
use egui::{Color32, ColorImage, Pos2, Rect, Stroke, TextureHandle, TextureOptions, Ui, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use proptest::prelude::*;

use super::plan::{Plan, Shown};
use super::runs::{CELL, Frame, FrameBuilder, Pixels};

const SIZE: egui::Vec2 = vec2(420.0, 300.0);

/// Draws nothing, in the way in which others draw.
struct Foreign;

impl CallbackTrait for Foreign {
    fn paint(
        &self,
        _: PaintCallbackInfo,
        _: &mut eframe::wgpu::RenderPass<'static>,
        _: &eframe::egui_wgpu::CallbackResources,
    ) {
    }
}

/// Something of everything that a window shows; what moves depends on the step.
fn scene(ui: &mut Ui, step: usize) {
    let painter = ui.painter().clone();
    painter.rect_filled(ui.max_rect().expand(20.0), 0.0, Color32::from_rgb(20, 24, 30));
    let map = Rect::from_min_size(pos2(120.3, 40.0), vec2(200.0, 150.6));
    painter.rect_filled(map, 0.0, Color32::from_rgb(40, 60, 90));
    if step != 5 {
        painter.add(eframe::egui_wgpu::Callback::new_paint_callback(map, Foreign));
    }
    image(ui, step, Rect::from_min_size(pos2(130.0, 50.0), vec2(160.0, 120.0)));
    painter.with_clip_rect(map).circle(
        pos2(150.0 + 12.0 * step as f32, 90.0),
        60.0,
        Color32::from_rgba_unmultiplied(200, 80, 40, 90),
        Stroke::new(1.5, Color32::WHITE),
    );
    painter.line_segment([pos2(0.0, 20.0), pos2(400.0, 220.0)], Stroke::new(2.0, Color32::LIGHT_BLUE));
    painter.rect_filled(
        Rect::from_min_size(pos2(10.0 + 31.0 * step as f32, 210.0), vec2(80.5, 40.0)),
        6.0,
        Color32::from_rgba_unmultiplied(80, 160, 90, 180),
    );
    ui.label(format!("Step {} of all, Ménaka and Gao", step / 2));
    ui.label("What stays as it is: a line of text");
    let _ = ui.button("A button");
    if step >= 3 {
        egui::Window::new("Over all").fixed_pos(pos2(200.0, 100.0)).show(ui.ctx(), |ui| ui.label("window"));
    }
}

/// Cells of two pixels, of which some change in each step.
fn image(ui: &Ui, step: usize, at: Rect) {
    let mut image = ColorImage::filled([80, 60], Color32::TRANSPARENT);
    for number in 0..step * 7 {
        let color = Color32::from_rgba_unmultiplied(250, 200, 20 * step as u8, 200);
        image[(5 + number * 11 % 70, 3 + number * 5 % 50)] = color;
    }
    let id = egui::Id::unique("image");
    let known: Option<TextureHandle> = ui.data(|data| data.get_temp(id));
    let texture = match known {
        Some(mut texture) => {
            texture.set(image, TextureOptions::NEAREST);
            texture
        }
        None => ui.ctx().load_texture("image", image, TextureOptions::NEAREST),
    };
    let part = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(texture.id(), at, part, Color32::WHITE);
    ui.data_mut(|data| data.insert_temp(id, texture));
}

/// The pictures of some steps, with a size that changes on the way.
fn pictures(own: bool) -> Vec<image::RgbaImage> {
    let state: RenderState = create_render_state(default_wgpu_setup(), RendererOptions::PREDICTABLE);
    let mut harness = Harness::builder()
        .with_size(SIZE)
        .renderer(WgpuTestRenderer::from_render_state(state.clone()))
        .build_ui_state(
            move |ui, step: &mut Option<usize>| match *step {
                Some(step) => scene(ui, step),
                None => {
                    if own {
                        super::install(ui.ctx(), &state);
                    }
                }
            },
            None,
        );
    let mut pictures = Vec::new();
    for step in 0..8 {
        *harness.state_mut() = Some(step);
        if step == 6 {
            harness.set_size(SIZE + vec2(33.0, 17.0));
        }
        harness.step();
        pictures.push(harness.render().expect("a picture"));
    }
    pictures
}

#[test]
fn pictures_are_those_of_the_stock_shader() {
    let (own, stock) = (pictures(true), pictures(false));
    for (step, (own, stock)) in own.iter().zip(&stock).enumerate() {
        assert_eq!(own.dimensions(), stock.dimensions());
        let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 1;
        let differences = own.as_raw().iter().zip(stock.as_raw()).filter(|pair| far(*pair)).count();
        assert_eq!(differences, 0, "in step {step}");
    }
}

/// A mesh of triangles at these corners, in one colour.
fn mesh(corners: &[(f32, f32)], opaque: bool) -> Mesh {
    let color = if opaque { Color32::RED } else { Color32::from_rgba_unmultiplied(9, 8, 7, 90) };
    let vertex = |&(x, y): &(f32, f32)| Vertex { pos: pos2(x, y), uv: Pos2::ZERO, color };
    let vertices: Vec<Vertex> = corners.iter().map(vertex).collect();
    let whole = vertices.len() - vertices.len() % 3;
    Mesh { indices: (0..whole as u32).collect(), vertices, ..Mesh::default() }
}

fn frame(number: u64, meshes: &[(Vec<(f32, f32)>, bool)], foreign: Option<(Rect, u64)>) -> Frame {
    let foreign = foreign.filter(|_| meshes.len() > 2).map(|(rect, content)| {
        (rect, eframe::egui_wgpu::Callback::new_paint_callback(rect, Foreign), content)
    });
    let to_come = foreign.iter().map(|(rect, callback, _)| (*rect, callback));
    let mut builder = FrameBuilder::new(number, [200, 130], 1.0, to_come);
    for (number, (corners, opaque)) in meshes.iter().enumerate() {
        if number == 2
            && let Some((rect, callback, content)) = &foreign
        {
            builder.add_foreign(*rect, callback.clone(), *content);
        }
        builder.add(Rect::from_min_size(Pos2::ZERO, vec2(190.0, 120.0)), mesh(corners, *opaque), None);
    }
    builder.build()
}

fn holds(pixels: Pixels, x: u32, y: u32) -> bool {
    (pixels.left..pixels.right).contains(&x) && (pixels.top..pixels.bottom).contains(&y)
}

fn meshes() -> impl Strategy<Value = Vec<(Vec<(f32, f32)>, bool)>> {
    let corner = (-20.0f32..220.0, -20.0f32..150.0);
    prop::collection::vec((prop::collection::vec(corner, 3..12), any::<bool>()), 0..5)
}

proptest! {
    /// A pixel that some mesh, or a callback of others, may touch in only one of two frames, or
    /// differently, is drawn anew; once, and on the ground just where that holds what lies below.
    #[test]
    fn what_differs_is_drawn_anew(
        before in meshes(),
        after in meshes(),
        kept in 0usize..4,
        hole in prop::option::of((0.0f32..150.0, 0.0f32..100.0, 10.0f32..90.0, 10.0f32..90.0)),
        content in 0u64..2,
    ) {
        let hole = hole.map(|(x, y, w, h)| Rect::from_min_size(pos2(x, y), vec2(w, h)));
        let after: Vec<_> = before.iter().take(kept).cloned().chain(after).collect();
        let first = frame(1, &before, hole.map(|rect| (rect, 0)));
        let second = frame(2, &after, hole.map(|rect| (rect, content)));
        let mut shown = Shown::default();
        let mut plan = Plan::default();
        plan.make(&first, &mut shown);
        plan.make(&second, &mut shown);
        for y in (0..130).step_by(3) {
            for x in (0..200).step_by(3) {
                let parts: Vec<_> = plan.canvas.iter().filter(|part| holds(part.rect, x, y)).collect();
                prop_assert!(parts.len() <= 1);
                let touched = |frame: &Frame, runs: usize| -> Vec<Vec<Pos2>> {
                    let draws = frame.runs.iter().take(runs).flatten();
                    let triangles = draws.flat_map(|draw| {
                        let mesh = &frame.meshes[draw.mesh];
                        mesh.indices[draw.indices.clone()].as_chunks::<3>().0.iter().map(move |corners| {
                            corners.map(|index| mesh.vertices[index as usize].pos).to_vec()
                        })
                    });
                    let near = |corners: &Vec<Pos2>| {
                        x < 190 && y < 120 && holds(Pixels::touched(Rect::from_points(corners), 1.0, frame.size), x, y)
                    };
                    triangles.filter(near).collect()
                };
                let foreign = |frame: &Frame| holds(frame.foreign, x, y);
                let others = foreign(&first) != foreign(&second) || foreign(&second) && content != 0;
                if touched(&first, usize::MAX) != touched(&second, usize::MAX) || others {
                    prop_assert!(!parts.is_empty(), "{x}, {y}");
                }
                let below = touched(&first, first.ground_runs) != touched(&second, second.ground_runs);
                if foreign(&second) && (below || others) {
                    prop_assert!(plan.ground.iter().any(|(rect, _)| holds(*rect, x, y)), "{x}, {y}");
                }
                prop_assert!(parts.iter().all(|part| part.on_ground == foreign(&second)));
            }
        }
    }
}

#[test]
fn a_frame_like_the_last_one_draws_nothing_anew() {
    let one = (vec![(5.0, 5.0), (150.0, 5.0), (5.0, 110.0)], true);
    let hole = Rect::from_min_size(pos2(20.0, 20.0), vec2(50.0, 50.0));
    let meshes = [one.clone(), one.clone(), one];
    let [first, second] = [1, 2].map(|number| frame(number, &meshes, Some((hole, 7))));
    let third = frame(3, &meshes, Some((hole, 8)));
    let (mut shown, mut plan) = (Shown::default(), Plan::default());
    plan.make(&first, &mut shown);
    assert!(!plan.canvas.is_empty() && !plan.ground.is_empty());
    plan.make(&second, &mut shown);
    assert!(plan.canvas.is_empty() && plan.ground.is_empty() && plan.vertices.is_empty());
    plan.make(&third, &mut shown);
    let ground: Vec<Pixels> = plan.ground.iter().map(|(rect, _)| *rect).collect();
    assert_eq!(ground, [Pixels { left: 20, top: 20, right: 70, bottom: 70 }]);
}

#[test]
fn what_an_opaque_rectangle_covers_is_not_drawn() {
    let square = vec![(0.0, 0.0), (200.0, 0.0), (200.0, 130.0), (0.0, 130.0)];
    let cover = Mesh { indices: vec![0, 1, 2, 0, 2, 3], ..mesh(&square, true) };
    let bow_tie = Mesh { indices: vec![0, 1, 2, 0, 1, 3], ..mesh(&square, true) };
    for (mesh, drawn) in [(cover, 1), (bow_tie, 2)] {
        let mut builder = FrameBuilder::new(1, [200, 130], 1.0, std::iter::empty());
        let all = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 130.0));
        builder.add(all, self::mesh(&[(5.0, 5.0), (150.0, 5.0), (5.0, 110.0)], false), None);
        builder.add(all, mesh, None);
        let frame = builder.build();
        let mut plan = Plan::default();
        plan.make(&frame, &mut Shown::default());
        assert_eq!(plan.items.len(), drawn);
    }
}

#[test]
fn around_a_hole_all_is_left_but_the_hole() {
    let screen = Pixels { left: 0, top: 0, right: 7 * CELL, bottom: 5 * CELL };
    let hole = Pixels { left: 40, top: 30, right: 90, bottom: 500 };
    let left = screen.around(hole);
    for y in 0..screen.bottom {
        for x in 0..screen.right {
            let times = left.iter().filter(|rect| holds(**rect, x, y)).count();
            assert_eq!(times, usize::from(!holds(hole, x, y)), "{x}, {y}");
        }
    }
}
