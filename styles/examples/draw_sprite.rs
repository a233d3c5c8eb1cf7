//! Writes the sprite to a file, to look at: `cargo run --example draw_sprite -- 2 sprite.png`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let scale = arguments.next().unwrap_or_default().parse()?;
    let path = arguments.next().ok_or("give a scale and a file, e.g. 2 sprite.png")?;
    std::fs::write(path, styles::sprite::sheet(scale)?.png)?;
    Ok(())
}
