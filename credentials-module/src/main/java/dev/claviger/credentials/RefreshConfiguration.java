package dev.claviger.credentials;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Binds the times of a refresh. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RefreshSettings.class)
class RefreshConfiguration {}
