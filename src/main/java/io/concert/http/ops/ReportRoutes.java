package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.Schedule;
import io.concert.domain.ScheduleId;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Download;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Problem;
import io.concert.http.web.ScheduleInPath;
import io.concert.http.web.Times;
import io.concert.ops.report.SaleReport;
import io.concert.ops.report.SaleReport.Point;
import io.concert.ops.report.SaleReports;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * How the sale of a date went. For operators, who may ask while it is on: so one report is read at
 * a time on a node.
 */
public final class ReportRoutes {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(3_660);

  private final SaleReports reports;
  private final Catalog catalog;
  private final InstantSource time;
  private final AtomicBoolean busy = new AtomicBoolean();

  public ReportRoutes(SaleReports reports, Catalog catalog, InstantSource time) {
    this.reports = reports;
    this.catalog = catalog;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/admin/schedules/{id}/report", Access.VIEWER, this::report),
        Endpoint.get("/api/v1/admin/schedules/{id}/report.csv", Access.VIEWER, this::series));
  }

  private Future<Answer> report(Call call) {
    return read(call)
        .compose(
            read ->
                others(read.schedule)
                    .map(
                        others ->
                            Answer.ok(
                                ReportBody.json(
                                    read.schedule, others, read.report, time.instant()))));
  }

  private Future<Download> series(Call call) {
    return read(call)
        .compose(
            read ->
                Download.of(
                    read.schedule.id() + "-report.csv",
                    ReportBody.columns(),
                    inParts(read.report.points()),
                    ReportBody::cells));
  }

  private record Read(Schedule schedule, SaleReport report) {}

  private Future<Read> read(Call call) {
    return ScheduleInPath.find(call, catalog)
        .compose(schedule -> read(call, schedule).map(report -> new Read(schedule, report)));
  }

  /** There are two thousand points at most: one part. */
  private static Supplier<Future<List<Point>>> inParts(List<Point> points) {
    Deque<List<Point>> parts = new ArrayDeque<>(List.of(points));
    return () -> Future.succeededFuture(parts.isEmpty() ? List.of() : parts.remove());
  }

  private Future<SaleReport> read(Call call, Schedule schedule) {
    Optional<Instant> from = Times.inQuery(call, "from");
    Optional<Instant> to = Times.inQuery(call, "to");
    if (from.isPresent() && to.isPresent()) {
      Duration asked = Duration.between(from.get(), to.get());
      if (asked.isNegative() || asked.isZero()) {
        throw malformed("`from` must be before `to`.");
      } else if (asked.compareTo(LONGEST) > 0) {
        throw malformed("`from` and `to` are more than ten years apart.");
      }
    }
    if (!busy.compareAndSet(false, true)) {
      throw Problem.rateLimited("Another report is being read.", RETRY_AFTER).exception();
    }
    return reports.read(schedule.id(), from, to).onComplete(done -> busy.set(false));
  }

  private Future<List<String>> others(Schedule schedule) {
    return catalog
        .concerts()
        .map(
            concerts ->
                concerts.stream()
                    .filter(concert -> concert.room().equals(schedule.room()))
                    .map(Concert::schedules)
                    .flatMap(List::stream)
                    .map(Schedule::id)
                    .filter(id -> !id.equals(schedule.id()))
                    .map(ScheduleId::toString)
                    .toList());
  }
}
