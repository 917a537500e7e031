package dev.claviger.demoprovider;

import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides who may enter an MCP endpoint. */
interface Door {

    /** Lets everybody in. */
    Door OPEN = new Door() {
        @Override
        public boolean letsIn(Call call) {
            return true;
        }

        @Override
        public void refuse(Call call) throws IOException {
            call.empty(401);
        }
    };

    boolean letsIn(Call call);

    /** Answers a request that was not let in. */
    void refuse(Call call) throws IOException;

    /** The claims of the person behind the request; null: nobody knows. */
    default @Nullable Map<String, Object> person(Call call) {
        return null;
    }

    /** Takes fixed values of one header. */
    static Door key(String header, Predicate<String> values, @Nullable String challenge) {
        return new Door() {
            @Override
            public boolean letsIn(Call call) {
                String value = call.header(header);
                return value != null && values.test(value);
            }

            @Override
            public void refuse(Call call) throws IOException {
                if (challenge != null) {
                    call.with("WWW-Authenticate", challenge);
                }
                call.answer(401, "text/plain", "A valid " + header + " header is required.");
            }
        };
    }

    /** Stands open as long as the condition holds, and is the other door otherwise. */
    static Door openWhen(BooleanSupplier condition, Door otherwise) {
        return new Door() {
            @Override
            public boolean letsIn(Call call) {
                return condition.getAsBoolean() || otherwise.letsIn(call);
            }

            @Override
            public void refuse(Call call) throws IOException {
                otherwise.refuse(call);
            }
        };
    }
}
