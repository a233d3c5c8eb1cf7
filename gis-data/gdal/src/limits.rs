//! What the process may use, taken before a file is opened.

use gis_data::{Error, Result};
use rlimit::Resource;

use crate::system;

/// Files a driver may hold open at once: a file geodatabase has a few hundred.
const FILES: u64 = 1024;

/// Takes the limits. They cannot be raised again.
pub(crate) fn take(memory_mib: u64, seconds: u64) -> Result<()> {
    let bytes = memory_mib * 1024 * 1024;
    let mut limits = vec![
        (Resource::CORE, 0, 0),
        (Resource::NOFILE, FILES, FILES),
        (Resource::AS, bytes, bytes),
        // The soft limit lets the process say why it ends.
        (Resource::CPU, seconds, seconds + 5),
    ];
    // Nothing is written but the output; where that is a file, this limit would cut it.
    if !system::output_is_file() {
        limits.push((Resource::FSIZE, 0, 0));
    }
    for (resource, soft, hard) in limits {
        let (_, allowed) = resource.get().map_err(|e| failed(resource, e))?;
        resource.set(soft.min(allowed), hard.min(allowed)).map_err(|e| failed(resource, e))?;
    }
    system::tell_when_dying();
    system::leave_network();
    Ok(())
}

fn failed(resource: Resource, cause: std::io::Error) -> Error {
    let name = resource.as_name();
    Error::invalid(
        format!("无法设定资源上限 {name}，为安全起见不读文件；请检查系统设置"),
        format!("the limit {name} cannot be set, so no file is read; check the system's settings"),
    )
    .because(cause)
}
