//! Labels at points.

use super::*;

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
    assert!(labels.needs(&tiles).is_empty() && labels.lay_in(&projection(&flat), &tiles, true).vertices.is_empty());
    assert!(labels.came(&['门'], b"\xff").is_err());
    assert_eq!(labels.needs(&tiles), ['门'], "a broken message is asked for again");
    labels.came(&['门'], &message("any", "glyphs", &[('门', Glyph::missing())])).expect("glyphs");
    assert_eq!(labels.lay_in(&projection(&flat), &tiles, true).vertices.len(), 4);
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
    assert!(least >= 27.0 * (0.5 + 0.5 / 5.0) - 0.1, "{least}");
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
    let drawn = labels.lay_in(&near, &[shown(&mesh)], true);
    let icon: Vec<_> = drawn.vertices.iter().filter(|v| v.sharpness == 0.0).collect();
    assert_eq!(icon.len(), 36, "nine pieces");
    let width = icon[35].at[0] - icon[0].at[0];
    // Four characters of 13 pixels, 4 pixels of padding and half the rim of 4 on each side.
    assert!((width - (52.0 + 8.0 + 4.0)).abs() < 0.05, "{width}");
    assert!((icon[0].at[0] + icon[35].at[0] - 1000.0).abs() < 0.05);
    assert!(
        labels.lay_in(&Projection { zoom: 16.0, ..projection(&matrix) }, &[shown(&mesh)], true).vertices.is_empty()
    );
}
