package dev.claviger.credentials;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Binds the times of a refresh and of what is opened. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RefreshSettings.class, OpeningSettings.class, UseSettings.class})
class RefreshConfiguration {}
