//! A vector tile written by hand.

/// A message field of a vector tile.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = body.len();
    while length > 127 {
        bytes.push(length as u8 | 128);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(body);
    bytes
}

/// A tile with one house in its middle, 1024 units wide.
pub(super) fn house(id: u8, height: u8, name: &str) -> Vec<u8> {
    // Coordinates are zigzag varints: 1536, 1536, then 1024 to the east, to the south, and back.
    let (far, wide, back) = ([0x80, 0x18], [0x80, 0x10], [0xff, 0x0f]);
    let mut ring = vec![9];
    ring.extend([far, far].concat());
    ring.push(26);
    ring.extend([&wide[..], &[0], &[0], &wide, &back, &[0]].concat());
    ring.push(15);
    let feature = [&[8, id][..], &field(2, &[0, 0, 1, 1]), &[24, 3], &field(4, &ring)].concat();
    let layer = [
        field(1, b"building"),
        field(2, &feature),
        field(3, b"height"),
        field(3, b"name"),
        field(4, &[40, height]),
        field(4, &field(1, name.as_bytes())),
        vec![0x28, 0x80, 0x20, 0x78, 2],
    ];
    field(3, &layer.concat())
}
