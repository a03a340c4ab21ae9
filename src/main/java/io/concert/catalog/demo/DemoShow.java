package io.concert.catalog.demo;

import io.concert.catalog.document.PackedLayout;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutPlacement;
import io.concert.catalog.reader.ImportResult;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.LayoutCsv;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * One demo concert.
 *
 * @param plan name of the seat plan among the resources
 * @param outlined whether there is a file with its sections' outlines
 * @param pricing who pays what; the plans have no prices
 * @param inDays the dates, counted from the day of loading
 */
public record DemoShow(
    String title,
    String venue,
    ZoneId timeZone,
    String plan,
    boolean outlined,
    DemoPrices pricing,
    List<Integer> inDays,
    LocalTime startsAt) {

  public static final List<DemoShow> ALL =
      List.of(
          new DemoShow(
              "작은 방의 노래",
              "Concert Hall (editor demo)",
              ZoneId.of("Asia/Seoul"),
              "ticketland_demo_hall",
              false,
              DemoPrices.BOXES_AND_FLOOR,
              List.of(14, 15, 21),
              LocalTime.of(19, 30)),
          new DemoShow(
              "봄날의 야구장 콘서트",
              "Rakuten Taoyuan Baseball Stadium",
              ZoneId.of("Asia/Taipei"),
              "rakuten_taoyuan",
              false,
              DemoPrices.NEAREST_FIRST,
              List.of(30, 31),
              LocalTime.of(18, 0)),
          new DemoShow(
              "별이 빛나는 스타디움",
              "Metalist Stadium, Kharkiv",
              ZoneId.of("Europe/Kyiv"),
              "metalist_kharkiv",
              true,
              DemoPrices.NEAREST_FIRST,
              List.of(45, 46),
              LocalTime.of(19, 0)),
          new DemoShow(
              "여름밤 페스티벌",
              "Xinzhuang Baseball Stadium, New Taipei",
              ZoneId.of("Asia/Taipei"),
              "xinzhuang",
              false,
              DemoPrices.NEAREST_FIRST,
              List.of(60, 61, 62),
              LocalTime.of(17, 0)));

  /**
   * @param now the database's time at loading
   */
  List<Instant> dates(Instant now) {
    var today = now.atZone(timeZone).toLocalDate();
    return inDays.stream()
        .map(days -> today.plusDays(days).atTime(startsAt).atZone(timeZone).toInstant())
        .toList();
  }

  /** Reads, places and prices the plan; a second of work for a stadium in a cold JVM. */
  PackedLayout layout() {
    LayoutDraft draft = draft();
    SeatPlaces places = LayoutPlacement.place(draft);
    return PackedLayout.first(pricing.price(draft, places), places);
  }

  public LayoutDraft draft() {
    Optional<byte[]> outlines =
        outlined ? Optional.of(resource(plan + "_sections.csv")) : Optional.empty();
    ImportResult result =
        LayoutCsv.read(resource(plan + ".csv"), outlines, Optional.of(DemoPrices.NONE_YET));
    if (result instanceof Imported imported) {
      return imported.layout();
    }
    throw new IllegalStateException("demo plan " + plan + ": " + result);
  }

  private static byte[] resource(String name) {
    try (InputStream in = DemoShow.class.getResourceAsStream("/venues/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
