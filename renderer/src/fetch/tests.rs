use gis_data::Error;
use proptest::prelude::*;

use super::*;

fn tile(z: u8, x: u32, y: u32) -> Coord {
    Coord::new(z, x, y).unwrap()
}

fn error() -> Error {
    Error::invalid("坏了", "broken")
}

fn coord(request: &Request) -> Coord {
    match request.ask {
        Ask::Tile(coord) => coord,
        Ask::Glyphs(_) => panic!("characters were asked for"),
    }
}

/// Everything asked for comes, with bytes that name the tile; and is built, a hundred bytes each.
fn settle(fetch: &mut Fetch) {
    loop {
        let requests = fetch.requests();
        if requests.is_empty() && fetch.next_build().is_none() {
            return;
        }
        for request in requests {
            let bytes = coord(&request).to_string().into_bytes();
            fetch.answer(request.id, Ok(bytes));
        }
        while let Some((coord, _)) = fetch.next_build() {
            fetch.built(coord, Some(100));
        }
        fetch.trim();
    }
}

#[test]
fn the_most_urgent_are_asked_for_first_and_never_more_than_may_be_under_way() {
    let view = tile(13, 6842, 3420).children().unwrap();
    let mut fetch = Fetch::new(3, 1 << 20);
    fetch.want(&view);
    let first = fetch.requests();
    assert_eq!(first.iter().map(coord).collect::<Vec<_>>(), view[..3]);
    assert!(fetch.requests().is_empty());
    fetch.answer(first[1].id, Ok(vec![1]));
    assert_eq!(fetch.requests().iter().map(coord).collect::<Vec<_>>(), view[3..]);
    assert!(matches!(fetch.answer(first[1].id, Ok(vec![1])), Came::Nothing), "an answer counts once");
    assert!(matches!(fetch.answer(999, Err(error())), Came::Nothing));
}

#[test]
fn what_lies_ahead_waits_for_what_is_in_view() {
    let view = tile(13, 6842, 3420).children().unwrap();
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&view);
    let first = fetch.requests();
    assert_eq!(first.len(), 4);
    for request in &first[..3] {
        fetch.answer(request.id, Ok(vec![1]));
    }
    assert!(fetch.requests().is_empty());
    fetch.answer(first[3].id, Err(error()));
    // The one that failed waits; meanwhile the coarse one comes.
    assert_eq!(fetch.requests().iter().map(coord).collect::<Vec<_>>(), [tile(12, 3421, 1710)]);
}

#[test]
fn what_is_out_of_view_is_dropped() {
    let [a, b, ..] = tile(13, 6842, 3420).children().unwrap();
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[a, b]);
    let ids: Vec<u64> = fetch.requests().iter().map(|r| r.id).collect();
    fetch.want(&[b]);
    assert_eq!(fetch.dropped(), ids[..1]);
    assert!(fetch.dropped().is_empty());
    assert!(matches!(fetch.answer(ids[0], Ok(vec![1])), Came::Nothing));
    assert!(matches!(fetch.answer(ids[1], Ok(vec![1])), Came::Tile));
    fetch.want(&[a, b]);
    assert!(fetch.requests().iter().any(|r| coord(r) == a), "it is asked for again when it is in view again");
}

#[test]
fn what_failed_is_tried_again_after_growing_waits() {
    let a = tile(1, 0, 0);
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[a]);
    let mut tried = Vec::new();
    let mut busy = Vec::new();
    for _ in 0..4000 {
        fetch.tick();
        for request in fetch.requests() {
            let is_ahead = coord(&request) != a;
            if !is_ahead {
                tried.push(fetch.now());
            }
            // Half of the time it comes and cannot be built.
            if is_ahead {
                fetch.answer(request.id, Ok(Vec::new()));
            } else if tried.len() % 2 == 0 {
                fetch.answer(request.id, Err(error()));
            } else {
                fetch.answer(request.id, Ok(vec![9]));
                fetch.broke(a);
            }
        }
        assert_eq!((fetch.has(a), fetch.is_complete()), (Has::Nothing, false));
        busy.push(fetch.is_busy());
    }
    let waits: Vec<u64> = tried.windows(2).map(|t| t[1] - t[0]).collect();
    assert_eq!(waits, [30, 60, 120, 240, 480, 960, 960, 960]);
    assert!(busy[0] && !busy[3000], "a host that waits for it is not held up for ever");
    settle_after(&mut fetch, 1000);
    assert!(fetch.is_complete() && !fetch.is_busy());
}

fn settle_after(fetch: &mut Fetch, steps: u64) {
    for _ in 0..steps {
        fetch.tick();
    }
    settle(fetch);
}

