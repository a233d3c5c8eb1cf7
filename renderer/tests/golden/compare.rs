//! Pictures beside those that were accepted.

use std::path::{Path, PathBuf};

use renderer::gpu::Adapter;
use tiny_skia::{IntSize, Pixmap};

/// Of all pixels.
const MAY_DIFFER: f64 = 0.005;
/// Of 255, in any channel.
const BY_AT_MOST: u8 = 8;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The adapter's name as a part of a file's.
fn key(adapter: &Adapter) -> String {
    let words: String =
        adapter.name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    format!("{}-{}", adapter.backend, words.split_whitespace().collect::<Vec<_>>().join("-"))
}

/// Compares a picture, or accepts it where `MENPAI_BLESS` is set.
pub(crate) fn with_golden(name: &str, adapter: &Adapter, width: u32, height: u32, got: &[u8]) {
    assert!(got.chunks_exact(4).all(|p| p[3] == 255), "{name}: one sees through the picture");
    let own = folder().join(format!("{name}.{}.png", key(adapter)));
    let size = IntSize::from_wh(width, height).unwrap();
    let picture = Pixmap::from_vec(got.to_vec(), size).unwrap();
    if std::env::var_os("MENPAI_BLESS").is_some() {
        picture.save_png(&own).unwrap();
        return;
    }
    if own.exists() {
        let wanted = Pixmap::load_png(&own).unwrap();
        if picture != wanted {
            let share = differing(&picture, &wanted) * 100.0;
            let seen = std::env::temp_dir().join(format!("{name}.{}.png", key(adapter)));
            picture.save_png(&seen).unwrap();
            panic!(
                "{name} is not as it was ({share:.3} % of the pixels by more than {BY_AT_MOST}): see {}, and accept it with MENPAI_BLESS=1",
                seen.display()
            );
        }
        return;
    }
    let wanted = Pixmap::load_png(reference(name)).unwrap();
    let share = differing(&picture, &wanted);
    println!("{name} on {}: {:.3} % of the pixels differ from lavapipe's", adapter.name, share * 100.0);
    assert!(share <= MAY_DIFFER, "{name} on {} differs by {:.3} % of the pixels", adapter.name, share * 100.0);
}

/// Lavapipe's picture, whatever its version was.
fn reference(name: &str) -> PathBuf {
    let begin = format!("{name}.vulkan-llvmpipe");
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let found = files.into_iter().find(|f| f.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&begin)));
    found
        .unwrap_or_else(|| panic!("there is no picture of {name} to compare with: MENPAI_BLESS=1 on lavapipe makes it"))
}

/// The share of pixels that differ by more than is allowed; all of them if the sizes do.
pub(crate) fn differing(one: &Pixmap, other: &Pixmap) -> f64 {
    if (one.width(), one.height()) != (other.width(), other.height()) {
        return 1.0;
    }
    let differ = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > BY_AT_MOST);
    let count = one.data().chunks_exact(4).zip(other.data().chunks_exact(4)).filter(differ).count();
    count as f64 / f64::from(one.width() * one.height())
}

#[test]
fn a_picture_differs_by_its_pixels_beyond_the_tolerance() {
    let of = |pixels: [u8; 8]| Pixmap::from_vec(pixels.to_vec(), IntSize::from_wh(2, 1).unwrap()).unwrap();
    let one = of([10, 20, 30, 255, 40, 50, 60, 255]);
    assert_eq!(differing(&one, &of([18, 12, 30, 255, 40, 50, 60, 255])), 0.0);
    assert_eq!(differing(&one, &of([10, 20, 30, 255, 40, 59, 60, 255])), 0.5);
    assert_eq!(differing(&one, &Pixmap::new(1, 1).unwrap()), 1.0);
}
