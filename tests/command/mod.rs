//! Every command, by the real binary: all of stdout, stderr and the status.

mod external;
mod root;
