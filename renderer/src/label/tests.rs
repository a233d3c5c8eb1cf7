use super::*;
use crate::frame::Size;
use crate::mesh::{Candidate, Course, Look, Origin};
use glam::{DMat4, DVec3, DVec4};
use proptest::prelude::*;
use styles::glyph::{Glyph, message};

const SIZE: Size = Size { width: 1000, height: 800, ratio: 1.0 };
const WHOLE: [f32; 4] = [0.0, 0.0, 4096.0, 4096.0];

fn coord() -> Coord {
    Coord::new(14, 13_687, 6_841).expect("a tile")
}

/// A camera above the middle of the tile of zoom 14, from which one unit of that tile is half a pixel and the tile spans 2048.
fn matrix(pitch: f64) -> impl Fn(Coord) -> [f32; 16] {
    move |of: Coord| {
        let (width, height) = (f64::from(SIZE.width), f64::from(SIZE.height));
        let distance = height / 2.0 / (36.87f64 / 2.0).to_radians().tan();
        let unit = 0.5 * f64::from(1 << coord().z()) / f64::from(1 << of.z());
        let shift = |own: u32, other: u32| f64::from(own) * 4096.0 * unit - (f64::from(other) + 0.5) * 2048.0;
        let ground = DMat4::from_translation(DVec3::new(shift(of.x(), coord().x()), shift(of.y(), coord().y()), 0.0))
            * DMat4::from_scale(DVec3::new(unit, unit, 1.0));
        let eye = DMat4::from_translation(DVec3::new(0.0, 0.0, -distance))
            * DMat4::from_rotation_x(-pitch.to_radians())
            * DMat4::from_scale(DVec3::new(1.0, -1.0, 1.0));
        let focal = 1.0 / (36.87f64 / 2.0).to_radians().tan();
        let near = 1.0;
        let lens = DMat4::from_cols(
            DVec4::X * (focal * height / width),
            DVec4::Y * focal,
            DVec4::new(0.0, 0.0, 0.0, -1.0),
            DVec4::new(0.0, 0.0, near, 0.0),
        );
        (lens * eye * ground).as_mat4().to_cols_array()
    }
}

fn projection(matrix: &dyn Fn(Coord) -> [f32; 16]) -> Projection<'_> {
    let middle = [coord().x(), coord().y()].map(|n| (f64::from(n) + 0.5) / f64::from(1 << coord().z()));
    Projection { size: SIZE, zoom: 16.0, middle, matrix }
}

fn look() -> Look {
    Look {
        text_size: 24.0,
        text_color: [0, 0, 0, 255],
        halo_color: [255; 4],
        halo_width: 0.0,
        anchor: "center".to_owned(),
        offset: [0.0; 2],
        max_width: 8.0,
        line_height: 1.2,
        spacing: 0.0,
        padding: 2.0,
        repeat: 250.0,
        icon_size: 1.0,
        icon_rotate: 0.0,
        allow_overlap: false,
        ignore_placement: false,
        optional: [false; 2],
        opacity: [1.0; 2],
    }
}

fn text(text: &str, course: Course, pick: u32) -> Candidate {
    Candidate { layer: 0, sort_key: 0.0, course, text: text.to_owned(), icon: None, look: look(), pick }
}

fn point(name: &str, at: [f32; 2], pick: u32) -> Candidate {
    text(name, Course::Point(at), pick)
}

fn tile(coord: Coord, candidates: Vec<Candidate>) -> TileMesh {
    let picks = (1..=50_000).map(|id| Origin { layer: "poi".into(), id }).collect();
    TileMesh { coord, parts: Vec::new(), candidates, picks, top_m: 0.0 }
}

fn shown(mesh: &TileMesh) -> Shown<'_> {
    Shown { index: 0, mesh, clip: WHOLE }
}

fn labels() -> Labels {
    let sheet = r#"{"version": 8, "sources": {}, "layers": []}"#;
    Labels::new(Arc::new(Style::parse(sheet).expect("an empty sheet")))
}

