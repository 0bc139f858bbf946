//! Collects the inventory of the cluster of a context (by default the current one), and writes it to standard output.

use std::env;
use std::io;

use jiff::Timestamp;
use scs_kubernetes::{Environment, Extent, Kubeconfigs, Options, Overrides, Session, collect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubeconfigs = Kubeconfigs::read(&Environment::from_process(), &Overrides::default())?;
    let cluster = kubeconfigs.cluster(env::args().nth(1).as_deref())?;
    let now = Timestamp::now();
    let session = Session::open(&cluster, &Options::default(), now).await?;
    let mut extent = Extent::default();
    extent.kubelets = true;
    let document = collect(&session, extent, now).await?;
    document.write(&mut io::stdout().lock())?;
    Ok(())
}
