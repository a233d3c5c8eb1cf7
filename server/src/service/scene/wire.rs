//! What the server and a child that draws say to each other.
//!
//! A message is its length (four bytes, little-endian, of what follows), a byte that names it, and its content. The server gives the job;
//! the child asks for tiles and characters by numbers of its own, is answered in any order, and ends with a picture or with why there is
//! none. The child knows nothing but what it is told here: no store, no viewer, no token.

use std::io::{self, Read};

use gis_data::{Error, Result};
use renderer::fetch::Ask;
use renderer::frame::Size;
use renderer::view::View;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest message that the child may send: an incompressible picture of the largest size, and a little more.
pub(super) const MOST_SAID: u32 = 132 << 20;
/// The longest message to the child: many layers of one tile.
pub(super) const MOST_TOLD: u32 = 1 << 30;
/// Characters in one question.
const MOST_CHARACTERS: usize = 20_000;

/// The picture that a child draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Job {
    /// The style sheet's text.
    pub(super) sheet: String,
    pub(super) view: View,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) ratio: f32,
    pub(super) extrude: bool,
}

impl Job {
    /// Its size.
    pub(super) const fn size(&self) -> Size {
        Size { width: self.width, height: self.height, ratio: self.ratio }
    }
}

/// From the server.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Order {
    /// Comes first, and once.
    Draw(Job),
    /// Answers a question.
    Got(u64, Vec<u8>),
    /// Says why a question has no answer.
    Failed(u64, Words),
}

/// From the child.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// Wants something.
    Ask(u64, Ask),
    /// How many tiles and characters could not be had, and the picture, as a PNG.
    Drawn(u64, Vec<u8>),
    /// Why there is none.
    Failed(Words),
}

/// An error's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Words {
    pub(super) zh: String,
    pub(super) en: String,
}

impl From<&Error> for Words {
    fn from(error: &Error) -> Self {
        Self { zh: error.zh().to_owned(), en: error.en().to_owned() }
    }
}

impl From<Words> for Error {
    /// Whatever it was there: here it means that there is no picture at the moment.
    fn from(words: Words) -> Self {
        Self::new(gis_data::Kind::Unavailable, words.zh, words.en)
    }
}

impl Order {
    /// The whole message.
    pub(super) fn write(&self) -> Result<Vec<u8>> {
        match self {
            Self::Draw(job) => message(b'D', &[&json(job)?]),
            Self::Got(id, bytes) => message(b'G', &[&id.to_le_bytes(), bytes]),
            Self::Failed(id, words) => message(b'F', &[&id.to_le_bytes(), &json(words)?]),
        }
    }

    /// Reads what follows the length.
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        let (tag, rest) = body.split_first().ok_or_else(broken)?;
        match tag {
            b'D' => Ok(Self::Draw(from_json(rest)?)),
            b'G' => numbered(rest).map(|(id, bytes)| Self::Got(id, bytes.to_vec())),
            b'F' => {
                let (id, words) = numbered(rest)?;
                Ok(Self::Failed(id, from_json(words)?))
            }
            _ => Err(broken()),
        }
    }
}

impl Said {
    /// The whole message.
    pub(super) fn write(&self) -> Result<Vec<u8>> {
        match self {
            Self::Ask(id, Ask::Tile(coord)) => {
                let [x, y] = [coord.x(), coord.y()].map(u32::to_le_bytes);
                message(b'T', &[&id.to_le_bytes(), &[coord.z()], &x, &y])
            }
            Self::Ask(id, Ask::Glyphs(characters)) => {
                let text: String = characters.iter().collect();
                message(b'C', &[&id.to_le_bytes(), text.as_bytes()])
            }
            Self::Drawn(missing, png) => message(b'P', &[&missing.to_le_bytes(), png]),
            Self::Failed(words) => message(b'E', &[&json(words)?]),
        }
    }

    /// Reads what follows the length. The child may be broken, so nothing of it is believed.
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        let (tag, rest) = body.split_first().ok_or_else(broken)?;
        match tag {
            b'T' => {
                let (id, rest) = numbered(rest)?;
                let &[z, x0, x1, x2, x3, y0, y1, y2, y3] = rest else { return Err(broken()) };
                let [x, y] = [[x0, x1, x2, x3], [y0, y1, y2, y3]].map(u32::from_le_bytes);
                Ok(Self::Ask(id, Ask::Tile(tiler::Coord::new(z, x, y)?)))
            }
            b'C' => {
                let (id, text) = numbered(rest)?;
                let text = std::str::from_utf8(text).map_err(|cause| broken().because(cause))?;
                let characters: Vec<char> = text.chars().collect();
                if characters.len() > MOST_CHARACTERS {
                    return Err(broken());
                }
                Ok(Self::Ask(id, Ask::Glyphs(characters)))
            }
            b'P' => numbered(rest).map(|(missing, png)| Self::Drawn(missing, png.to_vec())),
            b'E' => Ok(Self::Failed(from_json(rest)?)),
            _ => Err(broken()),
        }
    }
}

