package io.concert.http;

import io.concert.http.SeatLists.SeatList;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Picks the form of a seat list that a client wants, or tells it that it has it already. */
final class SeatListAnswer {
  private SeatListAnswer() {}

  static Answer of(Call call, SeatList list) {
    boolean gzip = call.header("Accept-Encoding").map(SeatListAnswer::acceptsGzip).orElse(false);
    // A strong tag names bytes, and the compressed ones are others (RFC 9110, 8.8.3.3).
    String tag = '"' + list.tag() + (gzip ? "-gz" : "") + '"';
    boolean known = call.header("If-None-Match").map(header -> names(header, tag)).orElse(false);
    Answer answer =
        known
            ? new Answer(304, Map.of(), Answer.JSON, Buffer.buffer())
            : new Answer(200, Map.of(), Answer.JSON, gzip ? list.gzipped() : list.plain());
    Answer described =
        answer
            .with("ETag", tag)
            .with("Vary", "Accept-Encoding")
            .with("Cache-Control", "private, no-cache");
    return gzip && !known ? described.with("Content-Encoding", "gzip") : described;
  }

  /** Whether gzip is named, or everything is, without being refused by a weight of 0. */
  static boolean acceptsGzip(String header) {
    return Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
        .map(coding -> coding.replace(" ", ""))
        .filter(
            coding -> {
              String name = coding.split(";", 2)[0];
              return name.equals("gzip") || name.equals("x-gzip") || name.equals("*");
            })
        .anyMatch(coding -> !coding.matches("[^;]*;q=0(\\.0*)?"));
  }

  private static boolean names(String ifNoneMatch, String tag) {
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .map(given -> given.startsWith("W/") ? given.substring(2) : given)
        .anyMatch(given -> given.equals("*") || given.equals(tag));
  }
}
