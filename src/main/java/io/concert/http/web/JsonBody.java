package io.concert.http.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON without forgiving anything: no second value behind the first, no key twice, no deep
 * nesting, UTF-8 only. Numbers are whole and fit a long, or are kept as {@link NotWhole} for anyone
 * who asks for them to refuse. (Common libraries take 1.9 for 1 and 2^64+1 for 1.)
 */
public final class JsonBody {
  private static final int DEEPEST = 8;
  private static final int LONGEST_NUMBER = 64;
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Clients' keys mustn't pile up in a table that lives as long as the process.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .build();

  /** A number that isn't a whole one of 64 bits. */
  enum NotWhole {
    NUMBER
  }

  private JsonBody() {}

  /**
   * @return the only value of the body, which must be an object
   * @throws ProblemException MALFORMED
   */
  static JsonFields object(Buffer body) {
    if (parse(body) instanceof JsonFields fields) {
      return fields;
    }
    throw malformed("The body must be a JSON object.");
  }

  /**
   * @return the only value of the body: {@link JsonFields}, {@link List}, {@link String}, {@link
   *     Long}, {@link NotWhole}, {@link Boolean} or null
   * @throws ProblemException MALFORMED
   */
  public static @Nullable Object parse(Buffer body) {
    String text = text(body);
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw malformed("The body is empty.");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw malformed("The body goes on after its JSON value.");
      }
      return value;
    } catch (IOException e) {
      // Jackson's message quotes the body; the client knows it.
      throw malformed("The body isn't valid JSON, has a key twice or is nested too deeply.");
    }
  }

  /**
   * @throws ProblemException MALFORMED unless it is UTF-8
   */
  public static String text(Buffer body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body.getBytes()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("The body isn't UTF-8.");
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return fields(parser);
    }
    if (token == JsonToken.START_ARRAY) {
      return list(parser);
    }
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = new BigInteger(parser.getText());
      boolean fits = number.compareTo(MIN) >= 0 && number.compareTo(MAX) <= 0;
      return fits ? (Object) number.longValue() : NotWhole.NUMBER;
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return NotWhole.NUMBER;
    }
    return token == JsonToken.VALUE_NULL ? null : (Object) (token == JsonToken.VALUE_TRUE);
  }

  private static JsonFields fields(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      values.put(name, value(parser));
    }
    return new JsonFields(values);
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return values;
  }

  public static ProblemException malformed(String detail) {
    return Problem.of(ProblemCode.MALFORMED, detail).exception();
  }
}
