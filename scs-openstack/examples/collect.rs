//! Collects the inventory of the cloud that `OS_CLOUD` names, and writes it to standard output.

use std::io;

use scs_openstack::{Clouds, Environment, Options, Session, collect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clouds = Clouds::read(&Environment::of_process())?;
    let cloud = clouds.cloud(None, None)?;
    let session = Session::open(&cloud, &Options::default()).await?;
    let document = collect(&session, jiff::Timestamp::now()).await;
    document.write(&mut io::stdout().lock())?;
    Ok(())
}
