//! Memory, as Linux tells it; nothing where it does not.

/// Bytes of this process in memory now.
pub(super) fn resident() -> Option<u64> {
    kib(&std::fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Bytes that may still be had without pushing others out.
pub(super) fn available() -> Option<u64> {
    kib(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")
}

/// `NAME:   123 kB` in bytes.
fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let text = "Name:\tmenpai\nVmRSS:\t  123456 kB\n";
        assert_eq!(kib(text, "VmRSS:"), Some(123_456 * 1024));
        assert_eq!(kib(text, "MemAvailable:"), None);
        assert_eq!(kib("VmRSS: lots kB", "VmRSS:"), None);
    }
}
