package io.concert.queue.line;

import io.concert.domain.Place;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** A draw computed again as an outsider would, from what {@link Draw} says in words. */
public final class NaiveDraw {
  private static final BigInteger ALL_WORDS = BigInteger.TWO.pow(32);

  private NaiveDraw() {}

  /** The places that took part, in the order drawn. */
  public static List<Place> order(DrawResult result) {
    List<Place> places = new ArrayList<>();
    int epoch = result.firstEpoch();
    for (int size : result.sizes()) {
      for (int sequence = 0; sequence < size; sequence++) {
        places.add(new Place(epoch, sequence));
      }
      epoch++;
    }
    Iterator<BigInteger> words = words(HexFormat.of().parseHex(result.seed()));
    for (int i = places.size() - 1; i >= 1; i--) {
      BigInteger choices = BigInteger.valueOf(i + 1L);
      BigInteger tooLarge = ALL_WORDS.divide(choices).multiply(choices);
      BigInteger word = words.next();
      while (word.compareTo(tooLarge) >= 0) {
        word = words.next();
      }
      Collections.swap(places, i, word.mod(choices).intValueExact());
    }
    return places;
  }

  private static Iterator<BigInteger> words(byte[] seed) {
    return new Iterator<>() {
      private long given;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public BigInteger next() {
        byte[] block = sha256(seed, given / 8);
        int from = (int) (given++ % 8) * 4;
        return new BigInteger(1, Arrays.copyOfRange(block, from, from + 4));
      }
    };
  }

  private static byte[] sha256(byte[] seed, long block) {
    byte[] message = Arrays.copyOf(seed, seed.length + 8);
    for (int i = 0; i < 8; i++) {
      message[seed.length + i] = (byte) (block >>> (8 * (7 - i)));
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
