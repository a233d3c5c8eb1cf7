//! Binds, serves, and stops in good order.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use actix_web::dev::Service;
use actix_web::web::Data;
use actix_web::{App, HttpResponse, HttpServer, web};
use gis_data::{Error, Result};

use super::failure::{Failure, localise};
use super::router;
use super::running::Meter;
use crate::service::City;

/// Requests under way may finish for this long after a stop was asked for.
const GRACE_S: u64 = 10;

/// Serves a city until the program is told to stop. `ready` is told where it listens.
pub(crate) async fn serve(city: Data<City>, listen: &str, ready: impl FnOnce(&[SocketAddr])) -> Result<()> {
    let meter = Data::new(Meter::default());
    let counted = meter.clone();
    let server = HttpServer::new(move || {
        let meter = counted.clone();
        App::new()
            .app_data(city.clone())
            .app_data(meter.clone())
            .app_data(web::PayloadConfig::new(1 << 20))
            .app_data(web::QueryConfig::default().error_handler(|error, _| wrong("查询参数", "the query", error)))
            .app_data(web::PathConfig::default().error_handler(|error, _| wrong("路径", "the path", error)))
            .wrap_fn(move |request, service| {
                let meter = meter.clone();
                let started = tokio::time::Instant::now();
                let route = request.match_pattern().unwrap_or_else(|| "-".to_owned());
                meter.open.fetch_add(1, Ordering::Relaxed);
                let answered = service.call(request);
                async move {
                    let answered = answered.await;
                    meter.open.fetch_sub(1, Ordering::Relaxed);
                    let response = answered?;
                    meter.count(&route, response.status().as_u16(), started.elapsed().as_secs_f64());
                    let failed = response.response().error().and_then(|e| e.as_error::<Failure>());
                    match failed {
                        Some(failure) => {
                            let body = localise(response.request(), &failure.0, response.status());
                            Ok(response.into_response(body))
                        }
                        None => Ok(response),
                    }
                }
            })
            .configure(router::routes)
            .default_service(web::to(nothing_here))
    });
    let unusable = |cause: std::io::Error| {
        Error::new(
            gis_data::Kind::Unavailable,
            format!("无法监听 {listen}：{cause}；请换一个端口，或停掉占用它的程序"),
            format!("{listen} cannot be listened on: {cause}; choose another port, or stop the program that uses it"),
        )
    };
    let server = server.shutdown_timeout(GRACE_S).bind(listen).map_err(unusable)?;
    ready(&server.addrs());
    server.run().await.map_err(unusable)
}

fn wrong(zh: &str, en: &str, error: impl std::error::Error + Send + Sync + 'static) -> actix_web::Error {
    Failure(Error::invalid(format!("{zh}有误：{error}"), format!("{en} is wrong: {error}")).because(error.to_string()))
        .into()
}

async fn nothing_here(request: actix_web::HttpRequest) -> std::result::Result<HttpResponse, Failure> {
    Err(Failure(Error::not_found(
        format!("没有 {} 这个地址；接口见 /docs", request.path()),
        format!("there is nothing at {}; /docs lists what there is", request.path()),
    )))
}
