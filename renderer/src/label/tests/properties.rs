//! What holds for any labels.

use super::*;
use proptest::prelude::*;

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
        let drawn = labels.lay_in(&Projection { size, ..projection(&of) }, &[shown(&mesh)], true);
        let numbers = |v: &crate::frame::LabelVertex| [v.at[0], v.at[1], v.depth, v.uv[0], v.uv[1], v.sharpness, v.halo];
        prop_assert!(drawn.vertices.iter().flat_map(numbers).all(f32::is_finite));
    }
}
