package io.concert.catalog.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Point;
import io.concert.catalog.layout.SeatIndexes;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutDraft.Row;
import io.concert.catalog.placement.LayoutDraft.Seat;
import io.concert.catalog.placement.LayoutDraft.Section;
import io.concert.domain.Won;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A layout as the database keeps it: gzipped JSON {@code {"format":1, "schematic", "stage":[x,y],
 * "grades":[[name,price]], "sections":[[name,[[row,[no,x,y,grade, no,x,y,grade, …]]]]]}}, positions
 * in hundredths. The same plan with the same prices is the same text, and the text's SHA-256 is its
 * name.
 *
 * <p>A corrected plan has {@code "format":2} and behind the sections {@code "indexes":[…]}, by
 * position, and {@code "retired":[[section,row,no,index]]}.
 */
public final class LayoutDocument {
  private static final int FORMAT = 1;
  private static final int FORMAT_WITH_INDEXES = 2;
  private static final JsonFactory JSON = new JsonFactory();

  private LayoutDocument() {}

  /**
   * @param digest SHA-256 of the text
   * @param gzip the text, compressed
   */
  public record Packed(Buffer digest, Buffer gzip) {}

  public static Packed pack(LayoutDraft draft, SeatPlaces places, SeatIndexes indexes) {
    var packed = new ByteArrayOutputStream();
    MessageDigest digest = sha256();
    try (var gzip = new GZIPOutputStream(packed, 8192);
        var digesting = new DigestOutputStream(gzip, digest)) {
      write(draft, places, indexes, digesting);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return new Packed(Buffer.buffer(digest.digest()), Buffer.buffer(packed.toByteArray()));
  }

  /** The text that names a layout to the outside. */
  public static String version(Buffer digest) {
    return HexFormat.of().formatHex(digest.getBytes(0, 8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void write(
      LayoutDraft draft, SeatPlaces places, SeatIndexes indexes, OutputStream out)
      throws IOException {
    boolean numbered = !indexes.isInOrder() || !indexes.retired().isEmpty();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("format", numbered ? FORMAT_WITH_INDEXES : FORMAT);
      json.writeBooleanField("schematic", places.schematic());
      json.writeArrayFieldStart("stage");
      json.writeNumber(SeatPlaces.hundredths(places.stage().x()));
      json.writeNumber(SeatPlaces.hundredths(places.stage().y()));
      json.writeEndArray();
      json.writeArrayFieldStart("grades");
      for (Grade grade : draft.grades()) {
        json.writeStartArray();
        json.writeString(grade.name());
        json.writeNumber(grade.price().amount());
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("sections");
      int seat = 0;
      for (Section section : draft.sections()) {
        json.writeStartArray();
        json.writeString(section.name());
        json.writeStartArray();
        for (Row row : section.rows()) {
          seat = writeRow(row, places, seat, json);
        }
        json.writeEndArray();
        json.writeEndArray();
      }
      json.writeEndArray();
      if (numbered) {
        writeIndexes(indexes, seat, json);
      }
      json.writeEndObject();
    }
  }

  private static void writeIndexes(SeatIndexes indexes, int seats, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart("indexes");
    for (int seat = 0; seat < seats; seat++) {
      json.writeNumber(indexes.index(seat));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("retired");
    for (SeatIndexes.Retired gone : indexes.retired()) {
      json.writeStartArray();
      json.writeString(gone.section());
      json.writeString(gone.row());
      json.writeString(gone.number());
      json.writeNumber(gone.index());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static int writeRow(Row row, SeatPlaces places, int first, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    json.writeString(row.name());
    json.writeStartArray();
    int index = first;
    for (Seat seat : row.seats()) {
      json.writeString(seat.no());
      json.writeNumber(places.x(index));
      json.writeNumber(places.y(index));
      json.writeNumber(seat.grade());
      index++;
    }
    json.writeEndArray();
    json.writeEndArray();
    return index;
  }

  /**
   * @param seats how many there must be
   * @throws IllegalStateException if that isn't a document that {@link #pack} makes
   */
  public static Layout unpack(Buffer digest, Buffer gzip, int seats) {
    try (JsonParser json =
        JSON.createParser(new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes()), 8192))) {
      return new Reader(json, seats).read(version(digest));
    } catch (IOException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalStateException("unreadable layout document", e);
    }
  }

  /** Reads in the order of writing; anything else is a defect and not worth a message. */
  private static final class Reader {
    private final JsonParser json;

    /** A stadium repeats its few row names and seat numbers thousands of times. */
    private final Map<String, String> texts = new HashMap<>();

    private final String[] numbers;
    private final int[] xs;
    private final int[] ys;
    private final short[] gradeOf;
    private int next;

    Reader(JsonParser json, int seats) {
      this.json = json;
      this.numbers = new String[seats];
      this.xs = new int[seats];
      this.ys = new int[seats];
      this.gradeOf = new short[seats];
    }

    Layout read(String version) throws IOException {
      expect(JsonToken.START_OBJECT);
      field("format");
      long format = number();
      if (format != FORMAT && format != FORMAT_WITH_INDEXES) {
        throw new IllegalStateException("layout document of a newer format");
      }
      field("schematic");
      boolean schematic = json.nextToken() == JsonToken.VALUE_TRUE;
      field("stage");
      expect(JsonToken.START_ARRAY);
      var stage = new Point(number() / Layout.PER_UNIT, number() / Layout.PER_UNIT);
      expect(JsonToken.END_ARRAY);
      List<Grade> grades = grades();
      field("sections");
      expect(JsonToken.START_ARRAY);
      List<Layout.Section> sections = new ArrayList<>();
      while (json.nextToken() == JsonToken.START_ARRAY) {
        sections.add(new Layout.Section(text(json.nextToken()), rows()));
        expect(JsonToken.END_ARRAY);
      }
      SeatIndexes indexes = format == FORMAT_WITH_INDEXES ? indexes() : SeatIndexes.inOrder(next);
      return new Layout(
          version,
          schematic,
          stage,
          grades,
          sections,
          Arrays.copyOf(numbers, next),
          xs,
          ys,
          gradeOf,
          indexes);
    }

    private SeatIndexes indexes() throws IOException {
      int[] indexes = new int[next];
      field("indexes");
      expect(JsonToken.START_ARRAY);
      for (int seat = 0; seat < next; seat++) {
        indexes[seat] = Math.toIntExact(number());
      }
      expect(JsonToken.END_ARRAY);
      List<SeatIndexes.Retired> retired = new ArrayList<>();
      field("retired");
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        retired.add(
            new SeatIndexes.Retired(
                text(json.nextToken()),
                text(json.nextToken()),
                text(json.nextToken()),
                Math.toIntExact(number())));
        expect(JsonToken.END_ARRAY);
      }
      return SeatIndexes.of(indexes, retired);
    }

    private List<Grade> grades() throws IOException {
      List<Grade> grades = new ArrayList<>();
      field("grades");
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        grades.add(new Grade(text(json.nextToken()), new Won(number())));
        expect(JsonToken.END_ARRAY);
      }
      return grades;
    }

    private List<Layout.Row> rows() throws IOException {
      List<Layout.Row> rows = new ArrayList<>();
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        String name = text(json.nextToken());
        int first = next;
        expect(JsonToken.START_ARRAY);
        for (JsonToken token = json.nextToken();
            token != JsonToken.END_ARRAY;
            token = json.nextToken()) {
          numbers[next] = text(token);
          xs[next] = Math.toIntExact(number());
          ys[next] = Math.toIntExact(number());
          gradeOf[next] = (short) number();
          next++;
        }
        expect(JsonToken.END_ARRAY);
        rows.add(new Layout.Row(name, first, next));
      }
      return rows;
    }

    private void field(String name) throws IOException {
      expect(JsonToken.FIELD_NAME);
      if (!json.currentName().equals(name)) {
        throw new IllegalStateException("layout document without " + name);
      }
    }

    private long number() throws IOException {
      expect(JsonToken.VALUE_NUMBER_INT);
      return json.getLongValue();
    }

    private String text(JsonToken token) throws IOException {
      if (token != JsonToken.VALUE_STRING) {
        throw new IllegalStateException("layout document: text expected");
      }
      String text = json.getText();
      return texts.computeIfAbsent(text, same -> same);
    }

    private void expect(JsonToken token) throws IOException {
      if (json.nextToken() != token) {
        throw new IllegalStateException("layout document: " + token + " expected");
      }
    }
  }
}
