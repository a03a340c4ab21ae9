package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {
  private static final int REMEMBERED = 4_096;

  private final RecentAnswers<Counter.Total> answers = new RecentAnswers<>();

  /** A second delivery comes within 3 s, and a busy room has thousands of operations in that. */
  @Test
  void answersOfTheLastThousandsOfOperationsAreRememberedAndNoMore() {
    answer(REMEMBERED + 1);

    assertThat(answers.answer(0)).as("the one before").isNull();
    assertThat(answers.answer(1)).isEqualTo(new Counter.Total(1));
    assertThat(answers.answer(REMEMBERED)).isEqualTo(new Counter.Total(REMEMBERED));
  }

  @Test
  void theyMoveWithTheCopyAndTheOldestStillGoesFirst() throws IOException {
    answer(REMEMBERED);
    var bytes = new ByteArrayOutputStream();
    answers.write(new DataOutputStream(bytes), Counter.TYPE.reply());

    var moved =
        RecentAnswers.read(
            new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())),
            Counter.TYPE.reply());
    moved.remember(REMEMBERED, new Counter.Total(0));

    assertThat(moved.answer(0)).isNull();
    assertThat(moved.answer(1)).isEqualTo(new Counter.Total(1));
  }

  private void answer(int operations) {
    for (int operation = 0; operation < operations; operation++) {
      answers.remember(operation, new Counter.Total(operation));
    }
  }
}
