//! The program seen from outside.

mod support;
