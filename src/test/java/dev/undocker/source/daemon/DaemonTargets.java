package dev.undocker.source.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.fuzz.FuzzTarget;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What an engine answers.
public final class DaemonTargets {
    private DaemonTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "answer",
                        Stream.of(
                                        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\n\r\n{}",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                + "3;x=y\r\nabc\r\n0\r\nT: x\r\n\r\n")
                                .map(text -> text.getBytes(ISO_8859_1))
                                .toList(),
                        DaemonTargets::answer));
    }

    private static void answer(byte[] input) throws IOException {
        try (Answer answer = Answer.get(new Recorded(input), "host", "/path");
                InputStream body = answer.body()) {
            body.readAllBytes();
        }
    }

    private record Recorded(byte[] bytes) implements Connection {
        @Override
        public void write(byte[] question) {}

        @Override
        public InputStream input() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void patience(Duration silence) {}

        @Override
        public void close() {}
    }
}
