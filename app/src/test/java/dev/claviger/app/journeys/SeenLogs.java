package dev.claviger.app.journeys;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Everything that is logged from before the first bean on: our own down to TRACE, of others no less than INFO. */
final class SeenLogs extends AppenderBase<ILoggingEvent>
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final SeenLogs THE_ONE = new SeenLogs();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<Logger, Level> formerLevels = new LinkedHashMap<>();

    static List<String> lines() {
        return THE_ONE.lines;
    }

    static void stopListening() {
        THE_ONE.end();
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        THE_ONE.begin((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    private void begin(LoggerContext logging) {
        setContext(logging);
        start();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this);
        logging.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null && logger.getLevel().isGreaterOrEqual(Level.WARN))
                .forEach(logger -> change(logger, Level.INFO));
        change(logging.getLogger("dev.claviger"), Level.TRACE);
    }

    private void change(Logger logger, Level level) {
        formerLevels.put(logger, logger.getLevel());
        logger.setLevel(level);
    }

    private void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(Logger.ROOT_LOGGER_NAME)
                .detachAppender(this);
        formerLevels.forEach(Logger::setLevel);
        stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        String trace = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getThreadName() + " "
                + event.getFormattedMessage() + " " + event.getMDCPropertyMap() + " " + trace);
    }
}
