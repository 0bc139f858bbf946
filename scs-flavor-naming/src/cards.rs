//! stub, replaced at merge
use crate::gpu::Gpu;
pub(crate) fn is_known(_: &Gpu) -> bool { true }
