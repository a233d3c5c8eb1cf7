//! Signals and the network: the calls to the system that have no safe form.
#![expect(unsafe_code, reason = "system calls; each block says why it is sound")]

use libc::c_int;

/// Whether the output is an ordinary file.
pub(crate) fn output_is_file() -> bool {
    // SAFETY: `fstat` fills the record it is given and keeps nothing.
    unsafe {
        let mut found: libc::stat = std::mem::zeroed();
        libc::fstat(1, &raw mut found) == 0 && found.st_mode & libc::S_IFMT == libc::S_IFREG
    }
}

const MEMORY: &[u8] = "{\"zh\":\"读取文件时内存用尽或 GDAL 内部失败；文件可能损坏或过大，请拆分文件或提高 --memory-mib\",\"en\":\"reading the file ran out of memory or GDAL failed inside; the file may be damaged or too large: split it or raise --memory-mib\"}\n".as_bytes();
const TIME: &[u8] = "{\"zh\":\"读取文件超过时间上限；请拆分文件或提高 --seconds\",\"en\":\"reading the file took longer than allowed; split it or raise --seconds\"}\n".as_bytes();
const CRASH: &[u8] = "{\"zh\":\"GDAL 读取该文件时崩溃；文件可能损坏，请在桌面软件中另存为 GeoPackage 再导入\",\"en\":\"GDAL crashed on the file; it may be damaged: save it as GeoPackage in a desktop program and import that\"}\n".as_bytes();

extern "C" fn dying(signal: c_int) {
    let line = match signal {
        libc::SIGABRT => MEMORY,
        libc::SIGXCPU => TIME,
        _ => CRASH,
    };
    // SAFETY: `write` and `_exit` are allowed within a signal handler; the lines are constants.
    unsafe {
        libc::write(2, line.as_ptr().cast(), line.len());
        libc::_exit(2);
    }
}

/// Lets the process say why it ends, in the same form as every other error.
pub(crate) fn tell_when_dying() {
    // SAFETY: the handler calls nothing but what a handler may, and takes the stack that the runtime set aside for it
    // (an overflow of the stack leaves no other). A limit on file size must fail the write, not kill.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = dying as extern "C" fn(c_int) as usize;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_RESETHAND;
        libc::sigemptyset(&raw mut action.sa_mask);
        for signal in [libc::SIGABRT, libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGXCPU] {
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// Moves into a network of its own that has no devices, where the system lets us: a further wall behind the list of drivers,
/// none of which asks for the network.
pub(crate) fn leave_network() {
    #[cfg(target_os = "linux")]
    // SAFETY: no memory is touched; the process has one thread yet. Without the right to do so nothing changes.
    unsafe {
        if libc::unshare(libc::CLONE_NEWNET) != 0 {
            libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET);
        }
    }
}
