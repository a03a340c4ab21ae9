package io.concert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.concert.http.access.JoinLimits;
import io.concert.trace.TraceSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void limitsJoinsUnlessToldOtherwise() throws WrongSettings {
    assertThat(Settings.read(Map.of()).http().joins())
        .isEqualTo(new JoinLimits(true, 20, List.of()));
    assertThat(
            Settings.read(
                    Map.of(
                        "RATE_LIMITS",
                        "off",
                        "JOINS_PER_ADDRESS",
                        "7",
                        "TRUSTED_PROXIES",
                        "10.0.0.0/8, ::1"))
                .http()
                .joins())
        .isEqualTo(new JoinLimits(false, 7, List.of("10.0.0.0/8", "::1")));
  }

  @Test
  void saysALineForEachMistakeAndNamesTheSetting() {
    WrongSettings wrong =
        catchThrowableOfType(
            WrongSettings.class,
            () ->
                Settings.read(
                    Map.of("TRUSTED_PROXIES", "10.0.0.0/33", "JOINS_PER_ADDRESS", "none")));

    assertThat(wrong.lines())
        .containsExactly(
            "JOINS_PER_ADDRESS must be a whole number",
            "TRUSTED_PROXIES must be addresses like 10.0.0.7 or ranges like 10.0.0.0/8 or"
                + " 2001:db8::/32");
  }

  @Test
  void tracesOnlyWhereACollectorIsNamed() throws WrongSettings {
    assertThat(Settings.read(Map.of("TRACES_RATIO", "0.5")).traces()).isEmpty();
    assertThat(
            Settings.read(
                    Map.of("TRACES_ENDPOINT", "http://collector:4318", "TRUSTED_PROXIES", "::1"))
                .traces())
        .contains(
            new TraceSettings(URI.create("http://collector:4318/v1/traces"), 0.01, List.of("::1")));
  }

  @Test
  void namesWhatIsNoCollectorNoShareAndNoDelay() {
    WrongSettings wrong =
        catchThrowableOfType(
            WrongSettings.class,
            () ->
                Settings.read(
                    Map.of(
                        "TRACES_ENDPOINT",
                        "http://me:secret@collector",
                        "TRACES_RATIO",
                        "1.5",
                        "OVERLOAD_DELAY_MILLIS",
                        "-1")));

    assertThat(wrong.lines())
        .containsExactlyInAnyOrder(
            "OVERLOAD_DELAY_MILLIS must be from 0 to 5000",
            "TRACES_RATIO must be from 0 to 1",
            "TRACES_ENDPOINT must look like http://collector:4318");
  }
}
