//! What POSIX's errors mean, by their numbers.

use rustix::io::Errno;

/// A link that leads round in a circle.
pub(super) const ENDLESS: i32 = Errno::LOOP.raw_os_error();

/// This file system, or its server, keeps no locks; EPERM is what a sandbox says that forbids them.
pub(super) const NO_LOCKS: &[i32] = &[
    Errno::PERM.raw_os_error(),
    Errno::NOLCK.raw_os_error(),
    Errno::NOSYS.raw_os_error(),
    Errno::OPNOTSUPP.raw_os_error(),
    Errno::NOTSUP.raw_os_error(),
];

/// No link of this sort can be made here.
pub(super) const NO_LINKS: &[i32] = &[
    Errno::NOTSUP.raw_os_error(),
    Errno::OPNOTSUPP.raw_os_error(),
    Errno::XDEV.raw_os_error(),
    Errno::INVAL.raw_os_error(),
    Errno::NOTTY.raw_os_error(),
    Errno::NOSYS.raw_os_error(),
    Errno::PERM.raw_os_error(),
    Errno::MLINK.raw_os_error(),
];
