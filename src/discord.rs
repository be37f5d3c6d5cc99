//! stub
use crate::config::Config;
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct E;
impl E { 
/// x
pub fn is_misuse(&self)->bool{false} }
/// x
pub async fn run(_c:&Config, _s: impl Future<Output=()>)->Result<(),E>{Ok(())}
/// x
pub async fn stop_signal(){}
