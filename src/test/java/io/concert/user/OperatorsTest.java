package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.concert.user.Operator.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorsTest {
  private static final String TOKEN = "0123456789abcdef";

  @Test
  void findsAnOperatorByTheWholeTokenOnly() {
    Operators operators =
        Operators.parse("kim:viewer:" + TOKEN + ", lee:operator+payments:" + TOKEN + "x");

    assertThat(operators.find(TOKEN).map(Operator::name)).contains("kim");
    assertThat(operators.find(TOKEN + "x").map(Operator::rolesText)).contains("operator+payments");
    assertThat(operators.find(TOKEN.substring(1))).isEmpty();
    assertThat(operators.find("")).isEmpty();
    assertThat(operators.tokenFile()).isEmpty();
    IntStream.range(0, 2_000).forEach(i -> assertThat(operators.find("0123456789-" + i)).isEmpty());
  }

  @Test
  void givesEachRoleItsOwnAndEveryoneTheViewersSight() {
    Operators operators = Operators.parse("kim:payments:" + TOKEN);
    Operator kim = operators.find(TOKEN).orElseThrow();

    assertThat(kim.may(Role.PAYMENTS)).isTrue();
    assertThat(kim.may(Role.VIEWER)).isTrue();
    assertThat(kim.may(Role.OPERATOR)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kim",
        "kim:viewer",
        "kim:viewer:",
        "kim:viewer:0123456789abcde",
        "kim:viewer:0123456789 abcdef",
        "kim:root:" + TOKEN,
        "kim::" + TOKEN,
        "kim:viewer+:" + TOKEN,
        ":viewer:" + TOKEN,
        "k m:viewer:" + TOKEN,
        "kim:viewer:" + TOKEN + ","
      })
  void refusesWhatIsNoListOfOperatorsWithoutTellingAToken(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Operators.parse(text))
        .withMessageContaining("ADMIN_TOKENS")
        .withMessageNotContaining("0123456789");
  }

  @Test
  void makesATokenOnceThatOnlyTheOwnerCanRead(@TempDir Path directory) throws IOException {
    Path data = directory.resolve("data");
    Path file = Operators.kept(data).tokenFile().orElseThrow();
    String token = Files.readString(file).strip();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Operator admin = Operators.kept(data).find(token).orElseThrow();
    assertThat(admin.rolesText()).isEqualTo("viewer+operator+payments");
    assertThat(data.toFile().list()).containsExactly("admin-token");
  }

  @Test
  void refusesAFileThatHoldsNoToken(@TempDir Path data) throws IOException {
    Files.writeString(data.resolve("admin-token"), "\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Operators.kept(data))
        .withMessageContaining("remove it");
  }
}
