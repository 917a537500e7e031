package dev.claviger.app.layout;

import com.samskivert.mustache.Mustache;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Templates that render what is missing as nothing, and static files that a browser may keep. */
@Configuration(proxyBeanMethods = false)
@Order(-1)
class LayoutConfiguration implements WebMvcConfigurer {

    private final LayoutModel layout;

    LayoutConfiguration(LayoutModel layout) {
        this.layout = layout;
    }

    @Bean
    static Mustache.Compiler mustacheCompiler(Mustache.TemplateLoader templates) {
        return Mustache.compiler().withLoader(templates).defaultValue("").emptyStringIsFalse(true);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(layout);
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The address of a WebJar holds its version; our own files are asked for again and answered with 304.
        registry.addResourceHandler("/webjars/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/app.css", "/app.js", "/favicon.svg")
                .addResourceLocations("classpath:/static/")
                .setCacheControl(CacheControl.noCache());
    }
}
