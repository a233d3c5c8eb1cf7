//! OSM XML.

use std::io::BufReader;

use gis_data::{Error, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::element::{At, Body, Element, Member, MemberKind, Sink, Source, Tag, at};
use crate::guard::too_large;
use crate::input::{Budget, Input, Metered, Stream};

/// The most bytes between two tags, and of one tag.
const MAX_EVENT_BYTES: u64 = 1 << 20;
/// The most nodes, members or tags of one element.
const MAX_PARTS: usize = 1 << 20;
/// Elements in one batch.
const BATCH: usize = 4096;

/// Reads element after element.
pub(super) struct Xml {
    inner: Reader<BufReader<Metered<Stream>>>,
    budget: Budget,
    buf: Vec<u8>,
    done: bool,
    name: String,
}

/// An element while its parts come in.
#[derive(Default)]
struct Draft {
    id: i64,
    at: Option<At>,
    refs: Vec<i64>,
    members: Vec<Member>,
    tags: Vec<(String, String)>,
    deleted: bool,
}

impl Xml {
    pub(super) fn new(input: &Input, stream: Stream) -> Self {
        let (metered, budget) = Metered::new(stream, MAX_EVENT_BYTES);
        let inner = Reader::from_reader(BufReader::with_capacity(1 << 16, metered));
        Self { inner, budget, buf: Vec::new(), done: false, name: input.name() }
    }

    fn broken(&self, zh: &str, en: &str) -> Error {
        let place = self.inner.buffer_position();
        Error::invalid(
            format!("第 {place} 字节处 OSM XML 有误：{zh}；请检查文件是否完整"),
            format!("the OSM XML is wrong at byte {place}: {en}; see whether the file is whole"),
        )
    }

    fn event(&mut self) -> Result<Event<'static>> {
        self.budget.renew();
        self.buf.clear();
        match self.inner.read_event_into(&mut self.buf) {
            Ok(event) => Ok(event.into_owned()),
            Err(quick_xml::Error::Io(cause)) => {
                let cause = std::io::Error::new(cause.kind(), cause);
                Err(crate::input::failed(&self.name, cause))
            }
            Err(cause) => Err(self.broken("XML 语法错误", "it is not well-formed").because(cause)),
        }
    }

    fn attributes(&self, tag: &BytesStart<'_>, mut f: impl FnMut(&str, &str) -> Result<()>) -> Result<()> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| self.broken("属性语法错误", "an attribute is wrong").because(e))?;
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|e| self.broken("实体无法识别", "an entity is unknown").because(e))?;
            f(attribute.key.as_ref(), &value)?;
        }
        Ok(())
    }

    fn number<T: std::str::FromStr>(&self, text: &str) -> Result<T> {
        text.trim().parse().ok().ok_or_else(|| self.broken("属性不是数字", "an attribute is not a number"))
    }

    fn begin(&self, tag: &BytesStart<'_>) -> Result<Draft> {
        let mut draft = Draft::default();
        let (mut id, mut lon, mut lat) = (None, f64::NAN, f64::NAN);
        self.attributes(tag, |key, value| {
            match key {
                "id" => id = Some(self.number(value)?),
                "lon" => lon = self.number(value)?,
                "lat" => lat = self.number(value)?,
                "visible" if value == "false" => draft.deleted = true,
                "action" if value == "delete" => draft.deleted = true,
                _ => {}
            }
            Ok(())
        })?;
        draft.id = id.ok_or_else(|| self.broken("元素没有 id", "an element has no id"))?;
        draft.at = at(lon, lat);
        Ok(draft)
    }

    fn part(&self, draft: &mut Draft, tag: &BytesStart<'_>) -> Result<()> {
        let (mut key, mut text, mut id, mut kind, mut inner) = (String::new(), String::new(), None, None, false);
        self.attributes(tag, |name, value| {
            match name {
                "k" => value.clone_into(&mut key),
                "v" => value.clone_into(&mut text),
                "ref" => id = Some(self.number(value)?),
                "type" => {
                    kind = match value {
                        "node" => Some(MemberKind::Node),
                        "way" => Some(MemberKind::Way),
                        "relation" => Some(MemberKind::Relation),
                        _ => None,
                    };
                }
                "role" => inner = value == "inner",
                _ => {}
            }
            Ok(())
        })?;
        if draft.refs.len() + draft.members.len() + draft.tags.len() >= MAX_PARTS {
            return Err(too_large(
                format!("元素 {} 的成员超过一百万个；请检查来源", draft.id),
                format!("element {} has more than a million parts; check the source", draft.id),
            ));
        }
        match (tag.name().as_ref(), id, kind) {
            ("tag", ..) => draft.tags.push((key, text)),
            ("nd", Some(id), _) => draft.refs.push(id),
            ("member", Some(id), Some(kind)) => draft.members.push(Member { kind, id, inner }),
            ("nd" | "member", ..) => return Err(self.broken("成员缺少 ref 或 type", "a member lacks ref or type")),
            _ => {}
        }
        Ok(())
    }

    /// Reads on to the end of the element that `tag` begins, and gives it away.
    fn element(&mut self, tag: &BytesStart<'_>, empty: bool, sink: &mut Sink<'_>) -> Result<()> {
        let mut draft = self.begin(tag)?;
        let mut depth = 1_u32;
        while !empty && depth > 0 {
            match self.event()? {
                Event::Empty(t) => self.part(&mut draft, &t)?,
                Event::Start(t) => {
                    depth += 1;
                    self.part(&mut draft, &t)?;
                }
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.broken("文件到此中断", "the file breaks off")),
                _ => {}
            }
        }
        if draft.deleted {
            return Ok(());
        }
        let tags: Vec<Tag<'_>> = draft.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let body = match tag.name().as_ref() {
            "node" => Body::Node(draft.at),
            "way" => Body::Way(&draft.refs),
            _ => Body::Relation(&draft.members),
        };
        sink(&Element { id: draft.id, tags: &tags, body })
    }
}

impl Source for Xml {
    fn batch(&mut self, sink: &mut Sink<'_>) -> Result<bool> {
        let mut n = 0;
        while n < BATCH {
            let (tag, empty) = match self.event()? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::End(tag) if tag.name().as_ref() == "osm" => {
                    self.done = true;
                    continue;
                }
                Event::Eof if self.done => return Ok(false),
                Event::Eof => return Err(self.broken("文件到此中断", "the file breaks off")),
                _ => continue,
            };
            if matches!(tag.name().as_ref(), "node" | "way" | "relation") {
                self.element(&tag, empty, sink)?;
                n += 1;
            } else if empty && tag.name().as_ref() == "osm" {
                self.done = true;
            }
        }
        Ok(true)
    }
}
