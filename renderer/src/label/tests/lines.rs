//! Labels along lines.

use super::*;

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