/// Brings every character that is needed.
fn bring(labels: &mut Labels, tiles: &[Shown<'_>]) {
    loop {
        let needs = labels.needs(tiles);
        if needs.is_empty() {
            return;
        }
        let glyphs: Vec<_> = needs.iter().map(|c| (*c, Glyph::missing())).collect();
        labels.came(&needs, &message("any", "glyphs", &glyphs)).expect("glyphs");
    }
}

fn lay(labels: &mut Labels, tiles: &[Shown<'_>], pitch: f64) -> LabelMesh {
    bring(labels, tiles);
    labels.lay_in(&projection(&matrix(pitch)), tiles)
}

/// The picks of the labels in a mesh, one for each quad.
fn picks(mesh: &LabelMesh) -> Vec<u32> {
    mesh.vertices.chunks(4).map(|quad| quad[0].pick[1]).collect()
}

/// Middles of the quads.
fn middles(mesh: &LabelMesh) -> Vec<[f32; 2]> {
    let middle = |quad: &[crate::frame::LabelVertex]| [0, 1].map(|i| quad.iter().map(|v| v.at[i]).sum::<f32>() / 4.0);
    mesh.vertices.chunks(4).map(middle).collect()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.05
}

#[test]
fn a_label_stands_where_the_flat_map_has_it() {
    let mesh = tile(coord(), vec![point("门", [2048.0, 2048.0], 7)]);
    let mut labels = labels();
    let drawn = lay(&mut labels, &[shown(&mesh)], 0.0);
    let first = drawn.vertices[0];
    // The box of 18 by 21 begins 3 right of the pen, its upper edge lies 7 below the top of the line; 3 + 1.5 texels are around it.
    assert!(near(first.at[0], 500.0 - 12.0 + 3.0 - 4.5) && near(first.at[1], 400.0 - 17.0 + 7.0 - 4.5), "{first:?}");
    let last = drawn.vertices[3];
    assert!(near(last.at[0] - first.at[0], 18.0 + 9.0) && near(last.at[1] - first.at[1], 21.0 + 9.0));
    assert_eq!((first.pick, first.sharpness, drawn.indices.as_slice()), ([0, 7], 1.0, &[0, 1, 2, 2, 1, 3][..]));
    assert_eq!([last.uv[0] - first.uv[0], last.uv[1] - first.uv[1]], [27.0, 30.0]);
    let change = labels.atlas().expect("a glyph is new");
    assert_eq!((change.glyph_side, change.glyphs.len(), change.icons.len()), (256, 1, 0));
    assert!(labels.atlas().is_none());
    labels.restore();
    assert_eq!(labels.atlas(), Some(change));
}

#[test]
fn halos_lie_under_all_characters_and_reach_as_far_as_the_sheet_says() {
    let mut both = point("门牌", [2048.0, 2048.0], 1);
    both.look.halo_width = 2.0;
    both.look.opacity[0] = 0.5;
    let mesh = tile(coord(), vec![both]);
    let drawn = lay(&mut labels(), &[shown(&mesh)], 0.0);
    let halos: Vec<f32> = drawn.vertices.chunks(4).map(|quad| quad[0].halo).collect();
    // A text of 24 pixels: a pixel is a texel, in which the field falls by 255 / 8.
    assert_eq!(halos, [63.75, 63.75, 0.0, 0.0]);
    assert_eq!((drawn.vertices[0].color, drawn.vertices[8].color), ([255, 255, 255, 128], [0, 0, 0, 128]));
}

#[test]
fn a_label_waits_for_its_characters() {
    let mesh = tile(coord(), vec![point("门", [2048.0, 2048.0], 1)]);
    let (mut labels, tiles) = (labels(), [shown(&mesh)]);
    let flat = matrix(0.0);
    assert_eq!(labels.needs(&tiles), ['门']);
    assert!(labels.needs(&tiles).is_empty() && labels.lay_in(&projection(&flat), &tiles).vertices.is_empty());
    assert!(labels.came(&['门'], b"\xff").is_err());
    assert_eq!(labels.needs(&tiles), ['门'], "a broken message is asked for again");
    labels.came(&['门'], &message("any", "glyphs", &[('门', Glyph::missing())])).expect("glyphs");
    assert_eq!(labels.lay_in(&projection(&flat), &tiles).vertices.len(), 4);
}

#[test]
fn characters_are_asked_for_in_batches() {
    let all: String = (0x4e00u32..0x4e00 + 700).filter_map(char::from_u32).collect();
    let mesh = tile(coord(), vec![point(&all, [0.0; 2], 1)]);
    let mut labels = labels();
    let counts: Vec<usize> = (0..3).map(|_| labels.needs(&[shown(&mesh)]).len()).collect();
    assert_eq!(counts, [512, 188, 0]);
}

#[test]
fn more_weight_pushes_out() {
    let at = [2048.0, 2048.0];
    let mut upper = point("上", at, 1);
    upper.layer = 1;
    let mut first = point("先", at, 2);
    first.sort_key = -1.0;
    let shows = |candidates: Vec<Candidate>| picks(&lay(&mut labels(), &[shown(&tile(coord(), candidates))], 0.0));
    assert_eq!(shows(vec![first.clone(), point("后", at, 3), upper.clone()]), [1]);
    assert_eq!(shows(vec![point("后", at, 3), first.clone()]), [2]);
    first.look.allow_overlap = true;
    assert_eq!(shows(vec![first.clone(), upper.clone()]), [2, 1], "the heavier lies on top");
    upper.look.ignore_placement = true;
    assert_eq!(shows(vec![upper, point("后", at, 3)]), [3, 1]);
}

#[test]
fn of_two_equal_ones_the_one_that_was_there_stays() {
    let (a, b) = (point("甲", [2048.0, 2048.0], 1), point("乙", [2060.0, 2048.0], 2));
    let both = tile(coord(), vec![a.clone(), b.clone()]);
    for (one, pick) in [(a, 1), (b, 2)] {
        let mut labels = labels();
        let alone = tile(coord(), vec![one]);
        lay(&mut labels, &[shown(&alone)], 0.0);
        for _ in 0..3 {
            assert_eq!(picks(&lay(&mut labels, &[shown(&both)], 0.0)), [pick]);
        }
    }
}

#[test]
fn a_thing_is_labelled_once_however_many_tiles_have_it() {
    let child = coord().children().expect("children")[0];
    let (parent, child) = (
        tile(coord(), vec![point("甲", [2500.0, 2048.0], 1)]),
        tile(child, vec![point("甲", [4000.0, 4000.0], 1), point("甲", [3000.0, 4000.0], 1)]),
    );
    let tiles = [shown(&parent), shown(&child)];
    let mut labels = labels();
    let first = lay(&mut labels, &tiles, 0.0);
    assert_eq!(picks(&first), [1]);
    let turned = [tiles[1], tiles[0]];
    assert_eq!(lay(&mut labels, &turned, 0.0).vertices[0].at, first.vertices[0].at, "and where it was");
}

#[test]
fn what_is_outside_is_left_out() {
    let all = vec![point("甲", [2048.0, 2048.0], 1), point("乙", [100.0, 2048.0], 2), point("丙", [2500.0, 2048.0], 3)];
    let mesh = tile(coord(), all);
    let clipped = Shown { clip: [0.0, 0.0, 2400.0, 4096.0], ..shown(&mesh) };
    assert_eq!(picks(&lay(&mut labels(), &[clipped], 0.0)), [1], "not seen, and not of this part");
}

#[test]
fn far_labels_are_smaller_and_the_farthest_are_left_out() {
    let world = tile(
        coord().parents().nth(7).expect("a parent"),
        (0..64u8)
            .flat_map(|y| (0..64u8).map(move |x| (x, y)))
            .zip(1..)
            .map(|((x, y), pick)| point("甲", [f32::from(x) * 64.0, f32::from(y) * 64.0], pick))
            .collect(),
    );
    let near = tile(
        coord(),
        vec![point("甲", [2048.0, 2048.0], 1), point("乙", [2048.0, 200.0], 2), point("丙", [2048.0, 3000.0], 3)],
    );
    let drawn = lay(&mut labels(), &[shown(&near)], 60.0);
    let widths: Vec<(u32, f32)> = drawn.vertices.chunks(4).map(|q| (q[0].pick[1], q[1].at[0] - q[0].at[0])).collect();
    let of = |pick: u32| widths.iter().find(|w| w.0 == pick).expect("it is seen").1;
    assert!(of(2) < of(1) && of(1) < of(3) && of(2) > of(1) / 2.0, "{widths:?}");
    let depth = |pick: u32| drawn.vertices.iter().find(|v| v.pick[1] == pick).expect("it is seen").depth;
    assert!(depth(2) < depth(1) && depth(1) < depth(3));
    let far = lay(&mut labels(), &[shown(&world)], 75.0);
    let least = far.vertices.chunks(4).map(|q| q[1].at[0] - q[0].at[0]).fold(f32::INFINITY, f32::min);
    assert!(least >= 27.0 * (0.5 + 0.5 / 6.0) - 0.1, "{least}");
}

#[test]
fn an_icon_and_its_text_stand_or_fall_together_unless_they_are_optional() {
    let at = [2048.0, 2048.0];
    let mut poi = point("医院", at, 1);
    poi.icon = Some("hospital".to_owned());
    poi.look.anchor = "top".to_owned();
    poi.look.offset = [0.0, 0.75];
    let mut blocker = point("挡", [2048.0, 2048.0 + 70.0], 2);
    blocker.layer = 1;
    let quads =
        |poi: &Candidate| picks(&lay(&mut labels(), &[shown(&tile(coord(), vec![poi.clone(), blocker.clone()]))], 0.0));
    assert_eq!(quads(&poi), [2]);
    poi.look.optional = [true, false];
    assert_eq!(quads(&poi), [1, 2], "the icon stands alone");
    poi.icon = Some("no-such-icon".to_owned());
    poi.look.offset = [0.0, -3.0];
    assert_eq!(quads(&poi), [1, 1, 2], "an icon that does not exist is not waited for");
    let mut labels = labels();
    poi.icon = Some("hospital".to_owned());
    let drawn = lay(&mut labels, &[shown(&tile(coord(), vec![poi]))], 0.0);
    let icon = &drawn.vertices[..4];
    assert_eq!((icon[0].sharpness, icon[0].at, icon[3].at), (0.0, [488.0, 388.0], [512.0, 412.0]));
    assert_eq!(labels.atlas().map(|c| c.icons.len()), Some(1));
}

#[test]
fn a_plate_is_stretched_around_its_number() {
    let style = Arc::new(Style::parse(styles::CITY).expect("the city's own sheet"));
    let mut plate = point("1234", [2048.0, 2048.0], 1);
    plate.layer = style.layers.iter().position(|layer| layer.id == "doorplate").expect("a layer");
    plate.icon = Some("doorplate".to_owned());
    let mesh = tile(coord(), vec![plate]);
    let mut labels = Labels::new(style);
    bring(&mut labels, &[shown(&mesh)]);
    let matrix = matrix(0.0);
    let near = Projection { zoom: 20.0, ..projection(&matrix) };
    let drawn = labels.lay_in(&near, &[shown(&mesh)]);
    let icon: Vec<_> = drawn.vertices.iter().filter(|v| v.sharpness == 0.0).collect();
    assert_eq!(icon.len(), 36, "nine pieces");
    let width = icon[35].at[0] - icon[0].at[0];
    // Four characters of 13 pixels, 4 pixels of padding and half the rim of 4 on each side.
    assert!((width - (52.0 + 8.0 + 4.0)).abs() < 0.05, "{width}");
    assert!((icon[0].at[0] + icon[35].at[0] - 1000.0).abs() < 0.05);
    assert!(labels.lay_in(&Projection { zoom: 16.0, ..projection(&matrix) }, &[shown(&mesh)]).vertices.is_empty());
}

fn on_line(name: &str, points: Vec<[f32; 2]>) -> LabelMesh {
    let mesh = tile(coord(), vec![text(name, Course::Line(points), 1)]);
    lay(&mut labels(), &[shown(&mesh)], 0.0)
}

#[test]
fn a_name_on_a_line_reads_from_left_to_right_whichever_way_the_line_goes() {
    let east = on_line("人民路", vec![[1848.0, 2048.0], [2248.0, 2048.0]]);
    let west = on_line("人民路", vec![[2248.0, 2048.0], [1848.0, 2048.0]]);
    assert_eq!(middles(&east).len(), 3);
    for (a, b) in middles(&east).iter().zip(middles(&west)) {
        assert!(near(a[0], b[0]) && near(a[1], b[1]));
    }
    let xs: Vec<f32> = middles(&east).iter().map(|m| m[0]).collect();
    assert!(xs.windows(2).all(|w| near(w[1] - w[0], 24.0)) && near(xs[1], 500.0), "{xs:?}");
}

#[test]
fn a_chinese_name_on_a_steep_line_runs_down_upright_and_a_latin_one_turns() {
    for points in [vec![[2048.0, 1848.0], [2048.0, 2248.0]], vec![[2048.0, 2248.0], [2048.0, 1848.0]]] {
        let chinese = on_line("人民路", points.clone());
        let ys: Vec<f32> = middles(&chinese).iter().map(|m| m[1]).collect();
        assert!(ys.windows(2).all(|w| near(w[1] - w[0], 24.0)), "{ys:?}");
        let quad = &chinese.vertices[..4];
        assert!(near(quad[0].at[1], quad[1].at[1]) && quad[0].at[0] < quad[1].at[0], "{quad:?}");
        let latin = on_line("abc", points);
        let ys: Vec<f32> = middles(&latin).iter().map(|m| m[1]).collect();
        assert!(ys.windows(2).all(|w| near(w[0] - w[1], 24.0)), "{ys:?}");
        let quad = &latin.vertices[..4];
        assert!(near(quad[0].at[0], quad[1].at[0]) && quad[0].at[1] > quad[1].at[1], "{quad:?}");
    }
}

#[test]
fn a_line_that_is_short_or_turns_sharply_is_not_labelled() {
    assert!(on_line("人民路", vec![[2048.0, 2048.0], [2148.0, 2048.0]]).vertices.is_empty());
    let corner = vec![[1948.0, 2048.0], [2048.0, 2048.0], [2048.0, 2148.0]];
    assert!(on_line("人民路", corner).vertices.is_empty());
    let bent = vec![[1848.0, 2048.0], [2048.0, 2048.0], [2248.0, 1948.0]];
    assert_eq!(on_line("人民路", bent).vertices.len(), 12);
}

#[test]
fn a_name_is_repeated_along_its_line_and_keeps_its_distance_in_other_tiles() {
    let road = |y: f32, pick: u32| text("路", Course::Line(vec![[1100.0, y], [3000.0, y]]), pick);
    let one = tile(coord(), vec![road(2048.0, 1)]);
    let xs = |mesh: &LabelMesh| middles(mesh).iter().map(|m| m[0]).collect::<Vec<_>>();
    // 950 pixels of road, 250 apart at least.
    let drawn = lay(&mut labels(), &[shown(&one)], 0.0);
    let mut all = xs(&drawn);
    all.sort_by(f32::total_cmp);
    assert_eq!(all.len(), 3);
    assert!(all.windows(2).all(|w| near(w[1] - w[0], 950.0 / 3.0)), "{all:?}");
    let two = tile(coord(), vec![road(2048.0, 1), road(2148.0, 2)]);
    assert_eq!(xs(&lay(&mut labels(), &[shown(&two)], 0.0)).len(), 3, "50 pixels apart is too near");
    let two = tile(coord(), vec![road(2048.0, 1), road(2448.0, 2)]);
    assert_eq!(xs(&lay(&mut labels(), &[shown(&two)], 0.0)).len(), 6);
}

#[test]
fn an_arrow_turns_with_its_line() {
    let mut arrow = text("", Course::Line(vec![[2048.0, 1848.0], [2048.0, 2248.0]]), 1);
    arrow.icon = Some("arrow".to_owned());
    let drawn = lay(&mut labels(), &[shown(&tile(coord(), vec![arrow]))], 0.0);
    let quad = &drawn.vertices[..4];
    assert!(near(quad[0].at[0], 512.0) && near(quad[0].at[1], 388.0) && near(quad[1].at[1], 412.0), "{quad:?}");
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let place = (0f32..4096.0, 0f32..4096.0);
    let line = prop::collection::vec(place.clone(), 2..6);
    let names = prop::sample::select(vec!["", "人民路", "Wenzhou", "温州市第一人民医院", "12号"]);
    let icons = prop::sample::select(vec![None, Some("hospital"), Some("none")]);
    let kinds = (0usize..3, 0u8..3, any::<bool>(), 1u32..40, "(top|bottom-left|center)");
    (names, icons, place, line, any::<bool>(), kinds).prop_map(|(name, icon, place, line, is_line, kinds)| {
        let (layer, sort_key, optional, pick, anchor) = kinds;
        let course = if is_line {
            Course::Line(line.into_iter().map(|(x, y)| [x, y]).collect())
        } else {
            Course::Point([place.0, place.1])
        };
        let mut candidate = text(name, course, pick);
        candidate.layer = layer;
        candidate.sort_key = f32::from(sort_key);
        candidate.icon = icon.map(str::to_owned);
        candidate.look.optional = [optional; 2];
        candidate.look.text_size = 12.0;
        candidate.look.anchor = anchor;
        candidate
    })
}

/// The room of each label in the picture: what its quads cover, less what is drawn around characters.
fn rooms(placed: &[Placed<'_>]) -> Vec<(usize, [f32; 4])> {
    let mut rooms = Vec::new();
    for (i, label) in placed.iter().enumerate() {
        if let Some(run) = &label.text {
            match &run.course {
                place::Run::Level(pen) => {
                    let b = run.shape.bounds.map(|n| n * label.worn.font);
                    rooms.push((i, [pen[0] + b[0], pen[1] + b[1], pen[0] + b[2], pen[1] + b[3]]));
                }
                place::Run::Along(stands) => {
                    // The largest square that is in the character however it is turned.
                    let half = 8.0 * label.worn.font;
                    rooms.extend(
                        stands.iter().map(|s| (i, [s.at[0] - half, s.at[1] - half, s.at[0] + half, s.at[1] + half])),
                    );
                }
            }
        }
        if let Some(icon) = label.icon.filter(|icon| icon.turn == [1.0, 0.0]) {
            let [x, y] = icon.about;
            rooms.push((i, [x + icon.area[0], y + icon.area[1], x + icon.area[2], y + icon.area[3]]));
        }
    }
    rooms.retain(|(_, r)| r[0] < 1000.0 && r[1] < 800.0 && r[2] > 0.0 && r[3] > 0.0);
    rooms
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_label_lies_on_another(all in prop::collection::vec(any_candidate(), 1..120), pitch in 0f64..75.0) {
        let mesh = tile(coord(), all);
        let mut labels = labels();
        bring(&mut labels, &[shown(&mesh)]);
        let matrix = matrix(pitch);
        let tiles = [shown(&mesh)];
        let placed = labels.place(&projection(&matrix), &tiles);
        let rooms = rooms(&placed);
        for (i, (a, one)) in rooms.iter().enumerate() {
            for (b, other) in rooms.iter().take(i) {
                let overlap = one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
                prop_assert!(a == b || !overlap, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_order_of_candidates_and_tiles_does_not_matter(
        all in prop::collection::vec(any_candidate(), 1..60),
        turn in 0usize..60,
        pitch in 0f64..75.0,
    ) {
        let half = all.len() / 2;
        let other = coord().children().expect("children")[3];
        let (a, b) = all.split_at(half);
        let turned = |list: &[Candidate]| {
            let mut list = list.to_vec();
            list.reverse();
            let by = turn.checked_rem(list.len()).unwrap_or(0);
            list.rotate_left(by);
            list
        };
        let (first, second) = (tile(coord(), a.to_vec()), tile(other, b.to_vec()));
        let (third, fourth) = (tile(coord(), turned(a)), tile(other, turned(b)));
        let with = |mesh, index| Shown { index, mesh, clip: WHOLE };
        let one = lay(&mut labels(), &[with(&first, 4), with(&second, 5)], pitch);
        let two = lay(&mut labels(), &[with(&fourth, 5), with(&third, 4)], pitch);
        prop_assert_eq!(one.indices, two.indices);
        // Where characters lie in the atlas may differ no more than where they stand.
        prop_assert_eq!(one.vertices, two.vertices);
    }

    #[test]
    fn strange_numbers_never_break_a_frame(
        n in prop::collection::vec(prop::num::f32::ANY, 24),
        matrix in prop::collection::vec(prop::num::f32::ANY, 16),
        is_camera_sane in any::<bool>(),
        is_line in any::<bool>(),
    ) {
        let course = if is_line {
            Course::Line(n.chunks(2).take(4).map(|p| [p[0], p[1]]).chain([[0.0; 2], [4000.0; 2]]).collect())
        } else {
            Course::Point([2048.0, 2048.0])
        };
        let mut strange = text("温州\u{301}\u{200d}👨‍👩‍👧 x\n\u{202e}", course, u32::MAX);
        strange.icon = Some("doorplate".to_owned());
        strange.sort_key = n[8];
        strange.layer = usize::MAX;
        strange.look = Look {
            text_size: n[9], halo_width: n[10], offset: [n[11], n[12]], max_width: n[13], line_height: n[14], spacing: n[15],
            padding: n[16], repeat: n[17], icon_size: n[18], icon_rotate: n[19], opacity: [n[20], n[21]], ..look()
        };
        let mesh = tile(coord(), vec![strange]);
        let mut labels = labels();
        bring(&mut labels, &[shown(&mesh)]);
        let any: [f32; 16] = matrix.try_into().expect("16 numbers");
        let sane = self::matrix(40.0);
        let of = |c: Coord| if is_camera_sane { sane(c) } else { any };
        let size = Size { ratio: if is_camera_sane { 1.0 } else { n[22] }, ..SIZE };
        let drawn = labels.lay_in(&Projection { size, ..projection(&of) }, &[shown(&mesh)]);
        let numbers = |v: &crate::frame::LabelVertex| [v.at[0], v.at[1], v.depth, v.uv[0], v.uv[1], v.sharpness, v.halo];
        prop_assert!(drawn.vertices.iter().flat_map(numbers).all(f32::is_finite));
    }
}
