//! A small HTTP client for tests: the bytes as they came, and what they mean.

use std::io::Read;
use std::time::Duration;

use serde_json::Value;

/// Largest answer a test reads.
const MOST_BYTES: u64 = 256 << 20;

/// One answer, exactly as it came over the wire.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body, still compressed if it was.
    pub raw: Vec<u8>,
}

impl Reply {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body, decompressed as its `Content-Encoding` says.
    ///
    /// # Panics
    /// When the body is not what the header says.
    pub fn body(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        let read = match self.header("content-encoding") {
            None | Some("identity") => return self.raw.clone(),
            Some("gzip") => flate2::read::GzDecoder::new(&self.raw[..]).read_to_end(&mut plain),
            Some("br") => brotli::Decompressor::new(&self.raw[..], 4096).read_to_end(&mut plain),
            Some(other) => panic!("Content-Encoding {other} was never asked for"),
        };
        read.unwrap_or_else(|e| panic!("the body is not {:?}: {e}", self.header("content-encoding")));
        plain
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8(self.body()).unwrap_or_else(|e| panic!("the body is not UTF-8: {e}"))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> Value {
        let text = self.text();
        serde_json::from_str(&text)
            .unwrap_or_else(|e| panic!("status {} with a body that is not JSON ({e}): {text:.500}", self.status))
    }

    /// Fails the test unless the status is `wanted`; gives the reply back.
    ///
    /// # Panics
    /// When the status is another.
    #[track_caller]
    pub fn expect(self, wanted: u16) -> Self {
        assert_eq!(self.status, wanted, "{:.800}", String::from_utf8_lossy(&self.body()));
        self
    }

    /// Fails the test unless this is an RFC 9457 problem with `status` and a detail that says something; gives it back.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn problem(self, status: u16) -> Value {
        let reply = self.expect(status);
        let kind = reply.header("content-type").unwrap_or_default().to_owned();
        assert!(kind.starts_with("application/problem+json"), "a problem came as {kind}");
        let problem = reply.json();
        assert_eq!(problem["status"], status, "{problem}");
        for field in ["type", "title", "detail", "trace_id"] {
            assert!(problem[field].as_str().is_some_and(|s| !s.is_empty()), "the problem has no {field}: {problem}");
        }
        problem
    }
}

/// Sends one request to `url` and reads the whole answer. Any status is an answer; redirects are not followed.
///
/// # Panics
/// When no answer comes.
#[track_caller]
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    match try_send(method, url, headers, body) {
        Ok(reply) => reply,
        Err(e) => panic!("{method} {url} got no answer: {e}"),
    }
}

/// As [`send`], for callers that can live without an answer.
pub fn try_send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Reply, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_mins(2)))
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = agent.run(request.body(body)?)?;
    let headers = answer
        .headers()
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
        .collect();
    let status = answer.status().as_u16();
    let raw = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?;
    Ok(Reply { status, headers, raw })
}

/// `text` with everything but unreserved characters percent-encoded, for a query value or a path segment.
pub fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_percent_encoded() {
        assert_eq!(encode("墨 1,2"), "%E5%A2%A8%201,2");
    }

    #[test]
    fn bodies_are_decompressed_as_the_header_says() {
        use std::io::Write as _;
        let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        zipped.write_all("门牌".as_bytes()).unwrap();
        let reply = Reply {
            status: 200,
            headers: vec![("content-encoding".into(), "gzip".into())],
            raw: zipped.finish().unwrap(),
        };
        assert_eq!(reply.text(), "门牌");
    }
}
