//! Operators with an object of options: collator, format, image, number-format.

use super::super::node::{FormatSection, Node, NumberFormat, Op};
use super::super::{Type, Value};
use super::{Fit, Parser, Site};
use serde_json::{Map, Value as Json};

type Options = Map<String, Json>;

impl Parser {
    /// One entry of the options, or nothing when it is absent; `Err` when it was refused.
    fn option(&mut self, key: &str, options: &Options, name: &str, kind: &Type) -> Result<Option<Node>, ()> {
        match options.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(json) => self.parse(json, &format!("{key}[1]"), Some(kind), Fit::Usual).map(Some).ok_or(()),
        }
    }

    pub(super) fn collator(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let Json::Object(options) = site.arg(1) else {
            return self.refuse(site.key, "collator 的选项必须是对象", "The options of a collator must be an object.");
        };
        let no = || Node::literal(Value::Bool(false));
        let case = self.option(site.key, options, "case-sensitive", &Type::Boolean).ok()?.unwrap_or_else(no);
        let diacritic = self.option(site.key, options, "diacritic-sensitive", &Type::Boolean).ok()?.unwrap_or_else(no);
        let locale = self.option(site.key, options, "locale", &Type::String).ok()?.map(Box::new);
        let op = Op::Collator { case: Box::new(case), diacritic: Box::new(diacritic), locale };
        Some(Node::new(Type::Collator, op))
    }

    pub(super) fn image(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        match self.operand(site, 1, Some(&Type::String)) {
            Some(name) => Some(Node::new(Type::Image, Op::Image(Box::new(name)))),
            None => self.refuse(site.key, "没有给出图标名称", "No image name provided."),
        }
    }

    pub(super) fn number_format(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 2 {
            return self.wrong_count(site, "2");
        }
        let number = self.operand(site, 1, Some(&Type::Number))?;
        let Json::Object(options) = site.arg(2) else {
            return self.refuse(
                site.key,
                "number-format 的选项必须是对象",
                "The options of number-format must be an object.",
            );
        };
        let locale = self.option(site.key, options, "locale", &Type::String).ok()?;
        let currency = self.option(site.key, options, "currency", &Type::String).ok()?;
        let unit = self.option(site.key, options, "unit", &Type::String).ok()?;
        if currency.is_some() && unit.is_some() {
            return self.refuse(
                site.key,
                "number-format 的 currency 与 unit 只能选一个",
                "The options currency and unit of number-format exclude each other.",
            );
        }
        let min_fraction = self.option(site.key, options, "min-fraction-digits", &Type::Number).ok()?;
        let max_fraction = self.option(site.key, options, "max-fraction-digits", &Type::Number).ok()?;
        let parts = NumberFormat { number, locale, currency, unit, min_fraction, max_fraction };
        Some(Node::new(Type::String, Op::NumberFormat(Box::new(parts))))
    }

    pub(super) fn format(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 1 {
            return self.too_few(site, 1);
        }
        let mut sections: Vec<FormatSection> = Vec::new();
        let mut styled = true;
        for i in 1..site.args.len() {
            match (site.arg(i), sections.last_mut()) {
                (Json::Object(_), None) => {
                    return self.refuse(
                        site.key,
                        "第一个参数必须是文本或图标",
                        "The first argument must be an image or a text section.",
                    );
                }
                (Json::Object(options), Some(section)) if !styled => {
                    let section = std::mem::replace(
                        section,
                        FormatSection {
                            content: Node::literal(Value::Null),
                            scale: None,
                            fonts: None,
                            color: None,
                            vertical_align: None,
                        },
                    );
                    let section = self.section_options(site, options, section)?;
                    if let Some(last) = sections.last_mut() {
                        *last = section;
                    }
                    styled = true;
                }
                (json, _) => {
                    let content = self.parse(json, &site.at(1), Some(&Type::Value), Fit::Usual)?;
                    if !matches!(content.kind, Type::String | Type::Value | Type::Null | Type::Image) {
                        return self.refuse(
                            site.key,
                            format!("format 的内容只能是文本、图标或空，却是 {}", content.kind),
                            format!("Formatted text must be a string, value, image or null, but is {}.", content.kind),
                        );
                    }
                    let plain = FormatSection { content, scale: None, fonts: None, color: None, vertical_align: None };
                    sections.push(plain);
                    styled = false;
                }
            }
        }
        Some(Node::new(Type::Formatted, Op::Format(sections)))
    }

    fn section_options(&mut self, site: &Site, options: &Options, mut section: FormatSection) -> Option<FormatSection> {
        let strings = Type::array(Type::String, None);
        section.scale = self.option(site.key, options, "font-scale", &Type::Number).ok()?;
        section.fonts = self.option(site.key, options, "text-font", &strings).ok()?;
        section.color = self.option(site.key, options, "text-color", &Type::Color).ok()?;
        if let Some(Json::String(align)) = options.get("vertical-align")
            && !matches!(align.as_str(), "bottom" | "center" | "top")
        {
            self.refuse(
                site.key,
                "vertical-align 只能是 bottom、center 或 top",
                "vertical-align must be one of bottom, center, top.",
            );
            return None;
        }
        section.vertical_align = self.option(site.key, options, "vertical-align", &Type::String).ok()?;
        Some(section)
    }
}
