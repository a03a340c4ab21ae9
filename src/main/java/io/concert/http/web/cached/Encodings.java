package io.concert.http.web.cached;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.http.web.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Content codings: who takes gzip, and gzip itself. */
public final class Encodings {
  /** What is sent repeats so much that more effort gains little. */
  private static final int COMPRESSION_LEVEL = 1;

  /** There are few browsers, and each always says the same. */
  private static final Cache<String, Boolean> known =
      Caffeine.newBuilder().maximumSize(256).build();

  private static final int LONGEST_KNOWN = 200;

  private Encodings() {}

  public static boolean takesGzip(Call call) {
    String header = call.listed("Accept-Encoding");
    if (header.isEmpty()) {
      return false;
    }
    return header.length() > LONGEST_KNOWN
        ? acceptsGzip(header)
        : known.get(header, Encodings::acceptsGzip);
  }

  /**
   * Whether gzip is named without being refused by a weight of 0; or everything is, and gzip isn't
   * named (RFC 9110, 12.5.3: {@code *} stands for what isn't named).
   */
  public static boolean acceptsGzip(String header) {
    List<String> codings =
        Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
            .map(coding -> coding.replaceAll("[ \t]", ""))
            .toList();
    List<String> named =
        codings.stream().filter(coding -> names(coding, "gzip", "x-gzip")).toList();
    return (named.isEmpty()
            ? codings.stream().filter(coding -> names(coding, "*"))
            : named.stream())
        .anyMatch(coding -> !coding.matches("[^;]*;q=0(\\.0*)?"));
  }

  private static boolean names(String coding, String... names) {
    return Arrays.asList(names).contains(coding.split(";", 2)[0]);
  }

  /**
   * Whether {@code If-None-Match} names this strong tag.
   *
   * @param ifNoneMatch all of its lines as one list; empty for none
   */
  static boolean names(String ifNoneMatch, String tag) {
    if (ifNoneMatch.isEmpty() || ifNoneMatch.equals(tag)) {
      return !ifNoneMatch.isEmpty();
    }
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .map(given -> given.startsWith("W/") ? given.substring(2) : given)
        .anyMatch(given -> given.equals("*") || given.equals(tag));
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(bytes.length / 6 + 64);
    try (OutputStream out = new FastGzip(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(COMPRESSION_LEVEL);
    }
  }
}