#[test]
fn a_parent_is_shown_until_its_children_are_there() {
    let parent = tile(12, 3421, 1710);
    let children = parent.children().unwrap();
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[parent]);
    settle(&mut fetch);
    fetch.want(&children);
    assert_eq!(fetch.cover(), [Piece { coord: parent, ground: parent }], "one piece for four that are missing");
    for (i, request) in fetch.requests().iter().enumerate().take(2) {
        fetch.answer(request.id, Ok(vec![1]));
        fetch.built(children[i], Some(100));
    }
    let piece = |coord, ground| Piece { coord, ground };
    let mut pieces = fetch.cover();
    pieces.sort_unstable();
    let [a, b, c, d] = children;
    assert_eq!(pieces, [piece(parent, c), piece(parent, d), piece(a, a), piece(b, b)]);
    assert_eq!(piece(parent, c).clip(), [0.0, 2048.0, 2048.0, 4096.0]);
    assert_eq!(piece(a, a).clip(), [0.0, 0.0, 4096.0, 4096.0]);
}

#[test]
fn children_are_shown_until_their_parent_is_there() {
    let parent = tile(12, 3421, 1710);
    let [a, b, c, d] = parent.children().unwrap();
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[a, b, c]);
    settle(&mut fetch);
    fetch.want(&[parent]);
    let coords = |pieces: Vec<Piece>| pieces.iter().map(|p| (p.coord, p.ground)).collect::<BTreeSet<_>>();
    // What three cannot show, the coarse one does that came ahead.
    let coarse = a.parents().nth(1).unwrap();
    assert_eq!(coords(fetch.cover()), [(a, a), (b, b), (c, c), (coarse, d)].into());
    settle(&mut fetch);
    assert_eq!(coords(fetch.cover()), [(parent, parent)].into());
}

#[test]
fn an_empty_tile_is_there_and_draws_nothing() {
    let parent = tile(12, 3421, 1710);
    let child = parent.children().unwrap()[0];
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[parent]);
    settle(&mut fetch);
    fetch.want(&[child]);
    let request = fetch.requests().remove(0);
    fetch.answer(request.id, Ok(Vec::new()));
    assert!(fetch.is_complete());
    assert_eq!((fetch.has(child), fetch.cover()), (Has::Empty, Vec::new()));
}

#[test]
fn what_is_renewed_stays_until_it_comes() {
    let [a, b, c, d] = tile(13, 6842, 3420).children().unwrap();
    let view = [a, b, c, d];
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&view);
    settle(&mut fetch);
    fetch.renew();
    assert!(!fetch.is_complete());
    assert_eq!(fetch.cover().len(), 4);
    let requests = fetch.requests();
    assert_eq!(requests.iter().map(coord).collect::<Vec<_>>(), view);
    let ids: Vec<u64> = requests.iter().map(|r| r.id).collect();
    fetch.answer(ids[0], Ok(a.to_string().into_bytes()));
    assert_eq!(fetch.next_build(), None, "what is as it was is not built again");
    fetch.answer(ids[1], Ok(vec![7]));
    assert_eq!(fetch.next_build().unwrap().0, b);
    fetch.built(b, Some(50));
    fetch.answer(ids[2], Ok(Vec::new()));
    assert_eq!((fetch.has(c), fetch.gone()), (Has::Empty, vec![c]));
    fetch.answer(ids[3], Err(error()));
    assert_eq!(fetch.has(d), Has::Mesh(100), "what there was is better than nothing");
    assert!(!fetch.is_complete() && fetch.is_busy());
    fetch.renew();
    assert!(!fetch.requests().is_empty(), "and is tried at once when all is renewed");
    fetch.renew();
    assert_eq!(fetch.dropped().len(), 4, "an answer of before is of no use");
}

#[test]
fn a_tile_that_was_empty_and_is_broken_now_is_tried_again() {
    let a = tile(13, 6842, 3420);
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&[a]);
    for bytes in [Vec::new(), vec![9]] {
        let id = fetch.requests()[0].id;
        fetch.answer(id, Ok(bytes));
        fetch.renew();
    }
    fetch.broke(a);
    assert!(!fetch.is_complete());
    settle_after(&mut fetch, 100);
    assert!(fetch.is_complete() && fetch.has(a) == Has::Mesh(100));
}

#[test]
fn what_is_built_again_is_not_asked_for_again() {
    let view = tile(13, 6842, 3420).children().unwrap();
    let mut fetch = Fetch::new(8, 1 << 20);
    fetch.want(&view);
    settle(&mut fetch);
    fetch.rebuild();
    assert!(fetch.requests().is_empty() && !fetch.is_complete());
    assert!(fetch.cover().is_empty());
    settle(&mut fetch);
    assert!(fetch.is_complete());
}

#[test]
fn what_was_seen_longest_ago_goes_first() {
    let tiles: Vec<Coord> = (0..8).map(|x| tile(13, 6840 + x, 3420)).collect();
    // Room for three tiles with their coarse ones.
    let mut fetch = Fetch::new(8, 750);
    for coord in &tiles {
        fetch.tick();
        fetch.want(&[*coord]);
        settle(&mut fetch);
        assert!(fetch.bytes() <= 750);
        assert_eq!(fetch.has(*coord), Has::Mesh(100));
    }
    let there: Vec<bool> = tiles.iter().map(|c| fetch.has(*c) != Has::Nothing).collect();
    assert!(there.is_sorted() && !there[0] && there[5], "{there:?}");
}

