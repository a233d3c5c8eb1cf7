//! What a child that draws may use, taken before it touches a driver.

use gis_data::{Error, Result};
use rlimit::Resource;

/// Memory of its own: the meshes, a software driver's textures and code. What a device maps is not counted, because real drivers
/// reserve far more addresses than they use.
const DATA_BYTES: u64 = 4 << 30;
/// Seconds of all its threads together: the server ends it by the clock long before, unless the server itself is gone.
const CPU_S: u64 = 120;
/// Files and pipes at once.
const FILES: u64 = 256;

/// How much it stands back behind the server's own threads: pictures must not slow tiles.
const NICE: i32 = 10;

/// Takes the limits. They cannot be raised again.
pub(super) fn take() -> Result<()> {
    // Not being able to stand back is no reason not to draw.
    let _ = rustix::process::nice(NICE);
    let limits = [(Resource::CORE, 0), (Resource::NOFILE, FILES), (Resource::DATA, DATA_BYTES), (Resource::CPU, CPU_S)];
    for (resource, most) in limits {
        let failed = |cause| {
            let name = resource.as_name();
            Error::invalid(
                format!("无法设定资源上限 {name}，为安全起见不绘图；请检查系统设置"),
                format!("the limit {name} cannot be set, so nothing is drawn; check the system's settings"),
            )
            .because(cause)
        };
        let (_, allowed) = resource.get().map_err(failed)?;
        let most = most.min(allowed);
        resource.set(most, most).map_err(failed)?;
    }
    Ok(())
}
