package dev.claviger.toolsync.protocol;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.claviger.demoprovider.Fuzzer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FuzzTest {

    private static final String TOOLS = "\"tools\":[{\"name\":\"a\",\"description\":\"d\",\"inputSchema\":{\"type\":"
            + "\"object\",\"properties\":{\"x\":{\"type\":\"string\",\"x-mcp-header\":\"X\"}},\"required\":[\"x\"]},"
            + "\"outputSchema\":{\"type\":\"object\"}}]";
    private static final String HELLO = "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
            + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}";

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of(
                        FuzzTargets.Message.class,
                        5_000,
                        List.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{" + TOOLS + "}}", "[{\"id\":1e400}]")),
                Arguments.of(
                        FuzzTargets.EventStream.class,
                        5_000,
                        List.of("event: message\nid: 7\nretry: 500\ndata: {}\ndata: x\n\n: ping\r\n\r\ndata\r\r")),
                Arguments.of(FuzzTargets.Definitions.class, 5_000, List.of("{" + TOOLS + "}", "{" + TOOLS + "} ")),
                Arguments.of(
                        FuzzTargets.ModernConversation.class,
                        500,
                        List.of("j{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\","
                                + "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}}"
                                + "\u0001j{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"resultType\":\"complete\","
                                + TOOLS
                                + ",\"ttlMs\":5,\"cacheScope\":\"private\"}}"
                                + "\u0001j{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"resultType\":\"input_required\","
                                + "\"requestState\":\"s\"}}")),
                Arguments.of(
                        FuzzTargets.LegacyConversation.class,
                        500,
                        List.of("j{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{" + HELLO + "}}\u00018\u0001"
                                + "sid: 1\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{" + TOOLS + "}}\n\n")),
                Arguments.of(
                        FuzzTargets.OldestConversation.class,
                        200,
                        List.of("sevent: endpoint\ndata: /messages?s=1\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,"
                                + "\"result\":{" + HELLO + "}}\n\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void letsOutNothingButExceptionsOfOurs(Class<?> target, int runs, List<String> seeds, @TempDir Path scratch)
            throws Exception {
        assumeTrue(Fuzzer.isHere(), "Jazzer's native part is tried on Linux on amd64 only");
        Fuzzer.tryOn(target, runs, seeds, scratch);
    }
}
