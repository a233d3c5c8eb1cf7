//! What was typed.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use gis_data::{Error, Result};

pub(crate) const USAGE: &str = "menpai-gdal read FILE [--table NAME]… [--encoding GB18030] [--open-option KEY=VALUE]… [--memory-mib 2048] [--seconds 600]
menpai-gdal formats";

/// Open options that change how the file is read, never what else is opened (`XSD=`, `GFS_TEMPLATE=` name files).
const OPEN_OPTIONS: [&str; 7] = [
    "ENCODING",
    "INVERT_AXIS_ORDER_IF_LAT_LONG",
    "CONSIDER_EPSG_AS_URN",
    "SWAP_COORDINATES",
    "EXPOSE_GML_ID",
    "LIST_ALL_TABLES",
    "CLOSE_RINGS",
];

/// The most memory and time that may be asked for.
const MAX_MEMORY_MIB: u64 = 64 * 1024;
const MAX_SECONDS: u64 = 24 * 3600;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Formats,
    Read(Wanted),
}

/// What is to be read, and within which limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) file: PathBuf,
    /// All, where none is named.
    pub(crate) tables: Vec<String>,
    pub(crate) encoding: Option<String>,
    /// `KEY=VALUE`, the key in upper case.
    pub(crate) open_options: Vec<String>,
    pub(crate) memory_mib: u64,
    pub(crate) seconds: u64,
}

impl Command {
    pub(crate) fn parse(arguments: &[OsString]) -> Result<Self> {
        let mut rest = arguments.iter();
        match rest.next().and_then(|a| a.to_str()) {
            Some("formats") if arguments.len() == 1 => Ok(Self::Formats),
            Some("--help" | "-h" | "help") => Ok(Self::Help),
            Some("read") => Wanted::parse(rest).map(Self::Read),
            _ => Err(usage("缺少命令或命令不对", "the command is missing or unknown")),
        }
    }
}

impl Wanted {
    fn parse<'a>(mut rest: impl Iterator<Item = &'a OsString>) -> Result<Self> {
        let mut file = None;
        let mut wanted = Self {
            file: PathBuf::new(),
            tables: Vec::new(),
            encoding: None,
            open_options: Vec::new(),
            memory_mib: 2048,
            seconds: 600,
        };
        while let Some(argument) = rest.next() {
            let mut value = || text(argument, rest.next());
            match argument.to_str() {
                Some("--table") => wanted.tables.push(value()?),
                Some("--encoding") => wanted.encoding = Some(encoding(&value()?)?),
                Some("--open-option") => wanted.open_options.push(open_option(&value()?)?),
                Some("--memory-mib") => wanted.memory_mib = number(argument, &value()?, 64, MAX_MEMORY_MIB)?,
                Some("--seconds") => wanted.seconds = number(argument, &value()?, 1, MAX_SECONDS)?,
                Some(unknown) if unknown.starts_with("--") => {
                    return Err(usage(&format!("不认识选项 {unknown}"), &format!("the option {unknown} is not known")));
                }
                _ if file.is_some() => return Err(usage("一次只能读一个文件", "only one file is read at a time")),
                _ => file = Some(PathBuf::from(argument)),
            }
        }
        wanted.file = file.ok_or_else(|| usage("没有给出文件", "no file is given"))?;
        Ok(wanted)
    }
}

fn usage(zh: &str, en: &str) -> Error {
    Error::invalid(format!("{zh}；用法：{USAGE}"), format!("{en}; usage: {USAGE}"))
}

fn text(option: &OsStr, value: Option<&OsString>) -> Result<String> {
    let option = option.to_string_lossy();
    value
        .and_then(|v| v.to_str())
        .map(str::to_owned)
        .ok_or_else(|| usage(&format!("选项 {option} 缺少值"), &format!("the option {option} lacks its value")))
}

fn number(option: &OsStr, value: &str, least: u64, most: u64) -> Result<u64> {
    let option = option.to_string_lossy();
    value.parse().ok().filter(|n| (least..=most).contains(n)).ok_or_else(|| {
        usage(
            &format!("选项 {option} 应为 {least} 至 {most} 的整数，给的是“{value}”"),
            &format!("the option {option} is a whole number from {least} to {most}, not “{value}”"),
        )
    })
}

/// The name GDAL knows the encoding by.
fn encoding(value: &str) -> Result<String> {
    encoding_rs::Encoding::for_label(value.as_bytes()).map(crate::encoding::name).ok_or_else(|| {
        usage(
            &format!("不认识编码“{value}”；常用 GB18030、UTF-8、Big5"),
            &format!("the encoding “{value}” is not known; common ones are GB18030, UTF-8, Big5"),
        )
    })
}

fn open_option(value: &str) -> Result<String> {
    let found = value.split_once('=').map(|(k, v)| (k.to_ascii_uppercase(), v));
    match found {
        Some((key, v)) if OPEN_OPTIONS.contains(&key.as_str()) => Ok(format!("{key}={v}")),
        _ => Err(usage(
            &format!("不允许打开选项“{value}”；允许：{}", OPEN_OPTIONS.join("、")),
            &format!("the open option “{value}” is not allowed; allowed are {}", OPEN_OPTIONS.join(", ")),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Command> {
        Command::parse(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn all_that_may_be_typed() {
        let Command::Read(wanted) = parse(&[
            "read",
            "a.shp",
            "--table",
            "门牌",
            "--encoding",
            "gbk",
            "--open-option",
            "encoding=X",
            "--memory-mib",
            "512",
            "--seconds",
            "9",
        ])
        .unwrap() else {
            unreachable!()
        };
        assert_eq!(wanted.tables, ["门牌"]);
        assert_eq!(wanted.encoding.as_deref(), Some("GBK"));
        assert_eq!(wanted.open_options, ["ENCODING=X"]);
        assert_eq!((wanted.memory_mib, wanted.seconds), (512, 9));
        assert_eq!(parse(&["formats"]).unwrap(), Command::Formats);
    }

    #[test]
    fn what_may_not_be_typed() {
        for words in [
            &[][..],
            &["write"],
            &["read"],
            &["read", "a", "b"],
            &["read", "a", "--table"],
            &["read", "a", "--encoding", "x-nonsense"],
            &["read", "a", "--memory-mib", "1"],
            &["read", "a", "--seconds", "0"],
            &["read", "a", "--open-option", "XSD=/etc/passwd"],
            &["read", "a", "--open-option", "GFS_TEMPLATE=x"],
            &["read", "a", "--frob", "1"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
