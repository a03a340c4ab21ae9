package io.concert.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Content codings: who takes gzip, and gzip itself. */
final class Encodings {
  /** What is sent repeats so much that more effort gains little. */
  private static final int COMPRESSION_LEVEL = 1;

  /** There are few browsers, and each always says the same. */
  private static final Cache<String, Boolean> known =
      Caffeine.newBuilder().maximumSize(256).build();

  private static final int LONGEST_KNOWN = 200;

  private Encodings() {}

  static boolean takesGzip(Call call) {
    String header = call.request().getHeader("Accept-Encoding");
    if (header == null) {
      return false;
    }
    return header.length() > LONGEST_KNOWN
        ? acceptsGzip(header)
        : known.get(header, Encodings::acceptsGzip);
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

  /** Whether {@code If-None-Match} names this strong tag. */
  static boolean names(@Nullable String ifNoneMatch, String tag) {
    if (ifNoneMatch == null || ifNoneMatch.equals(tag)) {
      return ifNoneMatch != null;
    }
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .map(given -> given.startsWith("W/") ? given.substring(2) : given)
        .anyMatch(given -> given.equals("*") || given.equals(tag));
  }

  static byte[] gzip(byte[] bytes) {
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