/// Reads a message's body. `None` at the end.
pub(super) fn read(from: &mut impl Read, most: u32) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut body = vec![0; fitting(length, most)?];
    from.read_exact(&mut body)?;
    Ok(Some(body))
}

/// As [`read`], without holding a thread.
pub(super) async fn read_async(from: &mut (impl AsyncRead + Unpin), most: u32) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    // A length is only a claim: memory is taken as the bytes come.
    let length = fitting(length, most)?;
    let mut body = Vec::with_capacity(length.min(1 << 16));
    from.take(length as u64).read_to_end(&mut body).await?;
    if body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(body))
}

fn fitting(length: [u8; 4], most: u32) -> io::Result<usize> {
    let length = u32::from_le_bytes(length);
    if length > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the message is too long"));
    }
    Ok(length as usize)
}

fn message(tag: u8, parts: &[&[u8]]) -> Result<Vec<u8>> {
    let length = 1 + parts.iter().map(|p| p.len()).sum::<usize>();
    let told = u32::try_from(length).ok().filter(|n| *n <= MOST_TOLD).ok_or_else(|| {
        Error::new(
            gis_data::Kind::TooLarge,
            "与绘图子进程的消息过长",
            "a message to or from the child that draws is too long",
        )
    })?;
    let mut out = Vec::with_capacity(4 + length);
    out.extend(told.to_le_bytes());
    out.push(tag);
    for part in parts {
        out.extend_from_slice(part);
    }
    Ok(out)
}

fn numbered(body: &[u8]) -> Result<(u64, &[u8])> {
    let (id, rest) = body.split_first_chunk().ok_or_else(broken)?;
    Ok((u64::from_le_bytes(*id), rest))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|cause| broken().because(cause))
}

fn from_json<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|cause| broken().because(cause))
}

fn broken() -> Error {
    Error::new(
        gis_data::Kind::Unavailable,
        "与绘图子进程的对话中断；请重试",
        "the talk with the child that draws broke off; try again",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tiler::Coord;

    use super::*;

    fn body(message: &[u8], most: u32) -> Vec<u8> {
        let mut from = message;
        let body = read(&mut from, most).unwrap().unwrap();
        assert!(from.is_empty(), "the length is that of the message");
        body
    }

    #[test]
    fn what_is_said_is_understood() {
        let view = View { lon: 120.65, lat: 28.0, zoom: 16.5, bearing: -30.0, pitch: 60.0 };
        let job = Job { sheet: "{}".into(), view, width: 64, height: 32, ratio: 1.5, extrude: true };
        let words = Words { zh: "没有显卡".into(), en: "no adapter".into() };
        for order in
            [Order::Draw(job), Order::Got(7, vec![1, 2, 3]), Order::Got(8, vec![]), Order::Failed(9, words.clone())]
        {
            assert_eq!(Order::parse(&body(&order.write().unwrap(), MOST_TOLD)).unwrap(), order);
        }
        let tile = Ask::Tile(Coord::new(16, 54_741, 27_445).unwrap());
        let glyphs = Ask::Glyphs(vec!['墨', '池', '坊', '1']);
        for said in [Said::Ask(1, tile), Said::Ask(u64::MAX, glyphs), Said::Drawn(3, vec![9; 100]), Said::Failed(words)]
        {
            assert_eq!(Said::parse(&body(&said.write().unwrap(), MOST_SAID)).unwrap(), said);
        }
    }

    #[test]
    fn lies_are_refused() {
        // A length of four thousand million, a message cut short, a tile that is not on earth, a word that is none.
        assert!(read(&mut [255u8, 255, 255, 255, b'P'].as_slice(), MOST_SAID).is_err());
        assert!(read(&mut [9u8, 0, 0, 0, b'P'].as_slice(), MOST_SAID).is_err());
        assert!(read(&mut [].as_slice(), MOST_SAID).unwrap().is_none());
        let mut tile = Said::Ask(1, Ask::Tile(Coord::WORLD)).write().unwrap();
        tile[4 + 1 + 8] = 23;
        assert!(Said::parse(&tile[4..]).is_err());
        assert!(Said::parse(b"P\x89PNG").is_err(), "a picture that does not say whether it is whole");
        assert!(Said::parse(b"X").is_err() && Said::parse(b"").is_err());
        assert!(Said::parse(b"C\0\0\0\0\0\0\0\0\xff").is_err());
    }

    proptest! {
        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Said::parse(&bytes);
            let _ = Order::parse(&bytes);
            let _ = read(&mut bytes.as_slice(), MOST_SAID);
        }
    }
}
