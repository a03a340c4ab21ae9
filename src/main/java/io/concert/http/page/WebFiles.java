package io.concert.http.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pages' files as they are in this program, and one name for all their contents together. The
 * name stands in the address of every file, so that a browser may keep each for good and never
 * mixes the modules of two versions.
 */
final class WebFiles {
  /** The pages themselves: addresses that people type and share. */
  static final List<String> PAGES = List.of("index.html", "operator.html");

  /** Everything that a page may ask for below {@code /web/}. */
  static final List<String> ASSETS =
      List.of(
          "account.js",
          "api.js",
          "app.js",
          "bestseats.js",
          "catalogue.js",
          "chart.js",
          "checkout.js",
          "clock.js",
          "concert.js",
          "desk.js",
          "draw.js",
          "en.js",
          "forecast.js",
          "houseseats.js",
          "icon.svg",
          "ko.js",
          "live.js",
          "mapview.js",
          "operator.css",
          "operator.js",
          "parts.js",
          "plan.js",
          "plot.js",
          "preact-htm.js",
          "queue.js",
          "report.js",
          "room.js",
          "route.js",
          "seatlist.js",
          "seatmap.js",
          "seatplan.js",
          "seats.js",
          "store.js",
          "stream.js",
          "style.css",
          "text.js",
          "tickets.js");

  /** Stands in the pages where the version goes. */
  private static final String PLACEHOLDER = "@version";

  private static final String FOLDER = "web/";
  private static final int VERSION_CHARS = 16;

  private final Map<String, byte[]> files;
  private final String version;

  private WebFiles(Map<String, byte[]> files, String version) {
    this.files = files;
    this.version = version;
  }

  /** Reads all of them; some hundred kilobytes. */
  static WebFiles load() {
    Map<String, byte[]> files = new TreeMap<>();
    PAGES.forEach(name -> files.put(name, read(name)));
    ASSETS.forEach(name -> files.put(name, read(name)));
    String version = digest(files);
    for (String page : PAGES) {
      String text = new String(files.get(page), StandardCharsets.UTF_8);
      files.put(page, text.replace(PLACEHOLDER, version).getBytes(StandardCharsets.UTF_8));
    }
    return new WebFiles(files, version);
  }

  String version() {
    return version;
  }

  /**
   * @param name one of {@link #PAGES} or {@link #ASSETS}
   */
  byte[] bytes(String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException(name);
    }
    return bytes;
  }

  static String mediaType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String digest(Map<String, byte[]> files) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (name, bytes) -> {
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            sha.update(bytes);
          });
      return HexFormat.of().formatHex(sha.digest()).substring(0, VERSION_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = WebFiles.class.getResourceAsStream("/" + FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(FOLDER + name + " isn't in the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
