package dev.claviger.app.layout;

import dev.claviger.app.StoppedProcessors;
import dev.claviger.app.StoppedProcessors.Stopped;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Says on every page that what it shows lags behind. */
@Component
class StoppedBanner implements Banner {

    private final StoppedProcessors processors;

    StoppedBanner(StoppedProcessors processors) {
        this.processors = processors;
    }

    @Override
    public Optional<String> text() {
        String stopped =
                processors.list().stream().map(Stopped::processor).distinct().collect(Collectors.joining(", "));
        return stopped.isEmpty()
                ? Optional.empty()
                : Optional.of("Pages lag behind: " + stopped
                        + " stopped at an event and tries again. The log has the cause; mend it and they catch up.");
    }
}
