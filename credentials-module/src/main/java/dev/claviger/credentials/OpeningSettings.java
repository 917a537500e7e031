package dev.claviger.credentials;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What stays in memory of opened secrets.
 *
 * @param keepOpened how long one is not opened anew for the next hand-out; zero: it is, every time
 */
@ConfigurationProperties("claviger.vault")
record OpeningSettings(@DefaultValue("10s") Duration keepOpened) {}
