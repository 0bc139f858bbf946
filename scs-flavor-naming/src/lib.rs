//! x
mod cpu;
mod cpu_arch;
mod dialect;
mod disk;
mod gpu;
mod grammar;
mod hypervisor;
mod name;
mod ram;
mod syntax;
mod watch;
pub use cpu::*;
pub use cpu_arch::*;
pub use dialect::*;
pub use disk::*;
pub use gpu::*;
pub use hypervisor::*;
pub use name::*;
pub use ram::*;
pub use syntax::*;
pub use watch::*;
/// quick
pub fn quick(n: &[u8]) -> Option<FlavorName> { 
    const V3: Dialect = Dialect::text(Syntax::V3);
    grammar::read(n, &V3, ()).map(|r| r.name) }