#[test]
fn what_is_in_view_and_has_no_room_is_left_out_until_it_has() {
    let view: Vec<Coord> = (0..6).map(|x| tile(13, 6840 + x, 3420)).collect();
    let mut fetch = Fetch::new(8, 400);
    fetch.want(&view);
    settle(&mut fetch);
    let there = |fetch: &Fetch| view.iter().map(|c| fetch.has(*c) != Has::Nothing).collect::<Vec<_>>();
    assert_eq!(there(&fetch), [true, true, true, false, false, false], "the nearest are there");
    assert!(!fetch.is_complete() && !fetch.is_busy() && fetch.bytes() <= 400);
    assert!(fetch.requests().is_empty(), "what was left out is not asked for again and again");
    fetch.want(&view[2..]);
    settle(&mut fetch);
    assert!(there(&fetch)[3] && fetch.bytes() <= 400, "there is room for others now");
    fetch.want(&view[4..]);
    settle(&mut fetch);
    assert!(fetch.is_complete());
}

#[test]
fn a_tile_that_is_far_too_large_is_no_tile() {
    let a = tile(13, 6842, 3420);
    let mut fetch = Fetch::new(8, 1 << 30);
    fetch.want(&[a]);
    let id = fetch.requests()[0].id;
    fetch.answer(id, Ok(vec![0; MAX_TILE_BYTES + 1]));
    assert_eq!((fetch.next_build(), fetch.bytes()), (None, 0));
}

#[test]
fn characters_go_before_tiles_in_short_requests() {
    let mut fetch = Fetch::new(2, 1 << 20);
    fetch.want(&[tile(13, 6842, 3420)]);
    let characters: Vec<char> = ('一'..).take(MAX_CHARACTERS + 10).collect();
    fetch.want_glyphs(&characters);
    assert!(!fetch.has_glyphs());
    let requests = fetch.requests();
    assert_eq!(requests[0].ask, Ask::Glyphs(characters[..MAX_CHARACTERS].to_vec()));
    assert_eq!(requests[1].ask, Ask::Glyphs(characters[MAX_CHARACTERS..].to_vec()));
    let Came::Glyphs(asked, Ok(_)) = fetch.answer(requests[1].id, Ok(vec![1])) else { panic!("not the characters") };
    assert_eq!(asked.len(), 10);
    assert!(!fetch.has_glyphs());
    fetch.forget_glyphs();
    assert!(fetch.has_glyphs() && fetch.dropped() == [requests[0].id]);
}

/// All tiles of a zoom below one.
fn below(top: Coord, z: u8) -> Vec<Coord> {
    let grow = |tiles: Vec<Coord>| tiles.into_iter().flat_map(|t| t.children().unwrap()).collect();
    (top.z()..z).fold(vec![top], |tiles, _| grow(tiles))
}

proptest! {
    #[test]
    fn no_ground_is_drawn_twice_and_none_is_left_that_could_be(
        z in 2u8..5, picks in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
        there in prop::collection::vec((0u8..7, any::<prop::sample::Index>(), any::<bool>()), 0..40),
    ) {
        let all: Vec<Coord> = (0..=6).flat_map(|z| below(Coord::WORLD, z)).collect();
        let full = |full: bool| if full { Has::Mesh(1) } else { Has::Empty };
        // Each zoom as often as the others, though there are more tiles further down.
        let there: BTreeMap<Coord, Has> =
            there.iter().map(|(z, i, has)| (*i.get(&below(Coord::WORLD, *z)), full(*has))).collect();
        let has = |coord: Coord| there.get(&coord).copied().unwrap_or_default();
        let level = below(Coord::WORLD, z);
        let wanted: BTreeSet<Coord> = picks.iter().map(|i| *i.get(&level)).collect();
        let wanted: Vec<Coord> = wanted.into_iter().collect();
        let pieces = cover::cover(&wanted, &has);
        let holds = |ground: Coord, spot: Coord| ground == spot || spot.parents().any(|p| p == ground);
        for piece in &pieces {
            prop_assert!(matches!(has(piece.coord), Has::Mesh(_)) && holds(piece.coord, piece.ground));
        }
        for spot in all.iter().filter(|c| c.z() == 6) {
            let shown: Vec<Coord> = pieces.iter().filter(|p| holds(p.ground, *spot)).map(|p| p.coord).collect();
            prop_assert!(shown.len() <= 1, "{spot} is shown by {shown:?}");
            let Some(tile) = wanted.iter().find(|w| holds(**w, *spot)) else { continue };
            // The tile itself, else the coarsest of the two zooms below it, else the finest above it.
            let mut order: Vec<Coord> = vec![*tile];
            order.extend((z + 1..=z + cover::FINER).filter_map(|z| spot.parents().chain([*spot]).find(|p| p.z() == z)));
            order.extend(tile.parents());
            let best = order.into_iter().find(|c| has(*c) != Has::Nothing);
            let expected = best.filter(|c| matches!(has(*c), Has::Mesh(_)));
            prop_assert_eq!(shown.first().copied(), expected, "{}", spot);
        }
    }
}
