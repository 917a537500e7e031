package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseReaderTest {

    @Test
    void remembersWhereToGoOn() throws IOException {
        SseReader.Place place = new SseReader.Place();
        String stream =
                "id: 1\nretry: 500\ndata:\n\ndata: x\n\nid: two\n\nid: \u0007\nretry: soon\ndata: y\n\nid: cut off";
        SseReader events = new SseReader(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)), place);
        events.next();
        assertThat(place.lastEventId).isEqualTo("1");
        assertThat(place.retry).isEqualTo(Duration.ofMillis(500));
        events.next();
        assertThat(place.lastEventId).isEqualTo("1");
        events.next();
        assertThat(place.lastEventId).isEqualTo("two");
        assertThat(events.next()).isNull();
        assertThat(place.lastEventId).isEqualTo("two");
        assertThat(place.retry).isEqualTo(Duration.ofMillis(500));
    }

    /** Escapes: \n, \r, and ~ for a blank at the end. Events are printed as type:data, joined by |. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = "=>", ignoreLeadingAndTrailingWhitespace = true, textBlock = """
                    one event               => data: a\\n\\n                              => message:a
                    no blank after colon    => data:a\\n\\n                               => message:a
                    only one blank is cut   => data:  a\\n\\n                             => message: a
                    CRLF                    => data: a\\r\\n\\r\\ndata: b\\r\\n\\r\\n     => message:a|message:b
                    CR                      => data: a\\r\\rdata: b\\r\\r                 => message:a|message:b
                    mixed line ends         => data: a\\r\\n\\ndata: b\\n\\r\\n           => message:a|message:b
                    many data lines         => data: a\\ndata: b\\n\\n                    => message:a/b
                    empty data line         => data: a\\ndata\\ndata: b\\n\\n             => message:a//b
                    named                   => event: endpoint\\ndata: a\\n\\n            => endpoint:a
                    name is not kept        => event: x\\ndata: a\\n\\ndata: b\\n\\n      => x:a|message:b
                    name without data       => event: x\\n\\ndata: b\\n\\n                => message:b
                    comments                => : ping\\n\\ndata: a\\n: b\\n\\n            => message:a
                    id and retry            => id: 7\\nretry: 10\\ndata: a\\n\\n          => message:a
                    empty event             => id: 7\\ndata:\\n\\ndata: a\\n\\n           => message:|message:a
                    unknown field           => foo: b\\ndata: a\\n\\n                     => message:a
                    byte order mark         => \\uFEFFdata: a\\n\\n                       => message:a
                    mark only at the start  => data: a\\n\\n\\uFEFFdata: b\\n\\n          => message:a
                    colon in data           => data: a:b\\n\\n                            => message:a:b
                    not ASCII               => data: é😀\\n\\n                            => message:é😀
                    cut off                 => data: a\\n\\ndata: b\\n                    => message:a
                    cut off in a line       => data: a\\n\\ndata: b                       => message:a
                    nothing                 => \\n\\n\\n                                  => ''
                    """)
    void reads(String name, String stream, String events) throws IOException {
        String raw = stream.replace("\\n", "\n").replace("\\r", "\r").replace("\\uFEFF", "\uFEFF");
        assertThat(String.join("|", all(new ByteArrayInputStream(raw.getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo(events);
    }

    @Test
    @Timeout(5)
    void answersAnEventBeforeTheStreamGoesOn() throws IOException {
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out)) {
            out.write("data: a\r\n\r".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(new SseReader(in).next()).isEqualTo(new SseEvent("message", "a"));
        }
    }

    private static List<String> all(InputStream in) throws IOException {
        SseReader reader = new SseReader(in);
        List<String> events = new ArrayList<>();
        for (SseEvent event = reader.next(); event != null; event = reader.next()) {
            events.add(event.type() + ":" + event.data().replace('\n', '/'));
        }
        return events;
    }
}
