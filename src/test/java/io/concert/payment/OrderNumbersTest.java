package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.OrderId;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderNumbersTest {
  private final OrderNumbers numbers = new OrderNumbers(new byte[32]);

  @Test
  void givesEachOrderANumberOfItsOwnThatLeadsBackToIt() {
    Set<String> given = new HashSet<>();
    LongStream.concat(LongStream.range(0, 5_000), LongStream.range(9_999_995_000L, 10_000_000_000L))
        .mapToObj(OrderId::new)
        .forEach(
            order -> {
              String text = numbers.text(order);
              assertThat(text).matches("[0-9]{5}-[0-9]{5}");
              assertThat(numbers.parse(text)).contains(order);
              given.add(text);
            });
    assertThat(given).hasSize(10_000);
  }

  /** Of numbers in order every one would be larger than the one before. */
  @Test
  void saysNothingOfTheNextOne() {
    long larger = LongStream.range(0, 2_000).filter(i -> digits(i) < digits(i + 1)).count();
    assertThat(larger).isBetween(900L, 1_100L);
    assertThat(numbers.text(new OrderId(1)))
        .isNotEqualTo(new OrderNumbers(new byte[] {1}).text(new OrderId(1)));
  }

  private long digits(long order) {
    return Long.parseLong(numbers.text(new OrderId(order)).replace("-", ""));
  }

  @Test
  void isReadHoweverItIsTyped() {
    String text = numbers.text(new OrderId(7));
    assertThat(numbers.parse(text.replace("-", ""))).contains(new OrderId(7));
    assertThat(numbers.parse(" " + text.replace("-", " ") + " ")).contains(new OrderId(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "1234-56789", "12345-678901", "b7", "12345_67890", "１２３４５-67890"})
  void refusesWhatIsNoNumber(String text) {
    assertThat(numbers.parse(text)).isEmpty();
  }

  @Test
  void refusesAnOrderThatTenDigitsCannotName() {
    assertThatThrownBy(() -> numbers.text(new OrderId(10_000_000_000L)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
