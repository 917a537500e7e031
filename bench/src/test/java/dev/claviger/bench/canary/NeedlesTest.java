package dev.claviger.bench.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.bench.canary.Needles.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeedlesTest {

    private static final String SECRET = "hUnTeR2+of/the=night";

    private final Needles needles = new Needles();

    @BeforeEach
    void lookForIt() {
        needles.add("it", SECRET);
        needles.add("another", "sOmEtHiNgElSe");
    }

    @Test
    void findsItAsItIsAndSaysWhere() {
        assertThat(needles.in(bytes("token=" + SECRET + "&a=sOmEtHiNgElSe")))
                .containsExactly(new Found("it", 6), new Found("another", 29));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "user:"})
    void findsItInBase64WhateverStandsBefore(String before) {
        byte[] whole = bytes(before + SECRET + "tail");
        assertThat(needles.in(bytes("x " + Base64.getEncoder().encodeToString(whole) + " x")))
                .isNotEmpty();
        assertThat(needles.in(bytes(Base64.getUrlEncoder().encodeToString(whole))))
                .isNotEmpty();
    }

    @Test
    void findsItInAUrlAndInHex() {
        assertThat(needles.in(bytes("?q=" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8))))
                .hasSize(1);
        assertThat(needles.in(bytes("\\x00" + HexFormat.of().formatHex(bytes(SECRET)))))
                .hasSize(1);
        assertThat(needles.in(bytes(HexFormat.of().withUpperCase().formatHex(bytes(SECRET)))))
                .hasSize(1);
    }

    @Test
    void findsEachOnceWhereverABlockEnds() throws IOException {
        byte[] hay = new byte[3 << 20];
        Arrays.fill(hay, (byte) 'h');
        byte[] secret = bytes(SECRET);
        for (int at = (1 << 20) - 40; at < (1 << 20) + 200; at++) {
            byte[] copy = hay.clone();
            System.arraycopy(secret, 0, copy, at, secret.length);
            assertThat(needles.in(new ByteArrayInputStream(copy))).containsExactly(new Found("it", at));
        }
    }

    @Test
    void findsWhatStandsAtTheVeryEnd() {
        assertThat(needles.in(bytes(SECRET))).containsExactly(new Found("it", 0));
        assertThat(needles.in(bytes("x".repeat(5_000) + SECRET))).containsExactly(new Found("it", 5_000));
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        assertThat(needles.in(bytes(""))).isEmpty();
        assertThat(needles.in(bytes("hUnTeR"))).isEmpty();
        assertThat(needles.in(bytes(SECRET.substring(0, SECRET.length() - 1)))).isEmpty();
    }

    @Test
    void refusesWhatIsTooShortToBeToldFromChance() {
        assertThatThrownBy(() -> needles.add("short", "1234567"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("short")
                .hasMessageNotContaining("1234567");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
